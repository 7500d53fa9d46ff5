/**
 * One queue per ticket in this process, and across nodes one distributed lock per ticket for acts on two tickets.
 * A command that needs several locks takes them in this order: the quarter's, the customers' keys, then the tickets' (`docs/adr/0023-two-tickets.md`).
 */
import type { TicketNo } from '../../../domain/ticket/events.ts'
import type { CommandDeps } from '../deps.ts'
import { withTicketLocks } from '../locks.ts'

type LockDeps = Pick<CommandDeps, 'mutex' | 'locks'>

const keyOf = (ticketNo: TicketNo): string => `ticket ${ticketNo}`

/**
 * Runs an act on one ticket when no other act on it runs in this process. Acts of other nodes are caught by the exact
 * version of the append, so no distributed lock is taken.
 */
export const inQueue = <T>({ mutex }: LockDeps, ticketNo: TicketNo, work: () => Promise<T>): Promise<T> =>
  mutex.run([keyOf(ticketNo)], work)

/** Runs an act on several tickets when no other act on any of them runs here, and no act on several elsewhere. */
export const inQueues = <T>(
  deps: LockDeps,
  ticketNos: ReadonlySet<TicketNo>,
  work: () => Promise<T>,
): Promise<T> => {
  const sorted = [...ticketNos].sort()
  return deps.mutex.run(sorted.map(keyOf), () => withTicketLocks(deps, sorted, work))
}
