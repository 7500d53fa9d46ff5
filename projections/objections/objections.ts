/** Objections of dealers (rulebook §14), and how many of a quarter were open when it was settled. */
import type { ObjectionStatus } from '../../domain/codes.ts'
import { type Quarter, toEpoch, toInstant } from '../../domain/instant.ts'
import type { SealedText } from '../../domain/sealed.ts'
import { quarterOfStream } from '../../domain/settlement.ts'
import { type DataOf, type TicketNo, ticketOfStream } from '../../domain/ticket/events.ts'
import { bitsOfMeasures, measuresOfBits } from '../../domain/ticket/measures.ts'
import type { Objection } from '../../domain/ticket/state.ts'
import { instantOrNull } from '../epoch.ts'
import { newestBy, type Page, type PageParts, scopedPage } from '../keysetPage.ts'
import type { Projection } from '../projection.ts'
import { createNumbering, createRows, createTableSql, int, type RowOf, type Table, text } from '../rows.ts'
import { filtersOn, one, type Scopes } from '../scope.ts'
import { createStatements } from '../statements.ts'

const objectionTable = {
  name: 'objections',
  key: 'objectionId',
  columns: {
    id: 'INTEGER PRIMARY KEY',
    objectionId: `${text} UNIQUE`,
    ticketNo: text,
    dealer: text,
    rbo: 'TEXT',
    quarter: text,
    dispatchedAt: int,
    measures: int,
    attachmentIds: text,
    status: text,
    raisedAt: int,
    raisedBy: text,
    text,
    decidedAt: 'INTEGER',
    decidedBy: 'TEXT',
    decisionText: 'TEXT',
  },
} as const satisfies Table
type ObjectionRow = RowOf<typeof objectionTable>

/** An objection in the list; its texts are sealed. `id`: in the order they were raised. */
export type ObjectionView = Objection & { id: number; ticketNo: TicketNo }

export type ObjectionPageQuery = PageParts & {
  /** What is left out filters nothing. */
  quarter?: Quarter | undefined
  status?: readonly ObjectionStatus[] | undefined
  dealer?: readonly string[] | undefined
  ticketNo?: TicketNo | undefined
  scope: Scopes
}

export type ObjectionQueries = {
  /** The newest first. */
  page(query: ObjectionPageQuery): Page<ObjectionView>
  byId(objectionId: string): ObjectionView | null
  /** Objections of a quarter that nobody had decided when a revision of it was made; `null`: it is not folded yet. */
  undecidedAt(quarter: Quarter, revision: number): number | null
}

const toView = (row: ObjectionRow): ObjectionView => ({
  id: row.id,
  objectionId: row.objectionId,
  ticketNo: row.ticketNo,
  dealer: row.dealer,
  rbo: row.rbo,
  quarter: row.quarter,
  dispatchedAt: toInstant(row.dispatchedAt),
  measures: measuresOfBits(row.measures),
  attachmentIds: JSON.parse(row.attachmentIds) as string[],
  status: row.status as ObjectionStatus,
  raisedAt: toInstant(row.raisedAt),
  raisedBy: row.raisedBy,
  text: row.text as SealedText,
  decidedAt: instantOrNull(row.decidedAt),
  decidedBy: row.decidedBy,
  decisionText: row.decisionText as SealedText | null,
})

const settling = new Set(['QuarterFrozen', 'QuarterRevised', 'TieDecided'])

export const objections: Projection<ObjectionQueries> = {
  name: 'objections',
  version: 3,
  readByCommands: false,
  types: ['ObjectionRaised', 'ObjectionWithdrawn', 'ObjectionDecided', ...settling],
  tables: {
    objections: createTableSql(objectionTable),
    undecided: `CREATE TABLE undecided (quarter TEXT NOT NULL, revision INTEGER NOT NULL, count INTEGER NOT NULL,
      PRIMARY KEY (quarter, revision)) STRICT, WITHOUT ROWID`,
  },
  indexes: {
    objectionsByTime: 'CREATE INDEX objectionsByTime ON objections (raisedAt)',
    objectionsByTicket: 'CREATE INDEX objectionsByTicket ON objections (ticketNo)',
    objectionsByQuarter: 'CREATE INDEX objectionsByQuarter ON objections (quarter, status)',
  },
  open: (db) => {
    const statements = createStatements(db)
    const rows = createRows(db, objectionTable)
    const numbering = createNumbering(db, 'objections')
    const addCount = db.prepare<[string, number, number]>('INSERT INTO undecided VALUES (?, ?, ?)')
    let counts: [Quarter, number, number][] = []
    /** Changes of the number of open ones by quarter that are in no row yet. */
    let changed = new Map<Quarter, number>()
    const forget = (): void => {
      rows.discard()
      numbering.reset()
      counts = []
      changed = new Map()
    }
    const change = (quarter: Quarter, by: number): void =>
      void changed.set(quarter, (changed.get(quarter) ?? 0) + by)
    const openOf = (quarter: Quarter): number => {
      const stored = statements.get<{ count: number }>(
        `SELECT count(*) AS count FROM objections WHERE quarter = ? AND status = 'open'`,
        [quarter],
      )
      return (stored?.count ?? 0) + (changed.get(quarter) ?? 0)
    }

    return {
      apply: ({ stream, type, version, data, metadata }) => {
        const at = toEpoch(metadata.recordedAt)
        if (settling.has(type)) {
          const quarter = quarterOfStream(stream)
          if (quarter !== null) counts.push([quarter, version, openOf(quarter)])
          return
        }
        const ticketNo = ticketOfStream(stream)
        if (ticketNo === null) return
        if (type === 'ObjectionRaised') {
          const raised = data as DataOf<'ObjectionRaised'>
          change(raised.quarter, 1)
          return rows.add({
            id: numbering.next(),
            ...raised,
            ticketNo,
            dispatchedAt: toEpoch(raised.dispatchedAt),
            measures: bitsOfMeasures(raised.measures),
            attachmentIds: JSON.stringify(raised.attachmentIds ?? []),
            status: 'open',
            raisedAt: at,
            raisedBy: metadata.actor.id,
            decidedAt: null,
            decidedBy: null,
            decisionText: null,
          })
        }
        const row = rows.get((data as DataOf<'ObjectionWithdrawn'>).objectionId)
        if (row === undefined) return
        change(row.quarter, -1)
        if (type === 'ObjectionWithdrawn') {
          row.status = 'withdrawn'
          return
        }
        const { decision, text: decisionText } = data as DataOf<'ObjectionDecided'>
        Object.assign(row, { status: decision, decidedAt: at, decidedBy: metadata.actor.id, decisionText })
      },
      flush: () => {
        rows.flush()
        for (const each of counts) addCount.run(...each)
        counts = []
        changed = new Map()
      },
      discard: forget,
      reload: forget,
      queries: {
        // an objection is its dealer's, and that dealer's RBO's by the unit
        page: (query) => {
          const { quarter, status, dealer, ticketNo } = query
          return scopedPage<ObjectionRow, ObjectionView>(
            statements,
            { table: 'objections', order: newestBy('raisedAt'), view: toView },
            query,
            filtersOn({ quarter: one(quarter), status, dealer, ticketNo: one(ticketNo) }),
          )
        },
        byId: (objectionId) =>
          statements.find('SELECT * FROM objections WHERE objectionId = ?', [objectionId], toView),
        undecidedAt: (quarter, revision) =>
          statements.get<{ count: number }>(
            'SELECT count FROM undecided WHERE quarter = ? AND revision = ?',
            [quarter, revision],
          )?.count ?? null,
      },
    }
  },
}
