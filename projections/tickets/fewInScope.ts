/** Tickets of a small scope, for lists in an order of their own, at whose end they may all lie. */

import { end, first } from '../columns/sortedIds.ts'
import { type Scopes, seesAll } from '../scope.ts'
import { sizeOf, walk } from './filterScans.ts'
import { isInScope } from './ticketFilters.ts'
import type { TicketIndex } from './ticketIndex.ts'

/** So few tickets in scope are looked at one by one, for they may all lie at the end of the list. */
const few = 5_000

/** Which tickets are in scope, as JSON; `null`: more than a few. */
export const fewInScope = (index: TicketIndex, scope: Scopes): string | null => {
  if (seesAll(scope)) return null
  const { source } = isInScope(index, scope)
  const lists = source.map(({ registered }) => registered)
  const everything = { from: first, to: end, passes: () => true, most: few }
  if (sizeOf(lists, everything) > few) return null
  return JSON.stringify(walk(lists, index.registeredAt, 'up', everything))
}
