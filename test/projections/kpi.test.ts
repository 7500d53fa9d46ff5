import { afterEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { StoredEvent } from '../../domain/eventStore.ts'
import { monthOf, toEpoch, toInstant } from '../../domain/instant.ts'
import type { KpiBy, KpiUnit, KpiUnitsQuery, UnitKeyset } from '../../projections/kpi/kpiQueries.ts'
import { tickets } from '../../projections/tickets/tickets.ts'
import { allProjections, type Views } from '../../projections/views.ts'
import { fakeSealing } from '../support/fakeSealing.ts'
import { randomHistory } from '../support/history.ts'
import { type RecountedUnit, recount } from './kpiRecount.ts'
import { batchesOf, newFile, open, removeFiles, viewsOf } from './support.ts'

afterEach(removeFiles)

const { sealing } = fakeSealing()
const everyone = [{ kind: 'all' }] as const

const keyOf: Record<KpiBy, (unit: RecountedUnit) => string> = {
  dealer: (unit) => String(unit.dealer),
  rbo: (unit) => String(unit.rbo),
  category: (unit) => unit.category,
  level: (unit) => unit.level,
  month: (unit) => monthOf(unit.dispatchedAt),
}

const countsOf = (units: RecountedUnit[], measure: 'response' | 'close' | 'firstTime') => ({
  met: units.filter((unit) => unit[measure] === 'met').length,
  failed: units.filter((unit) => unit[measure] === 'failed').length,
  pending: units.filter((unit) => unit[measure] === 'pending').length,
})

const ratesOf = (units: RecountedUnit[]) => ({
  total: units.length,
  response: countsOf(units, 'response'),
  close: countsOf(units, 'close'),
  firstTime: countsOf(units, 'firstTime'),
})

const rowsBy = (units: RecountedUnit[], by: KpiBy) =>
  [...Map.groupBy(units, keyOf[by])]
    .map(([key, ofKey]) => ({ key, ...ratesOf(ofKey) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))

const verdicts = ({ ticketNo, unit, dispatchedAt, response, close, firstTime }: KpiUnit) => ({
  ticketNo,
  unit,
  dispatchedAt,
  response: response.verdict,
  close: close.verdict,
  firstTime: firstTime.verdict,
})

const inOrder = (units: RecountedUnit[]) =>
  units
    .map(({ ticketNo, unit, dispatchedAt, response, close, firstTime }) => ({
      ticketNo,
      unit,
      dispatchedAt,
      response,
      close,
      firstTime,
    }))
    .sort((a, b) => {
      const [left, right] = [a, b].map((each) => `${each.dispatchedAt} ${each.ticketNo} ${each.unit}`)
      return (left as string) < (right as string) ? -1 : 1
    })

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

/** The view of tickets, failing to write its rows from an event on. */
const failingAt = (position: string): typeof tickets => ({
  ...tickets,
  open: (db, keys) => {
    const running = tickets.open(db, keys)
    let failing = false
    return {
      ...running,
      apply: (event) => {
        failing ||= event.position === position
        running.apply(event)
      },
      flush: () => {
        if (failing) throw new Error('this row does not fit')
        running.flush()
      },
    }
  },
})

/** A dispatch to an RBO, of the first ticket there is. */
const dispatched = (events: StoredEvent[]): StoredEvent => {
  const first = events.find(({ type }) => type === 'TicketDispatched') as StoredEvent
  return { ...first, data: { ...(first.data as object), tier: 'rbo', unit: 'WEST' } }
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
              for (const by of ['dealer', 'rbo', 'category', 'level', 'month'] as const)
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

  test('are kept up with every event for whoever asked before, through a rollback and for one who only reads', () => {
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.integer({ min: 1, max: 1_000_000 }),
          acts: fc.integer({ min: 20, max: 250 }),
          stepMs: fc.constantFrom(1, 60_000, 6 * 3_600_000, 4 * 86_400_000),
          size: fc.constantFrom(1, 5, 60),
          faultAt: fc.double({ min: 0, max: 1, noNaN: true }),
        }),
        ({ seed, acts, stepMs, size, faultAt }) => {
          const { events } = randomHistory({ seed, acts, stepMs, sealing })
          const file = newFile()
          // where the other view fails to write, the rows of all are taken back to the last commit and folded again
          const fault = events[Math.floor(faultAt * (events.length - 1))]!.position
          const views = open(file, { projections: { ...allProjections, tickets: failingAt(fault) } })
          const period = { from: '2026-01-01T00:00:00.000Z', to: '2027-01-01T00:00:00.000Z' }
          for (const [index, batch] of batchesOf(events, size).entries()) {
            views.apply(batch)
            if (index % 7 === 3) views.commit()
            const known = events.slice(0, (index + 1) * size)
            const last = known.at(-1)!
            // whether its unit stays, the recount learns from the dispatch that comes with a redispatch
            if (index % 3 !== 0 || last.type === 'TicketRedispatched') continue
            const query = { ...period, tier: 'dealer', asOf: last.metadata.recordedAt } as const
            expect(views.kpi.rates({ ...query, by: 'dealer', scope: everyone }).rows).toEqual(
              rowsBy(recount(known, query), 'dealer'),
            )
          }
          expect(views.status().find(({ name }) => name === 'tickets')?.state).toBe('stopped')
          views.commit()
          const reader = open(file, { readonly: true })
          const last = { ...period, tier: 'rbo', by: 'rbo', asOf: period.to, scope: everyone } as const
          expect(reader.kpi.rates(last)).toEqual(views.kpi.rates(last))
          expect(reader.kpi.units({ ...last, limit: 500 })).toEqual(views.kpi.units({ ...last, limit: 500 }))
          views.apply([{ ...dispatched(events), position: String(events.length + 1) }])
          views.commit()
          expect(reader.kpi.rates(last)).toEqual(views.kpi.rates(last))
          reader.close()
          views.close()
          removeFiles()
        },
      ),
      { numRuns: 30 },
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
      { numRuns: 30 },
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
        .items.find((unit) => unit.ticketNo === ticketNo)?.firstTime.verdict
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
    for (const by of ['dealer', 'rbo', 'category', 'level', 'month'] as const)
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
    for (const kept of now.filter(({ close }) => close.verdict === null))
      expect(kept).toMatchObject({ response: { verdict: 'failed' }, firstTime: { verdict: null } })
    views.close()
  })
})
