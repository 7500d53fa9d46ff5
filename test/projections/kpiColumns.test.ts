import { afterEach, expect, test } from '@jest/globals'
import Database from 'better-sqlite3'
import { type Block, createColumns } from '../../projections/kpi/kpiColumns.ts'
import { absent, outcomeAt } from '../../projections/kpi/kpiOutcome.ts'
import { createShelves } from '../../projections/kpi/kpiShelves.ts'
import type { KpiSpan } from '../../projections/kpi/kpiSpan.ts'
import { fakeSealing } from '../support/fakeSealing.ts'
import { randomHistory } from '../support/history.ts'
import { closedRows, removeFiles, viewsOf } from './support.ts'

afterEach(removeFiles)

const { sealing } = fakeSealing()
const { events } = randomHistory({ seed: 5, acts: 1500, stepMs: 3 * 3_600_000, sealing })

const rowsOf = () => {
  const { file, views } = viewsOf(events)
  closedRows({ file, views })
  const db = new Database(file)
  const spans = db.prepare<[], KpiSpan>('SELECT * FROM kpiSpans ORDER BY id').all()
  const shelves = createShelves(db)
  return { db, spans, shelves: [...shelves.ofTier(0), ...shelves.ofTier(1)] }
}

/** What a block says, without the room it has. */
const said = ({ month, size, instants, names, flags, settled }: Block) => ({
  month,
  columns: [...Object.values(instants), ...Object.values(names), flags, settled].map((column) => [
    ...column.slice(0, size),
  ]),
})

test('a month that had to go for others is read again as it is now', () => {
  const { db, spans, shelves } = rowsOf()
  expect(shelves.length).toBeGreaterThan(4)
  const [roomy, narrow] = [createColumns(db), createColumns(db, 1)]
  const blocks = new Map(shelves.map((shelf) => [shelf, roomy.block(shelf)]))
  for (const shelf of shelves) narrow.block(shelf)
  for (const span of spans.filter(({ id }) => id % 3 === 0)) {
    const closed = { ...span, closedAt: span.dispatchedAt + 5, category: span.level }
    db.prepare('UPDATE kpiSpans SET closedAt = ?, category = ? WHERE id = ?').run(
      closed.closedAt,
      closed.category,
      span.id,
    )
    roomy.put(closed)
    narrow.put(closed)
  }
  for (const shelf of shelves) {
    expect(roomy.block(shelf)).toBe(blocks.get(shelf))
    expect(said(narrow.block(shelf))).toEqual(said(roomy.block(shelf)))
  }
  db.close()
})

test('a span that is settled has the outcome it is said to have, at every instant from then on', () => {
  const { db, shelves } = rowsOf()
  const columns = createColumns(db)
  const seen = new Set<number>()
  for (const shelf of shelves) {
    const block = columns.block(shelf)
    const { settledAt, ...others } = block.instants
    for (let place = 0; place < block.size; place++) {
      const from = settledAt[place] as number
      const turns = Object.values(others).map((column) => column[place] as number)
      for (const at of [from, from + 1, ...turns].filter((instant) => instant >= from && instant < 9e15))
        expect(outcomeAt(block, place, at)).toBe(block.settled[place])
      seen.add(block.settled[place] as number)
    }
  }
  expect(seen.size).toBeGreaterThan(6)
  expect(seen).toContain(absent)
  db.close()
})
