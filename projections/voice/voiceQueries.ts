/** Pages of items, sheets and ledger entries, by filters and within a scope. */
import { type Instant, toEpoch } from '../../domain/instant.ts'
import type {
  VoiceItemStatus,
  VoiceLedgerKind,
  VoiceSheetStatus,
  VoiceStep,
  VoiceSurvey,
} from '../../domain/voice/codes.ts'
import { pageOf } from '../keysetPage.ts'
import { all, askedOf, type Condition, ofUnitsIn, oneOf, type Scopes, seesAll } from '../scope.ts'
import type { Statements } from '../statements.ts'
import type { Keyset } from '../tickets/ticketPage.ts'
import {
  toEntryView,
  toItemView,
  toSheetView,
  type VoiceEntryRow,
  type VoiceEntryView,
  type VoiceItemRow,
  type VoiceItemView,
  type VoiceSheetRow,
  type VoiceSheetView,
} from './voiceRows.ts'

export type VoicePage<View> = { items: View[]; next: Keyset | null }

type PageParts = { scope: Scopes; limit: number; after?: Keyset | null }
type Units = { dealer?: readonly string[] | undefined; rbo?: readonly string[] | undefined }

/** What is left out filters nothing. */
export type ItemPageQuery = PageParts &
  Units & {
    month?: readonly string[] | undefined
    status?: readonly VoiceItemStatus[] | undefined
    survey?: readonly VoiceSurvey[] | undefined
    indicator?: string | undefined
    externalNo?: string | undefined
  }
export const sheetSorts = ['dueAt', '-sentAt'] as const

/**
 * `overdue`: the step is awaited, and its due has passed at `now`. `sort`: the newest first where it is left out; by due,
 * what awaits no step with a due comes last.
 */
export type SheetPageQuery = PageParts &
  Units & {
    month?: readonly string[] | undefined
    status?: readonly VoiceSheetStatus[] | undefined
    overdue?: readonly VoiceStep[] | undefined
    sort?: (typeof sheetSorts)[number] | undefined
    now: Instant
  }
/** Booked in a span of time. */
export type EntryPageQuery = PageParts &
  Units & {
    kind?: readonly VoiceLedgerKind[] | undefined
    booked?: { from: Instant; to: Instant } | undefined
  }

/** What a page is ordered by: an expression, its value of a row, and whether the greatest comes first. */
type Order<Row> = { sql: string; key(row: Row): number; isDown: boolean }

const newestBy = <Row>(column: keyof Row & string): Order<Row> => ({
  sql: column,
  key: (row) => row[column] as number,
  isDown: true,
})

/** Later than every due. */
const never = Number.MAX_SAFE_INTEGER

const byDue: Order<VoiceSheetRow> = {
  sql: `ifnull(dueAt, ${never})`,
  key: ({ dueAt }) => dueAt ?? never,
  isDown: false,
}

const afterKey = ({ sql, isDown }: Pick<Order<never>, 'sql' | 'isDown'>, after: Keyset): Condition => ({
  sql: `(${sql}, id) ${isDown ? '<' : '>'} (?, ?)`,
  params: [after.key, after.id],
})

const page = <Row extends { id: number }, View>(
  statements: Statements,
  { table, order, view }: { table: string; order: Order<Row>; view: (row: Row) => View },
  { scope, limit, after }: PageParts,
  conditions: readonly Condition[],
): VoicePage<View> => {
  if (scope.length === 0) return { items: [], next: null }
  const way = order.isDown ? 'DESC' : 'ASC'
  const { sql, params } = all([
    ...conditions,
    ...ofUnitsIn(scope),
    ...(after ? [afterKey(order, after)] : []),
  ])
  const found = statements.all<Row>(
    `SELECT * FROM ${table} WHERE ${sql} ORDER BY ${order.sql} ${way}, id ${way} LIMIT ?`,
    [...params, limit + 1],
  )
  return pageOf(found, limit, { view, key: order.key })
}

export const itemPage = (statements: Statements, query: ItemPageQuery): VoicePage<VoiceItemView> =>
  page<VoiceItemRow, VoiceItemView>(
    statements,
    { table: 'voiceItems', order: newestBy('enteredAt'), view: toItemView },
    query,
    [
      ...askedOf('dealer', query.dealer),
      ...askedOf('rbo', query.rbo),
      ...askedOf('month', query.month),
      ...askedOf('status', query.status),
      // a unit sees what was sent
      ...(seesAll(query.scope) ? [] : [oneOf('status', ['sent'])]),
      ...askedOf('survey', query.survey),
      ...askedOf('indicator', query.indicator === undefined ? undefined : [query.indicator]),
      ...askedOf('externalNo', query.externalNo === undefined ? undefined : [query.externalNo]),
    ],
  )

export const sheetPage = (statements: Statements, query: SheetPageQuery): VoicePage<VoiceSheetView> =>
  page<VoiceSheetRow, VoiceSheetView>(
    statements,
    { table: 'voiceSheets', order: query.sort === 'dueAt' ? byDue : newestBy('sentAt'), view: toSheetView },
    query,
    [
      ...askedOf('dealer', query.dealer),
      ...askedOf('rbo', query.rbo),
      ...askedOf('month', query.month),
      ...askedOf('status', query.status),
      ...(query.overdue === undefined
        ? []
        : [oneOf('step', query.overdue), { sql: 'dueAt <= ?', params: [toEpoch(query.now)] }]),
    ],
  )

export const entryPage = (statements: Statements, query: EntryPageQuery): VoicePage<VoiceEntryView> =>
  page<VoiceEntryRow, VoiceEntryView>(
    statements,
    { table: 'voiceEntries', order: newestBy('bookedAt'), view: toEntryView },
    query,
    [
      ...askedOf('dealer', query.dealer),
      ...askedOf('rbo', query.rbo),
      ...askedOf('kind', query.kind),
      ...(query.booked === undefined
        ? []
        : [
            {
              sql: 'bookedAt >= ? AND bookedAt < ?',
              params: [toEpoch(query.booked.from), toEpoch(query.booked.to)],
            },
          ]),
    ],
  )
