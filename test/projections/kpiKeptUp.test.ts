import { afterEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { StoredEvent } from '../../domain/eventStore.ts'
import { allProjections } from '../../projections/allProjections.ts'
import { kpi } from '../../projections/kpi/projection.ts'
import { tickets } from '../../projections/tickets/tickets.ts'
import { fakeSealing } from '../support/fakeSealing.ts'
import { randomHistory } from '../support/history/randomHistory.ts'
import { rowsBy } from './kpiExpected.ts'
import { recount } from './kpiRecount.ts'
import { batchesOf, closedRows, newFile, open, removeFiles, rowsIn, viewsOf } from './support.ts'

afterEach(removeFiles)

const { sealing } = fakeSealing()
const everyone = [{ kind: 'all' }] as const

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
      { numRuns: 15 },
    )
  })

  test('rest on rows that come out the same one event at a time, with restarts, as in one go', () => {
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.integer({ min: 1, max: 1_000_000 }),
          acts: fc.integer({ min: 20, max: 300 }),
          stepMs: fc.constantFrom(0, 1, 3_600_000),
          restarts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 }),
        }),
        ({ seed, acts, stepMs, restarts }) => {
          const { events } = randomHistory({ seed, acts, stepMs, sealing })
          const whole = closedRows(viewsOf(events, { size: events.length }))
          const file = newFile()
          const cuts = restarts.map((share) => Math.floor(share * events.length)).sort((a, b) => a - b)
          for (const [index, end] of [...cuts, events.length].entries()) {
            const views = open(file)
            for (const event of events.slice(cuts[index - 1] ?? 0, end)) views.apply([event])
            views.close()
          }
          const rows = rowsIn(file)
          for (const table of Object.keys(kpi.tables))
            expect([table, rows[table]]).toEqual([table, whole[table]])
          removeFiles()
        },
      ),
      { numRuns: 15 },
    )
  })
})
