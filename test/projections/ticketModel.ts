/** The lists of tickets as the slow and obvious way has them: every ticket is looked at, then all are sorted. */
import fc from 'fast-check'
import { levels, severities, states, warningCodes } from '../../domain/codes.ts'
import type { StoredEvent } from '../../domain/eventStore.ts'
import { toEpoch } from '../../domain/instant.ts'
import type { Sealer } from '../../domain/sealing.ts'
import { routes } from '../../domain/ticket/routing.ts'
import type { Keyset } from '../../projections/keysetPage.ts'
import type { Scope } from '../../projections/scope.ts'
import type { TicketFilters } from '../../projections/tickets/ticketFilters.ts'
import type { TicketPage, TicketPageQuery, TicketSort } from '../../projections/tickets/ticketPage.ts'
import type { TicketView } from '../../projections/tickets/ticketView.ts'
import { dealerCodes } from '../support/history/log.ts'

type Log = { sealing: Sealer; events: readonly StoredEvent[] }

export const isVisible = (ticket: TicketView, scope: readonly Scope[]): boolean =>
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

export const externalNosOf = (events: readonly StoredEvent[], ticketNo: string): string[] =>
  events.flatMap(({ stream, data }) => {
    const no = (data as { externalNo?: string | null }).externalNo
    return stream === `ticket-${ticketNo}` && typeof no === 'string' ? [no] : []
  })

const includes = <T>(list: readonly T[] | undefined, value: T | null): boolean =>
  list === undefined || (value !== null && list.includes(value))

const hashesOf = (sealing: Sealer, ticket: TicketView): Buffer[] => {
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

/** Plate number and name, as they are compared. */
const searchedOf = (sealing: Sealer, ticket: TicketView): Buffer[] => {
  const { customer, vehicle } = sealing.open(ticket.customer) as {
    customer: { name: string }
    vehicle: { plateNo?: string | null }
  }
  const plateNo = vehicle.plateNo?.replaceAll(/[ ·]/g, '').toUpperCase()
  return [
    ...(plateNo ? [Buffer.from(sealing.lookupHash('plateNo', plateNo))] : []),
    Buffer.from(sealing.lookupHash('customerName', customer.name.replaceAll(' ', '').toLowerCase())),
  ]
}

const matches = (
  { sealing, events }: Log,
  ticket: TicketView,
  filters: TicketFilters,
  now: string,
): boolean =>
  includes(filters.state, ticket.state) &&
  includes(filters.level, ticket.level) &&
  includes(filters.category, ticket.category) &&
  includes(filters.dealer, ticket.dealer) &&
  includes(filters.rbo, ticket.rbo) &&
  includes(filters.responsibleDealer, ticket.responsibleDealer) &&
  includes(filters.tier, ticket.holder.tier) &&
  includes(filters.holder, ticket.holder.unit) &&
  includes(filters.ordinal, ticket.ordinal) &&
  includes(filters.severity, ticket.severity) &&
  (filters.safety === undefined || filters.safety === ticket.safety) &&
  (filters.assignee === undefined || filters.assignee.includes(ticket.assignee)) &&
  (filters.minOrdinal === undefined || ticket.ordinal >= filters.minOrdinal) &&
  (filters.from === undefined || ticket.registeredAt >= filters.from) &&
  (filters.to === undefined || ticket.registeredAt < filters.to) &&
  (filters.overdue === undefined || filters.overdue.some((kind) => isOverdue(ticket, kind, now))) &&
  (filters.warning === undefined ||
    ticket.warnings.some(({ code, resolvedAt }) => resolvedAt === null && filters.warning?.includes(code))) &&
  (filters.externalNo === undefined || externalNosOf(events, ticket.ticketNo).includes(filters.externalNo)) &&
  // with no key at all nobody is found
  (filters.personHashes === undefined ||
    ([...filters.personHashes, ...(filters.searchHashes ?? [])].length > 0 &&
      filters.personHashes.every((hash) => hashesOf(sealing, ticket).some((own) => own.equals(hash))))) &&
  (filters.searchHashes === undefined ||
    ([...filters.searchHashes, ...(filters.personHashes ?? [])].length > 0 &&
      filters.searchHashes.every((hash) => searchedOf(sealing, ticket).some((own) => own.equals(hash)))))

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

/** The numbers of all tickets the query lists, in order. */
export const wantedOf = (
  all: TicketView[],
  log: Log,
  { filters, scope, sort, now }: Omit<TicketPageQuery, 'limit' | 'after'>,
): string[] =>
  inOrder(
    all.filter((ticket) => isVisible(ticket, scope) && matches(log, ticket, filters, now)),
    sort,
  ).map(({ ticketNo }) => ticketNo)

export const everyPage = (ask: (after: Keyset | null) => TicketPage): TicketView[] => {
  const items: TicketView[] = []
  let after: Keyset | null = null
  do {
    const page: TicketPage = ask(after)
    items.push(...page.items)
    after = page.next
  } while (after !== null)
  return items
}

/** The numbers of all tickets a view lists, page by page. */
export const listedBy = (
  { page }: { page(query: TicketPageQuery): TicketPage },
  query: Omit<TicketPageQuery, 'after'>,
): string[] => everyPage((after) => page({ ...query, after })).map(({ ticketNo }) => ticketNo)

/** Now and then none, which nothing matches. */
const some = <T>(values: readonly T[]): fc.Arbitrary<T[]> =>
  fc.oneof(
    { weight: 30, arbitrary: fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 }) },
    { weight: 1, arbitrary: fc.constant<T[]>([]) },
  )
const keysOf = <T extends object>(table: T) => Object.keys(table) as (keyof T & string)[]
export const anyFilters = (all: TicketView[], { sealing, events }: Log): fc.Arbitrary<TicketFilters> => {
  const instants = all.map(({ registeredAt }) => registeredAt)
  return (
    fc
      .record(
        {
          state: fc.oneof(some(keysOf(states)), fc.constant(['unhandled', 'in_progress'] as const)),
          level: some(keysOf(levels)),
          category: some(keysOf(routes)),
          dealer: some([...dealerCodes, 'D99']),
          rbo: some(['EAST', 'WEST', 'NOWHERE']),
          responsibleDealer: some([...dealerCodes, 'D99']),
          tier: some(['dealer', 'rbo', 'se', 'se_media'] as const),
          holder: some([...dealerCodes, 'EAST', 'WEST', 'SE', 'SE_MEDIA']),
          overdue: some(['response', 'close'] as const),
          warning: some(keysOf(warningCodes)),
          ordinal: some([1, 2, 3, 4]),
          severity: some(keysOf(severities)),
          safety: fc.boolean(),
          assignee: some(['dealer-1', 'a colleague', 'rbo-1', null]),
          minOrdinal: fc.constantFrom(1, 2, 3),
          from: fc.constantFrom(...instants),
          to: fc.constantFrom(...instants),
          externalNo: fc.constantFrom(
            ...all.flatMap(({ ticketNo }) => externalNosOf(events, ticketNo)),
            'nobody',
          ),
          personHashes: fc
            .tuple(fc.constantFrom(...all), fc.constantFrom(1, 2, 2, 0))
            .map(([ticket, count]) => hashesOf(sealing, ticket).slice(0, count)),
          searchHashes: fc
            .tuple(fc.constantFrom(...all), fc.constantFrom(1, 2, 2, 0))
            .map(([ticket, count]) => searchedOf(sealing, ticket).slice(0, count)),
        },
        { requiredKeys: [] },
      )
      // with all of them nothing would ever match
      .chain((filters) => {
        const names = Object.keys(filters) as (keyof TicketFilters)[]
        return fc
          .subarray(names, { maxLength: Math.min(3, names.length) })
          .map((kept) => Object.fromEntries(kept.map((name) => [name, filters[name]])))
      })
  )
}

export const anyScope: fc.Arbitrary<Scope[]> = fc.oneof(
  fc.constant<Scope[]>([{ kind: 'all' }]),
  fc.array(
    fc.oneof(
      fc.constantFrom(...dealerCodes, 'D99').map((code): Scope => ({ kind: 'dealer', code })),
      fc.constantFrom('EAST', 'WEST', 'NOWHERE').map((code): Scope => ({ kind: 'rbo', code })),
    ),
    { maxLength: 2 },
  ),
)
