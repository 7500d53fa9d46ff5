/** Who may give a command on a ticket where the role alone does not say it: rulebook §2 applied to the ticket at hand. */
import { type Action, type Actor, actingRole, isOfUnit, type Role } from '../authority.ts'
import { Refusal } from '../refusal.ts'
import type { CommandOf, TicketCommandType } from './commands.ts'
import { actionOfRecord } from './handling.ts'
import { currentAssignment, currentResponsibility, type Ticket } from './state.ts'
import { findWarning, isSettler } from './warningActs.ts'

export const asHolder = (ticket: Ticket, actor: Actor, action: Action): Role => {
  actingRole(actor, action)
  const { tier, unit } = currentAssignment(ticket)
  if (!isOfUnit(actor, tier, unit)) throw new Refusal('not_the_holder', { unit })
  return tier
}

/** On a B or C ticket the responsible dealer's people may respond and record work beside the holder's. */
export const asHolderOrResponsible = (ticket: Ticket, actor: Actor, action: Action): Role => {
  const responsible = currentResponsibility(ticket)
  const { tier, unit } = currentAssignment(ticket)
  if (!isOfUnit(actor, tier, unit) && responsible !== null && isOfUnit(actor, 'dealer', responsible.unit))
    return 'dealer'
  return asHolder(ticket, actor, action)
}

/** What came through a B source is media's; a repeat of a B ticket by phone any agent of CSC may take. */
export const asRegistrar = ({ actor, registration }: CommandOf<'Register' | 'OpenRepeat'>): Role =>
  actingRole(actor, registration.source === null ? 'register' : 'register_media')

const asHoldingDealer = (ticket: Ticket, actor: Actor): Role => {
  actingRole(actor, 'ask_for_help')
  const { tier, unit } = currentAssignment(ticket)
  if (tier !== 'dealer') throw new Refusal('not_the_holder', { unit })
  return asHolder(ticket, actor, 'ask_for_help')
}

export const asRecorder = (ticket: Ticket, command: CommandOf<'RecordWork'>): Role => {
  const { actor } = command
  const action = actionOfRecord(command.kind)
  if (action === 'record_feedback') return actingRole(actor, action)
  if (action === 'ask_for_help') return asHoldingDealer(ticket, actor)
  if (action === 'inform_consumer') {
    const csc = actor.roles.find((role) => role.startsWith('csr') || role === 'csc_system')
    if (csc !== undefined) return csc
  }
  return asHolderOrResponsible(ticket, actor, action)
}

export const asRecipient = (ticket: Ticket, actor: Actor, warningId: string): Role => {
  actingRole(actor, 'handle_warning')
  const warning = findWarning(ticket, warningId)
  if (actor.roles.includes('sa')) return 'sa'
  const role = actor.roles.find((each) => isSettler(ticket, warning, { ...actor, roles: [each] }))
  if (role === undefined) throw new Refusal('not_the_recipient', { unit: warning.sentTo.unit })
  return role
}

/** To the customer the holder writes, to a medium or an authority the brand (rulebook §14). */
export const asWriter = (ticket: Ticket, { actor, kind }: CommandOf<'WriteLetter'>): Role =>
  kind === 'customer' ? asHolder(ticket, actor, 'write_letter') : actingRole(actor, 'write_official_letter')

/** Only a dealer's own people object to its units (rulebook §14). */
export const asObjector = ({ actor, dealer }: CommandOf<'RaiseObjection'>): Role => {
  const role = actingRole(actor, 'raise_objection')
  if (!isOfUnit(actor, 'dealer', dealer)) throw new Refusal('not_this_dealer', { code: dealer })
  return role
}

/** A completed ticket that is taken out of the counts takes more. */
export const asRescinder = (actor: Actor, { state }: Ticket): Role =>
  actingRole(actor, state === 'completed' ? 'rescind_completed' : 'rescind')

export type Judge<T extends TicketCommandType> = (command: CommandOf<T>, ticket: Ticket | null) => Role

/** A judgement that needs the ticket. */
export const onTicket =
  <T extends TicketCommandType>(judge: (ticket: Ticket, command: CommandOf<T>) => Role): Judge<T> =>
  (command, ticket) => {
    if (ticket === null) throw new Error(`${command.type} on a ticket that is not there`)
    return judge(ticket, command)
  }
