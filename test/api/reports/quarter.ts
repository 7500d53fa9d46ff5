/** A quarter's tickets for the rates, and the report on them. */
import { expect } from '@jest/globals'
import { csr, dealer, type Scenario, sa, seMedia, startScenario } from '../../support/scenario.ts'
import type { Json, Who } from '../../support/service.ts'

/** Responded and closed by its dealer at those times. */
const worked = async (
  s: Scenario,
  dealerCode: string,
  registered: string,
  more: Json = {},
  times: { responded?: string; closed?: string } = {},
) => {
  s.go(registered)
  const ticketNo = await s.register({ dealerCode, ...more })
  if (times.responded) {
    s.go(times.responded)
    await s.respond(ticketNo, dealer(dealerCode))
  }
  if (times.closed) {
    s.go(times.closed)
    await s.close(ticketNo, dealer(dealerCode))
  }
  return ticketNo
}

/** The service at the end of June with its tickets. */
export const startQuarter = async (): Promise<Scenario> => {
  const s = await startScenario({ now: '2026-02-02 10:00' })
  // D001: in time in all; late response; repeated; open. D002: late close. D003: one that RBO NORTH gets after it
  // failed on response, kept. D004: the responsible dealer of a B ticket.
  await worked(
    s,
    'D001',
    '2026-02-02 10:00',
    {},
    { responded: '2026-02-02 11:00', closed: '2026-02-03 10:00' },
  )
  await worked(
    s,
    'D001',
    '2026-02-27 10:00',
    { category: 'A4d' },
    { responded: '2026-02-27 15:00', closed: '2026-02-27 16:00' },
  )
  const first = await worked(
    s,
    'D001',
    '2026-03-02 10:00',
    {},
    { responded: '2026-03-02 11:00', closed: '2026-03-02 12:00' },
  )
  s.go('2026-03-03 10:00')
  await s.register({ sameProblemAs: first })
  await worked(s, 'D001', '2026-03-31 23:59:59.999')
  await worked(
    s,
    'D002',
    '2026-03-04 10:00',
    {},
    { responded: '2026-03-04 12:00', closed: '2026-03-10 00:00' },
  )
  const moved = await worked(s, 'D003', '2026-03-05 10:00')
  s.go('2026-03-05 15:00')
  await s.does(moved, 'redispatch', { tier: 'rbo', reason: '升级' }, csr)
  s.go('2026-03-06 10:00')
  const media = await s.registerB()
  await s.does(media, 'responsible-dealer', { dealerCode: 'D004' }, seMedia)
  const rescinded = await worked(s, 'D002', '2026-03-06 10:00')
  await s.does(rescinded, 'rescind', { reason: '误登记' }, sa)
  await worked(s, 'D002', '2026-04-01 00:00')
  s.go('2026-06-30 00:00')
  return s
}

export const kpi = async (
  s: Scenario,
  query: string,
  who: Who = sa,
  headers: Record<string, string> = {},
): Promise<Json> => {
  const { status, text, body } = await s.get(`reports/kpi?${query}`, who, headers)
  expect([status, text]).toEqual([200, text])
  return body
}
