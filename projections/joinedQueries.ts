/** Questions that two views answer together. */
import type { Queries } from './allProjections.ts'
import { rbosOf } from './scope.ts'
import type { ResolvedFilters } from './tickets/ticketFilters.ts'

/** The queries of all views; pages of tickets and of warnings ask another view first. */
export const joinedQueries = (queries: Queries): Queries => ({
  ...queries,
  tickets: {
    ...queries.tickets,
    page: (query) => {
      const { personHashes, searchHashes } = query.filters
      if (personHashes === undefined && searchHashes === undefined) return queries.tickets.page(query)
      const ticketsOfPersons = [
        ...(personHashes ?? []).map(queries.customers.ticketNosOf),
        ...(searchHashes ?? []).map(queries.customers.ticketNosNamed),
      ]
      const filters: ResolvedFilters = { ...query.filters, ticketsOfPersons }
      return queries.tickets.page({ ...query, filters })
    },
  },
  warnings: {
    ...queries.warnings,
    page: (query) => {
      // an RBO also sees what was sent to it of tickets that are not its own
      const isOfDealers = rbosOf(query.scope).length === 0
      return queries.warnings.page(
        isOfDealers ? { ...query, among: queries.tickets.fewInScope(query.scope) } : query,
      )
    },
  },
})
