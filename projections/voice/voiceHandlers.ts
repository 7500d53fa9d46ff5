/** How each event of the customer-voice desk changes its tables. */
import { toEpoch } from '../../domain/instant.ts'
import type { VoiceStep } from '../../domain/voice/codes.ts'
import {
  monthOfId,
  sheetIdOf,
  type VoiceClock,
  type VoiceDataOf,
  type VoiceEventType,
} from '../../domain/voice/events.ts'
import type { Rows } from '../rows.ts'
import type { VoiceEntryRow, VoiceItemRow, VoiceSheetRow, VoiceStepRow } from './voiceRows.ts'

export type VoiceTables = {
  items: Rows<VoiceItemRow>
  sheets: Rows<VoiceSheetRow>
  steps: Rows<VoiceStepRow>
  entries: Rows<VoiceEntryRow>
  /** The number of the next row of a table. */
  next(table: 'items' | 'sheets' | 'steps' | 'entries'): number
}

/** When an event was recorded, by whom, and of which dealer. */
type EventFacts = { at: number; by: string; dealer: string }

type Handler<T extends VoiceEventType> = (
  tables: VoiceTables,
  data: VoiceDataOf<T>,
  known: EventFacts,
) => void

/** The rows of the steps of a sheet are numbered; how many there are is told by the first that is missing. */
const newestStep = (tables: VoiceTables, sheetId: string): { count: number; row: VoiceStepRow | null } => {
  let row: VoiceStepRow | null = null
  for (let count = 0; ; count += 1) {
    const found = tables.steps.get(`${sheetId} ${count + 1}`)
    if (found === undefined) return { count, row }
    row = found
  }
}

const openStep = (
  tables: VoiceTables,
  sheet: VoiceSheetRow,
  { step, clock, at }: { step: VoiceStep; clock: VoiceClock; at: number },
): void => {
  const { sheetId, dealer, rbo, month } = sheet
  const { count } = newestStep(tables, sheetId)
  const dueAt = toEpoch(clock.dueAt)
  tables.steps.add({
    id: tables.next('steps'),
    stepKey: `${sheetId} ${count + 1}`,
    ...{ sheetId, dealer, rbo, month, step, openedAt: at, dueAt, doneAt: null, movedAt: null },
  })
  Object.assign(sheet, { step, dueAt, stepStartedAt: toEpoch(clock.startedAt) })
}

/** Ends the awaited step of a sheet; `next`: the one awaited from now on. */
const passStep = (
  tables: VoiceTables,
  sheet: VoiceSheetRow,
  at: number,
  next: { step: VoiceStep; clock: VoiceClock } | null,
): void => {
  const { row } = newestStep(tables, sheet.sheetId)
  if (row !== null) row.doneAt = at
  Object.assign(sheet, { step: null, dueAt: null, stepStartedAt: null })
  if (next !== null) openStep(tables, sheet, { ...next, at })
}

const sheetFor = (
  tables: VoiceTables,
  { dealer }: EventFacts,
  month: string,
  change: (sheet: VoiceSheetRow) => void,
): void => {
  const sheet = tables.sheets.get(sheetIdOf(dealer, month))
  if (sheet === undefined) return
  sheet.version += 1
  change(sheet)
}

const itemFor = (tables: VoiceTables, itemId: string, change: (item: VoiceItemRow) => void): void => {
  const item = tables.items.get(itemId)
  if (item !== undefined) change(item)
}

const enter: Handler<'VoiceItemEntered'> = (tables, data, { at, dealer }) => {
  const { itemId, externalNo, subjectId, month, survey, indicator, score, text } = data
  tables.items.add({
    id: tables.next('items'),
    ...{ itemId, externalNo, subjectId, dealer, month, survey, indicator, score },
    ...{ status: 'open', dropReason: null, enteredAt: at, enteredText: text, text, rbo: null, sentAt: null },
    ...{ judgedAt: null, effective: null, publishedAt: null },
  })
}

const send: Handler<'VoiceSheetSent'> = (
  tables,
  { month, subjectId, rbo, itemIds, clock },
  { at, dealer },
) => {
  const sheet: VoiceSheetRow = {
    id: tables.next('sheets'),
    ...{ sheetId: sheetIdOf(dealer, month), dealer, rbo, month, subjectId, version: 1, status: 'sent' },
    ...{
      items: itemIds.length,
      judged: 0,
      sentAt: at,
      step: null,
      stepStartedAt: null,
      dueAt: null,
      metAt: null,
    },
    ...{ returnedAt: null, acceptedAt: null, reportedAt: null, closedAt: null, lateBooked: 0 },
  }
  tables.sheets.add(sheet)
  openStep(tables, sheet, { step: 'meeting', clock, at })
  for (const itemId of itemIds)
    itemFor(tables, itemId, (item) => Object.assign(item, { status: 'sent', rbo, sentAt: at }))
}

const judge: Handler<'VoiceItemJudged'> = (tables, { itemId, effective }, known) => {
  itemFor(tables, itemId, (item) => {
    Object.assign(item, { judgedAt: known.at, effective: effective ? 1 : 0 })
  })
  sheetFor(tables, known, monthOfId(itemId), (sheet) => {
    sheet.judged += 1
    if (sheet.judged === sheet.items) Object.assign(sheet, { status: 'closed', closedAt: known.at })
  })
}

const book: Handler<'VoiceEntryBooked'> = (tables, data, known) => {
  const { entryId, month, kind, itemId, indicator, late, amount } = data
  sheetFor(tables, known, month, (sheet) => {
    if (kind === 'late') sheet.lateBooked = 1
    const { sheetId, dealer, rbo } = sheet
    tables.entries.add({
      id: tables.next('entries'),
      ...{ entryId, kind, dealer, rbo, sheetId, month, itemId, indicator, step: late?.step ?? null, amount },
      ...{ bookedAt: known.at, bookedBy: known.by, reverses: null, text: null, reversedAt: null },
    })
  })
}

const reverse: Handler<'VoiceEntryReversed'> = (tables, { entryId, text }, known) => {
  const entry = tables.entries.get(entryId)
  if (entry === undefined) return
  entry.reversedAt = known.at
  tables.entries.add({
    ...entry,
    id: tables.next('entries'),
    ...{ entryId: `${entryId}.reversal`, kind: 'reversal', amount: -entry.amount, bookedAt: known.at },
    ...{ bookedBy: known.by, reverses: entryId, text, reversedAt: null },
  })
  sheetFor(tables, known, entry.month, () => {})
}

export const voiceHandlers: { [T in VoiceEventType]: Handler<T> } = {
  VoiceItemEntered: enter,
  VoiceItemReworded: (tables, { itemId, text }) =>
    itemFor(tables, itemId, (item) => Object.assign(item, { text })),
  VoiceItemDropped: (tables, { itemId, reason }) =>
    itemFor(tables, itemId, (item) => Object.assign(item, { status: 'dropped', dropReason: reason })),
  VoiceSheetSent: send,
  VoiceMeetingRecorded: (tables, { month, clock }, known) =>
    sheetFor(tables, known, month, (sheet) => {
      Object.assign(sheet, { status: 'met', metAt: known.at })
      passStep(tables, sheet, known.at, { step: 'return', clock })
    }),
  VoiceSheetReturned: (tables, { month, clock }, known) =>
    sheetFor(tables, known, month, (sheet) => {
      Object.assign(sheet, { status: 'returned', returnedAt: known.at })
      passStep(tables, sheet, known.at, { step: 'audit', clock })
    }),
  VoiceSheetAudited: (tables, { month, decision, clock }, known) =>
    sheetFor(tables, known, month, (sheet) => {
      const isAccepted = decision === 'accepted'
      Object.assign(sheet, isAccepted ? { status: 'running', acceptedAt: known.at } : { status: 'sent_back' })
      passStep(tables, sheet, known.at, { step: isAccepted ? 'report' : 'return', clock })
    }),
  VoiceFollowedUp: (tables, { month }, known) => sheetFor(tables, known, month, () => {}),
  VoicePlanChanged: (tables, { month, clock }, known) =>
    sheetFor(tables, known, month, (sheet) => {
      if (clock === null || toEpoch(clock.dueAt) === sheet.dueAt) return
      const { row } = newestStep(tables, sheet.sheetId)
      if (row !== null) row.movedAt = known.at
      openStep(tables, sheet, { step: 'report', clock, at: known.at })
    }),
  VoiceResultReported: (tables, { month }, known) =>
    sheetFor(tables, known, month, (sheet) => {
      Object.assign(sheet, { status: 'reported', reportedAt: known.at })
      passStep(tables, sheet, known.at, null)
    }),
  VoiceItemJudged: judge,
  VoiceCasePublished: (tables, { itemId }, known) => {
    itemFor(tables, itemId, (item) => Object.assign(item, { publishedAt: known.at }))
    sheetFor(tables, known, monthOfId(itemId), () => {})
  },
  VoiceAttachmentAdded: (tables, { month }, known) => sheetFor(tables, known, month, () => {}),
  VoiceAttachmentRemoved: (tables, { month }, known) => sheetFor(tables, known, month, () => {}),
  VoiceEntryBooked: book,
  VoiceEntryReversed: reverse,
}
