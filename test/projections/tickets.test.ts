import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { channels, levels, states, warningCodes } from '../../domain/codes.ts'
import { HOUR, toEpoch, toInstant } from '../../domain/instant.ts'
import { routes } from '../../domain/ticket/routing.ts'
import { currentAssignment, currentResponsibility, type Ticket } from '../../domain/ticket/state.ts'
import type { Scope } from '../../projections/scope.ts'
import { attemptsApart } from '../../projections/tickets/callbacks.ts'
import type { TicketFilters } from '../../projections/tickets/ticketFilters.ts'
import type { Keyset, TicketPage, TicketSort } from '../../projections/tickets/ticketPage.ts'
import type { TicketView } from '../../projections/tickets/ticketView.ts'
import type { Views } from '../../projections/views.ts'
import { fakeSealing } from '../support/fakeSealing.ts'
import { dealerCodes, randomHistory } from '../support/history.ts'
import { removeFiles, viewsOf } from './support.ts'

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
    responseDueAt,
    closeDueAt,
    consumerNoticeDueAt: ticket.consumerNoticeDueAt,
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

const isVisible = (ticket: TicketView, scope: readonly Scope[]): boolean =>
  scope.some((each) => {
    if (each.kind === 'all') return true
    const holds = ticket.holder.tier === each.kind && ticket.holder.unit === each.code
    if (each.kind === 'rbo') return holds || ticket.rbo === each.code
    return holds || ticket.dealer === each.code || ticket.responsibleDealer === each.code
  })

const isOpen = (ticket: TicketView) => ticket.state === 'unhandled' || ticket.state === 'in_progress'

const isOverdue = (ticket: TicketView, kind: 'response' | 'close', now: string): boolean =>
  kind === 'response'
    ? ticket.state === 'unhandled' && ticket.responseDueAt < now
    : isOpen(ticket) && ticket.closeDueAt !== null && ticket.closeDueAt <= now

const externalNosOf = (ticketNo: string): string[] =>
  events.flatMap(({ stream, data }) => {
    const no = (data as { externalNo?: string | null }).externalNo
    return stream === `ticket-${ticketNo}` && typeof no === 'string' ? [no] : []
  })

const includes = <T>(list: readonly T[] | undefined, value: T | null): boolean =>
  list === undefined || (value !== null && list.includes(value))

const matches = (ticket: TicketView, filters: TicketFilters, now: string): boolean =>
  includes(filters.state, ticket.state) &&
  includes(filters.level, ticket.level) &&
  includes(filters.category, ticket.category) &&
  includes(filters.dealer, ticket.dealer) &&
  includes(filters.rbo, ticket.rbo) &&
  includes(filters.tier, ticket.holder.tier) &&
  includes(filters.holder, ticket.holder.unit) &&
  includes(filters.ordinal, ticket.ordinal) &&
  (filters.minOrdinal === undefined || ticket.ordinal >= filters.minOrdinal) &&
  (filters.from === undefined || ticket.registeredAt >= filters.from) &&
  (filters.to === undefined || ticket.registeredAt < filters.to) &&
  (filters.overdue === undefined || filters.overdue.some((kind) => isOverdue(ticket, kind, now))) &&
  (filters.warning === undefined ||
    ticket.warnings.some(({ code, resolvedAt }) => resolvedAt === null && filters.warning?.includes(code))) &&
  (filters.externalNo === undefined ||
    externalNosOf(ticket.ticketNo).some((no) => filters.externalNo?.includes(no))) &&
  (filters.personHashes === undefined ||
    filters.personHashes.every((hash) => hashesOf(ticket).some((own) => own.equals(hash))))

const hashesOf = (ticket: TicketView): Buffer[] => {
  const box = sealing.open(ticket.customer) as {
    customer: { customerId: string | null; phone: string }
    vehicle: { vin: string | null }
  }
  const { customer, vehicle } = box
  return [
    Buffer.from(sealing.lookupHash('phone', customer.phone)),
    ...(customer.customerId === null
      ? []
      : [Buffer.from(sealing.lookupHash('customerId', customer.customerId))]),
    ...(vehicle.vin === null ? [] : [Buffer.from(sealing.lookupHash('vin', vehicle.vin.toUpperCase()))]),
  ]
}

const inOrder = (list: TicketView[], sort: TicketSort): TicketView[] =>
  sort === 'dueAt'
    ? list.toSorted((a, b) => {
        const [left, right] = [a, b].map((each) => (each.dueAt === null ? Infinity : toEpoch(each.dueAt)))
        if (left !== right) return (left as number) - (right as number)
        return a.dueAt === null && a.registeredAt !== b.registeredAt
          ? toEpoch(a.registeredAt) - toEpoch(b.registeredAt)
          : a.id - b.id
      })
    : list.toSorted((a, b) => toEpoch(b.registeredAt) - toEpoch(a.registeredAt) || b.id - a.id)

const everyPage = (ask: (after: Keyset | null) => TicketPage): TicketView[] => {
  const items: TicketView[] = []
  let after: Keyset | null = null
  do {
    const page: TicketPage = ask(after)
    items.push(...page.items)
    after = page.next
  } while (after !== null)
  return items
}

const some = <T>(values: readonly T[]) =>
  fc.array(fc.constantFrom(...values), { minLength: 1, maxLength: 3 }).map((list) => [...new Set(list)])
const keysOf = <T extends object>(table: T) => Object.keys(table) as (keyof T & string)[]
const instants = all.map(({ registeredAt }) => registeredAt)
const anyInstant = fc.constantFrom(...instants, ...all.flatMap(({ responseDueAt }) => responseDueAt))

const filterArbitrary: fc.Arbitrary<TicketFilters> = fc
  .record(
    {
      state: fc.oneof(some(keysOf(states)), fc.constant(['unhandled', 'in_progress'] as const)),
      level: some(keysOf(levels)),
      category: some(keysOf(routes)),
      dealer: some([...dealerCodes, 'D99']),
      rbo: some(['EAST', 'WEST', 'NOWHERE']),
      tier: some(['dealer', 'rbo', 'se', 'se_media'] as const),
      holder: some([...dealerCodes, 'EAST', 'WEST', 'SE', 'SE_MEDIA']),
      overdue: some(['response', 'close'] as const),
      warning: some(keysOf(warningCodes)),
      ordinal: some([1, 2, 3, 4]),
      minOrdinal: fc.constantFrom(1, 2, 3),
      from: fc.constantFrom(...instants),
      to: fc.constantFrom(...instants),
      externalNo: some([...all.flatMap(({ ticketNo }) => externalNosOf(ticketNo)), 'nobody']),
      personHashes: fc.constantFrom(...all).map((ticket) => hashesOf(ticket).slice(0, 2)),
    },
    { requiredKeys: [] },
  )
  // with all of them nothing would ever match
  .chain((filters) =>
    fc
      .subarray(Object.keys(filters) as (keyof TicketFilters)[], { maxLength: 3 })
      .map((kept) => Object.fromEntries(kept.map((name) => [name, filters[name]]))),
  )

const scopeArbitrary: fc.Arbitrary<Scope[]> = fc.oneof(
  fc.constant<Scope[]>([{ kind: 'all' }]),
  fc.array(
    fc.oneof(
      fc.constantFrom(...dealerCodes, 'D99').map((code): Scope => ({ kind: 'dealer', code })),
      fc.constantFrom('EAST', 'WEST', 'NOWHERE').map((code): Scope => ({ kind: 'rbo', code })),
    ),
    { maxLength: 2 },
  ),
)

describe('the row of a ticket', () => {
  test('is what the ticket is by its own fold', () => {
    expect(all.map(({ ticketNo }) => views.tickets.byNo(ticketNo))).toEqual(all)
    expect(new Set(all.map(({ state }) => state)).size).toBe(keysOf(states).length)
    expect(all.some(({ channel }) => channel in channels)).toBe(true)
  })

  test('is found by the external number that registered it or joined it', () => {
    for (const { ticketNo } of all)
      for (const externalNo of externalNosOf(ticketNo)) {
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
        filterArbitrary,
        scopeArbitrary,
        fc.constantFrom<TicketSort[]>('dueAt', '-registeredAt'),
        fc.constantFrom(3, 10, 200),
        anyInstant,
        (filters, scope, sort, limit, now) => {
          const listed = everyPage((after) => views.tickets.page({ filters, scope, sort, limit, after, now }))
          const wanted = all.filter((ticket) => isVisible(ticket, scope) && matches(ticket, filters, now))
          expect(listed.map(({ ticketNo }) => ticketNo)).toEqual(
            inOrder(wanted, sort).map(({ ticketNo }) => ticketNo),
          )
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
        scopeArbitrary,
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
