/** What can be asked of a dealer's customer voice (rulebook §16). */
import type { AttachmentAddedData, AttachmentRemovedData } from '../attachments/attachments.ts'
import type { Day, Instant } from '../instant.ts'
import type { SealedText } from '../sealed.ts'
import type { VoiceAuditDecision, VoiceDropReason } from './codes.ts'
import type { VoiceDataOf } from './events.ts'

/** An item to be entered; `pointer`: where it stands in the call. */
export type NewVoiceItem = Omit<VoiceDataOf<'VoiceItemEntered'>, 'itemId'> & { pointer: string }

type OfMonth = { month: string }

type VoiceCommandData = {
  EnterItems: { dealer: string; items: readonly NewVoiceItem[] }
  RewordItem: { itemId: string; text: SealedText }
  DropItem: { itemId: string; reason: VoiceDropReason }
  SendSheet: { dealer: string; month: string; subjectId: string }
  RecordMeeting: OfMonth & {
    heldAt: Instant
    plans: readonly { itemId: string; endsOn: Day; text: SealedText }[]
    text: SealedText
  }
  ReturnSheet: OfMonth & { attachmentIds: readonly string[]; text: SealedText }
  AuditSheet: OfMonth & { decision: VoiceAuditDecision; text: SealedText | null }
  FollowUp: OfMonth & { text: SealedText }
  /** `endsOn` `null`: the end stays. */
  ChangePlan: OfMonth & { itemId: string; endsOn: Day | null; text: SealedText }
  /** `itemIds`: those that the results are about; `null`: one summary. */
  ReportResult: OfMonth & { itemIds: readonly string[] | null; text: SealedText }
  JudgeItem: OfMonth & { itemId: string; effective: boolean; text: SealedText | null }
  PublishCase: OfMonth & { itemId: string; amount: number; text: SealedText }
  AddAttachment: OfMonth & AttachmentAddedData
  RemoveAttachment: OfMonth & AttachmentRemovedData
  /** Books a meeting or return whose due has passed; by the service itself. */
  BookLateStep: OfMonth
  ReverseEntry: { entryId: string; text: SealedText }
}
export type VoiceCommandType = keyof VoiceCommandData
export type VoiceCommandOf<T extends VoiceCommandType> = { type: T } & VoiceCommandData[T]
export type VoiceCommand = { [T in VoiceCommandType]: VoiceCommandOf<T> }[VoiceCommandType]
