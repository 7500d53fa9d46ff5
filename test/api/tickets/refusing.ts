/** Tickets in every state, and what each refuses: nothing refused is written. */
import { expect } from '@jest/globals'
import { problemOf, refused, type Scenario, se, startScenario } from '../../support/scenario.ts'
import type { Json, Who } from '../../support/service.ts'

export type RefusalCase = [
  ticket: string,
  path: string,
  body: Json,
  who: Who,
  status: number,
  code: string,
  pointer?: string,
]

export const respond = { method: 'phone', reached: true, note: '已联系' }
export const close = { result: '属实', measures: '道歉' }
export const call = { channel: 'phone', content: '催办' }
export const reason = { reason: '理由' }

const setUp = async (): Promise<{ s: Scenario; tickets: Record<string, string> }> => {
  const tickets: Record<string, string> = {}
  const s = await startScenario({ now: '2026-03-01 10:00' })
  tickets.media = await s.registerB()
  tickets.repeated = await s.register()
  await s.respond(tickets.repeated)
  await s.close(tickets.repeated)
  s.go('2026-03-02 09:00')
  tickets.repeat = await s.register({ sameProblemAs: tickets.repeated })
  tickets.unhandled = await s.register({ flags: ['agitated'], externalNo: 'X-1' })
  tickets.inProgress = await s.register()
  tickets.completed = await s.register()
  for (const name of ['inProgress', 'completed']) await s.respond(tickets[name] as string)
  await s.close(tickets.completed)
  tickets.rescinded = await s.register({ flags: ['agitated'] })
  await s.does(tickets.rescinded, 'rescind', { reason: '误登记' }, se)
  tickets.duplicate = await s.register()
  await s.does(tickets.duplicate, 'duplicate-of', { ticketNo: tickets.inProgress, reason: '重复' }, se)
  tickets.withoutDealer = await s.register({ category: 'A4y', dealerCode: null })
  s.go('2026-03-10 00:00')
  return { s, tickets }
}

/** The service at 2026-03-10 00:00 with its tickets by name; `<name>` in a body or a path stands for the number. */
export const startRefusing = async () => {
  const { s, tickets } = await setUp()
  const numbered = <T>(value: T): T =>
    JSON.parse(JSON.stringify(value).replace(/<(\w+)>/g, (_, name) => tickets[name] as string))
  const isRefused = async (
    ...[ticket, path, body, who, status, code, pointer]: RefusalCase
  ): Promise<void> => {
    const head = await s.head()
    const answer = await s.act(tickets[ticket] ?? ticket, numbered(path), numbered(body), who)
    const fields: [string, string][] = pointer === undefined ? [] : [['body', pointer]]
    expect(problemOf(answer)).toEqual(refused(status, code, ...fields))
    expect(await s.head()).toBe(head)
  }
  return { s, tickets, numbered, isRefused }
}
