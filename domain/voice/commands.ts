/** What can be asked of a dealer's customer voice (rulebook §16). */
import type { AttachmentAdded, AttachmentRemoved } from '../attachments/attachments.ts'
import type { Day, Instant } from '../instant.ts'
import type { Sealed } from '../sealed.ts'
import type { VoiceAuditDecision, VoiceDropReason } from './codes.ts'
import type { VoiceDataOf } from './events.ts'

/** An item to be entered; `pointer`: where it stands in the call. */
export type NewVoiceItem = Omit<VoiceDataOf<'VoiceItemEntered'>, 'itemId'> & { pointer: string }

type OfMonth = { month: string }

type Given = {
  EnterItems: { dealer: string; items: readonly NewVoiceItem[] }
  RewordItem: { itemId: string; text: Sealed }
  DropItem: { itemId: string; reason: VoiceDropReason }
  SendSheet: { dealer: string; month: string; subjectId: string }
  RecordMeeting: OfMonth & {
    heldAt: Instant
    plans: readonly { itemId: string; endsOn: Day; text: Sealed }[]
    text: Sealed
  }
  ReturnSheet: OfMonth & { attachmentIds: readonly string[]; text: Sealed }
  AuditSheet: OfMonth & { decision: VoiceAuditDecision; text: Sealed | null }
  FollowUp: OfMonth & { text: Sealed }
  /** `endsOn` `null`: the end stays. */
  ChangePlan: OfMonth & { itemId: string; endsOn: Day | null; text: Sealed }
  /** `itemIds`: those that the results are about; `null`: one summary. */
  ReportResult: OfMonth & { itemIds: readonly string[] | null; text: Sealed }
  JudgeItem: OfMonth & { itemId: string; effective: boolean; text: Sealed | null }
  PublishCase: OfMonth & { itemId: string; amount: number; text: Sealed }
  AddAttachment: OfMonth & AttachmentAdded
  RemoveAttachment: OfMonth & AttachmentRemoved
  /** Books a meeting or return whose due has passed; by the service itself. */
  BookLateStep: OfMonth
  ReverseEntry: { entryId: string; text: Sealed }
}
export type VoiceCommandType = keyof Given
export type VoiceCommandOf<T extends VoiceCommandType> = { type: T } & Given[T]
export type VoiceCommand = { [T in VoiceCommandType]: VoiceCommandOf<T> }[VoiceCommandType]
