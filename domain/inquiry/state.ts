/** An inquiry, folded from its events. */
import type { RecordMetadata } from '../aggregate.ts'
import { type Attachment, withAttachment, withoutAttachment } from '../attachments/attachments.ts'
import type { Channel, InquiryState } from '../codes.ts'
import type { Instant } from '../instant.ts'
import type { UnitsOfTicket } from '../scope.ts'
import type { SealedText } from '../sealed.ts'
import type { InquiryClock, InquiryDataOf, InquiryEvent } from './events.ts'

/** A relay, or an attempt at one. */
export type Relay = { at: Instant; reached: boolean } & Pick<
  InquiryDataOf<'InquiryRelayed'>,
  'method' | 'text'
>

export type Inquiry = Omit<InquiryDataOf<'InquiryRegistered'>, 'channel'> & {
  channel: Channel
  state: InquiryState
  registeredAt: Instant
  lastAt: Instant
  forwarded: { at: Instant; clock: InquiryClock; text: SealedText | null } | null
  answered: { at: Instant; by: 'csc' | 'se'; clock: InquiryClock; text: SealedText } | null
  /** Oldest first. */
  relays: Relay[]
  withdrawn: { at: Instant; text: SealedText } | null
  /** Those that were not removed, oldest first. */
  attachments: Attachment[]
  closedAt: Instant | null
  /** Set once it turned out to be a complaint; `ticketNo` is `null` while that is being taken in. */
  complaint: {
    asked: InquiryDataOf<'InquiryBecameComplaint'>
    before: InquiryState
    ticketNo: string | null
    outcome: InquiryDataOf<'InquiryTicketNamed'>['outcome'] | null
  } | null
}

/** The units an inquiry belongs to: compared with the caller's scope (rulebook §2). No unit holds it. */
export const placeOfInquiry = ({ dealer, rbo }: Pick<Inquiry, 'dealer' | 'rbo'>): UnitsOfTicket => ({
  holder: { tier: 'csc', unit: 'CSC' },
  dealer,
  rbo,
  responsibleDealer: null,
})

const registered = (data: InquiryDataOf<'InquiryRegistered'>, at: Instant): Inquiry => ({
  ...data,
  state: 'open',
  registeredAt: at,
  lastAt: at,
  forwarded: null,
  answered: null,
  relays: [],
  withdrawn: null,
  attachments: [],
  closedAt: null,
  complaint: null,
})

type Change = {
  [T in InquiryEvent['type']]: (
    state: Inquiry,
    data: InquiryDataOf<T>,
    at: Instant,
    actor: RecordMetadata['actor'],
  ) => Inquiry
}

const changes: Omit<Change, 'InquiryRegistered'> = {
  InquiryForwarded: (state, data, at) => ({ ...state, state: 'forwarded', forwarded: { at, ...data } }),
  InquiryAnswered: (state, data, at) => ({ ...state, state: 'answered', answered: { at, ...data } }),
  InquiryRelayed: (state, data, at) => ({
    ...state,
    relays: [...state.relays, { at, ...data }],
    ...(data.reached && { state: 'closed', closedAt: at }),
  }),
  InquiryWithdrawn: (state, { text }, at) => ({ ...state, state: 'withdrawn', withdrawn: { at, text } }),
  InquiryBecameComplaint: (state, asked, at) => ({
    ...state,
    state: 'closed',
    closedAt: at,
    complaint: { asked, before: state.state, ticketNo: null, outcome: null },
  }),
  InquiryAttachmentAdded: (state, data, recordedAt, actor) => ({
    ...state,
    attachments: withAttachment(state.attachments, data, { recordedAt, actor }),
  }),
  InquiryAttachmentRemoved: (state, data) => ({
    ...state,
    attachments: withoutAttachment(state.attachments, data),
  }),
  InquiryTicketNamed: (state, { ticketNo, outcome }) => ({
    ...state,
    complaint: state.complaint && { ...state.complaint, ticketNo, outcome },
  }),
  InquiryReopened: (state) => ({
    ...state,
    state: state.complaint?.before ?? state.state,
    closedAt: null,
    complaint: null,
  }),
}

/** Folds one event into an inquiry; never throws. */
export const evolveInquiry = (
  state: Inquiry | null,
  event: InquiryEvent,
  { recordedAt, actor }: Pick<RecordMetadata, 'recordedAt' | 'actor'>,
): Inquiry | null => {
  if (event.type === 'InquiryRegistered') return state ?? registered(event.data, recordedAt)
  if (state === null) return null
  const change = changes[event.type] as (
    state: Inquiry,
    data: unknown,
    at: Instant,
    actor: RecordMetadata['actor'],
  ) => Inquiry
  return { ...change(state, event.data, recordedAt, actor), lastAt: recordedAt }
}
