import { afterEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { StoredEvent } from '../../domain/eventStore.ts'
import { quarterBounds, toEpoch, toInstant } from '../../domain/instant.ts'
import type { TicketEvent } from '../../domain/ticket/events.ts'
import { type Draft, rulesOf } from '../../domain/whatIf.ts'
import type { Views } from '../../projections/views.ts'
import { quarterUnder, type UnitsByDealer } from '../../projections/whatIf/quarterUnder.ts'
import { fakeSealing } from '../support/fakeSealing.ts'
import { randomHistory } from '../support/history/randomHistory.ts'
import { rowsBy } from './kpiExpected.ts'
import { recountUnder } from './quarterUnderRecount.ts'
import { removeFiles, viewsOf } from './support.ts'

afterEach(removeFiles)

const { sealing } = fakeSealing()

const streamsOf = (events: readonly StoredEvent[]) => {
  const streams = Map.groupBy(events, ({ stream }) => stream)
  return async (ticketNo: string) =>
    (streams.get(`ticket-${ticketNo}`) ?? []) as unknown as (TicketEvent & StoredEvent)[]
}

const rowsOf = (units: UnitsByDealer) =>
  [...units].map(([key, counts]) => ({ key, ...counts })).sort((a, b) => (a.key < b.key ? -1 : 1))

const heldAgainst = async (
  views: Views,
  events: readonly StoredEvent[],
  { draft, from, to, asOf }: { draft: Draft; from: string; to: string; asOf: string },
) => {
  const { master, kpi } = views
  const rules = rulesOf(draft, { masterAt: master.at, calendarAt: master.calendarAt })
  const found = await quarterUnder({ ...views, eventsOf: streamsOf(events) }, { from, to, asOf, rules })
  const query = { from, to, tier: 'dealer', asOf } as const
  expect(rowsOf(found.present)).toEqual(kpi.rates({ ...query, by: 'dealer', scope: [{ kind: 'all' }] }).rows)
  expect(rowsOf(found.draft)).toEqual(rowsBy(recountUnder(events, query, { draft, master }), 'dealer'))
  return found
}

const days = (...list: string[]) => list.map((day) => `2026-${day}`)
const calendars = [
  { id: 'CN', opens: '08:00', closes: '12:30' },
  { id: 'CN', years: [{ year: 2026, off: days('03-09', '03-10', '04-06', '05-01'), work: days('03-14') }] },
  { id: 'CN', closes: '21:00', years: [{ year: 2026, off: [], work: days('03-08', '04-12') }] },
]

describe('a quarter under a draft', () => {
  test('is what a recount of the raw events with new clocks gives, and as recorded what the rates are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          seed: fc.integer({ min: 1, max: 1_000_000 }),
          acts: fc.integer({ min: 50, max: 900 }),
          stepMs: fc.constantFrom(20 * 60_000, 3 * 3_600_000, 12 * 3_600_000),
          share: fc.double({ min: 0.2, max: 1.2, noNaN: true }),
          minutes: fc.option(fc.constantFrom(1, 30, 60, 119, 121, 480, 2000), { nil: undefined }),
          closeA: fc.option(fc.constantFrom(1, 2, 4, 10), { nil: undefined }),
          windowDays: fc.option(fc.constantFrom(1, 2, 6, 8, 30), { nil: undefined }),
          calendar: fc.option(fc.constantFrom(...calendars), { nil: undefined }),
          size: fc.constantFrom(1, 500),
        }),
        async ({ seed, acts, stepMs, share, minutes, closeA, windowDays, calendar, size }) => {
          const { events } = randomHistory({ seed, acts, stepMs, sealing })
          const { views } = viewsOf(events, { size })
          const draft: Draft = {
            policy: {
              ...(minutes !== undefined && {
                responseMinutes: { dealer: minutes, rbo: 120, se: 120, se_media: 120 },
              }),
              ...(closeA !== undefined && { closeWorkingDays: { A: closeA, B: closeA + 1 } }),
              ...(windowDays !== undefined && { repeatWindowDays: windowDays }),
            },
            calendars: calendar === undefined ? [] : [calendar],
          }
          const first = toEpoch(events[0]!.metadata.recordedAt)
          const span = toEpoch(events.at(-1)!.metadata.recordedAt) - first
          const asOf = toInstant(Math.floor(first + share * span))
          for (const quarter of ['2026Q1', '2026Q2'])
            await heldAgainst(views, events, { draft, ...quarterBounds(quarter), asOf })
          views.close()
          removeFiles()
        },
      ),
      { numRuns: 40 },
    )
  })

  const { events } = randomHistory({ seed: 12, acts: 1500, sealing, stepMs: 2 * 3_600_000 })
  const asOf = events.at(-1)!.metadata.recordedAt
  const wanted = { ...quarterBounds('2026Q1'), asOf }

  test('is the same where the draft says what is in force anyway', async () => {
    const { views } = viewsOf(events)
    for (const draft of [
      { policy: {}, calendars: [] },
      { policy: { repeatWindowDays: 7, closeWorkingDays: { A: 3, B: 7 } }, calendars: [] },
      {
        policy: {},
        calendars: [
          {
            id: 'CN',
            opens: '09:00',
            closes: '18:00',
            years: [{ year: 2026, off: ['2026-05-01'], work: [] }],
          },
        ],
      },
      { policy: { weights: { response: 10, close: 10, firstTime: 80 } }, calendars: [] },
    ]) {
      const { present, draft: under } = await heldAgainst(views, events, { draft, ...wanted })
      expect(under).toEqual(present)
    }
    views.close()
  })

  test('counts nothing that is recorded while it is computed', async () => {
    const half = events.findIndex(({ metadata }) => metadata.recordedAt >= '2026-03-20T00:00:00.000Z')
    const { views } = viewsOf(events.slice(0, half))
    const { master } = views
    const draft: Draft = {
      policy: { repeatWindowDays: 1, responseMinutes: { dealer: 9_000, rbo: 1, se: 1, se_media: 1 } },
      calendars: [calendars[0]!],
    }
    const then = { ...wanted, asOf: events[half - 1]!.metadata.recordedAt }
    const rules = rulesOf(draft, { masterAt: master.at, calendarAt: master.calendarAt })
    const ask = (known: readonly StoredEvent[]) =>
      quarterUnder({ ...views, eventsOf: streamsOf(known) }, { ...then, rules })
    const alone = await ask(events.slice(0, half))
    const inFlight = ask(events)
    const write = async (): Promise<void> => {
      for (let at = half; at < events.length; at += 50) {
        views.apply(events.slice(at, at + 50))
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    const [beside] = await Promise.all([inFlight, write()])
    expect(beside).toEqual(alone)
    expect(alone.draft).not.toEqual(alone.present)
    views.close()
  })
})
