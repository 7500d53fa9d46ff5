/** Does one of the acts on a ticket, holding all tickets it changes, and what follows from it on others. */
import { actingRole } from '../../../domain/authority.ts'
import type { Instant } from '../../../domain/instant.ts'
import { isBlank } from '../../../domain/plainText.ts'
import { Refusal } from '../../../domain/refusal.ts'
import type { TicketCommand } from '../../../domain/ticket/commands.ts'
import type { TicketNo } from '../../../domain/ticket/events.ts'
import type { Ticket } from '../../../domain/ticket/state.ts'
import type { Act } from '../act.ts'
import type { CommandDeps } from '../deps.ts'
import type { ActEntry, CommandInputs } from './actEntry.ts'
import { requireRegistrable, withCallback } from './callbackRepeat.ts'
import { type CommandResult, executeHeld, readTicket, requireOthersTakeLines } from './execute.ts'
import { followUp } from './followUp.ts'
import { type Text, toSeal } from './personal.ts'
import { inQueue } from './queues.ts'
import { type ActName, acts, type BodyOf } from './ticketCommands.ts'
import { type HeldTickets, linksOf, withTickets } from './twoTickets.ts'
import { knownPerson, withCorrection } from './withCorrection.ts'

/** Judges the ticket of the path before anything else does: scope, `If-Match`. */
export type ActGuards = { before?(ticket: Ticket): void; once?: boolean }

type ActRequest<N extends ActName> = { name: N; body: BodyOf<N> }

/** Whether the act is of that name; tells the compiler whose body it has. */
const isAct = <N extends ActName>(asked: ActRequest<ActName>, name: N): asked is ActRequest<N> =>
  asked.name === name

const readOther = async (deps: CommandDeps, ticketNo: TicketNo): Promise<Ticket> => {
  const other = await readTicket(deps, ticketNo)
  if (other === null) throw new Refusal('unknown_ticket', { ticketNo }, '#/ticketNo')
  return other
}

/** The other tickets an act on this one changes; `null`: it never changes another. */
const othersOf = (asked: ActRequest<ActName>, ticket: Ticket | null): (TicketNo | null)[] | null => {
  if (isAct(asked, 'repeat-link') || isAct(asked, 'repeat-unlink')) return [asked.body.ticketNo]
  if (isAct(asked, 'duplicate-of')) return [asked.body.ticketNo, ...linksOf(ticket)]
  if (isAct(asked, 'duplicate-undo')) return [asked.body.ticketNo ?? ticket?.duplicateOf ?? null]
  if (asked.name === 'rescind') return linksOf(ticket)
  return null
}

/** The command of an act on the ticket. */
const makeCommand = async <N extends ActName>(
  deps: CommandDeps,
  { name, body }: ActRequest<N>,
  at: Pick<CommandInputs, 'ticket' | 'now' | 'actor'>,
): Promise<TicketCommand> => {
  const seal = (text: Text) => deps.sealing.seal(at.ticket.subjectId, text)
  const { command } = acts[name] as unknown as ActEntry<BodyOf<N>>
  const made = await command(body, {
    ...at,
    seal,
    sealPerson: (person) => deps.sealing.seal(at.ticket.subjectId, toSeal(person)),
    person: () => knownPerson(deps, at.ticket),
    read: (other) => readOther(deps, other),
    find: (other) => readTicket(deps, other),
  })
  return { ...made, now: at.now, actor: at.actor } as TicketCommand
}

const registersRepeat = (asked: ActRequest<ActName>): asked is ActRequest<'callbacks'> =>
  isAct(asked, 'callbacks') && asked.body.outcome === 'dissatisfied' && asked.body.sameProblem

const requireRepeat = async (deps: CommandDeps, ticket: Ticket, body: BodyOf<'callbacks'>, act: Act) => {
  if (ticket.state !== 'completed') return
  const { repeatExternalNo, note } = body
  if (note === null || isBlank(note)) throw new Refusal('note_required', {}, '#/note')
  await requireRegistrable(deps, ticket, repeatExternalNo, act)
}

type GuardedAct = ActGuards & { act: Act }

const giveCommand = (
  deps: CommandDeps,
  ticketNo: TicketNo,
  asked: ActRequest<ActName>,
  { act, ...before }: GuardedAct,
) => {
  const command = async (ticket: Ticket, now: Instant) => {
    // what follows on other tickets must be possible there before anything is written here
    await requireOthersTakeLines(deps, act, othersOf(asked, ticket) ?? [])
    if (registersRepeat(asked)) await requireRepeat(deps, ticket, asked.body, act)
    return makeCommand(deps, asked, { ticket, now, actor: act.actor })
  }
  return executeHeld(deps, ticketNo, { ...before, command }, act)
}

/**
 * A link that only the later ticket knows of, as in a log of an earlier version, is withdrawn there. `null`: it is an
 * ordinary one.
 */
const unlinkOneSided = async (
  deps: CommandDeps,
  ticketNo: TicketNo,
  asked: ActRequest<ActName>,
  { act, before }: GuardedAct,
): Promise<CommandResult | null> => {
  if (!isAct(asked, 'repeat-unlink')) return null
  const [ticket, other] = [await readTicket(deps, ticketNo), await readTicket(deps, asked.body.ticketNo)]
  if (ticket === null) return null
  // only the later of the two exists: it is the one that is acted on
  const [of, later] = other === null ? [asked.body.ticketNo, ticket] : [ticketNo, other]
  if (ticket.escalatedTo === later.ticketNo || later.escalatedFrom !== of) return null
  before?.(ticket)
  const actor = { ...act.actor, roles: [actingRole(act.actor, 'link_repeat')] }
  const command = (_: Ticket, now: Instant) => ({ type: 'CeaseToBeRepeat', now, actor, of }) as const
  const done = await executeHeld(deps, later.ticketNo, { command }, { ...act, actor })
  return { ...done, ticket: later === ticket ? done.ticket : ticket }
}

const doHeld = async (
  deps: CommandDeps,
  ticketNo: TicketNo,
  asked: ActRequest<ActName>,
  { held, ...doing }: GuardedAct & { held: HeldTickets },
): Promise<CommandResult> => {
  const oneSided = await unlinkOneSided(deps, ticketNo, asked, doing)
  if (oneSided !== null) return oneSided
  const done = await giveCommand(deps, ticketNo, asked, doing)
  const followed = await followUp(deps, { ticketNo, events: done.events, act: doing.act }, held)
  if (followed === null) return done
  // what followed may have come back to this ticket: a callback's repeat is linked to it
  return { ...done, ticket: (await readTicket(deps, ticketNo)) as Ticket, position: followed }
}

/**
 * Does one of the acts on a ticket, and what follows from it on others, and answers with the ticket after it. Holds the
 * queues of all tickets that it changes, and across nodes their locks where there are several.
 * @throws Refusal, Conflict; see `execute`, `followUp`
 */
export const actOn = async (
  deps: CommandDeps,
  ticketNo: TicketNo,
  asked: ActRequest<ActName>,
  doing: GuardedAct,
): Promise<CommandResult> => {
  const work = (held: HeldTickets) => doHeld(deps, ticketNo, asked, { ...doing, held })
  if (registersRepeat(asked)) return withCallback(deps, ticketNo, asked.body.repeatExternalNo, work)
  if (isAct(asked, 'correct'))
    return withCorrection(deps, ticketNo, asked.body, () => work(new Set([ticketNo])))
  if (othersOf(asked, null) === null) return inQueue(deps, ticketNo, () => work(new Set([ticketNo])))
  const find = async (): Promise<TicketNo[]> => {
    const others = othersOf(asked, await readTicket(deps, ticketNo)) ?? []
    return [ticketNo, ...others.filter((each) => each !== null)]
  }
  return withTickets(deps, find, work)
}
