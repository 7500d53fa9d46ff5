/** Pages of the ticket list: found in the index, and read from the file by their ids. */
import { type Instant, never, toEpoch } from '../../domain/instant.ts'
import { createRecent, type Recent } from '../../domain/recent.ts'
import { end, first, type SortedIds, type SortedPlace } from '../columns/sortedIds.ts'
import type { Keyset, Page, PageParts } from '../keysetPage.ts'
import type { Scopes } from '../scope.ts'
import type { Statements } from '../statements.ts'
import { pick, sizeOf, walk } from './filterScans.ts'
import { canBeDue, filtersOf, type TicketFilter, type TicketFilters } from './ticketFilters.ts'
import type { TicketIndex } from './ticketIndex.ts'
import type { TicketList } from './ticketList.ts'
import { type FoundRow, type TicketView, toTicketView } from './ticketView.ts'

export type TicketSort = 'dueAt' | '-registeredAt'

export type TicketPageQuery = PageParts & {
  filters: TicketFilters
  scope: Scopes
  sort: TicketSort
  now: Instant
  /** The caller asks for very many and for none of them again, so nothing is held on to. */
  once?: boolean
}

export type TicketPage = Page<TicketView>

const placeAfter = ({ key, id }: Keyset): SortedPlace => ({ key, id: id + 1 })

type Passes = (id: number) => boolean

const allOf = (tests: readonly Passes[]): Passes => {
  const [one, ...others] = tests
  if (one !== undefined && others.length === 0) return one
  return (id) => {
    for (const test of tests) if (!test(id)) return false
    return true
  }
}

const allHaveDue = ({ registered, due }: TicketList): boolean => registered.length === due.length

/** The ids of one page and of the ticket that follows it. */
const findTickets = (index: TicketIndex, statements: Statements, query: TicketPageQuery): number[] => {
  const { filters, sort, after = null } = query
  const { registeredAt, sortDue } = index
  const most = query.limit + 1
  const from = filters.from === undefined ? first : { key: toEpoch(filters.from), id: 0 }
  const to = filters.to === undefined ? end : { key: toEpoch(filters.to), id: 0 }
  const asked = filtersOf(index, statements, query)
  const everything: TicketFilter = { source: [index.all], isWhole: true, passes: () => true }
  /** The shortest lists to walk in an order, those of one filter, and the tests that are left then. */
  const accessTo = (order: 'registered' | 'due', within: { from: SortedPlace; to: SortedPlace }) => {
    const [filter, lists, size] = [...asked, everything]
      .map((each): [TicketFilter, SortedIds[]] => [each, each.source.map((list) => list[order])])
      .map(([each, lists]): [TicketFilter, SortedIds[], number] => [each, lists, sizeOf(lists, within)])
      .reduce((a, b) => (b[2] < a[2] ? b : a))
    const left = asked.filter((each) => each !== filter || !each.isWhole)
    return { lists, size, tests: left.map(({ passes }) => passes) }
  }

  const newest = (): number[] => {
    const within = { from, to: after ?? to }
    const { lists, tests } = accessTo('registered', within)
    return walk(lists, registeredAt, 'down', { ...within, passes: allOf(tests), most })
  }
  const byDue = (): number[] => {
    if (after?.key === never || !canBeDue(filters)) return []
    const within = { from: after === null ? first : placeAfter(after), to: end }
    const dues = accessTo('due', within)
    const search = { ...within, most }
    if (filters.from === undefined && filters.to === undefined)
      return walk(dues.lists, sortDue, 'up', { ...search, passes: allOf(dues.tests) })
    const period = accessTo('registered', { from, to })
    // to look at a few tickets is cheaper than to search the dues for them
    if (period.size < dues.size / 4) {
      const isAhead = (id: number): boolean => {
        const due = sortDue(id)
        return due !== never && (due > within.from.key || (due === within.from.key && id >= within.from.id))
      }
      return pick(period.lists, sortDue, { from, to, passes: allOf([...period.tests, isAhead]), most })
    }
    const isInPeriod = (id: number): boolean => registeredAt(id) >= from.key && registeredAt(id) < to.key
    return walk(dues.lists, sortDue, 'up', { ...search, passes: allOf([...dues.tests, isInPeriod]) })
  }
  /** In order of registration. */
  const withoutDue = (left: number): number[] => {
    // open tickets have a due: a query for those need not scan all the others
    if (asked.some(({ source }) => source.every(allHaveDue))) return []
    const start = after?.key === never ? placeAfter({ key: registeredAt(after.id), id: after.id }) : from
    const within = { from: start, to }
    const { lists, tests } = accessTo('registered', within)
    // the filters come first, for their columns are narrow and stay near
    const passes = allOf([...tests, (id) => sortDue(id) === never])
    return walk(lists, registeredAt, 'up', { ...within, passes, most: left })
  }

  if (sort === '-registeredAt') return newest()
  const due = byDue()
  return due.length === most ? due : [...due, ...withoutDue(most - due.length)]
}

/** In one statement, for to ask for one wide row after the other takes twenty times as long. */
const byIds = `SELECT t.*, b.subjectId, b.customer FROM json_each(?) j
  CROSS JOIN tickets t ON t.id = j.value CROSS JOIN ticketTexts b ON b.id = t.id ORDER BY j.key`

/** Tickets as pages gave them lately, by id, until their row changes; `null`: others write the file, and nobody says when. */
export type ShownTickets = Recent<number, TicketView> | null

/** Held on to: as many as desks have open at a time. */
const mostShown = 6_000
export const createShownTickets = (isWriter: boolean): ShownTickets =>
  isWriter ? createRecent<number, TicketView>(mostShown) : null

/** The tickets of some ids, in that order. What is held on to is not read. */
const ticketsOf = ({ statements, shown }: Sources, ids: readonly number[], once: boolean): TicketView[] => {
  const found = ids.map((id) => shown?.get(id))
  const missing = ids.filter((_, at) => found[at] === undefined)
  const rows = missing.length === 0 ? [] : statements.all<FoundRow>(byIds, [JSON.stringify(missing)])
  const read = rows.map(toTicketView)
  if (!once) for (const ticket of read) shown?.put(ticket.id, ticket)
  let next = 0
  return found.map((ticket) => ticket ?? (read[next++] as TicketView))
}

type Sources = { index: TicketIndex; statements: Statements; shown: ShownTickets }

/** One page. Without a due date comes last; where the sort's value is the same, the order of registration decides. */
export const ticketPage = (sources: Sources, query: TicketPageQuery): TicketPage => {
  const { index, statements } = sources
  const ids = query.scope.length === 0 ? [] : findTickets(index, statements, query)
  const ofPage = ids.slice(0, query.limit)
  const items = ticketsOf(sources, ofPage, query.once === true)
  const last = ids.length > query.limit ? ofPage.at(-1) : undefined
  const keyOf = query.sort === 'dueAt' ? index.sortDue : index.registeredAt
  return { items, next: last === undefined ? null : { key: keyOf(last), id: last } }
}
