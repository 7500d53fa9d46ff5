/** Acts on several tickets at once: their queues and locks, and what an earlier act left pending on them. */
import type { Role } from '../../../domain/authority.ts'
import type { Metadata } from '../../../domain/eventStore.ts'
import { Refusal } from '../../../domain/refusal.ts'
import { eventsOf } from '../../../domain/storedEvents.ts'
import {
  type TicketEvent,
  type TicketNo,
  ticketOfStream,
  ticketStream,
} from '../../../domain/ticket/events.ts'
import { followUpOf } from '../../../domain/ticket/followUps.ts'
import type { Ticket } from '../../../domain/ticket/state.ts'
import type { OpenFollowUp } from '../../../projections/followUps.ts'
import type { Act } from '../act.ts'
import type { CommandDeps } from '../deps.ts'
import { lookAgain } from '../lookAgain.ts'
import { readTicket } from './execute.ts'
import { inQueues } from './queues.ts'
import { type FirstHalfOfAct, settle } from './secondHalf.ts'

/** Tickets whose queues and locks the caller holds. */
export type HeldTickets = ReadonlySet<TicketNo>

const notNull = (each: TicketNo | null | undefined): each is TicketNo => each !== null && each !== undefined

/** The tickets a ticket is linked with; where it leaves, they change too. */
export const linksOf = (ticket: Ticket | null): TicketNo[] =>
  [ticket?.escalatedFrom, ticket?.escalatedTo].filter(notNull)

/**
 * Holds the tickets that `find` names, and runs `work`. What an earlier act left pending on them is completed first.
 * @throws Conflict `write_conflict` where other tickets are concerned again and again
 */
export const withTickets = <T>(
  deps: CommandDeps,
  find: () => Promise<readonly TicketNo[]>,
  work: (held: HeldTickets) => Promise<T>,
): Promise<T> =>
  lookAgain(async () => {
    const held = new Set(await find())
    await completePendingOn(deps, held)
    return inQueues(deps, held, async (): Promise<{ value: T } | null> => {
      const concerned = await find()
      return concerned.every((each) => held.has(each)) ? { value: await work(held) } : null
    })
  })

/** The first half of a pending act as it was: same ids, same actor, same instant. `null`: it is not there. */
export const pendingHalf = async (
  { store }: Pick<CommandDeps, 'store'>,
  { stream, version }: Pick<OpenFollowUp, 'stream' | 'version'>,
): Promise<FirstHalfOfAct | null> => {
  const [event] = eventsOf<TicketEvent>(await store.readStream(stream, version - 1))
  const ticketNo = ticketOfStream(stream)
  if (event === undefined || ticketNo === null) return null
  return { ticketNo, event, act: actAgain(event.metadata) }
}

/** The act that an event was part of, as it was: same ids, same actor, same instant. */
export const actAgain = ({
  commandId,
  actor,
  correlationId,
  recordedAt,
  requestDigest,
  imported,
  importedBy,
  importedAt,
}: Metadata): Act => ({
  actor: {
    id: actor.id,
    roles: [actor.role as Role],
    anyUnit: true,
    ...(actor.sub !== undefined && { sub: actor.sub }),
  },
  now: recordedAt,
  commandId,
  correlationId,
  ...(requestDigest !== undefined && { requestDigest }),
  ...(imported && { imported }),
  ...(importedBy !== undefined && { importedBy }),
  ...(importedAt !== undefined && { importedAt }),
})

/**
 * Completes the second half of an act that concerns other tickets, or withdraws the first.
 * @throws Refusal where it was withdrawn; StoreUnavailable, Conflict `write_conflict`: it is pending still
 */
export const completePending = async (deps: CommandDeps, first: FirstHalfOfAct): Promise<void> => {
  const { ticketNo, event } = first
  const next = followUpOf(ticketNo, event)
  if (next === null) return
  const find = async () => [ticketNo, next.ticketNo, ...linksOf(await readTicket(deps, next.ticketNo))]
  const held = new Set(await find())
  await inQueues(deps, held, async () => {
    // the request that began it may have ended it meanwhile
    if (deps.views.followUps.isOpen(event.id)) await settle(deps, first)
  })
}

/** What an earlier request could not complete, because the store did not answer. */
const completePendingOn = async (deps: CommandDeps, ticketNos: HeldTickets): Promise<void> => {
  const open = deps.views.followUps.open()
  if (open.length === 0) return
  const streams = new Set([...ticketNos].map(ticketStream))
  for (const each of open) {
    if (!streams.has(each.stream)) continue
    const first = await pendingHalf(deps, each)
    if (first === null || first.event.type === 'CallbackRecorded') continue
    try {
      await completePending(deps, first)
    } catch (error) {
      // withdrawn: the first half no longer is in the way
      if (!(error instanceof Refusal)) throw error
    }
  }
}
