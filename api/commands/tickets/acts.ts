/** The writes on a ticket: how each body becomes a command. One table for the routes and the imports. */
import type { Action, Actor } from '../../../domain/authority.ts'
import type { Instant } from '../../../domain/instant.ts'
import { Refusal } from '../../../domain/refusal.ts'
import type { Sealed } from '../../../domain/sealed.ts'
import type { TicketCommand } from '../../../domain/ticket/commands.ts'
import type { TicketNo } from '../../../domain/ticket/events.ts'
import type { Ticket } from '../../../domain/ticket/state.ts'
import type { CommandDeps } from '../deps.ts'
import type { ActName, BodyOf } from './bodies.ts'
import { requireRegistrable } from './callbackRepeat.ts'
import { type Act, type Done, execute, readTicket, requireInOrder } from './execute.ts'
import type { Text } from './personal.ts'
import { followUp } from './secondHalf.ts'

/** What a command is made from beside its body. */
type Making = {
  ticket: Ticket
  now: Instant
  actor: Actor
  seal(text: Text): Sealed
  read(ticketNo: TicketNo): Promise<Ticket>
}
type Made<C = TicketCommand> = C extends TicketCommand ? Omit<C, 'now' | 'actor'> : never

type Acts = {
  [N in ActName]: { action: Action; command(body: BodyOf<N>, making: Making): Made | Promise<Made> }
}

const onlyCscSystem = (occurredAt: Instant | null, actor: Actor): Instant | null => {
  if (occurredAt !== null && !actor.roles.includes('csc_system') && !actor.anyUnit)
    throw new Refusal('instant_not_allowed', { roles: 'csc_system' }, '#/occurredAt')
  return occurredAt
}

export const acts: Acts = {
  contacts: {
    action: 'log_contact',
    command: ({ channel, flags, content, occurredAt }, { ticket, seal, actor }) => ({
      type: 'LogContact',
      subjectId: ticket.subjectId,
      channel,
      flags,
      externalNo: null,
      source: null,
      dealer: null,
      receivedAt: null,
      occurredAt: onlyCscSystem(occurredAt, actor),
      customer: null,
      text: seal({ content }),
    }),
  },
  redispatch: {
    action: 'redispatch',
    command: ({ dealerCode, tier, reason, misrouted }, { seal }) => ({
      type: 'Redispatch',
      to: dealerCode === undefined ? { tier: tier as 'dealer' | 'rbo' | 'se' } : { dealerCode },
      misrouted,
      text: seal({ reason }),
    }),
  },
  'repeat-link': {
    action: 'link_repeat',
    command: async ({ ticketNo, reason }, { seal, read }) => ({
      type: 'LinkRepeat',
      repeat: await read(ticketNo),
      text: seal({ reason }),
    }),
  },
  'repeat-unlink': {
    action: 'link_repeat',
    command: ({ ticketNo, reason }, { seal }) => ({
      type: 'UnlinkRepeat',
      repeat: ticketNo,
      text: seal({ reason }),
    }),
  },
  callbacks: {
    action: 'record_callback',
    command: ({ note, occurredAt, ...rest }, { seal, actor }) => ({
      type: 'RecordCallback',
      ...rest,
      occurredAt: onlyCscSystem(occurredAt, actor),
      text: seal({ note }),
    }),
  },
  reclassify: {
    action: 'reclassify',
    command: ({ reason, ...rest }, { seal }) => ({ type: 'Reclassify', ...rest, text: seal({ reason }) }),
  },
  rescind: {
    action: 'rescind',
    command: ({ reason }, { seal }) => ({ type: 'Rescind', text: seal({ reason }) }),
  },
  'duplicate-of': {
    action: 'rescind',
    // given to the survivor, see `mainTicket`
    command: ({ reason }, { ticket, seal }) => ({
      type: 'AbsorbDuplicate',
      duplicate: ticket,
      text: seal({ reason }),
    }),
  },
  recalculate: {
    action: 'recalculate',
    command: ({ reason }, { seal }) => ({ type: 'Recalculate', text: seal({ reason }) }),
  },
  responses: {
    action: 'respond',
    command: ({ note, ...rest }, { seal }) => ({ type: 'RecordResponse', ...rest, text: seal({ note }) }),
  },
  records: {
    action: 'inform_consumer',
    command: ({ kind, note }, { seal }) => ({ type: 'RecordWork', kind, text: seal({ note }) }),
  },
  close: {
    action: 'close',
    command: ({ measuresDoneAt, rootCauseCode, ...words }, { seal }) => ({
      type: 'Close',
      measuresDoneAt,
      rootCauseCode,
      text: seal(words),
    }),
  },
  'responsible-dealer': {
    action: 'name_responsible_dealer',
    command: ({ dealerCode }) => ({ type: 'NameResponsibleDealer', dealerCode }),
  },
  'convert-to-c': {
    action: 'convert_to_c',
    command: ({ reason }, { seal }) => ({ type: 'ConvertToC', text: seal({ reason }) }),
  },
  warnings: {
    action: 'raise_warning',
    command: ({ code, reason }, { seal }) => ({
      type: 'RaiseWarning',
      code,
      text: reason === null ? null : seal({ reason }),
    }),
  },
}

/** Judges the ticket of the path before anything else does: scope, `If-Match`. */
export type Before = { before?(ticket: Ticket): void; once?: boolean }

const readOther = async (deps: CommandDeps, ticketNo: TicketNo): Promise<Ticket> => {
  const other = await readTicket(deps, ticketNo)
  if (other === null) throw new Refusal('unknown_ticket', { ticketNo }, '#/ticketNo')
  return other
}

/** What follows on other tickets must be possible there before anything is written here. */
const requireOthersInOrder = (deps: CommandDeps, act: Act, others: readonly (TicketNo | null)[]): void => {
  for (const ticketNo of others) {
    const known = ticketNo === null ? null : deps.views.customers.known(ticketNo)
    if (known !== null) requireInOrder(act, known)
  }
}

/** The other tickets an act on this one touches. */
const othersOf = <N extends ActName>(name: N, body: BodyOf<N>, ticket: Ticket): (TicketNo | null)[] => {
  if (name === 'rescind') return [ticket.escalatedFrom, ticket.escalatedTo]
  return 'ticketNo' in body ? [body.ticketNo] : []
}

/** A duplicate is judged by its survivor, to which the command goes first; the ticket of the path follows. */
const markDuplicate = async (
  deps: CommandDeps,
  ticketNo: TicketNo,
  body: BodyOf<'duplicate-of'>,
  act: Act,
  before: Before,
): Promise<Done> => {
  const named = await readTicket(deps, ticketNo)
  if (named === null) throw new Refusal('ticket_not_found', { ticketNo })
  before.before?.(named)
  await readOther(deps, body.ticketNo)
  const command = async (_survivor: Ticket, now: Instant): Promise<TicketCommand> => {
    const ticket = (await readTicket(deps, ticketNo)) as Ticket
    before.before?.(ticket)
    requireInOrder(act, ticket)
    requireOthersInOrder(deps, act, [ticket.escalatedFrom, ticket.escalatedTo])
    return make(deps, 'duplicate-of', body, { ticket, now, actor: act.actor })
  }
  return execute(deps, body.ticketNo, { command }, act)
}

const make = async <N extends ActName>(
  deps: CommandDeps,
  name: N,
  body: BodyOf<N>,
  at: Pick<Making, 'ticket' | 'now' | 'actor'>,
): Promise<TicketCommand> => {
  const seal = (text: Text) => deps.sealing.seal(at.ticket.subjectId, text)
  const made = await acts[name].command(body, { ...at, seal, read: (other) => readOther(deps, other) })
  return { ...made, now: at.now, actor: at.actor } as TicketCommand
}

const requireRepeat = async (deps: CommandDeps, ticket: Ticket, body: BodyOf<'callbacks'>, act: Act) => {
  const { outcome, sameProblem, repeatExternalNo, note } = body
  if (ticket.state !== 'completed' || outcome !== 'dissatisfied' || !sameProblem) return
  if (note === null || note.trim() === '') throw new Refusal('note_required', {}, '#/note')
  await requireRegistrable(deps, ticket, repeatExternalNo, act)
}

/**
 * Does one of the acts on a ticket, and what follows from it, and answers with the ticket after it.
 * @throws Refusal, Conflict; see `execute`
 */
export const actOn = async <N extends ActName>(
  deps: CommandDeps,
  ticketNo: TicketNo,
  { name, body }: { name: N; body: BodyOf<N> },
  { act, ...before }: Before & { act: Act },
): Promise<Done> => {
  const done = await giveCommand(deps, ticketNo, { name, body }, { act, ...before })
  const followed = await followUp(deps, done.ticket.ticketNo, done.events, act)
  if (followed === null) return done
  // what followed may be on this ticket, or have come back to it: a callback's repeat is linked to it
  return { ...done, ticket: (await readTicket(deps, ticketNo)) as Ticket, position: followed }
}

const giveCommand = async <N extends ActName>(
  deps: CommandDeps,
  ticketNo: TicketNo,
  { name, body }: { name: N; body: BodyOf<N> },
  { act, ...before }: Before & { act: Act },
): Promise<Done> => {
  if (name === 'duplicate-of')
    return markDuplicate(deps, ticketNo, body as BodyOf<'duplicate-of'>, act, before)
  const command = async (ticket: Ticket, now: Instant) => {
    requireOthersInOrder(deps, act, othersOf(name, body, ticket))
    if (name === 'callbacks') await requireRepeat(deps, ticket, body as BodyOf<'callbacks'>, act)
    return make(deps, name, body, { ticket, now, actor: act.actor })
  }
  return execute(deps, ticketNo, { ...before, command }, act)
}
