/** The second half of acts on two tickets: in the request that did the first, or at start after a crash. */
import type { Role } from '../../../domain/authority.ts'
import { type NewEvent, type StoredEvent, VersionConflict } from '../../../domain/eventStore.ts'
import { Refusal } from '../../../domain/refusal.ts'
import type { TicketCommand } from '../../../domain/ticket/commands.ts'
import { type TicketEvent, type TicketNo, ticketOfStream } from '../../../domain/ticket/events.ts'
import { type FollowUp, followUpOf } from '../../../domain/ticket/followUps.ts'
import type { CommandDeps } from '../deps.ts'
import { registerFromCallback } from './callbackRepeat.ts'
import { type Act, type Done, decideAndAppend, execute, followingAct } from './execute.ts'

const perform = (deps: CommandDeps, { ticketNo, command }: FollowUp, act: Act): Promise<Done> => {
  if (command.type === 'RegisterFromCallback') return registerFromCallback(deps, ticketNo, command, act)
  const asked = { ...command, actor: act.actor }
  if (command.type === 'Register') {
    const registering = { ...asked, now: act.now } as TicketCommand
    return decideAndAppend(deps, { ticket: null, command: registering, act, ticketNo })
  }
  const wanted = { command: (_: unknown, now: string) => ({ ...asked, now }) as TicketCommand }
  return execute(deps, ticketNo, wanted, act)
}

/** Does what must follow these events of `ticketNo`, and what follows from that. The position of the last append. */
export const followUp = async (
  deps: CommandDeps,
  ticketNo: TicketNo,
  events: readonly NewEvent<TicketEvent>[],
  act: Act,
): Promise<string | null> => {
  let last: string | null = null
  for (const event of events) {
    const next = followUpOf(ticketNo, event)
    if (next === null) continue
    const following = followingAct(act, next.ticketNo, event.id)
    const { ticket, position, events: made } = await perform(deps, next, following)
    last = (await followUp(deps, ticket.ticketNo, made, following)) ?? position ?? last
  }
  return last
}

/**
 * Finishes what a crash left half done. The act is the same as the uninterrupted one would have been: same ids,
 * same actor, same instant.
 */
export const finishHalfDone = async (deps: CommandDeps): Promise<number> => {
  const open = deps.views.followUps.open()
  for (const { stream, version } of open) {
    const [event] = (await deps.store.readStream(stream, version - 1)) as StoredEvent<TicketEvent>[]
    if (event === undefined) continue
    const { commandId, actor, correlationId, recordedAt, requestDigest, imported } = event.metadata
    const act: Act = {
      actor: { id: actor.id, roles: [actor.role as Role], anyUnit: true },
      now: recordedAt,
      commandId,
      correlationId,
      ...(requestDigest !== undefined && { requestDigest }),
      ...(imported && { imported }),
    }
    try {
      await followUp(deps, ticketOfStream(stream) as TicketNo, [event], act)
    } catch (error) {
      // done by another node, or by this one before it could say so; or refused by now, which must not end the start
      if (error instanceof Refusal) deps.log.error({ code: error.code }, 'a follow-up is refused by now')
      else if (!(error instanceof VersionConflict)) throw error
    }
  }
  return open.length
}
