import { afterEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { StoredEvent } from '../../domain/eventStore.ts'
import { toEpoch, toInstant } from '../../domain/instant.ts'
import { type CountedBy, countedBy, type GroupBy } from '../../domain/statistics.ts'
import type { TicketEvent } from '../../domain/ticket/events.ts'
import { fold } from '../../domain/ticket/evolve.ts'
import { statisticsOf } from '../../projections/statistics/statistics.ts'
import type { Views } from '../../projections/views.ts'
import { fakeSealing } from '../support/fakeSealing.ts'
import { randomHistory } from '../support/history/randomHistory.ts'
import { recountStatistics } from './statisticsRecount.ts'
import { open, removeFiles, viewsOf } from './support.ts'

afterEach(removeFiles)

const { sealing } = fakeSealing()
const everyone = [{ kind: 'all' }] as const
const everyPair: GroupBy[] = countedBy.flatMap((one) =>
  countedBy.flatMap((other): CountedBy[][] => (one === other ? [[one]] : [[one, other]])),
)

const sourcesOf = (views: Views, events: readonly StoredEvent[]) => ({
  ...views,
  ticketAsOf: async (ticketNo: string, asOf: string) =>
    fold(
      events.filter(
        ({ stream, metadata }) => stream === `ticket-${ticketNo}` && metadata.recordedAt <= asOf,
      ) as unknown as (StoredEvent & TicketEvent)[],
    ),
})

const heldAgainst = async (
  views: Views,
  events: readonly StoredEvent[],
  asked: { from: string; to: string; asOf: string; rbo?: string[]; dealer?: string[] },
) => {
  const expected = recountStatistics(events, { ...asked, masterAt: views.master.at })
  const query = { ...asked, scope: everyone, groupings: everyPair }
  const { rows, totals, rboRates, causes } = await statisticsOf(sourcesOf(views, events), query)
  expect({ totals, rboRates, causes }).toEqual({
    totals: expected.totals,
    rboRates: expected.rboRates,
    causes: expected.causes,
  })
  expect(rows).toEqual(everyPair.map(expected.by))
  return totals.tickets
}

describe('statistics', () => {
  test('are what a recount of the raw events gives, at any instant and by any two dimensions', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          seed: fc.integer({ min: 1, max: 1_000_000 }),
          acts: fc.integer({ min: 20, max: 500 }),
          stepMs: fc.constantFrom(60_000, 20 * 60_000, 6 * 3_600_000),
          asOfs: fc.array(fc.double({ min: 0, max: 1.2, noNaN: true }), { minLength: 2, maxLength: 2 }),
          cut: fc.tuple(
            fc.double({ min: 0, max: 1, noNaN: true }),
            fc.double({ min: 0, max: 1, noNaN: true }),
          ),
          size: fc.constantFrom(1, 7, 500),
        }),
        async ({ seed, acts, stepMs, asOfs, cut, size }) => {
          const { events } = randomHistory({ seed, acts, stepMs, sealing })
          const { views } = viewsOf(events, { size })
          const first = toEpoch(events[0]!.metadata.recordedAt)
          const span = toEpoch(events.at(-1)!.metadata.recordedAt) - first
          const at = (share: number): string => toInstant(Math.floor(first + share * span))
          const period = { from: at(Math.min(...cut) - 0.4), to: at(Math.max(...cut) + 0.4) }
          for (const share of asOfs) await heldAgainst(views, events, { ...period, asOf: at(share) })
          views.close()
          removeFiles()
        },
      ),
      { numRuns: 12 },
    )
  })

  const { events } = randomHistory({ seed: 71, acts: 1500, sealing, stepMs: 3 * 3_600_000 })
  const year = { from: '2026-01-01T00:00:00.000Z', to: '2027-01-01T00:00:00.000Z' }
  const asOf = events.at(-1)!.metadata.recordedAt

  test('follow what is written after they were asked for first, and what a file holds that is opened again', async () => {
    const half = Math.floor(events.length / 2)
    const { views, file } = viewsOf(events.slice(0, half))
    await heldAgainst(views, events.slice(0, half), { ...year, asOf: events[half - 1]!.metadata.recordedAt })
    for (let at = half; at < events.length; at += 5) views.apply(events.slice(at, at + 5))
    expect(await heldAgainst(views, events, { ...year, asOf })).toBeGreaterThan(50)
    views.close()
    const again = open(file)
    await heldAgainst(again, events, { ...year, asOf })
    again.close()
  })

  test('count for a connection that only reads what another has committed', async () => {
    const half = Math.floor(events.length / 2)
    const { views, file } = viewsOf(events.slice(0, half))
    views.commit()
    const reader = open(file, { readonly: true })
    await heldAgainst(reader, events.slice(0, half), { ...year, asOf: events[half - 1]!.metadata.recordedAt })
    views.apply(events.slice(half))
    views.commit()
    await heldAgainst(reader, events, { ...year, asOf })
    reader.close()
    views.close()
  })

  test('are those of the RBOs and dealers that were asked for, and of no other', async () => {
    const { views } = viewsOf(events)
    for (const units of [
      { rbo: ['EAST'] },
      { dealer: ['D1', 'D2'] },
      { rbo: ['EAST'], dealer: ['D2'] },
      { dealer: ['none'] },
    ])
      await heldAgainst(views, events, { ...year, asOf, ...units })
    expect(await heldAgainst(views, events, { ...year, asOf, rbo: ['EAST'] })).toBeGreaterThan(10)
    views.close()
  })

  test('are a unit’s own where a unit asks', async () => {
    const { views } = viewsOf(events)
    const ask = (scope: Parameters<typeof statisticsOf>[1]['scope']) =>
      statisticsOf(sourcesOf(views, events), { ...year, asOf, scope, groupings: [['dealer'], ['rbo']] })
    const query = { filters: {}, sort: '-registeredAt', limit: 10_000, after: null, now: asOf } as const
    for (const scope of [
      [{ kind: 'dealer', code: 'D2' }],
      [{ kind: 'rbo', code: 'EAST' }],
      [
        { kind: 'dealer', code: 'D1' },
        { kind: 'rbo', code: 'EAST' },
      ],
    ] as const) {
      const seen = views.tickets
        .page({ ...query, scope })
        .items.filter(({ state }) => state !== 'rescinded' && state !== 'duplicate')
      const found = await ask(scope)
      expect(found.totals.tickets).toBe(seen.length)
      expect(found.totals.rates).toEqual(
        views.kpi.rates({ ...year, asOf, by: 'dealer', tier: 'dealer', scope }).totals,
      )
    }
    expect((await ask([])).totals).toMatchObject({ tickets: 0, rates: { total: 0 } })
    const [byDealer] = (await ask([{ kind: 'dealer', code: 'D2' }])).rows
    expect(byDealer?.filter(({ rates }) => rates.total > 0).map(({ keys }) => keys)).toEqual([['D2']])
    views.close()
  })
})
