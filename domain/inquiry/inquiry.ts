/** Inquiries 咨询 (rulebook §12): who may do what, in which state, and the two clocks. */
import { type Aggregate, authoriseBy } from '../aggregate.ts'
import { findAttachment, requireRoomFor } from '../attachments/attachments.ts'
import { type Action, actingRole } from '../authority.ts'
import { nationalCalendar } from '../calendar/calendar.ts'
import { addServiceMinutes, closeDeadline } from '../calendar/workingTime.ts'
import type { InquiryState } from '../codes.ts'
import type { Context } from '../context.ts'
import { toEpoch, toInstant } from '../instant.ts'
import { Refusal } from '../refusal.ts'
import type { SealedText } from '../sealed.ts'
import { type InquiryClock, type InquiryDataOf, type InquiryEvent, inquiryStream } from './events.ts'
import { evolveInquiry, type Inquiry } from './state.ts'

type InquiryCommandData = {
  /** `answer`: answered at once. */
  RegisterInquiry: Omit<InquiryDataOf<'InquiryRegistered'>, 'rbo'> & { answer: SealedText | null }
  ForwardInquiry: { text: SealedText | null }
  AnswerInquiry: { text: SealedText }
  RelayInquiry: InquiryDataOf<'InquiryRelayed'>
  WithdrawInquiry: { text: SealedText }
  BecomeComplaint: InquiryDataOf<'InquiryBecameComplaint'>
  AddAttachment: InquiryDataOf<'InquiryAttachmentAdded'>
  RemoveAttachment: InquiryDataOf<'InquiryAttachmentRemoved'>
  // how that ends, once the complaint was taken in or refused
  NameTicket: InquiryDataOf<'InquiryTicketNamed'>
  ReopenInquiry: InquiryDataOf<'InquiryReopened'>
}
export type InquiryCommandType = keyof InquiryCommandData
export type InquiryCommandOf<T extends InquiryCommandType> = { type: T } & InquiryCommandData[T]
export type InquiryCommand = { [T in InquiryCommandType]: InquiryCommandOf<T> }[InquiryCommandType]

const frozen = ({ master, now }: Context) => {
  const { id, version, timetable } = master.calendar(nationalCalendar)
  const { version: policyVersion, values } = master.policy
  return {
    timetable,
    from: toEpoch(now),
    rules: values.inquiry,
    of: { calendar: id, calendarVersion: version, policyVersion },
  }
}

/** The SE answers before the end of the N-th working day after the day of forwarding: `at < dueAt` is on time. */
const answerClock = (context: Context): InquiryClock => {
  const { timetable, from, rules, of } = frozen(context)
  const { due, provisional } = closeDeadline(timetable, from, rules.answerWorkingDays)
  return { dueAt: toInstant(due), provisional, ...of, workingDays: rules.answerWorkingDays }
}

/** The CSC passes an answer on within so many service minutes of it: `at <= dueAt` is on time. */
const relayClock = (context: Context): InquiryClock => {
  const { timetable, from, rules, of } = frozen(context)
  const { due, provisional } = addServiceMinutes(timetable, from, rules.relayMinutes)
  return { dueAt: toInstant(due), provisional, ...of, minutes: rules.relayMinutes }
}

/** @throws Refusal `inquiry_not_found`, `inquiry_wrong_state` */
const inState = (inquiry: Inquiry | null, ...allowed: InquiryState[]): Inquiry => {
  if (inquiry === null) throw new Refusal('inquiry_not_found', { inquiryNo: '' })
  const { state } = inquiry
  if (!allowed.includes(state))
    throw new Refusal('inquiry_wrong_state', { state, allowed: allowed.join(', ') })
  return inquiry
}

type Decide<T extends InquiryCommandType> = (
  inquiry: Inquiry | null,
  command: InquiryCommandOf<T>,
  context: Context,
) => InquiryEvent[]

const register: Decide<'RegisterInquiry'> = (inquiry, { type: _, answer, ...registration }, context) => {
  if (inquiry !== null) return []
  const { topic, dealer } = registration
  const { master } = context
  const topics = master.policy.values.inquiry.topics.map(({ code }) => code)
  if (!topics.includes(topic))
    throw new Refusal('unknown_topic', { topic, topics: topics.join(', ') }, '#/topic')
  const known = dealer === null ? null : master.dealer(dealer)
  if (dealer !== null && known === null) throw new Refusal('unknown_dealer', { code: dealer }, '#/dealerCode')
  const events: InquiryEvent[] = [
    { type: 'InquiryRegistered', data: { ...registration, rbo: known?.rbo ?? null } },
  ]
  if (answer !== null)
    events.push({
      type: 'InquiryAnswered',
      data: { by: 'csc', clock: relayClock(context), text: answer },
    })
  return events
}

const answer: Decide<'AnswerInquiry'> = (inquiry, { text }, context) => {
  const { state } = inState(inquiry, 'open', 'forwarded')
  const by = state === 'open' ? 'csc' : 'se'
  return [{ type: 'InquiryAnswered', data: { by, clock: relayClock(context), text } }]
}

const deciders: { [T in InquiryCommandType]: Decide<T> } = {
  RegisterInquiry: register,
  ForwardInquiry: (inquiry, { text }, context) => {
    inState(inquiry, 'open')
    return [{ type: 'InquiryForwarded', data: { clock: answerClock(context), text } }]
  },
  AnswerInquiry: answer,
  RelayInquiry: (inquiry, { type: _, ...data }) => {
    inState(inquiry, 'answered')
    return [{ type: 'InquiryRelayed', data }]
  },
  WithdrawInquiry: (inquiry, { text }) => {
    inState(inquiry, 'open', 'forwarded')
    return [{ type: 'InquiryWithdrawn', data: { text } }]
  },
  BecomeComplaint: (inquiry, { type: _, ...data }) => {
    const { customer } = inState(inquiry, 'open', 'forwarded', 'answered')
    if (customer === null) throw new Refusal('inquiry_without_customer')
    return [{ type: 'InquiryBecameComplaint', data }]
  },
  AddAttachment: (inquiry, { type: _, ...data }) => {
    const { attachments } = inState(inquiry, 'open', 'forwarded', 'answered', 'closed')
    requireRoomFor(attachments)
    return [{ type: 'InquiryAttachmentAdded', data }]
  },
  RemoveAttachment: (inquiry, { type: _, ...data }) => {
    const { attachments } = inState(inquiry, 'open', 'forwarded', 'answered', 'closed', 'withdrawn')
    findAttachment(attachments, data.attachmentId)
    return [{ type: 'InquiryAttachmentRemoved', data }]
  },
  NameTicket: (inquiry, { type: _, ...data }) =>
    inquiry?.complaint?.ticketNo === null ? [{ type: 'InquiryTicketNamed', data }] : [],
  ReopenInquiry: (inquiry, { refused }) =>
    inquiry?.complaint?.ticketNo === null ? [{ type: 'InquiryReopened', data: { refused } }] : [],
}

/**
 * What a command makes of an inquiry (`null`: it is new); `[]` where there is nothing to do.
 * @throws Refusal `inquiry_not_found`, `inquiry_wrong_state`, `unknown_topic`, `unknown_dealer`, `inquiry_without_customer`,
 * `too_many_attachments`, `attachment_not_found`
 */
const decideInquiry = (inquiry: Inquiry | null, command: InquiryCommand, context: Context): InquiryEvent[] =>
  (deciders[command.type] as Decide<InquiryCommandType>)(inquiry, command as never, context)

const actions: Record<InquiryCommandType, Action> = {
  RegisterInquiry: 'take_inquiry',
  ForwardInquiry: 'take_inquiry',
  AnswerInquiry: 'answer_inquiry',
  RelayInquiry: 'take_inquiry',
  WithdrawInquiry: 'withdraw_inquiry',
  BecomeComplaint: 'take_inquiry',
  AddAttachment: 'attach',
  RemoveAttachment: 'remove_attachment',
  NameTicket: 'take_inquiry',
  ReopenInquiry: 'take_inquiry',
}

const byAction = authoriseBy<InquiryCommand>(actions)

/** An inquiry as an aggregate: stream `inquiry-<no>`. */
export const inquiryAggregate: Aggregate<Inquiry, InquiryCommand, InquiryEvent, Context> = {
  stream: inquiryStream,
  evolve: evolveInquiry,
  decide: decideInquiry,
  // what nobody forwarded the CSC answers itself; in a state that takes no answer either is told so
  authorise: (inquiry, command, actor) => {
    if (command.type !== 'AnswerInquiry' || inquiry?.state === 'forwarded')
      return byAction(inquiry, command, actor)
    if (inquiry?.state === 'open') return actingRole(actor, 'take_inquiry')
    return actor.roles.includes('se') ? 'se' : actingRole(actor, 'take_inquiry')
  },
  limit: { events: 500, refusal: 'too_many_relays' },
}
