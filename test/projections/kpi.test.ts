import { afterEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { toEpoch, toInstant } from '../../domain/instant.ts'
import type { KpiUnit, KpiUnitsQuery, UnitKeyset } from '../../projections/kpi/query.ts'
import type { Views } from '../../projections/views.ts'
import { fakeSealing } from '../support/fakeSealing.ts'
import { randomHistory } from '../support/history/randomHistory.ts'
import { everyBy, inOrder, ratesOf, rowsBy, verdicts } from './kpiExpected.ts'
import { type RecountedUnit, recount } from './kpiRecount.ts'
import { removeFiles, viewsOf } from './support.ts'

afterEach(removeFiles)

const { sealing } = fakeSealing()
const everyone = [{ kind: 'all' }] as const

/** Events that change what was known, and not only what is ahead. */
const turning = [
  'TicketRedispatched',
  'TicketReclassified',
  'RepeatLinked',
  'RepeatUnlinked',
  'ResponsibleDealerNamed',
  'ConvertedToC',
  'DeadlinesRecalculated',
  'TicketRescinded',
  'MarkedDuplicate',
]

const pagesOf = (views: Views, query: KpiUnitsQuery): KpiUnit[] => {
  const items: KpiUnit[] = []
  for (let after: UnitKeyset | null | undefined; after !== null; ) {
    const page = views.kpi.units({ ...query, ...(after ? { after } : {}) })
    items.push(...page.items)
    after = page.next
  }
  return items
}

describe('the three rates', () => {
  test('are what a recount of the raw events gives, at any instant and by any key', () => {
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.integer({ min: 1, max: 1_000_000 }),
          acts: fc.integer({ min: 20, max: 900 }),
          mostOpen: fc.integer({ min: 2, max: 40 }),
          stepMs: fc.constantFrom(1, 60_000, 20 * 60_000, 6 * 3_600_000),
          asOfs: fc.array(fc.double({ min: 0, max: 1.3, noNaN: true }), { minLength: 3, maxLength: 3 }),
          cut: fc.tuple(
            fc.double({ min: 0, max: 1, noNaN: true }),
            fc.double({ min: 0, max: 1, noNaN: true }),
          ),
          exact: fc.boolean(),
          size: fc.constantFrom(1, 7, 500),
        }),
        ({ seed, acts, mostOpen, stepMs, asOfs, cut, exact, size }) => {
          const { events } = randomHistory({ seed, acts, mostOpen, stepMs, sealing })
          const { views } = viewsOf(events, { size })
          const first = toEpoch(events[0]!.metadata.recordedAt)
          const span = toEpoch(events.at(-1)!.metadata.recordedAt) - first
          const at = (share: number): string => toInstant(Math.floor(first + share * span))
          const [from, to] = [at(Math.min(...cut) - 0.4), at(Math.max(...cut) + 0.4)]
          for (const share of asOfs) {
            // an instant at which something happened, or any
            const rare = events.filter(({ type }) => turning.includes(type))
            const some = rare.length === 0 ? events : rare
            const near = some[Math.min(Math.floor(share * some.length), some.length - 1)]!
            const asOf = exact ? near.metadata.recordedAt : at(share)
            for (const tier of ['dealer', 'rbo'] as const) {
              const units = recount(events, { from, to, tier, asOf })
              const query = { from, to, tier, asOf, scope: everyone }
              expect(views.kpi.units({ ...query, by: 'dealer', limit: 10_000 }).items.map(verdicts)).toEqual(
                inOrder(units),
              )
              for (const by of everyBy)
                expect(views.kpi.rates({ ...query, by })).toEqual({
                  rows: rowsBy(units, by),
                  totals: ratesOf(units),
                })
            }
          }
          views.close()
          removeFiles()
        },
      ),
      { numRuns: 40 },
    )
  })

  test('come in pages that join to the whole, also where many units are dispatched at one instant', () => {
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.integer({ min: 1, max: 1_000_000 }),
          stepMs: fc.constantFrom(0, 1, 3_600_000, 2 * 86_400_000),
          limit: fc.integer({ min: 1, max: 40 }),
        }),
        ({ seed, stepMs, limit }) => {
          const { events } = randomHistory({ seed, acts: 300, mostOpen: 200, stepMs, sealing })
          const { views } = viewsOf(events)
          const period = { from: '2026-01-01T00:00:00.000Z', to: '2027-01-01T00:00:00.000Z' }
          const query = { ...period, tier: 'dealer', asOf: events.at(-1)!.metadata.recordedAt } as const
          expect(pagesOf(views, { ...query, by: 'dealer', scope: everyone, limit }).map(verdicts)).toEqual(
            inOrder(recount(events, query)),
          )
          views.close()
          removeFiles()
        },
      ),
      { numRuns: 15 },
    )
  })

  const { events } = randomHistory({ seed: 33, acts: 2000, sealing, stepMs: 2 * 3_600_000 })
  const period = { from: '2026-01-01T00:00:00.000Z', to: '2027-01-01T00:00:00.000Z' }
  const asOf = events.at(-1)!.metadata.recordedAt

  test('show a link that was withdrawn later to whoever asks as of the time between', () => {
    const { views } = viewsOf(events)
    const dealers = { ...period, tier: 'dealer', by: 'dealer', scope: everyone } as const
    const firstTimeOf = (ticketNo: string, instant: string) =>
      views.kpi
        .units({ ...dealers, asOf: instant, limit: 10_000 })
        .items.find(({ ticketNo: no, firstTime }) => no === ticketNo && firstTime.verdict !== null)?.firstTime
        .verdict
    let seen = 0
    for (const withdrawn of events.filter(({ type }) => type === 'RepeatUnlinked')) {
      const before = toInstant(toEpoch(withdrawn.metadata.recordedAt) - 1)
      const ticketNo = withdrawn.stream.slice('ticket-'.length)
      const [then, now] = [
        firstTimeOf(ticketNo, before),
        firstTimeOf(ticketNo, withdrawn.metadata.recordedAt),
      ]
      if (then === undefined || now === undefined) continue
      expect([then, now === 'failed']).toEqual(['failed', false])
      seen += 1
    }
    expect(seen).toBeGreaterThan(0)
    views.close()
  })

  test('are a dealer’s own, and an RBO’s those of its region, whatever they filter by', () => {
    const { views } = viewsOf(events)
    for (const tier of ['dealer', 'rbo'] as const) {
      const query = { ...period, tier, by: 'dealer', asOf } as const
      const units = recount(events, { ...period, tier, asOf })
      const own = (unit: RecountedUnit) => tier === 'dealer' && unit.unit === 'D2'
      const region = (unit: RecountedUnit) => unit.rbo === 'EAST'
      const wanted = (pick: (unit: RecountedUnit) => boolean) => ratesOf(units.filter(pick))
      const dealer = { kind: 'dealer', code: 'D2' } as const
      const rbo = { kind: 'rbo', code: 'EAST' } as const
      expect(views.kpi.rates({ ...query, scope: [dealer] }).totals).toEqual(wanted(own))
      expect(views.kpi.rates({ ...query, scope: [rbo] }).totals).toEqual(wanted(region))
      expect(views.kpi.rates({ ...query, scope: [dealer, rbo] }).totals).toEqual(
        wanted((unit) => own(unit) || region(unit)),
      )
      expect(views.kpi.rates({ ...query, scope: [] }).rows).toEqual([])
      const filtered = { rbo: ['WEST'], dealer: ['D1', 'D2', 'D3'], category: ['A4a', 'B4'] } as const
      expect(views.kpi.rates({ ...query, ...filtered, scope: everyone }).totals).toEqual(
        wanted(
          (unit) =>
            unit.rbo === 'WEST' &&
            ['D1', 'D2', 'D3'].includes(String(unit.dealer)) &&
            ['A4a', 'B4'].includes(unit.category),
        ),
      )
    }
    views.close()
  })

  test('are broken down into their units, page by page, by the key of each row', () => {
    const { views } = viewsOf(events)
    const query = { ...period, tier: 'dealer', asOf, scope: everyone } as const
    for (const by of everyBy)
      for (const { key, total } of views.kpi.rates({ ...query, by }).rows) {
        const items = pagesOf(views, { ...query, by, key, limit: 3 })
        expect(items.length).toBe(total)
        expect(new Set(items.map(({ ticketNo, unit }) => `${ticketNo} ${unit}`)).size).toBe(total)
      }
    views.close()
  })

  test('a unit tells its dues, and what was done only from when it was known', () => {
    const { views } = viewsOf(events)
    const query = { ...period, tier: 'dealer', by: 'dealer', scope: everyone, limit: 10_000 } as const
    const now = views.kpi.units({ ...query, asOf }).items
    const answered = now.filter(({ response, close }) => response.doneAt !== null && close.doneAt !== null)
    expect(answered.length).toBeGreaterThan(0)
    for (const { ticketNo, unit, response } of answered.slice(0, 20)) {
      const before = toInstant(toEpoch(response.doneAt as string) - 1)
      const then = views.kpi
        .units({ ...query, asOf: before })
        .items.find((each) => each.ticketNo === ticketNo && each.unit === unit)
      if (then === undefined) continue
      expect(then.response.doneAt).toBeNull()
      expect(then.close.doneAt).toBeNull()
      expect(then.firstTime).toMatchObject({ dueAt: null, doneAt: null })
    }
    for (const kept of now.filter(
      ({ close, firstTime }) => close.verdict === null && firstTime.verdict === null,
    ))
      expect(kept).toMatchObject({ response: { verdict: 'failed' }, firstTime: { verdict: null } })
    views.close()
  })
})
