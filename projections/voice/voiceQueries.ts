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

type Paging = { scope: Scopes; limit: number; after?: Keyset | null }
type Units = { dealer?: readonly string[] | undefined; rbo?: readonly string[] | undefined }

/** What is left out filters nothing. */
export type ItemPageQuery = Paging &
  Units & {
    month?: readonly string[] | undefined
    status?: readonly VoiceItemStatus[] | undefined
    survey?: readonly VoiceSurvey[] | undefined
    indicator?: string | undefined
    externalNo?: string | undefined
  }
/** `overdue`: the step is awaited, and its due has passed at `now`. */
export type SheetPageQuery = Paging &
  Units & {
    month?: readonly string[] | undefined
    status?: readonly VoiceSheetStatus[] | undefined
    overdue?: readonly VoiceStep[] | undefined
    now: Instant
  }
/** Booked in a span of time. */
export type EntryPageQuery = Paging &
  Units & {
    kind?: readonly VoiceLedgerKind[] | undefined
    booked?: { from: Instant; to: Instant } | undefined
  }

const afterKey = (column: string, after: Keyset | null | undefined): Condition[] =>
  after ? [{ sql: `(${column}, id) < (?, ?)`, params: [after.key, after.id] }] : []

const page = <Row extends { id: number }, View>(
  statements: Statements,
  { table, column, view }: { table: string; column: keyof Row & string; view: (row: Row) => View },
  { scope, limit, after }: Paging,
  conditions: readonly Condition[],
): VoicePage<View> => {
  if (scope.length === 0) return { items: [], next: null }
  const { sql, params } = all([...conditions, ...ofUnitsIn(scope), ...afterKey(column, after)])
  const found = statements.all<Row>(
    `SELECT * FROM ${table} WHERE ${sql} ORDER BY ${column} DESC, id DESC LIMIT ?`,
    [...params, limit + 1],
  )
  return pageOf(found, limit, { view, key: (row) => row[column] as number })
}

export const itemPage = (statements: Statements, query: ItemPageQuery): VoicePage<VoiceItemView> =>
  page<VoiceItemRow, VoiceItemView>(
    statements,
    { table: 'voiceItems', column: 'enteredAt', view: toItemView },
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
    { table: 'voiceSheets', column: 'sentAt', view: toSheetView },
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
    { table: 'voiceEntries', column: 'bookedAt', view: toEntryView },
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
