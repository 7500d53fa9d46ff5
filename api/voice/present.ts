/** Items, sheets and ledger entries to the JSON of the contract. */
import type { SealedText } from '../../domain/sealed.ts'
import { dealerOfId } from '../../domain/voice/events.ts'
import {
  isLate,
  openStep,
  type VoiceEntry,
  type VoiceItem,
  type VoicePlan,
  type VoiceSheet,
} from '../../domain/voice/state.ts'
import type { VoiceEntryView, VoiceItemView, VoiceSheetView } from '../../projections/voice/voiceRows.ts'
import type { Reader } from '../commands/tickets/personal.ts'
import type {
  VoiceEntryAnswer,
  VoiceItemAnswer,
  VoiceSheetAnswer,
  VoiceSheetRowAnswer,
} from './responseSchemas.ts'

const field = (reader: Reader, sealed: SealedText | null, name: string): string | null =>
  reader.text(sealed)[name] ?? null

/** An item as it was entered. */
export const presentEntered = (item: VoiceItem, reader: Reader): VoiceItemAnswer => {
  const { itemId, externalNo, subjectId, month, survey, indicator, score, entered, enteredText } = item
  const text = field(reader, enteredText, 'text')
  return {
    ...{ itemId, externalNo, subjectId, month, dealer: dealerOfId(itemId), survey, indicator, score },
    ...{ status: 'open', dropReason: null, enteredAt: entered.at, text, enteredText: text },
  }
}

/** An item as it is now. */
export const presentItem = (item: VoiceItem, reader: Reader): VoiceItemAnswer => ({
  ...presentEntered(item, reader),
  status: item.status,
  dropReason: item.dropReason,
  text: field(reader, item.text, 'text'),
})

/** `keeps`: the reader is of HQ, which sees what was there before it was cleaned. */
export const presentItemRow = (view: VoiceItemView, reader: Reader, keeps: boolean): VoiceItemAnswer => {
  const { itemId, externalNo, subjectId, month, dealer, survey, indicator, score } = view
  return {
    ...{ itemId, externalNo, subjectId, month, dealer, survey, indicator, score },
    ...{ status: view.status, dropReason: view.dropReason, enteredAt: view.enteredAt },
    text: field(reader, view.text, 'text'),
    enteredText: keeps ? field(reader, view.enteredText, 'text') : null,
  }
}

export const presentSheetRow = ({ id: _, ...row }: VoiceSheetView): VoiceSheetRowAnswer => row

export const presentEntryRow = (view: VoiceEntryView, reader: Reader): VoiceEntryAnswer => {
  const { id: _, text, ...row } = view
  return { ...row, reason: field(reader, text, 'reason') }
}

/** An entry of the ledger, and after it its reversal. */
export const presentEntry = (
  entry: VoiceEntry,
  { sheetId, dealer, rbo }: VoiceSheet,
  reader: Reader,
): VoiceEntryAnswer[] => {
  const { entryId, kind, month, itemId, indicator, late, amount, booked, reversed } = entry
  const common = { dealer, rbo, sheetId, month, itemId, indicator, step: late?.step ?? null }
  const original: VoiceEntryAnswer = {
    ...common,
    ...{ entryId, kind, amount, bookedAt: booked.at, bookedBy: booked.by, reverses: null, reason: null },
    reversedAt: reversed?.at ?? null,
  }
  if (reversed === null) return [original]
  const reversal: VoiceEntryAnswer = {
    ...common,
    ...{ entryId: `${entryId}.reversal`, kind: 'reversal', amount: -amount, reverses: entryId },
    ...{ bookedAt: reversed.at, bookedBy: reversed.by, reversedAt: null },
    reason: field(reader, reversed.text, 'reason'),
  }
  return [original, reversal]
}

/** What a later change leaves out stays as it was. */
const presentPlan = ({ endsOn, texts }: VoicePlan, reader: Reader) => {
  const opened = texts.map(({ at, by, text }) => ({ at, by, ...reader.text(text) }))
  const newest = (name: 'measure' | 'person'): string | null =>
    (
      opened.findLast((each) => (each as Record<string, unknown>)[name] != null) as
        | Record<string, string>
        | undefined
    )?.[name] ?? null
  return {
    measure: newest('measure'),
    person: newest('person'),
    endsOn,
    changes: texts.slice(1).map(({ at, by, text }) => ({ at, by, note: field(reader, text, 'note') })),
  }
}

const presentSheetItem = (
  item: VoiceItem,
  sheet: VoiceSheet,
  { ofItem, ofSheet }: { ofItem: Reader; ofSheet: Reader },
): VoiceSheetAnswer['items'][number] => {
  const { itemId, externalNo, subjectId, month, survey, indicator, score, judged, published } = item
  const plan = sheet.plans.find((each) => each.itemId === itemId)
  return {
    ...{ itemId, externalNo, subjectId, month, dealer: sheet.dealer, survey, indicator, score },
    text: field(ofItem, item.text, 'text'),
    plan: plan === undefined ? null : presentPlan(plan, ofSheet),
    result: field(ofSheet, sheet.report?.text ?? null, itemId),
    judgement: judged && {
      at: judged.at,
      by: judged.by,
      effective: judged.effective,
      note: field(ofSheet, judged.text, 'note'),
    },
    published: published && {
      at: published.at,
      by: published.by,
      title: field(ofSheet, published.text, 'title'),
      amount: published.amount,
    },
  }
}

/** `ledger`: the entries of the sheet. */
export const presentSheet = (
  sheet: VoiceSheet,
  { items, ledger }: { items: readonly VoiceItem[]; ledger: readonly VoiceEntry[] },
  { ofItem, ofSheet, now }: { ofItem(item: VoiceItem): Reader; ofSheet: Reader; now: string },
): VoiceSheetAnswer => {
  const awaited = openStep(sheet)
  const { sheetId, subjectId, version, dealer, rbo, month, status, meeting, returns, followUps, report } =
    sheet
  const doneAt = (step: string): string | null =>
    sheet.steps.findLast((each) => each.step === step && each.doneAt !== null)?.doneAt ?? null
  return {
    ...{ sheetId, subjectId, version, dealer, rbo, month, status, sentAt: sheet.sent.at },
    ...{ step: awaited?.step ?? null, dueAt: awaited?.clock.dueAt ?? null },
    ...{ metAt: meeting?.at ?? null, returnedAt: doneAt('return') },
    acceptedAt: returns.findLast(({ audit }) => audit?.decision === 'accepted')?.audit?.at ?? null,
    ...{ reportedAt: report?.at ?? null, closedAt: sheet.closedAt },
    items: items.map((item) => presentSheetItem(item, sheet, { ofItem: ofItem(item), ofSheet })),
    steps: sheet.steps.map((each) => ({
      step: each.step,
      startedAt: each.clock.startedAt,
      dueAt: each.clock.dueAt,
      doneAt: each.doneAt,
      late: isLate(each, now),
    })),
    meeting: meeting && {
      at: meeting.at,
      by: meeting.by,
      heldAt: meeting.heldAt,
      attendees: field(ofSheet, meeting.text, 'attendees')?.split('\n') ?? [],
    },
    returns: returns.map(({ at, by, text, attachmentIds, audit }) => ({
      ...{ at, by, signedBy: field(ofSheet, text, 'signedBy'), attachmentIds: [...attachmentIds] },
      audit: audit && {
        at: audit.at,
        by: audit.by,
        decision: audit.decision,
        reason: field(ofSheet, audit.text, 'reason'),
      },
    })),
    followUps: followUps.map(({ at, by, text }) => ({ at, by, note: field(ofSheet, text, 'note') })),
    report: report && { at: report.at, by: report.by, summary: field(ofSheet, report.text, 'summary') },
    ledger: ledger.flatMap((entry) => presentEntry(entry, sheet, ofSheet)),
  }
}
