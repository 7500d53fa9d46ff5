/** Compares what the service has with what the writers' account says it must have. */
import { expect } from '@jest/globals'
import type { Json } from '../support/service.ts'
import { allTickets, byTicket, digestOfViews, eventsInLog, reader, statesOf } from './facts.ts'
import { runHere } from './runHere.ts'
import type { ServiceProcess } from './serviceProcess.ts'
import { expectedEvents, send, type Write } from './writers.ts'

const dayMs = 86_400_000

const isAnswered = ({ answer }: Write): boolean => answer !== undefined

const rates = async (service: ServiceProcess): Promise<Json> => {
  const from = new Date(Date.now() - dayMs).toISOString()
  const to = new Date(Date.now() + dayMs).toISOString()
  return (await service.call(reader, 'GET', `/v1/reports/kpi?from=${from}&to=${to}`)).body.totals
}

/** Right after a start: whatever was acknowledged is in the lists, in the state it was acknowledged in. */
export const expectAcknowledged = async (service: ServiceProcess, account: readonly Write[]) => {
  const answered = account.filter(isAnswered)
  const open = account.filter((write) => !isAnswered(write))
  const unsure = new Set(open.flatMap(({ ticketNo, other }) => [ticketNo, other]))
  const found = new Map((await allTickets(service)).map((ticket) => [ticket.ticketNo, ticket]))
  const expected = statesOf(answered)
  const sure = expected.filter(({ ticketNo }) => !unsure.has(ticketNo))
  expect(
    sure.map(({ ticketNo }) => {
      const { state, version, escalatedTo, ordinal } = found.get(ticketNo) ?? {}
      return { ticketNo, state, version, escalatedTo, isRepeat: ordinal === 2 }
    }),
  ).toEqual(sure)
  for (const { ticketNo, version } of expected)
    expect(found.get(ticketNo)?.version ?? 0).toBeGreaterThanOrEqual(version)
  expect(found.size).toBeGreaterThanOrEqual(expected.length)
  expect(found.size).toBeLessThanOrEqual(expected.length + open.length)
}

/** Repeats writes with their keys, twice: whatever was answered before is answered the same. */
export const expectReplays = async (service: ServiceProcess, writes: readonly Write[]): Promise<void> => {
  const shown = ({ status, headers, body }: NonNullable<Write['answer']>) => ({
    status,
    body,
    headers: ['etag', 'location', 'x-position'].map((name) => headers.get(name)),
  })
  for (const write of writes) {
    if (!isAnswered(write)) expect((await send(service, write)).status).toBeLessThan(300)
    const again = await send(service, write)
    expect({ of: write.kind, ...shown(again) }).toEqual({ of: write.kind, ...shown(write.answer!) })
    expect(again.headers.get('idempotent-replayed')).toBe('true')
  }
}

/** Every write answered: the log, the lists and the rates have exactly what the account has. */
export const expectExactly = async (
  service: ServiceProcess,
  dataDir: string,
  account: readonly Write[],
): Promise<void> => {
  expect(byTicket(await eventsInLog(dataDir))).toEqual(byTicket(expectedEvents(account)))
  const expected = statesOf(account)
  await expectAcknowledged(service, account)
  const units = expected.filter(({ state, isRepeat }) => state !== 'duplicate' && !isRepeat)
  const [responded, closed] = ['completed,in_progress', 'completed'].map(
    (states) => units.filter(({ state }) => states.split(',').includes(state)).length,
  ) as [number, number]
  const total = units.length
  const repeated = units.filter(({ escalatedTo }) => escalatedTo !== null).length
  expect(await rates(service)).toMatchObject({
    total,
    response: { met: responded, failed: 0, pending: total - responded },
    close: { met: closed, failed: 0, pending: total - closed },
    firstTime: { met: 0, failed: repeated, pending: total - repeated },
  })
}

/** The service having stopped: its views are what a rebuild makes of the log. */
export const expectEqualToRebuild = async (dataDir: string): Promise<void> => {
  const live = digestOfViews(dataDir)
  const rebuilt = await runHere('src/cli/rebuild.ts', { DATA_DIR: dataDir })
  expect(rebuilt).toMatchObject({ code: 0, output: expect.stringContaining('The new views are in place.') })
  expect(digestOfViews(dataDir)).toEqual(live)
}
