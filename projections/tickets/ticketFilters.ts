/** The filters of `GET /v1/tickets` on the index: which lists hold all that can match, and whether a ticket does. */
import {
  type HolderTier,
  isOpenState,
  type Level,
  openStates,
  type Severity,
  type State,
  type WarningCode,
} from '../../domain/codes.ts'
import { type Instant, toEpoch } from '../../domain/instant.ts'
import { externalNoOf } from '../../domain/plainText.ts'
import type { TicketNo } from '../../domain/ticket/events.ts'
import type { Category } from '../../domain/ticket/routing.ts'
import { markBits, severityMark, severityMarks, warningBit } from '../closedLists.ts'
import { type Condition, dealersOf, rbosOf, type Scopes, seesAll } from '../scope.ts'
import type { Statements } from '../statements.ts'
import type { ListField } from './indexLists.ts'
import type { TicketIndex } from './ticketIndex.ts'
import type { TicketList } from './ticketList.ts'

/** Each names alternatives, all together must hold; an empty list matches nothing. `state=open` comes expanded. */
export type TicketFilters = {
  state?: readonly State[]
  level?: readonly Level[]
  category?: readonly Category[]
  dealer?: readonly string[]
  rbo?: readonly string[]
  /** Whom a B ticket counts for. */
  responsibleDealer?: readonly string[]
  tier?: readonly HolderTier[]
  /** Units. */
  holder?: readonly string[]
  overdue?: readonly ('response' | 'close')[]
  /** Codes of which one is unresolved now. */
  warning?: readonly WarningCode[]
  severity?: readonly Severity[]
  safety?: boolean
  /** Who claimed it; `null`: nobody. */
  assignee?: readonly (string | null)[]
  ordinal?: readonly number[]
  /** For the escalations: this ordinal and more. */
  minOrdinal?: number
  /** On `registeredAt`, half-open. */
  from?: Instant
  to?: Instant
  externalNo?: string
  /** Lookup hashes of phone, VIN and customer number: the customer must have all of them. */
  personHashes?: readonly Uint8Array[]
  /** Lookup hashes of plate number and customer's name: the ticket must have all of them. */
  searchHashes?: readonly Uint8Array[]
}

/** With the persons' tickets, which another view knows: for each of `personHashes` and `searchHashes` those it finds. */
export type ResolvedFilters = TicketFilters & { ticketsOfPersons?: readonly (readonly TicketNo[])[] }

/** Lists that together hold every ticket that can be found; a ticket may be in several. */
export type TicketLists = readonly TicketList[]

/** What a filter lets through, in lists and one by one. */
export type TicketFilter = {
  source: TicketLists
  /** Whether all in the lists pass. */
  isWhole: boolean
  passes: (id: number) => boolean
}

/** Whether any ticket that passes may have a due. */
export const canBeDue = ({ state }: TicketFilters): boolean => state === undefined || state.some(isOpenState)

/** Numbers as a table to look them up in. */
const tableOf = (numbers: readonly number[]): Uint8Array => {
  const table = new Uint8Array(Math.max(0, ...numbers) + 1)
  for (const number of numbers) table[number] = 1
  return table
}

/** A word no ticket ever had finds none. */
const numbersOf = ({ numberOf }: TicketIndex, words: readonly string[]): number[] =>
  [...new Set(words)].flatMap((word) => numberOf(word) ?? [])

const listsOf = ({ lists }: TicketIndex, field: ListField, numbers: readonly number[]): TicketLists =>
  numbers.flatMap((number) => lists(field)[number] ?? [])

const isOneOf = (index: TicketIndex, field: ListField, numbers: readonly number[]): TicketFilter => {
  const [table, column] = [tableOf(numbers), index.numbers[field]]
  return { source: listsOf(index, field, numbers), isWhole: true, passes: (id) => table[column[id]!] === 1 }
}

const hasOrdinalFrom = ({ lists, numbers: { ordinal } }: TicketIndex, least: number): TicketFilter => ({
  source: lists('ordinal').flatMap((list, value) => (list && value >= least ? [list] : [])),
  isWhole: true,
  passes: (id) => ordinal[id]! >= least,
})

const isWarned = ({ warned, numbers }: TicketIndex, codes: readonly WarningCode[]): TicketFilter => {
  const { openWarnings } = numbers
  const bits = [...new Set(codes)].map(warningBit)
  const mask = bits.reduce((sum, bit) => sum | bit, 0)
  return {
    source: bits.map(warned),
    isWhole: true,
    passes: (id) => (openWarnings[id]! & mask) !== 0,
  }
}

const isOverdue = (
  index: TicketIndex,
  kinds: readonly ('response' | 'close')[],
  now: number,
): TicketFilter => {
  const { state } = index.numbers
  const { sortDue, closeDueAt } = index.instants
  const [response, close] = [kinds.includes('response'), kinds.includes('close')]
  const unhandled = numbersOf(index, response ? ['unhandled'] : [])[0]
  const open = numbersOf(index, close ? openStates : [])
  const isOpen = tableOf(open)
  return {
    source: listsOf(index, 'state', numbersOf(index, close ? openStates : response ? ['unhandled'] : [])),
    isWhole: false,
    passes: (id) => {
      // while unhandled, a ticket is due by its response
      if (state[id] === unhandled && sortDue[id]! < now) return true
      return isOpen[state[id]!] === 1 && closeDueAt[id]! <= now
    },
  }
}

/** A dealer that holds a ticket is its `dealer`, and an RBO that holds one its `rbo`: the holder needs no test. */
export const isInScope = (index: TicketIndex, scopes: Scopes): TicketFilter => {
  const { dealer, rbo, responsibleDealer } = index.numbers
  const [dealers, rbos] = [numbersOf(index, dealersOf(scopes)), numbersOf(index, rbosOf(scopes))]
  const [isDealer, isRbo] = [tableOf(dealers), tableOf(rbos)]
  return {
    source: [
      ...listsOf(index, 'dealer', dealers),
      ...listsOf(index, 'responsibleDealer', dealers),
      ...listsOf(index, 'rbo', rbos),
    ],
    isWhole: true,
    passes: (id) =>
      isDealer[dealer[id]!] === 1 || isDealer[responsibleDealer[id]!] === 1 || isRbo[rbo[id]!] === 1,
  }
}

/** The filters that name tickets come from their tables, and find few. */
const isAmong = (index: TicketIndex, ids: readonly number[]): TicketFilter => {
  const found = new Set(ids)
  return { source: [index.listOf(found)], isWhole: true, passes: (id) => found.has(id) }
}

const claimedBy = 'SELECT id FROM tickets WHERE assignee IN (SELECT value FROM json_each(?))'

/** The persons come from the table: anybody may be named as a colleague, and words of the index are limited. */
const isAssigned = (
  index: TicketIndex,
  statements: Statements,
  assignees: readonly (string | null)[],
): TicketFilter => {
  const persons = assignees.filter((each) => each !== null)
  const found = isAmong(
    index,
    statements.all<{ id: number }>(claimedBy, [JSON.stringify(persons)]).map(({ id }) => id),
  )
  if (!assignees.includes(null)) return found
  const { marks } = index.numbers
  return {
    source: [index.all],
    isWhole: false,
    passes: (id) => (marks[id]! & markBits.claimed) === 0 || found.passes(id),
  }
}

/** No list is kept of these: they are looked for among what the other filters find. */
const isMarked = (index: TicketIndex, passes: (marks: number) => boolean): TicketFilter => {
  const { marks } = index.numbers
  return { source: [index.all], isWhole: false, passes: (id) => passes(marks[id]!) }
}

const withExternalNo =
  'SELECT t.id FROM externalNos e CROSS JOIN tickets t ON t.ticketNo = e.ticketNo WHERE e.externalNo = ?'
const withPersons = 'SELECT id FROM tickets WHERE ticketNo IN (SELECT value FROM json_each(?))'

const namedFilters = (
  index: TicketIndex,
  statements: Statements,
  filters: ResolvedFilters,
): TicketFilter[] => {
  const idsOf = ({ sql, params }: Condition): number[] =>
    statements.all<{ id: number }>(sql, params).map(({ id }) => id)
  const { externalNo, ticketsOfPersons } = filters
  const found = (ticketsOfPersons ?? []).map((ticketNos) =>
    idsOf({ sql: withPersons, params: [JSON.stringify(ticketNos)] }),
  )
  if (ticketsOfPersons?.length === 0) found.push([])
  if (externalNo !== undefined) {
    found.push(idsOf({ sql: withExternalNo, params: [externalNoOf(externalNo)] }))
  }
  return found.map((ids) => isAmong(index, ids))
}

/** All that a ticket must pass beside the period. */
export const filtersOf = (
  index: TicketIndex,
  statements: Statements,
  { filters, scope, now }: { filters: ResolvedFilters; scope: Scopes; now: Instant },
): TicketFilter[] => {
  const { overdue, warning, ordinal, minOrdinal } = filters
  const words = {
    state: filters.state,
    level: filters.level,
    category: filters.category,
    dealer: filters.dealer,
    rbo: filters.rbo,
    responsibleDealer: filters.responsibleDealer,
    tier: filters.tier,
    unit: filters.holder,
  }
  const found = Object.entries(words).flatMap(([field, values]) =>
    values === undefined ? [] : [isOneOf(index, field as ListField, numbersOf(index, values))],
  )
  if (!seesAll(scope)) found.push(isInScope(index, scope))
  if (overdue !== undefined) found.push(isOverdue(index, overdue, toEpoch(now)))
  if (warning !== undefined) found.push(isWarned(index, warning))
  if (ordinal !== undefined) found.push(isOneOf(index, 'ordinal', [...new Set(ordinal)]))
  if (minOrdinal !== undefined) found.push(hasOrdinalFrom(index, minOrdinal))
  const { severity, safety } = filters
  if (severity !== undefined) {
    const asked = new Set(severity.map(severityMark))
    found.push(isMarked(index, (marks) => asked.has(marks & severityMarks)))
  }
  if (safety !== undefined)
    found.push(isMarked(index, (marks) => ((marks & markBits.safety) !== 0) === safety))
  if (filters.assignee !== undefined) found.push(isAssigned(index, statements, filters.assignee))
  return [...found, ...namedFilters(index, statements, filters)]
}
