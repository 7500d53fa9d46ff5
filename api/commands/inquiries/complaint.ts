/**
 * An inquiry that turned out to be a complaint (rulebook §12), in three appends: the inquiry says so, the complaint is
 * taken in like any other, the inquiry names the ticket. What a crash left is completed, see `docs/adr/0037-inquiries-become-complaints.md`.
 */
import { actingRole } from '../../../domain/authority.ts'
import { type CustomerHashes, givenHashes } from '../../../domain/customerKeys.ts'
import { type InquiryDataOf, type InquiryNo, inquiryOfStream } from '../../../domain/inquiry/events.ts'
import type { Inquiry } from '../../../domain/inquiry/state.ts'
import { Refusal } from '../../../domain/refusal.ts'
import type { SealedText } from '../../../domain/sealed.ts'
import { eventsOf } from '../../../domain/storedEvents.ts'
import type { SubjectId } from '../../../domain/subjectKeys.ts'
import type { Person } from '../../../domain/ticket/person.ts'
import type { OpenFollowUp } from '../../../projections/followUps.ts'
import type { Act } from '../act.ts'
import { commandIdOf } from '../commandId.ts'
import type { CommandDeps } from '../deps.ts'
import { requireAskedCategory, takeAsked } from '../tickets/askedComplaint.ts'
import { hashesOfPerson } from '../tickets/customer.ts'
import { withSubject } from '../tickets/customerQueue.ts'
import { type IncomingComplaint, requireTakeable } from '../tickets/matchComplaint.ts'
import { readerOf } from '../tickets/personal.ts'
import { actAgain } from '../tickets/twoTickets.ts'
import { type Guards, giveInquiry, type InquiryDone, readInquiry, requireInquiry } from './inquiries.ts'

type InquiryComplaintData = InquiryDataOf<'InquiryBecameComplaint'>

/** The first half as it is in the log. */
type First = { inquiryNo: InquiryNo; event: { id: string; data: InquiryComplaintData }; act: Act }

/** The id of the complaint's command; the same in every request, so that doing it twice is doing it once. */
export const complaintCommandId = (commandId: string, inquiryNo: InquiryNo): string =>
  commandIdOf(commandId, inquiryNo, 'complaint')

/** Customer and vehicle; all fields `null` where there is none, or the customer was erased. */
const personOf = (deps: Pick<CommandDeps, 'sealing'>, { customer }: Inquiry): Person =>
  readerOf(deps.sealing, true).person(customer)

/** @throws Refusal `inquiry_without_customer` */
const complaintOf = (
  deps: CommandDeps,
  inquiry: Inquiry,
  { category, dealer, flags, sameProblemAs }: InquiryComplaintData,
): IncomingComplaint & { subjectId: SubjectId } => {
  const person = personOf(deps, inquiry)
  const { question } = readerOf(deps.sealing, true).text(inquiry.text)
  if (inquiry.customer === null || person.customer.name === null || question === undefined)
    throw new Refusal('inquiry_without_customer')
  return {
    channel: inquiry.channel,
    source: null,
    category,
    dealerCode: dealer ?? inquiry.dealer,
    person,
    flags,
    sameProblemAs,
    externalNo: null,
    receivedAt: null,
    weight: {},
    subjectId: inquiry.subjectId,
    customer: () => inquiry.customer as SealedText,
    text: (subject) => deps.sealing.seal(subject, { content: question, initialCause: null }),
  }
}

/** Holds the customer, also one whom nothing finds. */
const withInquirer = <T>(
  deps: CommandDeps,
  inquiry: Inquiry,
  work: (hashes: CustomerHashes) => Promise<T>,
): Promise<T> => {
  const person = personOf(deps, inquiry)
  return withSubject(deps, inquiry.subjectId, [person], () => work(hashesOfPerson(deps, person)))
}

const second = ({ inquiryNo, event, act }: First, what: string): Act => ({
  ...act,
  commandId: commandIdOf(act.commandId, inquiryNo, what),
  causationId: event.id,
})

/**
 * Takes the complaint in and names its ticket; the caller holds the customer and the inquiry.
 * @throws Refusal, after the inquiry was opened again; StoreUnavailable, Conflict: the second half is pending still
 */
const settle = async (deps: CommandDeps, first: First, hashes: CustomerHashes): Promise<InquiryDone> => {
  const { inquiryNo, event, act } = first
  const inquiry = requireInquiry(inquiryNo, (await readInquiry(deps, inquiryNo)).state)
  const named = await takeAsked(deps, () => complaintOf(deps, inquiry, event.data), {
    act: { ...act, commandId: complaintCommandId(act.commandId, inquiryNo), causationId: event.id },
    hashes,
    reopen: (refused) =>
      giveInquiry(deps, inquiryNo, () => ({ type: 'ReopenInquiry', refused }), {
        act: second(first, 'reopen'),
      }),
  })
  return giveInquiry(deps, inquiryNo, () => ({ type: 'NameTicket', ...named }), {
    act: second(first, 'name'),
  })
}

/**
 * Makes an inquiry a complaint. What would be refused is refused before the inquiry changes, where that can be known.
 * @throws Refusal of the inquiry or of the intake; Conflict
 */
export const becomeComplaint = async (
  deps: CommandDeps,
  inquiryNo: InquiryNo,
  asked: InquiryComplaintData,
  { act, guards }: { act: Act; guards: Guards },
): Promise<InquiryDone> => {
  actingRole(act.actor, 'take_inquiry')
  const inquiry = requireInquiry(inquiryNo, (await readInquiry(deps, inquiryNo)).state)
  return withInquirer(deps, inquiry, async (hashes) => {
    const command = { type: 'BecomeComplaint' as const, ...asked }
    const make = async (current: Inquiry) => {
      // one that is over, or has no customer, the domain refuses
      if (current.state !== 'closed' && current.state !== 'withdrawn' && current.customer !== null) {
        requireAskedCategory(asked, act.actor)
        const ofCustomer = deps.views.customers.ticketsOf(givenHashes(hashes))
        await requireTakeable(deps, complaintOf(deps, current, asked), act, ofCustomer)
      }
      return command
    }
    const { events } = await giveInquiry(deps, inquiryNo, make, { act, guards })
    const [event] = events as [(typeof events)[number] & { data: InquiryComplaintData }]
    return settle(deps, { inquiryNo, event, act }, hashes)
  })
}

/**
 * Completes what a crash or a store that did not answer left pending.
 * @throws Refusal, after the inquiry was opened again; StoreUnavailable, Conflict
 */
export const completeInquiry = async (deps: CommandDeps, open: OpenFollowUp): Promise<void> => {
  const inquiryNo = inquiryOfStream(open.stream) as InquiryNo
  const inquiry = requireInquiry(inquiryNo, (await readInquiry(deps, inquiryNo)).state)
  const [event] = eventsOf(await deps.store.readStream(open.stream, open.version - 1))
  if (event === undefined) return
  const { id, metadata } = event
  await withInquirer(deps, inquiry, async (hashes) => {
    if (!deps.views.followUps.isOpen(id)) return
    const first = {
      inquiryNo,
      event: { id, data: event.data as InquiryComplaintData },
      act: actAgain(metadata),
    }
    await settle(deps, first, hashes)
  })
}
