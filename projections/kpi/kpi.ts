/** The units of the three rates, as they were known at any instant (rulebook §8). */
import type { Category } from '../../domain/ticket/routing.ts'
import { foldTickets } from '../foldTickets.ts'
import type { Projection } from '../projection.ts'
import { createNumbering, createRows, createTableSql, type Table } from '../rows.ts'
import { createStatements } from '../statements.ts'
import { createColumns } from './kpiColumns.ts'
import { kpiHandlers, registeredTicket } from './kpiHandlers.ts'
import { type KpiQueries, kpiQueries } from './kpiQueries.ts'
import { createSpans, createSpansSql, createUnitsSql } from './kpiSpans.ts'
import { type KpiSpan, type KpiTicket, type KpiTurn, packTurns, spansOf, unpackTurns } from './ticketTurns.ts'

type KpiTicketRow = Omit<KpiTicket, 'over' | 'turns'> & { id: number; over: number; turns: string }

const table: Table<KpiTicketRow> = {
  name: 'kpiTickets',
  key: 'ticketNo',
  columns: {
    id: 'INTEGER PRIMARY KEY',
    ticketNo: 'TEXT NOT NULL UNIQUE',
    category: 'TEXT NOT NULL',
    level: 'TEXT NOT NULL',
    over: 'INTEGER NOT NULL',
    closedAt: 'INTEGER',
    repeatWindowEndsAt: 'INTEGER',
    repeatLinkedAt: 'INTEGER',
    turns: 'TEXT NOT NULL',
  },
}

/** A ticket under work, with its row and the spans as they stand. */
type Work = { row: KpiTicketRow; ticket: KpiTicket; spans: Map<KpiTurn, KpiSpan> }

const packInto = ({ row, ticket }: Work): void => {
  row.category = ticket.category
  row.level = ticket.level
  row.over = ticket.over ? 1 : 0
  row.closedAt = ticket.closedAt
  row.repeatWindowEndsAt = ticket.repeatWindowEndsAt
  row.repeatLinkedAt = ticket.repeatLinkedAt
  row.turns = packTurns(ticket.turns)
}

const unpack = (row: KpiTicketRow): KpiTicket => ({
  ticketNo: row.ticketNo,
  category: row.category as Category,
  level: row.level,
  over: row.over === 1,
  closedAt: row.closedAt,
  repeatWindowEndsAt: row.repeatWindowEndsAt,
  repeatLinkedAt: row.repeatLinkedAt,
  turns: unpackTurns(row.turns),
})

export const kpi: Projection<KpiQueries> = {
  name: 'kpi',
  version: 1,
  readByCommands: false,
  tables: { kpiTickets: createTableSql(table), kpiSpans: createSpansSql, kpiUnits: createUnitsSql },
  indexes: {},
  open: (db) => {
    const rows = createRows(db, table)
    const numbering = createNumbering(db, 'kpiTickets')
    const kept = createColumns(db)
    const spans = createSpans(db, kept)
    const works = new Map<string, Work>()

    const start = (row: KpiTicketRow, ticket: KpiTicket): Work => {
      const work = { row, ticket, spans: spansOf(ticket) }
      works.set(row.ticketNo, work)
      return work
    }
    const find = (ticketNo: string): Work | undefined => {
      const known = works.get(ticketNo)
      if (known !== undefined) return known
      const row = rows.get(ticketNo)
      return row === undefined ? undefined : start(row, unpack(row))
    }
    const forget = (): void => {
      works.clear()
      rows.discard()
      spans.discard()
      numbering.reset()
    }

    return {
      apply: foldTickets({
        register: (data) => {
          const ticket = registeredTicket(data)
          const row = { ...ticket, id: numbering.next(), over: 0, turns: '[]' }
          rows.add(row)
          start(row, ticket)
        },
        find: ({ ticketNo }) => find(ticketNo)?.ticket,
        handlers: kpiHandlers,
        after: (ticket, { ticketNo, at, event }) => {
          const work = works.get(ticketNo) as Work
          work.spans = spans.follow(work.spans, ticket, { at, type: event.type })
        },
      }),
      flush: () => {
        for (const work of works.values()) packInto(work)
        rows.flush()
        spans.flush()
        works.clear()
      },
      discard: forget,
      reload: () => {
        forget()
        kept.forget()
      },
      queries: kpiQueries(createStatements(db), kept),
    }
  },
}
