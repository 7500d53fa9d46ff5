import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { buildTimetable, serviceMsBetween } from '../../../domain/calendar/workingTime.ts'
import type { StoredEvent } from '../../../domain/eventStore.ts'
import { MINUTE, toEpoch, toInstant } from '../../../domain/instant.ts'
import { eventsOf } from '../../../domain/storedEvents.ts'
import { decide } from '../../../domain/ticket/decide.ts'
import { type TicketEvent, ticketEventData } from '../../../domain/ticket/events.ts'
import { slaOf } from '../../../domain/ticket/sla.ts'
import { givenWith, instant, master, masterWith, on, ticketAfter } from '../../support/given.ts'
import { at, openFrom, xinjiang } from '../calendar/fixtures.ts'
import { calendars, instantsOf, modelClose, modelDue } from '../calendar/workingTimeModel.ts'
import { convert, recalculate, register } from './commands.ts'
import { clocks, dispatched, registered, responded, toMedia, warned } from './events.ts'

/** Known for 2026 alone, and later for 2027 too, when Monday the 4th and Tuesday the 5th of January are off. */
const year2026 = { 2026: { off: [], work: [] } }
const knowing = (years: Parameters<typeof openFrom>[2]) =>
  masterWith({}, { CN: openFrom('09:00', '18:00', years), 'CN-XJ': xinjiang })
const before = knowing(year2026)
const after = knowing({ ...year2026, 2027: { off: ['2027-01-04', '2027-01-05'], work: [] } })

const provisionalOf = (ticket: ReturnType<typeof ticketAfter>) =>
  Object.fromEntries(
    slaOf(ticket, { masterAt: () => before, now: ticket.lastAt }).map(({ clock, provisional }) => [
      clock,
      provisional,
    ]),
  )

describe('each clock has its own `provisional` (rulebook §5)', () => {
  test('a notice that needs an unknown year is marked, though the assignment needs none', () => {
    const ticket = givenWith(before)
      .when(register('2026-12-23 10:00', { receivedAt: instant('2026-12-23 10:00') }))
      .ticket()
    expect(ticket).toMatchObject({
      consumerNoticeDueAt: instant('2027-01-02 00:00'),
      consumerNoticeProvisional: true,
      assignments: [{ clocks: { provisional: false } }],
    })
    expect(provisionalOf(ticket)).toEqual({ response: false, close: false, consumer_notice: true })
  })

  test('a closing that needs an unknown year does not make the response provisional', () => {
    const ticket = givenWith(before)
      .when(register('2026-12-30 10:00', { receivedAt: instant('2026-12-21 10:00') }))
      .ticket()
    expect(ticket.assignments[0].clocks).toMatchObject({ provisional: true, provisionalDues: ['close'] })
    expect(provisionalOf(ticket)).toEqual({ response: false, close: true, consumer_notice: false })
  })

  test('a warning raised on the last evening of a known year is marked', () => {
    const flagged = givenWith(before).when(register('2026-12-31 17:00', { flags: ['agitated'] }))
    expect(flagged.ticket().warnings).toMatchObject([
      { ackDueAt: instant('2027-01-01 10:00'), provisional: true },
    ])
    expect(provisionalOf(flagged.ticket())).toMatchObject({ acknowledge: true })
  })

  test('a ticket that became C keeps of it what its response has', () => {
    const due = { closeDueAt: instant('2026-03-12 00:00') }
    const of = (provisionalDues: ('response' | 'close')[]) =>
      givenWith(
        before,
        registered({ category: 'B4', level: 'B' }),
        toMedia({ clocks: clocks({ ...due, provisional: true, provisionalDues }) }),
      )
        .when(convert('2026-03-13 10:00'))
        .ticket().assignments[0].clocks
    expect(of(['close'])).toMatchObject({ closeDueAt: null, provisional: false })
    expect(of(['close'])).not.toHaveProperty('provisionalDues')
    expect(of(['response', 'close'])).toMatchObject({ provisional: true, provisionalDues: ['response'] })
  })
})

describe('a recalculation once the year is known', () => {
  test('moves the notice and the warnings nobody acknowledged, and ends their `provisional`', () => {
    const registering = givenWith(before).when(
      register('2026-12-31 17:00', { flags: ['agitated'], receivedAt: instant('2026-12-31 17:00') }),
    )
    const events = on('2026-12-31 17:00', ...registering.events())
    const recalculating = givenWith(after, events).when(recalculate('2026-12-31 18:00'))
    const ticket = recalculating.ticket()
    expect(ticket).toMatchObject({
      consumerNoticeDueAt: instant('2027-01-14 00:00'),
      consumerNoticeProvisional: false,
      consumerNoticeSetAt: instant('2026-12-31 18:00'),
      warnings: [{ ackDueAt: instant('2027-01-01 10:00'), provisional: false }],
      assignments: [{ clocks: { provisional: false, closeDueAt: instant('2027-01-08 00:00') } }],
    })
    givenWith(after, events, on('2026-12-31 18:00', ...recalculating.events()))
      .when(recalculate('2026-12-31 19:00'))
      .thenNothing()
  })

  test('leaves the notice out where it stays', () => {
    const [event] = givenWith(masterWith({ version: 9 }), registered(), dispatched(), responded())
      .when(recalculate('2026-03-03 10:00'))
      .events()
    expect(event?.data).not.toHaveProperty('consumerNotice')
    expect(event?.data).not.toHaveProperty('warnings')
  })
})

test('dues and their `provisional` are those of a slow walk over the wall clock, each for itself', () => {
  const moments = calendars.chain((days) =>
    fc.tuple(fc.constant(days), instantsOf(days), fc.integer({ min: 0, max: 12 * 24 * 60 })),
  )
  fc.assert(
    fc.property(moments, ([days, now, earlier]) => {
      const table = buildTimetable(days)
      const daily = serviceMsBetween(table, at('2028-01-03 00:00'), at('2028-01-04 00:00')) / MINUTE
      const minutes = Math.min(120, daily * 60)
      const policy = { ackMinutes: minutes, responseMinutes: { dealer: minutes, rbo: 1, se: 1, se_media: 1 } }
      const known = masterWith(policy, { CN: table, 'CN-XJ': xinjiang })
      const receivedAt = toInstant(now - earlier * MINUTE)
      const command = {
        ...register('2026-03-02 10:00', { receivedAt, flags: ['agitated'] }),
        now: toInstant(now),
      }
      const events = decide(null, command, { master: known, now: command.now })
      const ticket = ticketAfter(
        events.map((event) => ({
          ...event,
          metadata: { recordedAt: command.now, actor: { id: 'a', role: 'csr' } },
        })),
      )
      const clocksByName = Object.fromEntries(
        slaOf(ticket, { masterAt: () => known, now: command.now }).map(({ clock, dueAt, provisional }) => [
          clock,
          { due: toEpoch(dueAt as string), provisional },
        ]),
      )
      const [response, close] = [modelDue(days, now, minutes), modelClose(days, now, 3)]
      expect(clocksByName).toEqual({
        response,
        close,
        consumer_notice: modelClose(days, toEpoch(receivedAt), 7),
        acknowledge: modelDue(days, now, minutes),
      })
      expect(ticket.assignments[0].clocks.provisional).toBe(response.provisional || close.provisional)
    }),
    { numRuns: 200 },
  )
})

describe('a calendar that borrows its days', () => {
  test('has the version of the lender beside its own, in the event and in the explanation', () => {
    const lent = {
      ...master,
      calendar: (id: string) => ({ ...master.calendar(id), ...(id === 'CN-XJ' && { daysOfVersion: 7 }) }),
    }
    const ticket = givenWith(lent)
      .when(register('2026-03-02 10:00', { dealer: 'D004' }))
      .ticket()
    expect(ticket.assignments[0].clocks).toMatchObject({
      calendar: 'CN-XJ',
      calendarVersion: 5,
      daysOfVersion: 7,
    })
    const [response] = slaOf(ticket, { masterAt: () => lent, now: ticket.lastAt }).filter(
      ({ clock }) => clock === 'response',
    )
    expect(response).toMatchObject({ calendarVersion: 5, daysOfVersion: 7 })
    const own = givenWith(lent).when(register('2026-03-02 10:00')).ticket().assignments[0].clocks
    expect(own).not.toHaveProperty('daysOfVersion')
  })
})

describe('events as they were stored before', () => {
  const clocksBefore =
    '{"calendar":"CN-XJ","calendarVersion":1,"policyVersion":1,"responseMinutes":120,"closeWorkingDays":3,"responseDueAt":"2026-12-30T04:00:00.000Z","closeDueAt":"2027-01-04T16:00:00.000Z","provisional":true}'
  const stored = [
    [
      'TicketRegistered',
      '{"ticketNo":"T1","externalNo":null,"subjectId":"s1","channel":"phone","source":null,"category":"A4a","ordinal":1,"receivedAt":"2026-12-30T02:00:00.000Z","flags":[],"dealer":"D001","escalatedFrom":null,"relatedTo":null,"customer":"v1.s1.a","text":"v1.s1.b","level":"A","consumerNoticeDueAt":"2027-01-08T16:00:00.000Z"}',
    ],
    [
      'TicketDispatched',
      `{"tier":"dealer","unit":"D001","dealer":"D001","rbo":"EAST","clocks":${clocksBefore}}`,
    ],
    [
      'WarningRaised',
      '{"warningId":"T1-1","code":"W4","byHand":false,"from":{"tier":"dealer","unit":"D001"},"sentTo":{"tier":"rbo","unit":"EAST"},"ackDueAt":"2026-12-30T04:00:00.000Z","text":null}',
    ],
    ['DeadlinesRecalculated', `{"holder":${clocksBefore},"responsibleDealer":null,"text":"v1.s1.c"}`],
  ] as const

  test('are read as ever; of the two dues that shared a mark, both have it', () => {
    const events = stored.map(([type, json]) => {
      const data = ticketEventData[type].parse(JSON.parse(json))
      expect(data).toEqual(JSON.parse(json))
      return { type, data } as Parameters<typeof on>[1]
    })
    const ticket = ticketAfter(
      eventsOf<TicketEvent>(on('2026-12-30 10:00', ...events) as unknown as StoredEvent[]),
    )
    expect(provisionalOf(ticket)).toEqual({
      response: true,
      close: true,
      consumer_notice: false,
      acknowledge: false,
    })
  })
})

test('a warning of this version says so only where it is provisional', () => {
  expect(warned().data).not.toHaveProperty('provisional')
})
