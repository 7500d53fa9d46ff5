import { afterEach, expect, test } from '@jest/globals'
import Database from 'better-sqlite3'
import { createBlocks, type UnitBlock } from '../../projections/kpi/count/blocks.ts'
import { absent, outcomeAt } from '../../projections/kpi/count/outcome.ts'
import { createPartitions } from '../../projections/kpi/partitions.ts'
import type { UnitVersion } from '../../projections/kpi/unitVersion.ts'
import { fakeSealing } from '../support/fakeSealing.ts'
import { randomHistory } from '../support/history/randomHistory.ts'
import { closedRows, removeFiles, viewsOf } from './support.ts'

afterEach(removeFiles)

const { sealing } = fakeSealing()
const { events } = randomHistory({ seed: 5, acts: 1500, stepMs: 3 * 3_600_000, sealing })

const rowsOf = () => {
  const { file, views } = viewsOf(events)
  closedRows({ file, views })
  const db = new Database(file)
  const versions = db.prepare<[], UnitVersion>('SELECT * FROM kpiSpans ORDER BY id').all()
  const always = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }
  const partitions = createPartitions(db)
  return { db, versions, partitions: [0, 1].flatMap((tier) => partitions.within(tier, always)) }
}

/** What a block says, without the room it has. */
const said = ({ partition, size, instants, numbers, bytes }: UnitBlock) => ({
  partition,
  columns: [...Object.values(instants), ...Object.values(numbers), ...Object.values(bytes)].map((column) => [
    ...column.slice(0, size),
  ]),
})

test('a partition that had to go for others is read again as it is now', () => {
  const { db, versions, partitions } = rowsOf()
  expect(partitions.length).toBeGreaterThan(4)
  const [roomy, narrow] = [createBlocks(db), createBlocks(db, { mostRows: 1 })]
  const blocks = new Map(partitions.map((partition) => [partition, roomy.get(partition)]))
  for (const partition of partitions) narrow.get(partition)
  for (const version of versions.filter(({ id }) => id % 3 === 0)) {
    const closed = { ...version, closedAt: version.dispatchedAt + 5, category: version.level }
    db.prepare('UPDATE kpiSpans SET closedAt = ?, category = ? WHERE id = ?').run(
      closed.closedAt,
      closed.category,
      version.id,
    )
    roomy.put(closed)
    narrow.put(closed)
  }
  for (const partition of partitions) {
    expect(roomy.get(partition)).toBe(blocks.get(partition))
    expect(said(narrow.get(partition))).toEqual(said(roomy.get(partition)))
  }
  db.close()
})

test('a version that is settled has the outcome it is said to have, at every instant from then on', () => {
  const { db, partitions } = rowsOf()
  const blocks = createBlocks(db)
  const seen = new Set<number>()
  for (const partition of partitions) {
    const block = blocks.get(partition)
    const { settledAt, ...others } = block.instants
    for (let row = 0; row < block.size; row++) {
      const from = settledAt[row] as number
      const terms = Object.values(others).map((column) => column[row] as number)
      for (const at of [from, from + 1, ...terms].filter((instant) => instant >= from && instant < 9e15))
        expect(outcomeAt(block, row, at)).toBe(block.bytes.settled[row])
      seen.add(block.bytes.settled[row] as number)
    }
  }
  expect(seen.size).toBeGreaterThan(6)
  expect(seen).toContain(absent)
  db.close()
})
