/** The tickets that have something in common, in both orders in which they are shown. */
import { never } from '../../domain/instant.ts'
import { createSortedIds, type SortedIds } from '../columns/sortedIds.ts'

/** Epoch ms of a ticket; `sortDue` is `never` for none. */
export type TicketKeys = { registeredAt(id: number): number; sortDue(id: number): number }

export type TicketList = {
  /** In order of registration. */
  readonly registered: SortedIds
  /** Those that have a due, in its order. */
  readonly due: SortedIds
  add(id: number): void
  /** By the keys it was added with, so call it before they change. */
  remove(id: number): void
}

/**
 * A list of tickets.
 * @param ids what is in it at the beginning, in order of registration
 * @param dues those of them that have a due, in its order
 */
export const createTicketList = (
  { registeredAt, sortDue }: TicketKeys,
  ids?: Uint32Array<ArrayBuffer>,
  dues?: Uint32Array<ArrayBuffer>,
): TicketList => {
  const registered = createSortedIds(registeredAt, ids)
  const due = createSortedIds(sortDue, dues)
  return {
    registered,
    due,
    add: (id) => {
      registered.add(id)
      if (sortDue(id) !== never) due.add(id)
    },
    remove: (id) => {
      registered.remove(id)
      if (sortDue(id) !== never) due.remove(id)
    },
  }
}
