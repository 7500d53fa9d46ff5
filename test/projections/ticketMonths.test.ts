import { afterEach, describe, expect, test } from '@jest/globals'
import Database from 'better-sqlite3'
import { toEpoch } from '../../domain/instant.ts'
import { monthIndex } from '../../projections/months.ts'
import { createTicketIndex } from '../../projections/tickets/ticketIndex.ts'
import { createTicketMonths, type TicketMonths } from '../../projections/tickets/ticketMonths.ts'
import type { TicketRow } from '../../projections/tickets/ticketRow.ts'
import { fakeSealing } from '../support/fakeSealing.ts'
import { randomHistory } from '../support/history.ts'
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
  return { db, rows, index: createTicketIndex(db).current(), months: createTicketMonths(db, most) }
}

const told = (months: TicketMonths, month: ReturnType<TicketMonths['month']>) =>
  Array.from({ length: month.size }, (_, place) => ({
    id: month.ids[place],
    lastAt: month.instants.lastAt[place],
    state: months.word(month.words.state[place] as number),
    source: months.word(month.words.source[place] as number),
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
    const { db, rows, index, months } = opened(most)
    const all = [...new Set(rows.map(({ registeredAt }) => monthIndex(registeredAt)))]
    expect(all.length).toBeGreaterThan(3)
    for (const month of [...all, ...all.toReversed()])
      expect(told(months, months.month(month, index))).toEqual(expected(rows, month))
    db.close()
  })

  test('take over what is written, of months that are kept, and new tickets at their end', () => {
    const { db, rows, index, months } = opened()
    const last = rows.at(-1) as TicketRow
    const month = monthIndex(last.registeredAt)
    months.month(month, index)
    const changed = rows.map((row) => ({ ...row, state: 'duplicate', source: 'website' }))
    for (const row of changed.toReversed()) months.put(row)
    const added = Array.from({ length: 400 }, (_, n) => ({
      ...last,
      id: last.id + 1 + n,
      state: 'completed',
    }))
    for (const row of added) months.put(row)
    expect(told(months, months.month(month, index))).toEqual(expected([...changed, ...added], month))
    months.reload()
    expect(told(months, months.month(month, index))).toEqual(expected(rows, month))
    db.close()
  })

  test('are the same where they are made in steps, between which their rows are written', () => {
    const { db, rows, index, months } = opened()
    const month = monthIndex((rows[0] as TicketRow).registeredAt)
    const changed = rows.map((row) => ({ ...row, state: 'rescinded' }))
    const write = db.prepare("UPDATE tickets SET state = 'rescinded' WHERE id = ?")
    const last = changed.at(-1) as TicketRow
    const added = { ...last, id: last.id + 1, registeredAt: (rows[0] as TicketRow).registeredAt }
    let steps = 0
    for (const _ of months.prepare(month, index)) {
      steps += 1
      for (const row of changed) {
        write.run(row.id)
        months.put(row)
      }
      months.put(added)
    }
    expect(steps).toBeGreaterThan(0)
    expect(told(months, months.month(month, index))).toEqual(expected([...changed, added], month))
    expect([...months.prepare(month, index)]).toEqual([])
    db.close()
  })

  test('are not kept where the rows changed beneath before they were made', () => {
    const { db, rows, index, months } = opened()
    const month = monthIndex((rows[0] as TicketRow).registeredAt)
    for (const _ of months.prepare(month, index)) {
      db.prepare("UPDATE tickets SET state = 'duplicate'").run()
      months.reload()
    }
    const changed = rows.map((row) => ({ ...row, state: 'duplicate' }))
    expect(told(months, months.month(month, index))).toEqual(expected(changed, month))
    db.close()
  })

  test('are none in a month without any', () => {
    const { db, index, months } = opened()
    expect(months.month(monthIndex(toEpoch('2020-01-01T00:00:00.000Z')), index).size).toBe(0)
    db.close()
  })
})
