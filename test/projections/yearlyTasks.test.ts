/** Which vehicle gets its next yearly task first: as a slow look at all of them says, however they were noted. */
import { expect, test } from '@jest/globals'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { careTables } from '../../projections/care/careTables.ts'
import { createYearlyTasks } from '../../projections/care/yearlyTasks.ts'

const rollAt = fc.option(fc.integer({ min: 0, max: 50 }), { nil: null })
const step = fc.oneof(
  fc.record({ kind: fc.constant('note' as const), id: fc.integer({ min: 1, max: 40 }), rollAt }),
  fc.record({ kind: fc.constant('first' as const), until: fc.integer({ min: 0, max: 60 }) }),
  fc.record({ kind: fc.constant('write' as const) }),
)

test('the first of all vehicles, whether noted since the last write or not', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const db = new Database(':memory:')
      db.exec(careTables.careVehicles)
      const put = db.prepare("INSERT OR REPLACE INTO careVehicles VALUES (?, ?, 1, '', ?)")
      const yearly = createYearlyTasks(db)
      const known = new Map<number, number | null>()
      for (const each of steps) {
        if (each.kind === 'note') {
          known.set(each.id, each.rollAt)
          yearly.note({ vehicleId: `v${each.id}`, id: each.id, rollAt: each.rollAt })
        } else if (each.kind === 'write') {
          for (const [id, at] of known) put.run(id, `v${id}`, at)
          yearly.reset()
        } else {
          const [first] = [...known]
            .flatMap(([id, at]) => (at === null || at > each.until ? [] : [{ id, at }]))
            .sort((a, b) => a.at - b.at || a.id - b.id)
          expect(yearly.first(each.until)).toBe(first === undefined ? null : `v${first.id}`)
        }
      }
      db.close()
    }),
    { numRuns: 200 },
  )
})
