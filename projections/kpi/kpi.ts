/** The units of the three rates, as they were known at any instant (rulebook §8). */
import { foldTickets, typesHandled } from '../foldTickets.ts'
import type { Projection } from '../projection.ts'
import { createColumns } from './kpiColumns.ts'
import { isIdle, kpiHandlers, registeredTicket } from './kpiHandlers.ts'
import { createNames, createNamesSql } from './kpiNames.ts'
import { createOrigins } from './kpiOrigins.ts'
import { type KpiQueries, kpiQueries } from './kpiQueries.ts'
import { createSettled, createSettledSql, settlingTypes } from './kpiSettled.ts'
import { createShelves } from './kpiShelves.ts'
import { createSpansSql } from './kpiSpan.ts'
import { createTurns } from './kpiTicket.ts'
import { createTickets, createTicketsSql } from './kpiTickets.ts'

export const kpi: Projection<KpiQueries> = {
  name: 'kpi',
  version: 4,
  readByCommands: false,
  // which they are does not depend on what they work on
  types: [...typesHandled(kpiHandlers(undefined as never, undefined as never)), ...settlingTypes],
  tables: {
    kpiTickets: createTicketsSql,
    kpiSpans: createSpansSql,
    kpiNames: createNamesSql,
    kpiSettled: createSettledSql,
  },
  indexes: {},
  open: (db) => {
    const names = createNames(db)
    const shelves = createShelves(db)
    const columns = createColumns(db)
    const origins = createOrigins(db)
    const tickets = createTickets(db, columns.put)
    const turns = createTurns({ nextId: shelves.nextId, note: tickets.note })
    const settled = createSettled(db, { names, shelves, unwritten: tickets.unwritten })
    const fold = foldTickets({
      register: (data) => tickets.add(registeredTicket(data, names)),
      find: ({ ticketNo, event }) => (isIdle(event) ? undefined : tickets.find(ticketNo)),
      handlers: kpiHandlers(turns, names),
    })
    const discard = (): void => {
      tickets.discard()
      settled.discard()
      names.forget()
      shelves.forget()
    }

    return {
      apply: (event) => {
        fold(event)
        settled.apply(event)
      },
      flush: () => {
        names.flush()
        tickets.flush()
        settled.flush()
      },
      discard,
      reload: () => {
        discard()
        columns.forget()
        origins.forget()
      },
      queries: kpiQueries(db, { columns, names, shelves, origins }, settled),
    }
  },
}
