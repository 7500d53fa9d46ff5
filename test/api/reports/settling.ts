/** A quarter to settle: EAST with a tie across the cut, NORTH with a unit that is pending when it can be frozen. */
import { expect } from '@jest/globals'
import { dealer, one, type Scenario, sa, startScenario } from '../../support/scenario.ts'
import type { Answer, Json, Who } from '../../support/service.ts'

export const hq = one('hq_sales')
/** 15 working days after March 2026: Qingming, Monday the 6th, is off. */
export const freezable = '2026-04-23 00:00'

export const put = async (s: Scenario, path: string, body: Json): Promise<void> => {
  const { status, text } = await s.service.call(one('admin'), 'PUT', `/v1/${path}`, { body })
  expect([status < 300, text]).toEqual([true, text])
}

export type Quarter = Scenario & { pending: string; ofD002: string; openOfD014: string }

/** On 20 April: D001, D011, D012, D013 have 100 points, D014 and D015 50, D002 none; D003 closed late that day. */
export const startUnsettled = async (options: Parameters<typeof startScenario>[0] = {}): Promise<Quarter> => {
  const s = await startScenario({ now: '2026-01-05 10:00', ...options })
  for (const code of ['D011', 'D012', 'D013', 'D014', 'D015', 'D016'])
    await put(s, `dealers/${code}`, { name: `华东${code}`, rbo: 'EAST' })
  const ticket = async (dealerCode: string, handled: boolean): Promise<string> => {
    const ticketNo = await s.register({ dealerCode })
    if (!handled) return ticketNo
    await s.respond(ticketNo, dealer(dealerCode))
    await s.close(ticketNo, dealer(dealerCode))
    return ticketNo
  }
  for (const code of ['D001', 'D003', 'D004', 'D011', 'D012', 'D013', 'D014', 'D015'])
    await ticket(code, true)
  const openOfD014 = await ticket('D014', false)
  await ticket('D015', false)
  const ofD002 = await ticket('D002', false)
  for (const [code, count] of Object.entries({ D001: 90, D011: 80, D012: 80, D013: 0, D002: 500 }))
    await put(s, `dealers/${code}/deliveries/2026Q1`, { count })
  s.go('2026-03-31 16:00')
  const pending = await s.register({ dealerCode: 'D003' })
  await s.respond(pending, dealer('D003'))
  s.go('2026-04-20 10:00')
  await s.close(pending, dealer('D003'))
  return { ...s, pending, ofD002, openOfD014 }
}

export const assessment = async (s: Scenario, path = '2026Q1', who: Who = sa): Promise<Json> => {
  const { status, text, body } = await s.get(`assessments/${path}`, who)
  expect([status, text]).toEqual([200, text])
  return body
}

/** A write on the assessment of the first quarter. */
export const write = (
  s: Scenario,
  act: 'freeze' | 'revise' | 'decide-tie',
  body?: Json,
  {
    who = hq,
    headers = {},
    quarter = '2026Q1',
  }: { who?: Who; headers?: Record<string, string>; quarter?: string } = {},
): Promise<Answer> => s.post(who, `assessments/${quarter}/${act}`, body, headers)

/** The same, where it must succeed; gives the body. */
export const does = async (...args: Parameters<typeof write>): Promise<Json> => {
  const { status, text, body } = await write(...args)
  expect([status, text]).toEqual([200, text])
  return body
}

/** Score, rank, outcome and amount by dealer. */
export const standings = ({ rbos }: Json): Json =>
  Object.fromEntries(
    rbos.flatMap(({ dealers }: Json) =>
      dealers.map(({ dealer: code, score, rank, outcome, amount }: Json) => [
        code,
        [score, rank, outcome, amount],
      ]),
    ),
  )
