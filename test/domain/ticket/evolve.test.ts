import { describe, expect, test } from '@jest/globals'
import { Refusal } from '../../../domain/refusal.ts'
import { decide } from '../../../domain/ticket/decide.ts'
import { type TicketEvent, type TicketEventType, ticketEventData } from '../../../domain/ticket/events.ts'
import { evolve, fold } from '../../../domain/ticket/evolve.ts'
import {
  currentAssignment,
  currentResponsibility,
  currentWarnings,
  isOpen,
  isOver,
} from '../../../domain/ticket/state.ts'
import { instant, master, on, sealed, start, ticketAfter } from '../../support/given.ts'
import { respond } from './commands.ts'
import * as happened from './events.ts'

const { registered, dispatched, responded, closed, toMedia, responsibleNamed, warned } = happened

/** One of each; the record is complete, or it would not compile. */
const each: { [T in TicketEventType]: TicketEvent } = {
  TicketRegistered: registered(),
  TicketDispatched: dispatched(),
  TicketRedispatched: happened.redispatched(),
  TicketReclassified: happened.reclassified(),
  ResponseRecorded: responded(),
  WorkRecorded: happened.worked('measure'),
  ContactLogged: happened.contacted(),
  TicketClosed: closed(),
  CallbackRecorded: happened.calledBack(),
  CallbackWithdrawn: happened.callbackWithdrawn(),
  RepeatLinked: happened.repeatLinked({ registration: happened.registration({ ticketNo: 'T2' }) }),
  RepeatUnlinked: happened.repeatUnlinked(),
  BecameRepeat: happened.becameRepeat(),
  CeasedToBeRepeat: happened.ceasedToBeRepeat(),
  TicketRescinded: happened.rescinded(),
  MarkedDuplicate: happened.markedDuplicate(),
  DuplicateAbsorbed: happened.duplicateAbsorbed(),
  DuplicateUndone: happened.duplicateUndone(),
  DuplicateReleased: happened.duplicateReleased(),
  FollowUpClosed: happened.followUpClosed(),
  ResponsibleDealerNamed: responsibleNamed(),
  ConvertedToC: happened.convertedToC(),
  WarningRaised: warned(),
  WarningAcknowledged: happened.acknowledged(),
  WarningResolved: happened.resolved(),
  DeadlinesRecalculated: happened.recalculated({ responsibleDealer: happened.clocksB() }),
  WeightChanged: happened.weighed({ severity: 'high', safety: true, remedy: null, hasRemedyText: true }),
  TicketCorrected: happened.corrected(),
  TicketClaimed: happened.claimed(),
  TicketReleased: happened.released(),
  LetterWritten: happened.letterWritten(),
  AttachmentAdded: happened.attached(),
  AttachmentRemoved: happened.detached(),
  ObjectionRaised: happened.objected(),
  ObjectionWithdrawn: happened.objectionWithdrawn(),
  ObjectionDecided: happened.objectionDecided(),
}
const types = Object.keys(each) as TicketEventType[]
const who = { recordedAt: instant(start), actor: { id: 'somebody', role: 'csr' } }
const later = { ...who, recordedAt: instant('2026-03-04 10:00') }

test('every event type has a schema, and no other', () => {
  expect(types).toEqual(Object.keys(ticketEventData))
})

describe.each(types)('%s', (type) => {
  const event = each[type]

  test('is as its schema says, and a stranger’s field is refused', () => {
    expect(ticketEventData[type].parse(event.data)).toStrictEqual(event.data)
    expect(ticketEventData[type].safeParse({ ...event.data, stranger: 1 }).success).toBe(false)
  })

  test('survives JSON', () => {
    expect(ticketEventData[type].parse(JSON.parse(JSON.stringify(event.data)))).toStrictEqual(event.data)
  })

  test('before a registration leaves nothing', () => {
    expect(evolve(null, event, who) === null).toBe(type !== 'TicketRegistered')
  })

  test('is one version more, and the last thing that happened', () => {
    const before = ticketAfter(registered(), dispatched(), responsibleNamed(), warned())
    const after = evolve(before, event, later)
    expect(after).toMatchObject({ version: 5, lastAt: later.recordedAt })
  })

  test('leaves the ticket before it as it was', () => {
    const before = ticketAfter(registered(), dispatched(), responsibleNamed(), warned())
    const copy = structuredClone(before)
    evolve(before, event, later)
    expect(before).toEqual(copy)
  })
})

test('a fold may go on from a ticket', () => {
  const events = [
    ...on(start, registered(), dispatched()),
    ...on('2026-03-02 11:00', responded()),
    ...on('2026-03-03 15:00', closed()),
  ]
  expect(fold(events.slice(2), fold(events.slice(0, 2)))).toEqual(fold(events))
  expect(fold([])).toBeNull()
})

test('a registration says everything the ticket begins with', () => {
  expect(fold(on('2026-03-02 10:30', registered({ flags: ['media'], relatedTo: 'T0' })))).toEqual({
    ticketNo: 'T1',
    imported: false,
    attachments: [],
    letters: 0,
    objections: [],
    assignee: null,
    severity: null,
    safety: false,
    safetyFlagged: false,
    remedy: null,
    remedyText: sealed('complaint'),
    externalNo: null,
    subjectId: 's1',
    version: 1,
    level: 'A',
    category: 'A4a',
    state: 'unhandled',
    ordinal: 1,
    channel: 'phone',
    source: null,
    flags: ['media'],
    receivedAt: instant(start),
    registeredAt: instant('2026-03-02 10:30'),
    closedAt: null,
    convertedAt: null,
    consumerInformedAt: null,
    consumerNoticeDueAt: instant('2026-03-12 00:00'),
    consumerNoticeSetAt: instant('2026-03-02 10:30'),
    consumerNoticeProvisional: false,
    lastAt: instant('2026-03-02 10:30'),
    dealer: 'D001',
    rbo: null,
    assignments: [],
    responsibilities: [],
    calls: 0,
    customer: sealed('customer'),
    text: sealed('complaint'),
    closing: null,
    escalatedFrom: null,
    escalatedTo: null,
    repeatLinkedAt: null,
    relatedTo: 'T0',
    duplicateOf: null,
    warnings: [],
    callbacks: [],
    absorbed: [],
  })
})

test('a closing keeps what it says', () => {
  const said = { rootCauseCode: 'price', measuresDoneAt: instant(start), text: sealed('result') }
  expect(ticketAfter(registered(), dispatched(), closed(said)).closing).toEqual({
    ...said,
    repeatWindowEndsAt: instant('2026-03-11 00:00'),
    callbackDueAt: instant('2026-03-11 00:00'),
    decision: null,
    goodwill: null,
  })
})

test('a reclassification without a source keeps the one there was', () => {
  const B = registered({ category: 'B4', level: 'B', source: 'media' })
  expect(ticketAfter(B, toMedia(), happened.reclassified()).source).toBe('media')
})

test('a recalculation that names no responsible dealer leaves its clocks', () => {
  const ticket = ticketAfter(registered(), toMedia(), responsibleNamed(), happened.recalculated())
  expect(currentResponsibility(ticket)?.clocks).toEqual(happened.clocksB())
})

test('the responsible dealer’s RBO is the ticket’s only where it had none', () => {
  const named = responsibleNamed({ dealer: 'D003', rbo: 'NORTH' })
  expect(ticketAfter(registered(), toMedia(), named).rbo).toBe('EAST')
  expect(ticketAfter(registered(), toMedia({ rbo: null }), named).rbo).toBe('NORTH')
})

test('the current assignment, responsible dealer and warnings are the last ones', () => {
  const ticket = ticketAfter(
    registered(),
    dispatched(),
    warned(),
    toMedia(),
    warned({ warningId: 'T1-2' }),
    responsibleNamed(),
    responsibleNamed({ dealer: 'D002' }),
  )
  expect(currentAssignment(ticket).unit).toBe('SE_MEDIA')
  expect(currentResponsibility(ticket)?.unit).toBe('D002')
  expect(currentWarnings(ticket).map(({ warningId }) => warningId)).toEqual(['T1-2'])
  expect(currentResponsibility(ticketAfter(registered(), toMedia()))).toBeNull()
  const ended = { ...ticket, responsibilities: ticket.responsibilities.slice(0, 1) }
  expect(currentResponsibility(ended)).toBeNull()
})

test('a ticket is open, completed, or over', () => {
  const of = (...events: TicketEvent[]) => {
    const ticket = ticketAfter(registered(), dispatched(), ...events)
    return [isOpen(ticket), isOver(ticket)]
  }
  expect([of(), of(responded())]).toEqual([
    [true, false],
    [true, false],
  ])
  expect(of(closed())).toEqual([false, false])
  expect([of(happened.rescinded()), of(happened.markedDuplicate())]).toEqual([
    [false, true],
    [false, true],
  ])
})

test('a command on a ticket that is not there is refused', () => {
  const deciding = () => decide(null, respond(start), { master, now: instant(start) })
  expect(deciding).toThrow(new Refusal('ticket_not_found', { ticketNo: '' }))
})
