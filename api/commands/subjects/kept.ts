/**
 * What is kept of a customer, and where (rulebook §17): the one table that search, erasing, export and retention go
 * through. What is sealed in an event opens with the subject's key, so an entry names the streams and says by what the
 * subject is found; nothing has to be removed record by record.
 */
import { handoverOfTask, vehicleStream } from '../../../domain/care/events.ts'
import { isOpenState } from '../../../domain/codes.ts'
import type { StoredEvent } from '../../../domain/eventStore.ts'
import { inquiryStream } from '../../../domain/inquiry/events.ts'
import type { Inquiry } from '../../../domain/inquiry/state.ts'
import { smsStream } from '../../../domain/sms/events.ts'
import type { EventGroup } from '../../../domain/storedEvents.ts'
import type { SubjectId } from '../../../domain/subjectKeys.ts'
import { type TicketNo, ticketStream } from '../../../domain/ticket/events.ts'
import { monthOfId, voiceStream } from '../../../domain/voice/events.ts'
import type { CommandViews } from '../deps.ts'
import { readInquiry } from '../inquiries/inquiries.ts'
import { readTicket } from '../tickets/execute.ts'
import type { KeptName, KeptRecord, KeptRecordKind } from './keptKind.ts'

const ticketRecord = (views: CommandViews, ticketNo: TicketNo): KeptRecord[] => {
  const known = views.customers.known(ticketNo)
  if (known === null) return []
  const { state, closedAt, lastAt } = known
  const endedAt = isOpenState(state) ? null : (closedAt ?? lastAt)
  return [{ id: ticketNo, stream: ticketStream(ticketNo), state, endedAt }]
}

const tickets: KeptRecordKind = {
  name: 'ticket',
  recordsOf: (views, subjectId) =>
    views.customers.ticketNosOfSubject(subjectId).flatMap((ticketNo) => ticketRecord(views, ticketNo)),
  subjectsAfter: (views, subjectId, limit) => views.customers.subjectsAfter(subjectId, limit),
  subjectsOf: (views, hash) => views.customers.subjectsOf(hash),
  forget: (views, subjectId) => views.customers.forget(subjectId),
  customerOf: async (deps, ticketNo) => (await readTicket(deps, ticketNo))?.customer ?? null,
  openOf: async (deps, ticketNo) => {
    const ticket = await readTicket(deps, ticketNo)
    return ticket !== null && isOpenState(ticket.state)
      ? { code: 'subject_has_open_ticket', params: { ticketNo } }
      : null
  },
}

/** A caller is no party to the ticket: it may be open when the caller is erased. */
const calls: KeptRecordKind = {
  name: 'call',
  recordsOf: (views, subjectId) => {
    const own = new Set(views.customers.ticketNosOfSubject(subjectId))
    return views.subjects
      .ticketsCalledOn(subjectId)
      .filter((ticketNo) => !own.has(ticketNo))
      .flatMap((ticketNo) => ticketRecord(views, ticketNo))
  },
  subjectsAfter: (views, subjectId, limit) => views.subjects.subjectsAfter(subjectId, limit),
  subjectsOf: (views, hash) => views.subjects.callersOf(hash),
  eventsOf: (events, subjectId) =>
    events.filter(({ data }) => (data as { subjectId?: unknown }).subjectId === subjectId),
  forget: (views, subjectId) => views.subjects.forget(subjectId),
  customerOf: async () => null,
  openOf: async () => null,
}

/** An inquiry whose complaint is still being taken in is closed, and may be opened again. */
const isOpenInquiry = ({ state, complaint }: Inquiry): boolean =>
  (state !== 'closed' && state !== 'withdrawn') || complaint?.ticketNo === null

const inquiries: KeptRecordKind = {
  name: 'inquiry',
  recordsOf: (views, subjectId) =>
    views.inquiries.ofSubject(subjectId).map(({ inquiryNo, state, closedAt, withdrawnAt, ...more }) => {
      const isPending = state === 'closed' && more.relayedAt === null && more.ticketNo === null
      const endedAt = isPending ? null : (closedAt ?? withdrawnAt)
      return { id: inquiryNo, stream: inquiryStream(inquiryNo), state, endedAt }
    }),
  subjectsAfter: (views, subjectId, limit) => views.inquiries.subjectsAfter(subjectId, limit),
  subjectsOf: (views, hash) => views.inquiries.subjectsOf(hash),
  forget: (views, subjectId) => views.inquiries.forget(subjectId),
  customerOf: async (deps, inquiryNo) => (await readInquiry(deps, inquiryNo)).state?.customer ?? null,
  openOf: async (deps, inquiryNo) => {
    const { state } = await readInquiry(deps, inquiryNo)
    return state !== null && isOpenInquiry(state)
      ? { code: 'subject_has_open_inquiry', params: { inquiryNo } }
      : null
  },
}

/**
 * A dealer's SMS contact, a data subject of its own. It is no customer: nobody finds it by phone, and it is kept until
 * it is erased, so that retention never lists it.
 */
const smsContacts: KeptRecordKind = {
  name: 'sms_contact',
  recordsOf: (views, subjectId) => {
    const dealer = views.smsContacts.dealerOf(subjectId)
    if (dealer === null) return []
    return [{ id: subjectId, stream: smsStream(dealer), state: 'kept', endedAt: null }]
  },
  subjectsAfter: () => [],
  subjectsOf: () => [],
  // one stream has all contacts of a dealer; a decision names the request only
  eventsOf: (events, subjectId) => {
    const requests = new Set<unknown>()
    return events.filter(({ data }) => {
      const { contactId, requestId } = data as { contactId?: unknown; requestId?: unknown }
      if (contactId === subjectId) requests.add(requestId)
      return requests.has(requestId)
    })
  },
  forget: () => {},
  customerOf: async () => null,
  openOf: async () => null,
}

/**
 * What a customer said in a survey, which names nobody: each item is a data subject of its own. Nobody finds it by phone,
 * and it counts as ended when it was entered.
 */
const voiceItems: KeptRecordKind = {
  name: 'voice_item',
  recordsOf: (views, subjectId) => {
    const item = views.voice.itemOfSubject(subjectId)
    if (item === null) return []
    const { itemId, dealer, status, enteredAt } = item
    return [{ id: itemId, stream: voiceStream(dealer), state: status, endedAt: enteredAt }]
  },
  subjectsAfter: (views, subjectId, limit) => views.voice.subjectsAfter('items', subjectId, limit),
  subjectsOf: () => [],
  // one stream has all items of a dealer
  eventsOf: (events, subjectId) => {
    const own = new Set<unknown>()
    return events.filter(({ type, data }) => {
      const { subjectId: of, itemId } = data as { subjectId?: unknown; itemId?: unknown }
      if (type === 'VoiceItemEntered' && of === subjectId) own.add(itemId)
      return own.has(itemId) && (type === 'VoiceItemEntered' || type === 'VoiceItemReworded')
    })
  },
  forget: () => {},
  customerOf: async () => null,
  openOf: async () => null,
}

/** What a dealer, an RBO and HQ wrote on a sheet, with names of staff: each sheet is a data subject of its own. */
const voiceSheets: KeptRecordKind = {
  name: 'voice_sheet',
  recordsOf: (views, subjectId) => {
    const sheet = views.voice.sheetOfSubject(subjectId)
    if (sheet === null) return []
    const { sheetId, dealer, status, sentAt } = sheet
    return [{ id: sheetId, stream: voiceStream(dealer), state: status, endedAt: sentAt }]
  },
  subjectsAfter: (views, subjectId, limit) => views.voice.subjectsAfter('sheets', subjectId, limit),
  subjectsOf: () => [],
  eventsOf: (events, subjectId) => {
    const month = events.find(
      ({ type, data }) =>
        type === 'VoiceSheetSent' && (data as { subjectId: string }).subjectId === subjectId,
    )?.data as { month: string } | undefined
    return events.filter(({ type, data }) => {
      if (month === undefined || type === 'VoiceItemEntered') return false
      const { month: own, itemId, entryId } = data as Record<string, string | undefined>
      if (own !== undefined) return own === month.month
      return type !== 'VoiceItemReworded' && monthOfId(itemId ?? entryId ?? '') === month.month
    })
  },
  forget: () => {},
  customerOf: async () => null,
  openOf: async () => null,
}

/** A handover never keeps a customer from being erased: erasing ends its plan. It counts as ended when it was recorded. */
const handovers: KeptRecordKind = {
  name: 'handover',
  recordsOf: (views, subjectId) =>
    views.care.handoversOfSubject(subjectId).map(({ handoverId, vehicleId, recordedAt }) => ({
      id: handoverId,
      stream: vehicleStream(vehicleId),
      state: 'kept',
      endedAt: recordedAt,
    })),
  subjectsAfter: (views, subjectId, limit) => views.care.subjectsAfter(subjectId, limit),
  // what was sealed for the first visit of an unknown vehicle is nobody's handover
  subjectsOf: (views, hash) =>
    views.care.subjectsOf(hash).filter((each) => views.care.handoversOfSubject(each).length > 0),
  // one stream has all handovers of a vehicle, of one customer after another
  eventsOf: (events, subjectId) => {
    const own = new Set<unknown>()
    return events.filter(({ data }) => {
      const { handoverId, taskId, ...of } = data as {
        handoverId?: string
        taskId?: string
        subjectId?: string
      }
      if (handoverId !== undefined && of.subjectId === subjectId) own.add(handoverId)
      return own.has(handoverId ?? (taskId === undefined ? undefined : handoverOfTask(taskId)))
    })
  },
  forget: (views, subjectId) => views.care.forget(subjectId),
  customerOf: async (deps, handoverId) => deps.views.care.handover(handoverId)?.customer ?? null,
  openOf: async () => null,
}

/** By the kind of stream; a new one does not compile without its entry. `[]`: nothing of customers is in it. */
export const keptIn: Readonly<Record<EventGroup, readonly KeptRecordKind[]>> = {
  ticket: [tickets, calls],
  inquiry: [inquiries],
  sms: [smsContacts],
  voice: [voiceItems, voiceSheets],
  // what a call entered, for as long as it is being entered; then its key is destroyed
  voiceBatch: [],
  care: [handovers],
  dealer: [],
  rbo: [],
  calendar: [],
  policy: [],
  settlement: [],
  // dues: numbers of tickets and inquiries, and instants
  dues: [],
  // what an import answered: counts, and why lines were refused, in words without personal data
  importRun: [],
  // an endpoint's secret is sealed, and is nobody's
  webhook: [],
  webhookProgress: [],
  // what stays of an erased customer: that it was erased, and why
  subject: [],
}

export const kept: readonly KeptRecordKind[] = Object.values(keptIn).flat()

export type NamedRecord = KeptRecord & { kind: KeptName }

/** Everything in which something is kept of the subject. */
export const recordsOf = (views: CommandViews, subjectId: SubjectId): NamedRecord[] =>
  kept.flatMap(({ name, recordsOf }) =>
    recordsOf(views, subjectId).map((record) => ({ kind: name, ...record })),
  )

/** The events of a record that are about the subject. */
export const eventsAbout = <E extends StoredEvent>(
  { kind }: Pick<NamedRecord, 'kind'>,
  events: readonly E[],
  subjectId: SubjectId,
): readonly E[] => kept.find(({ name }) => name === kind)?.eventsOf?.(events, subjectId) ?? events

/** Lets the views forget by what an erased subject is found. */
export const forgetKept = (views: CommandViews, subjectId: SubjectId): void => {
  for (const { forget } of kept) forget(views, subjectId)
}
