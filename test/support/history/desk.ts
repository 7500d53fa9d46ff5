/** What happens at the desks beside tickets: inquiries, SMS contacts, customer voice and care calls, a few of every way they go, in steps that are mixed. */
import { type CareEvent, vehicleStream } from '../../../domain/care/events.ts'
import { channelSchema } from '../../../domain/codes.ts'
import { type InquiryEvent, inquiryStream } from '../../../domain/inquiry/events.ts'
import type { Sealer } from '../../../domain/sealing.ts'
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

const inquirySteps = (index: number, sealing: Sealer): DeskStep[] => {
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

const smsSteps = (dealer: string, sealing: Sealer): DeskStep[] => {
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
const voiceSteps = (dealer: string, sealing: Sealer): DeskStep[] => {
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

/** A vehicle: handovers, visits, calls, and a judgement. */
const careSteps = (index: number, sealing: Sealer): DeskStep[] => {
  const vehicleId = String(index).padStart(32, '0')
  const subjectId = `s-Q${index % 5}`
  const text = sealing.seal(subjectId, { service: `${index}` })
  const handedOver = (n: number, handedOverAt: string): CareEvent => ({
    type: 'VehicleHandedOver',
    data: {
      handoverId: `${vehicleId}-${n}`,
      externalNo: n === 1 ? `H-${index}` : null,
      subjectId,
      dealer: `D${1 + (index % 2)}`,
      rbo: 'EAST',
      handedOverAt,
      insuranceEndsOn: index % 2 === 0 ? '2026-03-20' : null,
      customer: sealing.seal(subjectId, {
        customer: { name: `${index}` },
        vehicle: { plateNo: `沪A1234${index}` },
      }),
      rules: index % 3 === 0 ? { delivery3dDays: 5 } : {},
      plannedFrom: null,
    },
  })
  const taskId = `${vehicleId}-1.delivery_24h`
  const visited: CareEvent = {
    type: 'VisitRecorded',
    data: {
      dealer: 'D2',
      rbo: 'EAST',
      visitedAt: '2026-02-02T02:00:00.000Z',
      kind: 'repair',
      mileageKm: 5,
      afterRepairDays: 3,
      customer: null,
      subjectId: null,
    },
  }
  const called: CareEvent = {
    type: 'CareAttempted',
    data: {
      taskId,
      result: 'reached',
      outcome: 'dissatisfied',
      calledAt: '2026-01-06T02:00:00.000Z',
      mileageKm: null,
      firstServiceOn: null,
      text,
      triageDueAt: '2026-01-07T02:00:00.000Z',
    },
  }
  const became: CareEvent = {
    type: 'CareBecameComplaint',
    data: { taskId, category: 'A4a', flags: [], sameProblemAs: 'auto' },
  }
  const refused = { code: 'unknown_dealer', params: {}, pointer: null }
  const ways: CareEvent[][] = [
    [called, became, { type: 'CareTicketNamed', data: { taskId, ticketNo: 'T1', outcome: 'registered' } }],
    [called, became, { type: 'CareReopened', data: { taskId, refused } }],
    [called, { type: 'CareDismissed', data: { taskId, text } }, handedOver(2, '2026-02-01T02:00:00.000Z')],
    [visited],
  ]
  return [handedOver(1, '2026-01-05T02:00:00.000Z'), ...(ways[index % 4] as CareEvent[])].map(
    (event, at) => ({
      stream: vehicleStream(vehicleId),
      version: at + 1,
      event,
    }),
  )
}

/** Steps of all desks, each stream's in order, mixed with each other. */
export const deskSteps = (sealing: Sealer): DeskStep[] => {
  const streams = [
    ...Array.from({ length: 15 }, (_, index) => inquirySteps(index, sealing)),
    ...['D1', 'D2'].map((dealer) => smsSteps(dealer, sealing)),
    ...['D1', 'D2'].map((dealer) => voiceSteps(dealer, sealing)),
    ...Array.from({ length: 8 }, (_, index) => careSteps(index, sealing)),
  ]
  const longest = Math.max(...streams.map((steps) => steps.length))
  return Array.from({ length: longest }, (_, at) => streams.flatMap((steps) => steps[at] ?? [])).flat()
}

/** Whether an event is the end of what the event before it in its stream asked for. */
export const endsAnAct = (type: string): boolean =>
  ['InquiryTicketNamed', 'InquiryReopened', 'CareTicketNamed', 'CareReopened'].includes(type)
