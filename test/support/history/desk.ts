/** What happens at the desks beside tickets: inquiries, SMS contacts and customer voice, a few of every way they go, in steps that are mixed. */
import { channelSchema } from '../../../domain/codes.ts'
import { type InquiryEvent, inquiryStream } from '../../../domain/inquiry/events.ts'
import type { Sealing } from '../../../domain/sealing.ts'
import { type SmsEvent, smsStream } from '../../../domain/sms/events.ts'
import { type VoiceEvent, voiceStream } from '../../../domain/voice/events.ts'

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

/** A dealer's sheets of three months, each as far as its index says. */
const voiceSteps = (dealer: string, sealing: Sealing): DeskStep[] => {
  const started = { startedAt: '2026-03-02T02:00:00.000Z', days: 3, policyVersion: 0 }
  const due = (day: number) => ({ ...started, dueAt: `2026-03-0${day}T16:00:00.000Z` })
  const ofMonth = (month: string, steps: number): VoiceEvent[] => {
    const sheetId = `${dealer}.${month}`
    const subjectId = `s-${sheetId}`
    const text = sealing.seal(subjectId, { note: sheetId })
    const [one, two] = [`${sheetId}.1`, `${sheetId}.2`] as const
    const entered = (itemId: string, index: number): VoiceEvent => ({
      type: 'VoiceItemEntered',
      data: {
        ...{ itemId, month, externalNo: index === 0 ? `V-${itemId}` : null, subjectId: `s-${itemId}` },
        ...{ survey: 'SSI', indicator: '价格', score: index === 0 ? 9 : null },
        text: sealing.seal(`s-${itemId}`, { text: itemId }),
        call: { commandId: sheetId, index },
      },
    })
    const plans = [{ itemId: one, endsOn: '2026-03-20', text }]
    const entry = { month, itemId: null, indicator: null, late: null, policyVersion: 0 }
    const late: VoiceEvent = {
      type: 'VoiceEntryBooked',
      data: {
        ...entry,
        ...{ entryId: `${sheetId}.late`, kind: 'late', amount: -1_000 },
        late: { step: 'meeting', dueAt: due(5).dueAt },
      },
    }
    const all: VoiceEvent[] = [
      entered(one, 0),
      entered(two, 1),
      { type: 'VoiceItemReworded', data: { itemId: one, text: sealing.seal(`s-${one}`, { text: '改' }) } },
      { type: 'VoiceItemDropped', data: { itemId: two, reason: 'wrong_data' } },
      { type: 'VoiceSheetSent', data: { month, subjectId, rbo: 'EAST', itemIds: [one], clock: due(5) } },
      late,
      { type: 'VoiceMeetingRecorded', data: { month, heldAt: due(4).dueAt, plans, text, clock: due(6) } },
      { type: 'VoiceSheetReturned', data: { month, attachmentIds: [], text, clock: due(7) } },
      { type: 'VoiceSheetAudited', data: { month, decision: 'sent_back', text, clock: due(8) } },
      { type: 'VoiceSheetReturned', data: { month, attachmentIds: [], text, clock: due(9) } },
      { type: 'VoiceSheetAudited', data: { month, decision: 'accepted', text: null, clock: due(9) } },
      { type: 'VoiceFollowedUp', data: { month, text } },
      { type: 'VoicePlanChanged', data: { month, itemId: one, endsOn: '2026-03-10', text, clock: due(8) } },
      { type: 'VoicePlanChanged', data: { month, itemId: one, endsOn: '2026-03-10', text, clock: null } },
      { type: 'VoiceResultReported', data: { month, text } },
      { type: 'VoiceItemJudged', data: { itemId: one, effective: true, text: null } },
      { type: 'VoiceCasePublished', data: { itemId: one, amount: 500, text } },
      {
        type: 'VoiceEntryBooked',
        data: {
          ...entry,
          ...{ entryId: `${one}.published`, kind: 'published', itemId: one, indicator: '价格', amount: 500 },
        },
      },
      { type: 'VoiceEntryReversed', data: { entryId: `${sheetId}.late`, text } },
    ]
    return all.slice(0, steps)
  }
  return [...ofMonth('2026-01', 19), ...ofMonth('2026-02', 10), ...ofMonth('2026-03', 4)].map(
    (event, at) => ({
      stream: voiceStream(dealer),
      version: at + 1,
      event,
    }),
  )
}

/** Steps of all desks, each stream's in order, mixed with each other. */
export const deskSteps = (sealing: Sealing): DeskStep[] => {
  const streams = [
    ...Array.from({ length: 15 }, (_, index) => inquirySteps(index, sealing)),
    ...['D1', 'D2'].map((dealer) => smsSteps(dealer, sealing)),
    ...['D1', 'D2'].map((dealer) => voiceSteps(dealer, sealing)),
  ]
  const longest = Math.max(...streams.map((steps) => steps.length))
  return Array.from({ length: longest }, (_, at) => streams.flatMap((steps) => steps[at] ?? [])).flat()
}

/** Whether an event is the end of what the event before it in its stream asked for. */
export const endsAnAct = (type: string): boolean => ['InquiryTicketNamed', 'InquiryReopened'].includes(type)
