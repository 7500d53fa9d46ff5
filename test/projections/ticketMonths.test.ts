import { afterEach, describe, expect, test } from '@jest/globals'
import Database from 'better-sqlite3'
import { toEpoch } from '../../domain/instant.ts'
import { monthIndex } from '../../projections/months.ts'
import { createTicketMonths, type TicketMonths } from '../../projections/tickets/ticketMonths.ts'
import type { TicketRow } from '../../projections/tickets/ticketRow.ts'
import { fakeSealing } from '../support/fakeSealing.ts'
import { randomHistory } from '../support/history/randomHistory.ts'
import { removeFiles, viewsOf } from './support.ts'

afterEach(removeFiles)

const { sealing } = fakeSealing()
const { events } = randomHistory({ seed: 5, acts: 900, sealing, stepMs: 8 * 3_600_000 })

/** The file's tickets as rows, and the columns made of them. */
const opened = (most?: number) => {
  const { views, file } = viewsOf(events)
  views.close()
  const db = new Database(file)
  const rows = db.prepare<[], TicketRow>('SELECT * FROM tickets ORDER BY id').all()
  return { db, rows, months: createTicketMonths(db, most === undefined ? {} : { most }) }
}

const told = (months: TicketMonths, month: ReturnType<TicketMonths['month']>) =>
  Array.from({ length: month.size }, (_, place) => ({
    id: month.numbers.id[place],
    lastAt: month.instants.lastAt[place],
    state: months.word(month.numbers.state[place] as number),
    source: months.word(month.numbers.source[place] as number),
  }))
const expected = (rows: readonly TicketRow[], month: number) =>
  rows
    .filter(({ registeredAt }) => monthIndex(registeredAt) === month)
    .map(({ id, lastAt, state, source }) => ({ id, lastAt, state, source }))

describe('the tickets of a month in columns', () => {
  test.each([
    ['as many as are asked for', undefined],
    ['one month at a time', 1],
  ])('are those of the rows, kept %s', (_, most) => {
    const { db, rows, months } = opened(most)
    const all = [...new Set(rows.map(({ registeredAt }) => monthIndex(registeredAt)))]
    expect(all.length).toBeGreaterThan(3)
    for (const month of [...all, ...all.toReversed()])
      expect(told(months, months.month(month))).toEqual(expected(rows, month))
    db.close()
  })

  test('take over what is written, of months that are kept, and new tickets at their end', () => {
    const { db, rows, months } = opened()
    const last = rows.at(-1) as TicketRow
    const month = monthIndex(last.registeredAt)
    months.month(month)
    const changed = rows.map((row) => ({ ...row, state: 'duplicate', source: 'website' }))
    for (const row of changed.toReversed()) months.put(row)
    const added = Array.from({ length: 400 }, (_, n) => ({
      ...last,
      id: last.id + 1 + n,
      state: 'completed',
    }))
    for (const row of added) months.put(row)
    expect(told(months, months.month(month))).toEqual(expected([...changed, ...added], month))
    months.reload()
    expect(told(months, months.month(month))).toEqual(expected(rows, month))
    db.close()
  })

  test('are none in a month without any', () => {
    const { db, months } = opened()
    expect(months.month(monthIndex(toEpoch('2020-01-01T00:00:00.000Z'))).size).toBe(0)
    db.close()
  })
})
