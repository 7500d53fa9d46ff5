/** Every ticket as it is now: the lists, the work queues, the look by number. */
import type { Instant } from '../../domain/instant.ts'
import { createChangeCounts } from '../columns/changeCounts.ts'
import { openDueIndexes } from '../dues/duePlaces.ts'
import { foldTickets } from '../foldTickets.ts'
import type { Projection } from '../projection.ts'
import { createNumbering, createRows, createTableSql } from '../rows.ts'
import type { Scopes } from '../scope.ts'
import { createStatements } from '../statements.ts'
import type { TicketFact } from '../ticketEvents.ts'
import { type CallbackQuery, callbackPage, defineAttemptsApart } from './callbacks.ts'
import { type ConsumerNoticeQuery, consumerNoticeIndexes, consumerNoticePage } from './consumerNotices.ts'
import { countsOfNow, type NowCounts, type NowQuery, type NowRow } from './countsOfNow.ts'
import { fewInScope } from './fewInScope.ts'
import { registeredRow } from './registeredRow.ts'
import { createRelatedSince, type RelatedTicket } from './relatedTickets.ts'
import { afterEvent, ticketHandlers } from './ticketHandlers.ts'
import { createTicketIndex, indexTables } from './ticketIndex.ts'
import { type TicketLookups, ticketLookups } from './ticketLookups.ts'
import { createTicketMonths, type TicketMonth } from './ticketMonths.ts'
import { createShownTickets, type TicketPage, type TicketPageQuery, ticketPage } from './ticketPage.ts'
import { type TicketRow, ticketIndexes, ticketTable } from './ticketRow.ts'
import { createTicketTexts, textTables } from './ticketTexts.ts'

export type TicketQueries = TicketLookups & {
  page(query: TicketPageQuery): TicketPage
  callbacks(query: CallbackQuery): TicketPage
  consumerNotices(query: ConsumerNoticeQuery): TicketPage
  /** What there is to do now. */
  countsOfNow(query: NowQuery): { rows: NowRow[]; totals: NowCounts }
  /** Ids of the tickets in scope, as JSON; `null`: more than a few. */
  fewInScope(scope: Scopes): string | null
  /** The tickets registered in a Shanghai month, see `monthIndex`, as columns: others after the next write. */
  month(month: number): TicketMonth
  /** What a number in such a column stands for. */
  word(number: number): string | null
  /** In slices, the complaints registered from then on that came after another's window, with that ticket. */
  relatedSince(from: Instant): Iterable<RelatedTicket[]>
}

export const tickets: Projection<TicketQueries> = {
  name: 'tickets',
  version: 11,
  readByCommands: true,
  tables: {
    tickets: createTableSql(ticketTable),
    ...textTables,
    ...indexTables,
  },
  indexes: { ...ticketIndexes, ...consumerNoticeIndexes, ...openDueIndexes },
  open: (db, _sealing, memory) => {
    defineAttemptsApart(db)
    const statements = createStatements(db)
    const rows = createRows(db, ticketTable)
    const index = createTicketIndex(db)
    const changes = createChangeCounts(memory, 'ticketMonths')
    const shown = createShownTickets(!db.readonly)
    const months = createTicketMonths(db, { changes })
    const relatedSince = createRelatedSince(db)
    const numbering = createNumbering(db, 'tickets')
    const texts = createTicketTexts(db)

    const changed = (row: TicketRow, fact: TicketFact): void => {
      afterEvent(row, fact)
      index.learn(row)
    }
    const fold = foldTickets({
      register: (data, fact) => {
        const row = registeredRow(numbering.next(), data, fact.at)
        changed(row, fact)
        rows.add(row)
        texts.register(row.id, data)
      },
      find: ({ ticketNo }) => rows.get(ticketNo),
      handlers: ticketHandlers,
      after: (row, fact) => {
        changed(row, fact)
        texts.change(row, fact.event)
      },
      everyEvent: true,
    })

    // a connection that only reads may never be asked for a page
    if (!db.readonly) index.current()

    const discard = (): void => {
      texts.discard()
      numbering.reset()
      rows.discard()
      index.discard()
    }

    return {
      apply: fold,
      flush: () => {
        rows.flush((row) => {
          index.put(row)
          months.put(row)
          shown?.drop(row.id)
        })
        index.flush()
        texts.flush()
      },
      committed: changes.committed,
      discard,
      reload: () => {
        discard()
        index.reload()
        shown?.dropWhere(() => true)
        months.reload()
      },
      queries: {
        ...ticketLookups(statements),
        page: (query) => ticketPage({ index: index.current(), statements, shown }, query),
        callbacks: (query) => callbackPage(index.current(), statements, query),
        countsOfNow: (query) => countsOfNow(index.current(), query),
        fewInScope: (scope) => fewInScope(index.current(), scope),
        month: months.month,
        word: months.word,
        relatedSince,
        consumerNotices: (query) => consumerNoticePage(index.current(), statements, query),
      },
    }
  },
}
