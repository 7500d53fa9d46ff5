import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { channels, states } from '../../domain/codes.ts'
import { HOUR, toEpoch, toInstant } from '../../domain/instant.ts'
import { attemptsApart } from '../../domain/ticket/callbacks.ts'
import { currentAssignment, currentResponsibility, type Ticket } from '../../domain/ticket/state.ts'
import type { Scope } from '../../projections/scope.ts'
import type { TicketSort } from '../../projections/tickets/ticketPage.ts'
import type { TicketView, WholeTicket } from '../../projections/tickets/ticketView.ts'
import type { Views } from '../../projections/views.ts'
import { fakeSealing } from '../support/fakeSealing.ts'
import { randomHistory } from '../support/history/randomHistory.ts'
import { removeFiles, viewsOf } from './support.ts'
import {
  anyFilters,
  anyScope,
  everyPage,
  externalNosOf,
  isVisible,
  listedBy,
  wantedOf,
} from './ticketModel.ts'

const { sealing } = fakeSealing()
const { events, tickets } = randomHistory({ seed: 4, acts: 4000, stepMs: 40 * 60_000, sealing })
const everyone: Scope[] = [{ kind: 'all' }]
let views: Views

beforeAll(() => {
  views = viewsOf(events, { size: 60, sealing }).views
})
afterAll(() => {
  views.close()
  removeFiles()
})

/** The ticket as the aggregate's own fold knows it, in the form of the view. */
const expected = (ticket: Ticket, id: number): TicketView => {
  const { tier, unit, clocks, startedAt, respondedAt } = currentAssignment(ticket)
  const { state } = ticket
  const { responseDueAt, closeDueAt, provisional } = clocks
  return {
    id,
    ticketNo: ticket.ticketNo,
    externalNo: ticket.externalNo,
    version: ticket.version,
    level: ticket.level,
    category: ticket.category,
    state,
    ordinal: ticket.ordinal,
    channel: ticket.channel,
    source: ticket.source,
    severity: ticket.severity,
    safety: ticket.safety,
    remedy: ticket.remedy,
    receivedAt: ticket.receivedAt,
    registeredAt: ticket.registeredAt,
    dispatchedAt: startedAt,
    respondedAt,
    closedAt: ticket.closedAt,
    convertedAt: ticket.convertedAt,
    consumerInformedAt: ticket.consumerInformedAt,
    dueAt: state === 'unhandled' ? responseDueAt : state === 'in_progress' ? closeDueAt : null,
    holder: { tier, unit },
    dealer: ticket.dealer,
    rbo: ticket.rbo,
    responsibleDealer: currentResponsibility(ticket)?.unit ?? null,
    assignee: ticket.assignee,
    responseDueAt,
    closeDueAt,
    consumerNoticeDueAt: ticket.consumerNoticeDueAt,
    consumerNoticeProvisional: ticket.consumerNoticeProvisional,
    provisional,
    calls: ticket.calls,
    escalatedFrom: ticket.escalatedFrom,
    escalatedTo: ticket.escalatedTo,
    relatedTo: ticket.relatedTo,
    duplicateOf: ticket.duplicateOf,
    warnings: ticket.warnings.map(({ warningId, code, sentTo, raisedAt, acknowledgedAt, resolvedAt }) => ({
      warningId,
      code,
      sentTo,
      raisedAt,
      acknowledgedAt,
      resolvedAt,
    })),
    repeatWindowEndsAt: ticket.closing?.repeatWindowEndsAt ?? null,
    repeatLinkedAt: ticket.repeatLinkedAt,
    rootCauseCode: ticket.closing?.rootCauseCode ?? null,
    callbackDueAt: ticket.closing?.callbackDueAt ?? null,
    callbacks: ticket.callbacks,
    lastAt: ticket.lastAt,
    subjectId: ticket.subjectId,
    customer: ticket.customer,
  }
}

const all = [...tickets.values()].map((ticket, index) => expected(ticket, index + 1))

const instants = all.map(({ registeredAt }) => registeredAt)
const anyInstant = fc.constantFrom(...instants, ...all.flatMap(({ responseDueAt }) => responseDueAt))

describe('the row of a ticket', () => {
  test('is what the ticket is by its own fold', () => {
    expect(all.map(({ ticketNo }) => views.tickets.byNo(ticketNo))).toEqual(all)
    expect(new Set(all.map(({ state }) => state)).size).toBe(Object.keys(states).length)
    expect(all.some(({ channel }) => channel in channels)).toBe(true)
  })

  test('has its texts beside it, once it is closed those of the closing too', () => {
    const whole = [...tickets.values()].map((ticket, index): WholeTicket => {
      const { text, closing, remedyText } = ticket
      const closed = closing && {
        text: closing.text,
        measuresDoneAt: closing.measuresDoneAt,
        rootCauseCode: closing.rootCauseCode,
        decision: closing.decision,
        goodwill: closing.goodwill,
      }
      return { ...expected(ticket, index + 1), text, remedyText, closing: closed }
    })
    expect(all.map(({ ticketNo }) => views.tickets.wholeByNo(ticketNo))).toEqual(whole)
    expect(new Set(whole.map(({ closing }) => closing === null)).size).toBe(2)
    expect(views.tickets.wholeByNo('nobody')).toBeNull()
  })

  test('is found by the external number that registered it or joined it', () => {
    for (const { ticketNo } of all)
      for (const externalNo of externalNosOf(events, ticketNo)) {
        expect(views.tickets.byExternalNo(externalNo)?.ticketNo).toBe(ticketNo)
        expect(views.tickets.numberOf(externalNo)).toBe(ticketNo)
      }
    expect(views.tickets.byExternalNo('nobody')).toBeNull()
    expect(views.tickets.numberOf('nobody')).toBeNull()
    expect(views.tickets.byNo('nobody')).toBeNull()
  })
})

describe('the ticket list', () => {
  test('page by page gives what filters, scope and order say, each ticket once', () => {
    fc.assert(
      fc.property(
        anyFilters(all, { sealing, events }),
        anyScope,
        fc.constantFrom<TicketSort[]>('dueAt', '-registeredAt'),
        fc.constantFrom(3, 10, 200),
        anyInstant,
        (filters, scope, sort, limit, now) => {
          const query = { filters, scope, sort, limit, now }
          expect(listedBy(views.tickets, query)).toEqual(wantedOf(all, { sealing, events }, query))
        },
      ),
      { numRuns: 600 },
    )
  })

  test('shows tickets without a due date last', () => {
    const { items } = views.tickets.page({
      filters: { state: ['in_progress', 'completed'] },
      scope: everyone,
      sort: 'dueAt',
      limit: 10_000,
      now: instants[0] as string,
    })
    const firstWithout = items.findIndex(({ dueAt }) => dueAt === null)
    expect(firstWithout).toBeGreaterThan(0)
    expect(items.slice(firstWithout).every(({ dueAt }) => dueAt === null)).toBe(true)
  })

  test('of no scope is empty', () => {
    const query = { filters: {}, scope: [], sort: 'dueAt', limit: 10, now: instants[0] as string } as const
    expect(views.tickets.page(query)).toEqual({ items: [], next: null })
  })
})

describe('the callback list', () => {
  const statusOf = (ticket: TicketView, now: string, attempts: number, hoursApart: number) => {
    if (ticket.state !== 'completed') return null
    const unreachable: number[] = []
    for (const { at, outcome } of ticket.callbacks) {
      if (outcome !== 'unreachable') return 'done'
      const last = unreachable.at(-1)
      if (last === undefined || toEpoch(at) - last >= hoursApart * HOUR) unreachable.push(toEpoch(at))
    }
    if (unreachable.length >= attempts) return 'done'
    return now < (ticket.callbackDueAt as string) ? 'due' : 'overdue'
  }

  test('is due until it is answered or given up, and overdue from its due instant on', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...all.flatMap(({ callbackDueAt }) => callbackDueAt ?? [])),
        fc.integer({ min: -1, max: 1 }),
        fc.constantFrom('due', 'overdue', 'done'),
        fc.constantFrom(1, 2, 3),
        fc.constantFrom(0, 2, 24),
        anyScope,
        fc.constantFrom(2, 50),
        (due, off, status, attempts, hoursApart, scope, limit) => {
          const now = toInstant(toEpoch(due) + off)
          const query = { status, scope, limit, now, attempts, hoursApart } as const
          const listed = everyPage((after) => views.tickets.callbacks({ ...query, after }))
          const wanted = all
            .filter((ticket) => isVisible(ticket, scope))
            .filter((ticket) => statusOf(ticket, now, attempts, hoursApart) === status)
            .toSorted(
              (a, b) =>
                toEpoch(a.callbackDueAt as string) - toEpoch(b.callbackDueAt as string) || a.id - b.id,
            )
          expect(listed.map(({ ticketNo }) => ticketNo)).toEqual(wanted.map(({ ticketNo }) => ticketNo))
        },
      ),
      { numRuns: 200 },
    )
  })

  test('counts attempts only so many hours after the one that counted before', () => {
    expect(attemptsApart([0, HOUR, 2 * HOUR, 3 * HOUR, 4 * HOUR], 2)).toBe(3)
    expect(attemptsApart([0, 2 * HOUR - 1], 2)).toBe(1)
    expect(attemptsApart([], 2)).toBe(0)
  })
})
