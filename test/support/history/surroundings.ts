/** What a log has beside tickets: master data, webhooks, an import, an erasure, a settled quarter. */
import { type DueEvent, duesBeganStream } from '../../../domain/dues.ts'
import { dealerCodes, type Log, rboOf } from './log.ts'

const policyVersion = 0
/** The events of a quarter that is settled while it goes on. */
export const settling = [
  { type: 'QuarterFrozen', data: { policyVersion } },
  { type: 'QuarterRevised', data: { policyVersion, reason: 'a late import' } },
  {
    type: 'TieDecided',
    data: { policyVersion, rbo: 'EAST', tied: ['D2', 'D4'], rewarded: ['D2'], reason: 'by lot' },
  },
]
/** Enters what is there before the first ticket. */
export const enterSurroundings = ({ enter, sealing }: Log): void => {
  enter('calendar-CN', [
    { type: 'CalendarDefined', data: { opens: '09:00', closes: '18:00', daysOf: null } },
    { type: 'CalendarYearSet', data: { year: 2026, off: ['2026-05-01'], work: [], source: 'x' } },
  ])
  for (const rbo of ['EAST', 'WEST'])
    enter(`rbo-${rbo}`, [{ type: 'RboSet', data: { name: rbo, calendar: null } }])
  for (const code of dealerCodes)
    enter(`dealer-${code}`, [
      { type: 'DealerSet', data: { name: code, rbo: rboOf(code), calendar: null, active: true } },
      { type: 'DeliveriesSet', data: { quarter: '2026Q1', count: 10 } },
    ])

  const hook = {
    url: 'https://example.com/hooks',
    events: ['*'],
    rbo: null,
    dealer: null,
    includeContacts: false,
    description: '',
  }
  const subjectId = '00000000-0000-7000-8000-0000000000aa'
  const secret = sealing.seal('s-webhook', 'whsec_c2VjcmV0')
  enter('webhook-one', [
    { type: 'WebhookCreated', data: { ...hook, subjectId, secret } },
    { type: 'WebhookPaused', data: { reason: 'request' } },
  ])
  enter('webhook-two', [
    { type: 'WebhookCreated', data: { ...hook, subjectId, secret } },
    { type: 'WebhookDeleted', data: {} },
  ])
  const kept = {
    ...{
      stream: 'ticket-T1',
      version: 1,
      eventId: subjectId,
      at: '2026-03-02T01:00:00.000Z',
      ticketNo: 'T1',
    },
    ...{ name: 'ticket.registered', attempts: 2 },
  }
  const progress = { since: null, requestsDone: 1, failingSince: null, pending: [], unparked: [] }
  enter('webhookcursor-one', [
    {
      type: 'WebhookProgressed',
      data: {
        ...progress,
        after: { stream: 'ticket-T1', version: 1 },
        sequence: 2,
        parked: [1, 2].map((sequence) => ({ ...kept, sequence, parkedAt: '2026-03-05T01:00:00.000Z' })),
      },
    },
    {
      type: 'WebhookProgressed',
      data: {
        ...progress,
        after: { stream: 'ticket-T1', version: 2 },
        sequence: 3,
        pending: [{ ...kept, sequence: 3, firstAt: null, nextAt: null }],
        parked: [],
        unparked: [1],
      },
    },
  ])
  // as an import with a key leaves it
  enter('import-00000000-0000-4000-8000-000000000001', [
    { type: 'ImportCompleted', data: { lines: 0, applied: 0, unchanged: 0, rejectedCount: 0, rejected: [] } },
  ])
  // a customer who is in no ticket of this history
  enter('erasure-s-nobody', [
    { type: 'SubjectErased', data: { subjectId: 's-nobody', reason: 'asked by the customer' } },
  ])
  const began: DueEvent = { type: 'DuesBegan', data: {} }
  enter(duesBeganStream, [began])
}
