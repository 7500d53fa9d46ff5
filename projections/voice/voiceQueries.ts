/** Pages of items, sheets and ledger entries, by filters and within a scope. */
import { type Instant, toEpoch } from '../../domain/instant.ts'
import type {
  VoiceItemStatus,
  VoiceLedgerKind,
  VoiceSheetStatus,
  VoiceStep,
  VoiceSurvey,
} from '../../domain/voice/codes.ts'
import { newestBy, type Order, type Page, type PageParts, scopedPage } from '../keysetPage.ts'
import { filtersOn, one, oneOf, type Scopes, seesAll } from '../scope.ts'
import type { Statements } from '../statements.ts'
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

type ScopedParts = PageParts & { scope: Scopes }
type Units = { dealer?: readonly string[] | undefined; rbo?: readonly string[] | undefined }

/** What is left out filters nothing. */
export type ItemPageQuery = ScopedParts &
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
export type SheetPageQuery = ScopedParts &
  Units & {
    month?: readonly string[] | undefined
    status?: readonly VoiceSheetStatus[] | undefined
    overdue?: readonly VoiceStep[] | undefined
    sort?: (typeof sheetSorts)[number] | undefined
    now: Instant
  }
/** Booked in a span of time. */
export type EntryPageQuery = ScopedParts &
  Units & {
    kind?: readonly VoiceLedgerKind[] | undefined
    booked?: { from: Instant; to: Instant } | undefined
  }

/** Later than every due. */
const never = Number.MAX_SAFE_INTEGER

const byDue: Order<VoiceSheetRow> = {
  sql: `ifnull(dueAt, ${never})`,
  key: ({ dueAt }) => dueAt ?? never,
  isDown: false,
}

export const itemPage = (statements: Statements, query: ItemPageQuery): Page<VoiceItemView> =>
  scopedPage<VoiceItemRow, VoiceItemView>(
    statements,
    { table: 'voiceItems', order: newestBy('enteredAt'), view: toItemView },
    query,
    [
      ...filtersOn({ dealer: query.dealer, rbo: query.rbo, month: query.month, status: query.status }),
      // a unit sees what was sent
      ...(seesAll(query.scope) ? [] : [oneOf('status', ['sent'])]),
      ...filtersOn({
        survey: query.survey,
        indicator: one(query.indicator),
        externalNo: one(query.externalNo),
      }),
    ],
  )

export const sheetPage = (statements: Statements, query: SheetPageQuery): Page<VoiceSheetView> =>
  scopedPage<VoiceSheetRow, VoiceSheetView>(
    statements,
    { table: 'voiceSheets', order: query.sort === 'dueAt' ? byDue : newestBy('sentAt'), view: toSheetView },
    query,
    [
      ...filtersOn({ dealer: query.dealer, rbo: query.rbo, month: query.month, status: query.status }),
      ...(query.overdue === undefined
        ? []
        : [oneOf('step', query.overdue), { sql: 'dueAt <= ?', params: [toEpoch(query.now)] }]),
    ],
  )

export const entryPage = (statements: Statements, query: EntryPageQuery): Page<VoiceEntryView> =>
  scopedPage<VoiceEntryRow, VoiceEntryView>(
    statements,
    { table: 'voiceEntries', order: newestBy('bookedAt'), view: toEntryView },
    query,
    [
      ...filtersOn({ dealer: query.dealer, rbo: query.rbo, kind: query.kind }),
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
