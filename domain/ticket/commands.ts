/** What can be asked of a ticket. Text comes sealed; `now` and the actor travel with the command. */
import type { Actor } from '../authority.ts'
import type {
  Channel,
  Decision,
  Flag,
  LetterKind,
  ObjectionDecision,
  RecordKind,
  Remedy,
  Severity,
  WarningCode,
} from '../codes.ts'
import type { Instant } from '../instant.ts'
import type { RecordedRefusal } from '../recordedRefusal.ts'
import type { SealedText } from '../sealed.ts'
import type { DataOf, Goodwill, Registration, TicketEvent, TicketNo } from './events.ts'
import type { MeasureName } from './measures.ts'
import type { Category } from './routing.ts'
import type { Ticket } from './state.ts'

type TicketCommandData = {
  Register: { registration: Registration }
  RecordResponse: Pick<DataOf<'ResponseRecorded'>, 'method' | 'reached' | 'promisedReplyAt' | 'text'>
  RecordWork: { kind: RecordKind; text: SealedText }
  LogContact: Omit<DataOf<'ContactLogged'>, 'channel' | 'flags'> & { channel: Channel; flags: Flag[] }
  Redispatch: {
    to: { dealerCode: string } | { tier: 'dealer' | 'rbo' | 'se' }
    misrouted: boolean
    text: SealedText
  }
  Reclassify: {
    category: Category
    source: DataOf<'TicketReclassified'>['source']
    dealerCode: string | null
    text: SealedText
  }
  Close: {
    rootCauseCode: string | null
    measuresDoneAt: Instant | null
    text: SealedText
    decision?: Decision
    goodwill?: Goodwill
  }
  RecordCallback: Omit<DataOf<'CallbackRecorded'>, 'registersRepeat'>
  NameResponsibleDealer: { dealerCode: string }
  ConvertToC: { text: SealedText }
  RaiseWarning: { code: WarningCode; text: SealedText | null }
  AcknowledgeWarning: { warningId: string; text: SealedText | null }
  ResolveWarning: { warningId: string; text: SealedText }
  Recalculate: { text: SealedText }
  Rescind: { text: SealedText }
  /** What is left out stays; `null` empties it. `hasRemedyText`: the text has the remedy in words. */
  ChangeWeight: {
    severity?: Severity | null
    safety?: boolean
    remedy?: Remedy | null
    hasRemedyText: boolean
    text: SealedText
  }
  /** `customer`: all of it as corrected; `fields`: what of it changes. */
  Correct: { fields: string[]; customer: SealedText; text: SealedText }
  /** `assignee`: the caller, or a colleague. */
  Claim: { assignee: string }
  Release: object
  AddAttachment: DataOf<'AttachmentAdded'>
  RemoveAttachment: DataOf<'AttachmentRemoved'>
  WriteLetter: { kind: LetterKind; text: SealedText }
  /** `frozenRevision`: the newest revision of the unit's quarter; `null`: it is not frozen. */
  RaiseObjection: {
    dealer: string
    measures: readonly MeasureName[]
    attachmentIds: readonly string[]
    frozenRevision: number | null
    text: SealedText
  }
  WithdrawObjection: { objectionId: string }
  DecideObjection: { objectionId: string; decision: ObjectionDecision; text: SealedText }
  // acts on two tickets: the first half, on the ticket whose guard decides …
  LinkRepeat: { repeat: Ticket; text: SealedText }
  OpenRepeat: { registration: Registration }
  UnlinkRepeat: { repeat: TicketNo; text: SealedText }
  MarkDuplicate: { survivor: Ticket; text: SealedText }
  /** `counted`: instead, what this ticket counts of one that is not its duplicate, `of`: whose duplicate that is. */
  UndoDuplicate: { text: SealedText; counted: { duplicate: TicketNo; of: TicketNo | null } | null }
  // … the second, which follows from the first and is judged on its own …
  BecomeRepeat: { of: TicketNo; ordinal: number }
  CeaseToBeRepeat: { of: TicketNo }
  LoseRepeat: { repeat: TicketNo }
  AbsorbDuplicate: { duplicate: TicketNo; calls: number; text: SealedText }
  ReleaseDuplicate: { duplicate: TicketNo }
  /** Of logs in which the survivor came first. */
  BecomeDuplicate: { of: TicketNo; text: SealedText }
  // … and what the first ticket does where the second refuses, or has nothing to do.
  WithdrawFirstHalf: { event: FirstHalf; refused: RecordedRefusal }
  CloseFollowUp: { eventId: string }
}

/** The event that asked for a second half, with its id and when it was recorded. */
export type FirstHalf = TicketEvent & { id: string; recordedAt: Instant }

export type TicketCommandType = keyof TicketCommandData
export type CommandOf<T extends TicketCommandType> = {
  type: T
  now: Instant
  actor: Actor
} & TicketCommandData[T]
export type TicketCommand = { [T in TicketCommandType]: CommandOf<T> }[TicketCommandType]
