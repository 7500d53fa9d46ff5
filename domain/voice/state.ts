/** The customer voice of one dealer after its events, see `evolve.ts` (rulebook §16). */
import type { Attachment } from '../attachments/attachments.ts'
import type { Day, Instant } from '../instant.ts'
import { placeOfDealer, type UnitsOfTicket } from '../scope.ts'
import type { SealedText } from '../sealed.ts'
import type {
  VoiceAuditDecision,
  VoiceDropReason,
  VoiceItemStatus,
  VoiceSheetStatus,
  VoiceStep,
} from './codes.ts'
import { monthOfId, type VoiceClock, type VoiceDataOf } from './events.ts'
import type { RecurrenceMonths } from './recurrence.ts'

/** When something was recorded, and by whom. */
export type Stamp = { at: Instant; by: string }

export type VoiceItem = Omit<VoiceDataOf<'VoiceItemEntered'>, 'text'> & {
  status: VoiceItemStatus
  dropReason: VoiceDropReason | null
  /** As it was entered, and as it is now. */
  enteredText: SealedText
  text: SealedText
  entered: Stamp
  judged: (Stamp & { effective: boolean; text: SealedText | null }) | null
  published: (Stamp & { amount: number; text: SealedText }) | null
}

/** `texts`: measure, person and notes, the newest last; what a later one leaves out stays. */
export type VoicePlan = { itemId: string; endsOn: Day; texts: readonly (Stamp & { text: SealedText })[] }

/** A step with its due; `doneAt`: `null` while it is awaited. */
export type SheetStep = { step: VoiceStep; clock: VoiceClock; openedAt: Instant; doneAt: Instant | null }

export type VoiceReturn = Stamp & {
  attachmentIds: readonly string[]
  text: SealedText
  audit: (Stamp & { decision: VoiceAuditDecision; text: SealedText | null }) | null
}

export type VoiceSheet = {
  sheetId: string
  dealer: string
  month: string
  rbo: string
  subjectId: string
  /** Events about it, from its sending on. */
  version: number
  status: VoiceSheetStatus
  sent: Stamp
  itemIds: readonly string[]
  /** Oldest first; the last may be awaited. */
  steps: readonly SheetStep[]
  meeting: (Stamp & { heldAt: Instant; text: SealedText }) | null
  plans: readonly VoicePlan[]
  returns: readonly VoiceReturn[]
  followUps: readonly (Stamp & { text: SealedText })[]
  report: (Stamp & { text: SealedText }) | null
  closedAt: Instant | null
  attachments: readonly Attachment[]
  /** A late step was booked: that happens once. */
  lateBooked: boolean
}

/** A month of a dealer: what was entered for it, and its sheet. */
export type VoiceMonth = { items: ReadonlyMap<string, VoiceItem>; sheet: VoiceSheet | null }

export type VoiceEntry = VoiceDataOf<'VoiceEntryBooked'> & {
  booked: Stamp
  reversed: (Stamp & { text: SealedText }) | null
}

export type Voice = {
  months: ReadonlyMap<string, VoiceMonth>
  /** By indicator. */
  standings: ReadonlyMap<string, RecurrenceMonths>
  ledger: ReadonlyMap<string, VoiceEntry>
  lastAt: Instant
}

const emptyMonth: VoiceMonth = { items: new Map(), sheet: null }

/** The units a sheet belongs to, compared with the caller's scope (rulebook §2): its dealer, and that dealer's RBO when it was sent. */
export const placeOfSheet = ({ dealer, rbo }: Pick<VoiceSheet, 'dealer' | 'rbo'>): UnitsOfTicket =>
  placeOfDealer(dealer, rbo)

export const monthOf = (voice: Voice | null, month: string): VoiceMonth =>
  voice?.months.get(month) ?? emptyMonth

export const itemOf = (voice: Voice | null, itemId: string): VoiceItem | null =>
  monthOf(voice, monthOfId(itemId)).items.get(itemId) ?? null

export const sheetOf = (voice: Voice | null, month: string): VoiceSheet | null => monthOf(voice, month).sheet

/** The step that is awaited; `null`: none is. */
export const openStep = ({ steps }: Pick<VoiceSheet, 'steps'>): SheetStep | null => {
  const last = steps.at(-1)
  return last === undefined || last.doneAt !== null ? null : last
}

/** Whether a step was not done before its due, as it is known at an instant. */
export const isLate = ({ clock, doneAt }: SheetStep, at: Instant): boolean => (doneAt ?? at) >= clock.dueAt
