/** The tables of the customer-voice desk, and their rows as the queries give them. Instants in rows are epoch ms. */
import { type Instant, toInstant } from '../../domain/instant.ts'
import type { SealedText } from '../../domain/sealed.ts'
import type { SubjectId } from '../../domain/subjectKeys.ts'
import type {
  VoiceDropReason,
  VoiceItemStatus,
  VoiceLedgerKind,
  VoiceSheetStatus,
  VoiceStep,
  VoiceSurvey,
} from '../../domain/voice/codes.ts'
import { instantOrNull } from '../epoch.ts'
import { int, type RowOf, type Table, text } from '../rows.ts'

export const voiceItemTable = {
  name: 'voiceItems',
  key: 'itemId',
  columns: {
    id: 'INTEGER PRIMARY KEY',
    itemId: `${text} UNIQUE`,
    externalNo: 'TEXT',
    subjectId: text,
    dealer: text,
    month: text,
    survey: text,
    indicator: text,
    score: 'INTEGER',
    status: text,
    dropReason: 'TEXT',
    enteredAt: int,
    enteredText: text,
    text,
    /** Set once it is on a sheet: the sheet's RBO and when that was sent. */
    rbo: 'TEXT',
    sentAt: 'INTEGER',
    judgedAt: 'INTEGER',
    effective: 'INTEGER',
    publishedAt: 'INTEGER',
  },
} as const satisfies Table
export type VoiceItemRow = RowOf<typeof voiceItemTable>

export const voiceSheetTable = {
  name: 'voiceSheets',
  key: 'sheetId',
  columns: {
    id: 'INTEGER PRIMARY KEY',
    sheetId: `${text} UNIQUE`,
    dealer: text,
    rbo: text,
    month: text,
    subjectId: text,
    version: int,
    status: text,
    items: int,
    judged: int,
    sentAt: int,
    /** The step that is awaited, if any. */
    step: 'TEXT',
    stepStartedAt: 'INTEGER',
    dueAt: 'INTEGER',
    metAt: 'INTEGER',
    returnedAt: 'INTEGER',
    acceptedAt: 'INTEGER',
    reportedAt: 'INTEGER',
    closedAt: 'INTEGER',
    lateBooked: int,
  },
} as const satisfies Table
export type VoiceSheetRow = RowOf<typeof voiceSheetTable>

/** A step of a sheet with one due; a due that is moved ends the row and begins another. */
export const voiceStepTable = {
  name: 'voiceSteps',
  key: 'stepKey',
  columns: {
    id: 'INTEGER PRIMARY KEY',
    /** `<sheetId> <n>`: the n-th of the sheet. */
    stepKey: `${text} UNIQUE`,
    sheetId: text,
    dealer: text,
    rbo: text,
    month: text,
    step: text,
    openedAt: int,
    dueAt: int,
    doneAt: 'INTEGER',
    movedAt: 'INTEGER',
  },
} as const satisfies Table
export type VoiceStepRow = RowOf<typeof voiceStepTable>

export const voiceEntryTable = {
  name: 'voiceEntries',
  key: 'entryId',
  columns: {
    id: 'INTEGER PRIMARY KEY',
    entryId: `${text} UNIQUE`,
    kind: text,
    dealer: text,
    rbo: text,
    sheetId: text,
    month: text,
    itemId: 'TEXT',
    indicator: 'TEXT',
    step: 'TEXT',
    amount: int,
    bookedAt: int,
    bookedBy: text,
    /** Of a reversal: the entry that it takes back, and why. */
    reverses: 'TEXT',
    text: 'TEXT',
    reversedAt: 'INTEGER',
  },
} as const satisfies Table
export type VoiceEntryRow = RowOf<typeof voiceEntryTable>

/** An item in a list; `id` in the order of entering. */
export type VoiceItemView = {
  id: number
  itemId: string
  externalNo: string | null
  subjectId: SubjectId
  dealer: string
  rbo: string | null
  month: string
  survey: VoiceSurvey
  indicator: string
  score: number | null
  status: VoiceItemStatus
  dropReason: VoiceDropReason | null
  enteredAt: Instant
  enteredText: SealedText
  text: SealedText
}

/** A sheet in a list: no texts. */
export type VoiceSheetView = {
  id: number
  sheetId: string
  dealer: string
  rbo: string
  month: string
  subjectId: SubjectId
  version: number
  status: VoiceSheetStatus
  items: number
  sentAt: Instant
  step: VoiceStep | null
  dueAt: Instant | null
  metAt: Instant | null
  returnedAt: Instant | null
  acceptedAt: Instant | null
  reportedAt: Instant | null
  closedAt: Instant | null
}

export type VoiceEntryView = {
  id: number
  entryId: string
  kind: VoiceLedgerKind
  dealer: string
  rbo: string
  sheetId: string
  month: string
  itemId: string | null
  indicator: string | null
  step: VoiceStep | null
  amount: number
  bookedAt: Instant
  bookedBy: string
  reverses: string | null
  text: SealedText | null
  reversedAt: Instant | null
}

export const toItemView = (row: VoiceItemRow): VoiceItemView => ({
  id: row.id,
  itemId: row.itemId,
  externalNo: row.externalNo,
  subjectId: row.subjectId,
  dealer: row.dealer,
  rbo: row.rbo,
  month: row.month,
  survey: row.survey as VoiceSurvey,
  indicator: row.indicator,
  score: row.score,
  status: row.status as VoiceItemStatus,
  dropReason: row.dropReason as VoiceDropReason | null,
  enteredAt: toInstant(row.enteredAt),
  enteredText: row.enteredText as SealedText,
  text: row.text as SealedText,
})

export const toSheetView = (row: VoiceSheetRow): VoiceSheetView => ({
  id: row.id,
  sheetId: row.sheetId,
  dealer: row.dealer,
  rbo: row.rbo,
  month: row.month,
  subjectId: row.subjectId,
  version: row.version,
  status: row.status as VoiceSheetStatus,
  items: row.items,
  sentAt: toInstant(row.sentAt),
  step: row.step as VoiceStep | null,
  dueAt: instantOrNull(row.dueAt),
  metAt: instantOrNull(row.metAt),
  returnedAt: instantOrNull(row.returnedAt),
  acceptedAt: instantOrNull(row.acceptedAt),
  reportedAt: instantOrNull(row.reportedAt),
  closedAt: instantOrNull(row.closedAt),
})

export const toEntryView = (row: VoiceEntryRow): VoiceEntryView => ({
  id: row.id,
  entryId: row.entryId,
  kind: row.kind as VoiceLedgerKind,
  dealer: row.dealer,
  rbo: row.rbo,
  sheetId: row.sheetId,
  month: row.month,
  itemId: row.itemId,
  indicator: row.indicator,
  step: row.step as VoiceStep | null,
  amount: row.amount,
  bookedAt: toInstant(row.bookedAt),
  bookedBy: row.bookedBy,
  reverses: row.reverses,
  text: row.text as SealedText | null,
  reversedAt: instantOrNull(row.reversedAt),
})
