/** Every ticket as it is now: the lists, the work queues, the look by number. */
import type { StoredEvent } from '../../domain/eventStore.ts'
import { epochOrNull, type Instant } from '../../domain/instant.ts'
import { externalNoOf } from '../../domain/plainText.ts'
import { type DataOf, type TicketNo, ticketOfStream } from '../../domain/ticket/events.ts'
import { createChangeCounts } from '../columns/changeCounts.ts'
import { openDueIndexes } from '../dues/openDues.ts'
import { foldTickets } from '../foldTickets.ts'
import type { Projection } from '../projection.ts'
import { createNumbering, createRows, createTableSql } from '../rows.ts'
import type { Scopes } from '../scope.ts'
import { createStatements } from '../statements.ts'
import type { TicketFact } from '../ticketEvents.ts'
import { attemptsInVain, type CallbackQuery, callbackPage, defineAttemptsApart } from './callbacks.ts'
import { type ConsumerNoticeQuery, consumerNoticeIndexes, consumerNoticePage } from './consumerNotices.ts'
import { countsOfNow, type NowCounts, type NowQuery, type NowRow } from './countsOfNow.ts'
import { fewInScope } from './fewInScope.ts'
import { createRelatedSince, type RelatedTicket } from './relatedTickets.ts'
import { registeredRow, settle, ticketHandlers } from './ticketHandlers.ts'
import { createTicketIndex, indexTables } from './ticketIndex.ts'
import { createTicketMonths, type TicketMonth } from './ticketMonths.ts'
import { createShownTickets, type TicketPage, type TicketPageQuery, ticketPage } from './ticketPage.ts'
import { type TicketRow, ticketIndexes, ticketTable } from './ticketRow.ts'
import {
  type FoundRow,
  type FoundWhole,
  type TicketView,
  toTicketView,
  toWholeTicket,
  type WholeTicket,
} from './ticketView.ts'

export type TicketQueries = {
  byNo(ticketNo: TicketNo): TicketView | null
  /** The same with its texts. */
  wholeByNo(ticketNo: TicketNo): WholeTicket | null
  /** The ticket an external number registered, or joined as a contact; numbers compare by `externalNoOf`. */
  byExternalNo(externalNo: string): TicketView | null
  /** Only its number. */
  numberOf(externalNo: string): TicketNo | null
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
  /** The callbacks of a ticket, by its id, that reached nobody; epoch ms. */
  attemptsInVain(id: number): number[]
  /** The number of a ticket by its id. */
  ticketNoOf(id: number): TicketNo
}

const found = 'SELECT t.*, b.subjectId, b.customer FROM tickets t JOIN ticketTexts b ON b.id = t.id'
const foundWhole = `SELECT t.*, b.subjectId, b.customer, b.text, b.remedyText, c.text AS closingText, c.measuresDoneAt
  FROM tickets t JOIN ticketTexts b ON b.id = t.id LEFT JOIN closingTexts c ON c.id = t.id`

export const tickets: Projection<TicketQueries> = {
  name: 'tickets',
  version: 11,
  readByCommands: true,
  tables: {
    tickets: createTableSql(ticketTable),
    // Long and written once, so they stay out of the rows, which every event writes again.
    ticketTexts:
      'CREATE TABLE ticketTexts (id INTEGER PRIMARY KEY, subjectId TEXT NOT NULL, customer TEXT NOT NULL, text TEXT NOT NULL, remedyText TEXT) STRICT',
    closingTexts:
      'CREATE TABLE closingTexts (id INTEGER PRIMARY KEY, text TEXT NOT NULL, measuresDoneAt INTEGER) STRICT',
    externalNos:
      'CREATE TABLE externalNos (externalNo TEXT PRIMARY KEY, ticketNo TEXT NOT NULL) STRICT, WITHOUT ROWID',
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
    const addTexts = db.prepare<[number, string, string, string]>(
      'INSERT INTO ticketTexts VALUES (?, ?, ?, ?, NULL)',
    )
    const putCustomer = db.prepare<[string, number]>('UPDATE ticketTexts SET customer = ? WHERE id = ?')
    const putRemedy = db.prepare<[string, number]>('UPDATE ticketTexts SET remedyText = ? WHERE id = ?')
    const putClosing = db.prepare<[number, string, number | null]>(
      'INSERT OR REPLACE INTO closingTexts VALUES (?, ?, ?)',
    )
    const addExternalNo = db.prepare<[string, string]>(
      'INSERT INTO externalNos VALUES (?, ?) ON CONFLICT DO NOTHING',
    )
    let sealedTexts: [number, string, string, string][] = []
    let corrected: [string, number][] = []
    let remedies: [string, number][] = []
    let closings: [number, string, number | null][] = []
    let externalNos: [string, string][] = []

    const settled = (row: TicketRow, fact: TicketFact): void => {
      settle(row, fact)
      index.learn(row)
    }
    const fold = foldTickets({
      register: (data, fact) => {
        const row = registeredRow(numbering.next(), data, fact.at)
        settled(row, fact)
        rows.add(row)
        sealedTexts.push([row.id, data.subjectId, data.customer, data.text])
        if (data.externalNo !== null) externalNos.push([externalNoOf(data.externalNo), data.ticketNo])
      },
      find: ({ ticketNo }) => rows.get(ticketNo),
      handlers: ticketHandlers,
      after: (row, fact) => {
        settled(row, fact)
        if (fact.event.type === 'WeightChanged') {
          const { hasRemedyText, text } = fact.event.data as DataOf<'WeightChanged'>
          if (hasRemedyText) remedies.push([text, row.id])
        }
        if (fact.event.type === 'TicketCorrected')
          corrected.push([(fact.event.data as DataOf<'TicketCorrected'>).customer, row.id])
        if (fact.event.type !== 'TicketClosed') return
        const { text, measuresDoneAt } = fact.event.data as DataOf<'TicketClosed'>
        closings.push([row.id, text, epochOrNull(measuresDoneAt)])
      },
      everyEvent: true,
    })

    // a connection that only reads may never be asked for a page
    if (!db.readonly) index.current()

    const apply = (event: StoredEvent): void => {
      fold(event)
      if (event.type !== 'ContactLogged') return
      const { externalNo } = event.data as { externalNo: string | null }
      if (externalNo !== null)
        externalNos.push([externalNoOf(externalNo), ticketOfStream(event.stream) as TicketNo])
    }
    const discard = (): void => {
      sealedTexts = []
      corrected = []
      remedies = []
      closings = []
      externalNos = []
      numbering.reset()
      rows.discard()
      index.discard()
    }
    const one = (sql: string, param: string): TicketView | null => {
      const row = statements.get<FoundRow>(sql, [param])
      return row === undefined ? null : toTicketView(row)
    }

    return {
      apply,
      flush: () => {
        rows.flush((row) => {
          index.put(row)
          months.put(row)
          shown?.drop(row.id)
        })
        index.flush()
        for (const each of sealedTexts) addTexts.run(...each)
        for (const each of corrected) putCustomer.run(...each)
        for (const each of remedies) putRemedy.run(...each)
        for (const each of closings) putClosing.run(...each)
        for (const each of externalNos) addExternalNo.run(...each)
        sealedTexts = []
        corrected = []
        remedies = []
        closings = []
        externalNos = []
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
        byNo: (ticketNo) => one(`${found} WHERE t.ticketNo = ?`, ticketNo),
        wholeByNo: (ticketNo) => {
          const row = statements.get<FoundWhole>(`${foundWhole} WHERE t.ticketNo = ?`, [ticketNo])
          return row === undefined ? null : toWholeTicket(row)
        },
        byExternalNo: (externalNo) =>
          one(
            `${found} WHERE t.ticketNo = (SELECT ticketNo FROM externalNos WHERE externalNo = ?)`,
            externalNoOf(externalNo),
          ),
        numberOf: (externalNo) =>
          statements.get<{ ticketNo: TicketNo }>('SELECT ticketNo FROM externalNos WHERE externalNo = ?', [
            externalNoOf(externalNo),
          ])?.ticketNo ?? null,
        page: (query) => ticketPage({ index: index.current(), statements, shown }, query),
        callbacks: (query) => callbackPage(index.current(), statements, query),
        countsOfNow: (query) => countsOfNow(index.current(), query),
        fewInScope: (scope) => fewInScope(index.current(), scope),
        month: months.month,
        word: months.word,
        relatedSince,
        attemptsInVain: (id) => {
          const row = statements.get<{ callbacks: string | null }>(
            'SELECT callbacks FROM tickets WHERE id = ?',
            [id],
          )
          return attemptsInVain(row?.callbacks ?? '[]')
        },
        ticketNoOf: (id) =>
          (
            statements.get<{ ticketNo: TicketNo }>('SELECT ticketNo FROM tickets WHERE id = ?', [id]) as {
              ticketNo: TicketNo
            }
          ).ticketNo,
        consumerNotices: (query) => consumerNoticePage(index.current(), statements, query),
      },
    }
  },
}
