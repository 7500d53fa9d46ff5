import { describe, expect, it } from '@jest/globals'
import { announcedNameOf, announcedOf, movesTicket, subjectOf } from '../../domain/announced.ts'
import { announcedEvents, announcedNames, topics } from '../../domain/announcedNames.ts'
import { careEventData } from '../../domain/care/events.ts'
import { type DueClock, dueClocks } from '../../domain/dues.ts'
import { inquiryEventData } from '../../domain/inquiry/events.ts'
import { placeOf } from '../../domain/scope.ts'
import { smsEventData } from '../../domain/sms/events.ts'
import { ticketAggregate } from '../../domain/ticket/aggregate.ts'
import { type TicketEvent, ticketEventData } from '../../domain/ticket/events.ts'
import type { Ticket } from '../../domain/ticket/state.ts'
import { voiceEventData } from '../../domain/voice/events.ts'
import { fakeSealing } from '../support/fakeSealing.ts'
import { randomHistory } from '../support/history/randomHistory.ts'

const logged = (type: string, data: unknown = {}, stream = 'ticket-T1') => ({
  type,
  data,
  stream,
  metadata: {},
})
const due = (type: string, clock: DueClock) => logged(type, { ticketNo: 'T7', clock }, 'dues-2026-03')

/** Whose a ticket is, without the clocks and instants of the assignment. */
const whose = (ticket: Ticket): unknown[] => {
  const { holder, dealer, rbo, responsibleDealer } = placeOf(ticket)
  return [holder.tier, holder.unit, dealer, rbo, responsibleDealer]
}

describe('what is announced', () => {
  it('has a name for every event of a ticket but those that another event of the same act tells', () => {
    const silent = Object.keys(ticketEventData).filter((type) => announcedNameOf(logged(type)) === null)
    expect(silent).toEqual(['TicketRedispatched', 'FollowUpClosed'])
  })

  it('tells a breach, a due of the desk and a warning apart by the clock', () => {
    const names = (Object.keys(dueClocks) as DueClock[]).map((clock) => [
      clock,
      announcedNameOf(due('DuePassed', clock)),
    ])
    expect(Object.fromEntries(names)).toEqual({
      response: 'ticket.overdue',
      close: 'ticket.overdue',
      responsible_response: 'ticket.overdue',
      responsible_close: 'ticket.overdue',
      acknowledge: 'warning.overdue',
      callback: 'callback.due',
      consumer_notice: 'consumer_notice.due',
      media_feedback: 'ticket.overdue',
      inquiry_answer: null,
      inquiry_relay: null,
      care_task: null,
      care_triage: null,
      voice_meeting: 'voice.overdue',
      voice_return: 'voice.overdue',
      voice_audit: 'voice.overdue',
      voice_report: 'voice.overdue',
    })
    expect(announcedNameOf(due('DueNear', 'close'))).toBe('ticket.due_soon')
  })

  it('is produced by some event of the log under every name', () => {
    const ofTicket = Object.keys(ticketEventData).map((type) => announcedNameOf(logged(type)))
    const ofDues = (Object.keys(dueClocks) as DueClock[]).flatMap((clock) => [
      announcedNameOf(due('DuePassed', clock)),
      announcedNameOf(due('DueNear', clock)),
    ])
    const desks = { ...inquiryEventData, ...smsEventData, ...careEventData, ...voiceEventData }
    const ofDesks = Object.keys(desks).map((type) => announcedNameOf(logged(type)))
    expect([...new Set([...ofTicket, ...ofDues, ...ofDesks])].filter((name) => name !== null).sort()).toEqual(
      [...announcedNames].sort(),
    )
    for (const { topic } of Object.values(announcedEvents)) expect(topics).toHaveProperty(topic)
  })

  it('is about the ticket of the stream or of the due, an inquiry, a request about an SMS contact, or a care task', () => {
    const ticket = (ticketNo: string) => ({ kind: 'ticket', ticketNo })
    expect(announcedOf(logged('TicketClosed'))).toEqual({ name: 'ticket.closed', subject: ticket('T1') })
    expect(announcedOf(due('DuePassed', 'callback'))).toEqual({ name: 'callback.due', subject: ticket('T7') })
    const forwarded = logged('InquiryForwarded', {}, 'inquiry-Q1')
    expect(announcedOf(forwarded)).toEqual({
      name: 'inquiry.forwarded',
      subject: { kind: 'inquiry', inquiryNo: 'Q1' },
    })
    const accepted = logged('SmsContactAccepted', { requestId: 'r1' }, 'sms-contacts-D001')
    expect(announcedOf(accepted)).toEqual({
      name: 'sms_contact.changed',
      subject: { kind: 'smsRequest', dealer: 'D001', requestId: 'r1' },
    })
    const attempted = (triageDueAt: string | null) =>
      logged('CareAttempted', { taskId: 'v-1.benefits', triageDueAt }, 'vehicle-v')
    expect(announcedOf(attempted('2026-03-03T02:00:00.000Z'))).toEqual({
      name: 'care.triage',
      subject: { kind: 'careTask', taskId: 'v-1.benefits' },
    })
    expect(announcedOf(attempted(null))).toBeNull()
    expect(subjectOf(logged('DealerDefined', {}, 'dealer-D001'))).toBeNull()
  })

  it('is nothing of an import, of master data and of the mark from when on dues are recorded', () => {
    expect(announcedOf({ ...logged('TicketClosed'), metadata: { imported: true } })).toBeNull()
    expect(announcedOf(logged('DealerDefined', {}, 'dealer-D001'))).toBeNull()
    expect(announcedOf(logged('DuesBegan', {}, 'dues'))).toBeNull()
  })

  it('changes the scope of a ticket by no other event than those that are said to', () => {
    const states = new Map<string, Ticket | null>()
    const moving = new Set<string>()
    for (const seed of [1, 2, 3]) {
      const { events } = randomHistory({ seed, acts: 600, sealing: fakeSealing().sealing })
      states.clear()
      for (const event of events) {
        const before = states.get(event.stream) ?? null
        const after = ticketAggregate.evolve(before, event as TicketEvent, event.metadata)
        states.set(event.stream, after)
        const isPlaced = before !== null && before.assignments.length > 0 && after !== null
        if (isPlaced && JSON.stringify(whose(before)) !== JSON.stringify(whose(after))) moving.add(event.type)
      }
    }
    expect(moving.size).toBeGreaterThan(0)
    for (const type of moving) expect([type, movesTicket(type)]).toEqual([type, true])
  })
})
