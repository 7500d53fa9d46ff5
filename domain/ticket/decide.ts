/** A command on a ticket becomes events, with the warnings they raise, or is refused. */

import type { Context } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { commandRules } from './commandRules.ts'
import type { TicketCommand } from './commands.ts'
import { type DataOf, type EventOfRule, entryOf, type TicketEvent } from './events.ts'
import { evolve } from './evolve.ts'
import { register } from './register.ts'
import type { Ticket } from './state.ts'
import { judgeWarnings, type Occasion } from './warnings.ts'

const change: Occasion = { call: false, change: true, flags: [] }

/**
 * What gives cause to judge warnings: rulebook §7, "judged on every follow-up phone call, change of state, new
 * assignment".
 */
const occasions: { [T in EventOfRule<'occasion'>]: (data: DataOf<T>) => Occasion | null } = {
  TicketRegistered: ({ flags }) => ({ call: false, change: false, flags }),
  TicketDispatched: () => change,
  ResponseRecorded: ({ countsFor }) => (countsFor === 'holder' ? change : null),
  ContactLogged: ({ channel, flags }) => ({ call: channel === 'phone', change: false, flags }),
  WeightChanged: ({ flags = [] }) => (flags.length === 0 ? null : { call: false, change: false, flags }),
  DuplicateAbsorbed: ({ calls }) => ({ call: calls > 0, change: true, flags: [] }),
}

const occasionOf = ({ type, data }: TicketEvent): Occasion | null => {
  const occasion = entryOf<(data: never) => Occasion | null>(occasions, type)
  return occasion === undefined ? null : occasion(data as never)
}

const evolveAll = (ticket: Ticket | null, events: TicketEvent[], command: TicketCommand): Ticket | null => {
  const who = {
    recordedAt: command.now,
    actor: { id: command.actor.id, role: command.actor.roles[0] as string },
  }
  return events.reduce<Ticket | null>((state, event) => evolve(state, event, who), ticket)
}

const withWarnings = (
  ticket: Ticket | null,
  events: TicketEvent[],
  command: TicketCommand,
  context: Context,
) => {
  const given = events.flatMap((event) => occasionOf(event) ?? [])
  if (given.length === 0) return events
  const occasion = {
    call: given.some((each) => each.call),
    change: given.some((each) => each.change),
    flags: given.flatMap((each) => each.flags),
  }
  // a registration nobody said more with: no call has been counted yet
  if (ticket === null && occasion.flags.length === 0) return events
  const after = evolveAll(ticket, events, command)
  return after === null ? events : [...events, ...judgeWarnings(after, occasion, context)]
}

/**
 * What the command makes of the ticket: events in order, the warnings it raises last, or none where there is
 * nothing to do. `ticket` is `null` for a registration. The command's role was judged by `authorise`.
 * @throws Refusal with the reason
 */
export const decide = (ticket: Ticket | null, command: TicketCommand, context: Context): TicketEvent[] => {
  if (command.type === 'Register')
    return withWarnings(null, ticket === null ? register(command, context) : [], command, context)
  if (ticket === null) throw new Refusal('ticket_not_found', { ticketNo: '' })
  const decider = commandRules[command.type].decide as (
    ticket: Ticket,
    command: TicketCommand,
    context: Context,
  ) => TicketEvent[]
  return withWarnings(ticket, decider(ticket, command, context), command, context)
}
