/** Builders of ticket events, with the defaults of the story that `test/support/given.ts` tells. */
import type { RecordKind } from '../../../domain/codes.ts'
import type { Clocks, DataOf, Registration, TicketEvent } from '../../../domain/ticket/events.ts'
import { instant, sealed, start } from '../../support/given.ts'

/** Two hours from 10:00 on the Monday; A closes within 3 working days, so by the end of Thursday. */
export const clocks = (given: Partial<Clocks> = {}): Clocks => ({
  calendar: 'CN',
  calendarVersion: 3,
  policyVersion: 4,
  responseMinutes: 120,
  closeWorkingDays: 3,
  responseDueAt: instant('2026-03-02 12:00'),
  closeDueAt: instant('2026-03-06 00:00'),
  provisional: false,
  ...given,
})
/** The same of a B ticket: 7 working days, so by the end of Wednesday the week after. */
export const clocksB = (given: Partial<Clocks> = {}): Clocks =>
  clocks({ closeWorkingDays: 7, closeDueAt: instant('2026-03-12 00:00'), ...given })

export const registration = (given: Partial<Registration> = {}): Registration => ({
  ticketNo: 'T1',
  externalNo: null,
  subjectId: 's1',
  channel: 'phone',
  source: null,
  category: 'A4a',
  ordinal: 1,
  receivedAt: instant(start),
  flags: [],
  dealer: 'D001',
  escalatedFrom: null,
  relatedTo: null,
  customer: sealed('customer'),
  text: sealed('complaint'),
  ...given,
})

/** One event type's builder: defaults, and what a test says otherwise. */
const event =
  <T extends TicketEvent['type']>(type: T, defaults: DataOf<T>) =>
  (given: Partial<DataOf<T>> = {}) =>
    ({ type, data: { ...defaults, ...given } }) as Extract<TicketEvent, { type: T }>

export const registered = event('TicketRegistered', {
  ...registration(),
  level: 'A',
  consumerNoticeDueAt: instant('2026-03-12 00:00'),
})
const toDealer: DataOf<'TicketDispatched'> = {
  tier: 'dealer',
  unit: 'D001',
  dealer: 'D001',
  rbo: 'EAST',
  clocks: clocks(),
}
export const dispatched = event('TicketDispatched', toDealer)
export const toRbo = event('TicketDispatched', { ...toDealer, tier: 'rbo', unit: 'EAST' })
export const toSe = event('TicketDispatched', { ...toDealer, tier: 'se', unit: 'SE' })
export const toMedia = event('TicketDispatched', {
  ...toDealer,
  tier: 'se_media',
  unit: 'SE_MEDIA',
  clocks: clocksB(),
})
export const redispatched = event('TicketRedispatched', {
  misrouted: false,
  formerUnitKept: false,
  text: sealed('redispatch'),
})
export const reclassified = event('TicketReclassified', {
  from: 'A4a',
  category: 'A4d',
  level: 'A',
  source: null,
  text: sealed('reclassify'),
})
export const responded = event('ResponseRecorded', {
  countsFor: 'holder',
  unit: 'D001',
  method: 'phone',
  reached: true,
  promisedReplyAt: null,
  text: sealed('response'),
})
export const worked = (kind: RecordKind) => event('WorkRecorded', { kind, text: sealed('work') })()
export const contacted = event('ContactLogged', {
  subjectId: 's1',
  channel: 'phone',
  flags: [],
  externalNo: null,
  source: null,
  dealer: null,
  receivedAt: null,
  occurredAt: null,
  customer: null,
  text: sealed('contact'),
})
export const closed = event('TicketClosed', {
  rootCauseCode: null,
  measuresDoneAt: null,
  repeatWindowEndsAt: instant('2026-03-11 00:00'),
  callbackDueAt: instant('2026-03-11 00:00'),
  text: sealed('closing'),
})
export const calledBack = event('CallbackRecorded', {
  outcome: 'satisfied',
  sameProblem: false,
  registersRepeat: false,
  repeatExternalNo: null,
  occurredAt: null,
  text: sealed('callback'),
})
export const repeatLinked = event('RepeatLinked', {
  repeat: 'T2',
  ordinal: 2,
  registration: null,
  text: sealed('link'),
})
export const repeatUnlinked = event('RepeatUnlinked', { repeat: 'T2', echo: false, text: sealed('unlink') })
export const becameRepeat = event('BecameRepeat', { of: 'T0', ordinal: 2 })
export const ceasedToBeRepeat = event('CeasedToBeRepeat', { of: 'T0', echo: false })
export const rescinded = event('TicketRescinded', { text: sealed('rescind') })
export const markedDuplicate = event('MarkedDuplicate', { of: 'T9', text: sealed('duplicate') })
export const duplicateAbsorbed = event('DuplicateAbsorbed', {
  duplicate: 'T2',
  calls: 1,
  text: sealed('duplicate'),
})
export const refused = { code: 'ticket_is_over', params: {}, pointer: null }
export const duplicateUndone = event('DuplicateUndone', { of: 'T9', text: sealed('undo') })
export const duplicateReleased = event('DuplicateReleased', { duplicate: 'T2', calls: 1 })
export const callbackWithdrawn = event('CallbackWithdrawn', { at: instant('2026-03-02 10:00'), refused })
export const followUpClosed = event('FollowUpClosed', { eventId: 'e1' })
export const responsibleNamed = event('ResponsibleDealerNamed', {
  dealer: 'D001',
  rbo: 'EAST',
  formerUnitKept: false,
  clocks: clocksB(),
})
export const convertedToC = event('ConvertedToC', { text: sealed('convert') })
export const warned = event('WarningRaised', {
  warningId: 'T1-1',
  code: 'W1',
  byHand: false,
  from: { tier: 'dealer', unit: 'D001' },
  sentTo: { tier: 'rbo', unit: 'EAST' },
  ackDueAt: instant('2026-03-02 12:00'),
  text: null,
})
export const acknowledged = event('WarningAcknowledged', { warningId: 'T1-1', text: null })
export const resolved = event('WarningResolved', { warningId: 'T1-1', text: sealed('result') })
export const weighed = event('WeightChanged', { text: sealed('weight') })
export const corrected = event('TicketCorrected', {
  fields: ['customer.phone'],
  customer: sealed('corrected'),
  text: sealed('correction'),
})
export const claimed = event('TicketClaimed', { assignee: 'a dealer' })
export const released = event('TicketReleased', {})
export const attachmentId = '11111111-1111-4111-8111-111111111111'
export const attached = event('AttachmentAdded', {
  attachmentId,
  mediaType: 'application/pdf',
  bytes: 10,
  text: sealed('attachment'),
})
export const detached = event('AttachmentRemoved', { attachmentId, text: sealed('removal') })
export const letterWritten = event('LetterWritten', {
  number: 1,
  kind: 'customer',
  from: { tier: 'dealer', unit: 'D001' },
  text: sealed('letter'),
})
const objection = {
  objectionId: 'T1-O1',
  dealer: 'D001',
  dispatchedAt: instant(start),
  measures: ['close' as const],
}
export const objected = event('ObjectionRaised', {
  ...objection,
  rbo: 'EAST',
  quarter: '2026Q1',
  text: sealed('objection'),
})
export const objectionWithdrawn = event('ObjectionWithdrawn', { objectionId: 'T1-O1' })
export const objectionDecided = event('ObjectionDecided', {
  ...objection,
  decision: 'upheld',
  text: sealed('decision'),
})
export const recalculated = event('DeadlinesRecalculated', {
  holder: clocks(),
  responsibleDealer: null,
  text: sealed('recalculate'),
})
