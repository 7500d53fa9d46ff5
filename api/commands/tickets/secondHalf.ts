/** The second half of an act on two tickets: done on its own stream, or else the first half is withdrawn. */
import { type NewEvent, VersionConflict } from '../../../domain/eventStore.ts'
import { Refusal } from '../../../domain/refusal.ts'
import type { TicketCommand } from '../../../domain/ticket/commands.ts'
import { type TicketEvent, type TicketNo, ticketStream } from '../../../domain/ticket/events.ts'
import { type FollowUp, followUpOf } from '../../../domain/ticket/followUps.ts'
import type { Ticket } from '../../../domain/ticket/state.ts'
import { isInForce } from '../../../domain/ticket/withdrawing.ts'
import type { Act } from '../act.ts'
import { commandIdOf } from '../commandId.ts'
import type { CommandDeps } from '../deps.ts'
import { type CommandResult, executeAgain, readTicket, registerTicket } from './execute.ts'

/** An event of the first ticket, and the act it is part of. */
export type FirstHalfOfAct = { ticketNo: TicketNo; event: NewEvent<TicketEvent>; act: Act }

/** The id of the command on the second ticket; the same in every request, so that doing it twice is doing it once. */
export const followingCommandId = (commandId: string, { ticketNo, command }: FollowUp): string =>
  // a duplicate may be linked with its survivor, which then has two commands to follow one
  command.type === 'AbsorbDuplicate'
    ? commandIdOf(commandId, ticketStream(ticketNo), 'absorb')
    : commandIdOf(commandId, ticketStream(ticketNo))

/**
 * The act with the one role in which its first half was allowed, so that what follows records that role too, as it
 * does after a restart, when no other is known.
 */
const inRecordedRole = ({ event, act }: FirstHalfOfAct): Act => {
  const role = act.actor.roles.find((each) => each === event.metadata.actor.role)
  return role === undefined ? act : { ...act, actor: { ...act.actor, roles: [role] } }
}

/** The act on the other ticket that follows from an event of this one. */
export const followingAct = (first: FirstHalfOfAct, next: FollowUp): Act => {
  const act = inRecordedRole(first)
  return { ...act, commandId: followingCommandId(act.commandId, next), causationId: first.event.id }
}

const onFirst = (first: FirstHalfOfAct): Act => {
  const { ticketNo, event, act } = first
  const commandId = commandIdOf(act.commandId, ticketStream(ticketNo), 'withdraw', event.id)
  return { ...inRecordedRole(first), commandId, causationId: event.id }
}

/** Nothing is left to do on the other ticket: the first one records it, so that nobody tries again. */
const close = async (deps: CommandDeps, first: FirstHalfOfAct): Promise<CommandResult> => {
  const { ticketNo, event } = first
  const act = onFirst(first)
  const command = (_: Ticket, now: string) =>
    ({ type: 'CloseFollowUp', now, actor: act.actor, eventId: event.id }) as const
  return executeAgain(deps, ticketNo, { command }, act)
}

/** Takes the first half back, because the second was refused. */
export const withdraw = async (deps: CommandDeps, first: FirstHalfOfAct, refusal: Refusal): Promise<void> => {
  const { ticketNo, event } = first
  const act = onFirst(first)
  const { code, params, pointer = null } = refusal
  const command = (_: Ticket, now: string): TicketCommand => ({
    type: 'WithdrawFirstHalf',
    now,
    actor: act.actor,
    event: { ...event, recordedAt: event.metadata.recordedAt },
    refused: { code, params, pointer },
  })
  await executeAgain(deps, ticketNo, { command }, act)
}

const nothing = (ticket: Ticket): CommandResult => ({ ticket, position: null, events: [] })

/** @throws Refusal `ticket_not_usable` where the number belongs to another ticket */
const register = async (
  deps: CommandDeps,
  { registration }: FollowUp['command'] & { type: 'Register' },
  act: Act,
): Promise<CommandResult> => {
  const { ticketNo } = registration
  const command = { type: 'Register' as const, now: act.now, actor: act.actor, registration }
  try {
    return await registerTicket(deps, command, act)
  } catch (error) {
    if (!(error instanceof VersionConflict)) throw error
    const [first] = await deps.store.readStream(ticketStream(ticketNo))
    if (first?.metadata.causationId !== act.causationId) throw new Refusal('ticket_not_usable', { ticketNo })
    return nothing((await readTicket(deps, ticketNo)) as Ticket)
  }
}

/** What was asked of the second ticket where the first no longer stands: the complaint alone is not lost. */
const withoutLink = (ticketNo: TicketNo, { command, ...next }: FollowUp): FollowUp | null =>
  command.type === 'Register'
    ? {
        ...next,
        command: {
          ...command,
          registration: { ...command.registration, escalatedFrom: null, relatedTo: ticketNo },
        },
      }
    : null

/** Withdrawing a link from a ticket that was never registered is nothing to do. */
const releases: readonly FollowUp['command']['type'][] = ['CeaseToBeRepeat', 'LoseRepeat', 'ReleaseDuplicate']

const perform = async (
  deps: CommandDeps,
  { ticketNo, command }: FollowUp,
  act: Act,
): Promise<CommandResult | null> => {
  if (command.type === 'Register') return register(deps, command, act)
  if (releases.includes(command.type) && (await readTicket(deps, ticketNo)) === null) return null
  const wanted = {
    command: (_: Ticket, now: string) => ({ ...command, now, actor: act.actor }) as TicketCommand,
  }
  return executeAgain(deps, ticketNo, wanted, act)
}

/**
 * Does what an event asks of another ticket, and what follows from that. The caller holds the locks of all tickets
 * that are concerned. `null`: the event asks for nothing, or for a complaint (see `followUp.ts`).
 * @throws Refusal of the second ticket, after the first half was withdrawn; StoreUnavailable, VersionConflict: then the
 * second half is pending still
 */
export const settle = async (deps: CommandDeps, first: FirstHalfOfAct): Promise<CommandResult | null> => {
  const { ticketNo, event } = first
  const asked = followUpOf(ticketNo, event)
  if (asked === null || asked.command.type === 'RegisterFromCallback') return null
  const stands = isInForce(await readTicket(deps, ticketNo), event)
  const next = stands ? asked : withoutLink(ticketNo, asked)
  const following = followingAct(first, asked)
  let done: CommandResult | null
  try {
    done = next === null ? null : await perform(deps, next, following)
  } catch (error) {
    if (error instanceof Refusal) await withdraw(deps, first, error)
    throw error
  }
  if (done === null || done.position === null) {
    if (asked.command.type === 'Register' && done !== null) return done
    const closed = await close(deps, first)
    return done === null ? null : { ...done, position: closed.position }
  }
  for (const each of done.events)
    await settle(deps, { ticketNo: asked.ticketNo, event: each, act: following })
  return done
}
