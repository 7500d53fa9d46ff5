/**
 * The tickets registered in a month in columns, because statistics look at tens of thousands of them and SQLite takes
 * a hundred times as long. Made from the rows when a month is first asked about, and kept up with every flush.
 */

import type Database from 'better-sqlite3'
import { firstPlace } from '../../domain/binarySearch.ts'
import { never } from '../../domain/instant.ts'
import { lastAnswer } from '../../domain/ticket/callbacks.ts'
import { createBlockCache, defineBlocks } from '../columns/block.ts'
import type { ChangeCounts } from '../columns/changeCounts.ts'
import { createTextNumbers } from '../columns/dictionary.ts'
import { monthIndex, monthStart } from '../months.ts'
import type { TicketRow } from './ticketRow.ts'

const instants = [
  'registeredAt',
  'dispatchedAt',
  'respondedAt',
  'closedAt',
  'lastAt',
  'consumerNoticeDueAt',
  'consumerInformedAt',
  'callbackDueAt',
] as const
const words = [
  'state',
  'level',
  'category',
  'channel',
  'source',
  'tier',
  'unit',
  'dealer',
  'responsibleDealer',
  'rbo',
  'rootCauseCode',
  'severity',
  'remedy',
  'decision',
] as const
const amounts = ['safety', 'goodwillAmount', 'scores', 'scoreSum'] as const

/** `answer`: what the customer said at the last callback that reached them. */
export type WordColumn = (typeof words)[number] | 'answer'

/** `numbers`: ids, which rise from row to row; words by number, see `word`; amounts, 0 where there is none. */
const definition = defineBlocks({
  instants: [...instants],
  numbers: ['id', ...words, 'answer', ...amounts],
  bytes: [],
})

export type TicketMonth = ReturnType<typeof definition.empty>

export type TicketMonths = {
  /** The tickets registered in a month, see `monthIndex`; they are others after the next write. */
  month(month: number): TicketMonth
  /** What a number stands for. */
  word(number: number): string | null
  /** Brings a ticket that was written up to date. */
  put(row: TicketRow): void
  /** Drops all that is in memory: the rows have changed in the file. */
  reload(): void
}

/** The row of a ticket, or the one it will have: ids only ever rise. */
const rowOf = ({ numbers, size }: TicketMonth, id: number): number =>
  firstPlace(size, (row) => (numbers.id[row] as number) >= id)

type ColumnValues = Pick<
  TicketRow,
  'id' | 'callbacks' | (typeof instants)[number] | (typeof words)[number] | (typeof amounts)[number]
>

const answerOf = (callbacks: string | null): string | null =>
  callbacks === null
    ? null
    : lastAnswer((JSON.parse(callbacks) as [number, string][]).map(([, outcome]) => outcome))

/** Tickets kept at a time, with 144 bytes each: 43 MB. A quarter, a month and its like of the year before are fewer. */
const mostTickets = 300_000

export const createTicketMonths = (
  db: Database.Database,
  { changes, most = mostTickets }: { changes?: ChangeCounts; most?: number } = {},
): TicketMonths => {
  const columns = ['id', 'callbacks', ...instants, ...words, ...amounts].join(', ')
  const sql = `SELECT ${columns} FROM tickets INDEXED BY ticketsByRegistration
     WHERE registeredAt >= ? AND registeredAt < ? ORDER BY id`
  // prepared late: while much is loaded the index is not there
  let select: Database.Statement<[number, number], ColumnValues> | undefined
  const texts = createTextNumbers()

  const write = (month: TicketMonth, ticket: ColumnValues): void => {
    const row = rowOf(month, ticket.id)
    definition.take(month, row)
    month.numbers.id[row] = ticket.id
    for (const column of instants) month.instants[column][row] = ticket[column] ?? never
    for (const column of words) month.numbers[column][row] = texts.numberOf(ticket[column])
    month.numbers.answer[row] = texts.numberOf(answerOf(ticket.callbacks))
    for (const column of amounts) month.numbers[column][row] = ticket[column] ?? 0
  }
  const load = (number: number): TicketMonth => {
    select ??= db.prepare(sql)
    const month = definition.empty(0)
    for (const ticket of select.iterate(monthStart(number), monthStart(number + 1))) write(month, ticket)
    return month
  }
  const months = createBlockCache<TicketMonth>({
    load,
    roomOf: definition.roomOf,
    mostRows: most,
    ...(db.readonly && { countOf: (month: number) => changes?.of(month) ?? Number.NaN }),
  })

  return {
    month: months.get,
    word: texts.textOf,
    put: (row) => {
      const number = monthIndex(row.registeredAt)
      changes?.note(number)
      const month = months.peek(number)
      if (month !== undefined) write(month, row)
    },
    reload: months.reload,
  }
}
