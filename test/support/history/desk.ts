/** What happens at the desks beside tickets: inquiries and SMS contacts, a few of every way they go, in steps that are mixed. */
import { channelSchema } from '../../../domain/codes.ts'
import { type InquiryEvent, inquiryStream } from '../../../domain/inquiry/events.ts'
import type { Sealing } from '../../../domain/sealing.ts'
import { type SmsEvent, smsStream } from '../../../domain/sms/events.ts'

export type DeskStep = { stream: string; version: number; event: { type: string; data: unknown } }

const clock = {
  dueAt: '2026-03-04T16:00:00.000Z',
  provisional: false,
  calendar: 'CN',
  calendarVersion: 2,
  policyVersion: 0,
}

const inquirySteps = (index: number, sealing: Sealing): DeskStep[] => {
  const subjectId = `s-Q${index % 5}`
  const text = sealing.seal(subjectId, { note: `${index}` })
  const forwarded: InquiryEvent = { type: 'InquiryForwarded', data: { clock, text } }
  const answered: InquiryEvent = { type: 'InquiryAnswered', data: { by: 'se', clock, text } }
  const became: InquiryEvent = {
    type: 'InquiryBecameComplaint',
    data: { category: 'A4a', dealer: null, flags: [], sameProblemAs: 'auto' },
  }
  const refused = { code: 'unknown_dealer', params: {}, pointer: null }
  const attachmentId = (n: number): string =>
    `11111111-1111-4111-8111-${String(index * 10 + n).padStart(12, '0')}`
  const attached = (n: number): InquiryEvent => ({
    type: 'InquiryAttachmentAdded',
    data: { attachmentId: attachmentId(n), mediaType: 'application/pdf', bytes: 10, text },
  })
  const detached: InquiryEvent = {
    type: 'InquiryAttachmentRemoved',
    data: { attachmentId: attachmentId(1), text },
  }
  const ways: InquiryEvent[][] = [
    [forwarded, answered, { type: 'InquiryRelayed', data: { method: 'phone', reached: true, text: null } }],
    [attached(1), forwarded, attached(2), detached],
    [became, { type: 'InquiryTicketNamed', data: { ticketNo: 'T1', outcome: 'registered' } }],
    [became, { type: 'InquiryReopened', data: { refused } }, forwarded, answered],
    [{ type: 'InquiryWithdrawn', data: { text } }],
  ]
  const registered: InquiryEvent = {
    type: 'InquiryRegistered',
    data: {
      inquiryNo: `Q${index}`,
      externalNo: index % 3 === 0 ? `X${index}` : null,
      subjectId,
      channel: channelSchema.options[index % 6]!,
      topic: index % 2 === 0 ? 'price' : 'order',
      dealer: index % 4 === 0 ? null : 'D1',
      rbo: index % 4 === 0 ? null : 'EAST',
      customer: sealing.seal(subjectId, { customer: { phone: `1390000000${index % 5}` }, vehicle: {} }),
      text,
    },
  }
  const stream = inquiryStream(`Q${index}`)
  return [registered, ...ways[index % ways.length]!].map((event, at) => ({ stream, version: at + 1, event }))
}

const smsSteps = (dealer: string, sealing: Sealing): DeskStep[] => {
  const contactId = `s-${dealer}`
  const text = sealing.seal(contactId, { name: dealer, mobile: '13800000001' })
  const requested = (n: number, action: 'add' | 'change' | 'delete'): SmsEvent => ({
    type: 'SmsContactRequested',
    data: {
      requestId: `${dealer}-${n}`,
      dealer,
      action,
      contactId,
      duty: n % 2 === 0 ? 'handler' : 'manager',
      text,
    },
  })
  const accepted = (n: number): SmsEvent => ({
    type: 'SmsContactAccepted',
    data: { requestId: `${dealer}-${n}` },
  })
  const refused: SmsEvent = { type: 'SmsContactRefused', data: { requestId: `${dealer}-2`, text } }
  const ways: SmsEvent[] = [
    requested(1, 'add'),
    accepted(1),
    requested(2, 'change'),
    refused,
    requested(3, 'change'),
    accepted(3),
    ...(dealer === 'D1' ? [requested(4, 'delete'), accepted(4)] : [requested(4, 'change')]),
  ]
  return ways.map((event, at) => ({ stream: smsStream(dealer), version: at + 1, event }))
}

/** Steps of all desks, each stream's in order, mixed with each other. */
export const deskSteps = (sealing: Sealing): DeskStep[] => {
  const streams = [
    ...Array.from({ length: 15 }, (_, index) => inquirySteps(index, sealing)),
    ...['D1', 'D2'].map((dealer) => smsSteps(dealer, sealing)),
  ]
  const longest = Math.max(...streams.map((steps) => steps.length))
  return Array.from({ length: longest }, (_, at) => streams.flatMap((steps) => steps[at] ?? [])).flat()
}

/** Whether an event is the end of what the event before it in its stream asked for. */
export const endsAnAct = (type: string): boolean => ['InquiryTicketNamed', 'InquiryReopened'].includes(type)
