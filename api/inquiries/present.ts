/** Inquiries to the JSON of the contract. */
import type { Inquiry } from '../../domain/inquiry/state.ts'
import type { InquiryView } from '../../projections/inquiries/inquiryRow.ts'
import type { Reader } from '../commands/tickets/personal.ts'
import type { InquiryAnswer, InquiryRowAnswer } from './responseSchemas.ts'

export const presentInquiryRow = (view: InquiryView, reader: Reader): InquiryRowAnswer => {
  const { id: _, outcome: __, subjectId, customer: box, ...rest } = view
  const { customer, vehicle } = reader.person(box)
  return { ...rest, customer: { ...customer, subjectId }, vehicle }
}

export const presentInquiry = (inquiry: Inquiry, version: number, reader: Reader): InquiryAnswer => {
  const { inquiryNo, externalNo, state, channel, topic, dealer, rbo, registeredAt, closedAt } = inquiry
  const { forwarded, answered, relays, withdrawn, complaint, subjectId } = inquiry
  const { customer, vehicle } = reader.person(inquiry.customer)
  const noteOf = (box: Parameters<Reader['text']>[0], field: string): string | null =>
    reader.text(box)[field] ?? null
  return {
    inquiryNo,
    externalNo,
    version,
    state,
    channel,
    topic,
    dealer,
    rbo,
    registeredAt,
    forwardedAt: forwarded?.at ?? null,
    answerDueAt: forwarded?.clock.dueAt ?? null,
    answeredAt: answered?.at ?? null,
    answeredBy: answered?.by ?? null,
    relayDueAt: answered?.clock.dueAt ?? null,
    relayedAt: relays.find(({ reached }) => reached)?.at ?? null,
    withdrawnAt: withdrawn?.at ?? null,
    closedAt,
    provisional: (forwarded?.clock.provisional ?? false) || (answered?.clock.provisional ?? false),
    ticketNo: complaint?.ticketNo ?? null,
    customer: { ...customer, subjectId },
    vehicle,
    question: noteOf(inquiry.text, 'question'),
    forwardNote: noteOf(forwarded?.text ?? null, 'note'),
    answer: noteOf(answered?.text ?? null, 'answer'),
    relays: relays.map(({ at, method, reached, text }) => ({
      at,
      method,
      reached,
      note: noteOf(text, 'note'),
    })),
    withdrawReason: noteOf(withdrawn?.text ?? null, 'reason'),
  }
}
