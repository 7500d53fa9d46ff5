/** Who may give which command on a ticket: rulebook §2 applied to the ticket at hand. */
import { type Action, type Actor, actingRole, isOfUnit, type Role } from '../authority.ts'
import { Refusal } from '../refusal.ts'
import type { TicketCommand, TicketCommandType } from './commands.ts'
import { feedbackKinds } from './handling.ts'
import { currentAssignment, currentResponsibility, type Ticket } from './state.ts'
import { findWarning } from './warningActs.ts'

/** Acts that take a role only, whatever the ticket. */
const byRole: Partial<Record<TicketCommandType, Action>> = {
  LogContact: 'log_contact',
  Redispatch: 'redispatch',
  Reclassify: 'reclassify',
  LinkRepeat: 'link_repeat',
  UnlinkRepeat: 'link_repeat',
  RecordCallback: 'record_callback',
  NameResponsibleDealer: 'name_responsible_dealer',
  ConvertToC: 'convert_to_c',
  RaiseWarning: 'raise_warning',
  Recalculate: 'recalculate',
}

const asHolder = (ticket: Ticket, actor: Actor, action: Action): Role => {
  actingRole(actor, action)
  const { tier, unit } = currentAssignment(ticket)
  if (!isOfUnit(actor, tier, unit)) throw new Refusal('not_the_holder', { unit })
  return tier
}

/** On a B or C ticket the responsible dealer's people may respond and record work beside the holder's. */
const asHolderOrResponsible = (ticket: Ticket, actor: Actor, action: Action): Role => {
  const responsible = currentResponsibility(ticket)
  const { tier, unit } = currentAssignment(ticket)
  if (!isOfUnit(actor, tier, unit) && responsible !== null && isOfUnit(actor, 'dealer', responsible.unit))
    return 'dealer'
  return asHolder(ticket, actor, action)
}

/** What came through a B source is media's; a repeat of a B ticket by phone any agent of CSC may take. */
const asRegistrar = ({ actor, registration }: TicketCommand & { type: 'Register' | 'OpenRepeat' }): Role =>
  actingRole(actor, registration.source === null ? 'register' : 'register_media')

const asHoldingDealer = (ticket: Ticket, actor: Actor): Role => {
  actingRole(actor, 'ask_for_help')
  const { tier, unit } = currentAssignment(ticket)
  if (tier !== 'dealer') throw new Refusal('not_the_holder', { unit })
  return asHolder(ticket, actor, 'ask_for_help')
}

const asRecorder = (ticket: Ticket, command: TicketCommand & { type: 'RecordWork' }): Role => {
  const { actor, kind } = command
  if (feedbackKinds.includes(kind)) return actingRole(actor, 'record_feedback')
  if (kind === 'rbo_support_requested' || kind === 'major_issue_reported')
    return asHoldingDealer(ticket, actor)
  if (kind === 'consumer_informed') {
    const csc = actor.roles.find((role) => role.startsWith('csr') || role === 'csc_system')
    if (csc !== undefined) return csc
    return asHolderOrResponsible(ticket, actor, 'inform_consumer')
  }
  return asHolderOrResponsible(ticket, actor, 'record_work')
}

const asRecipient = (ticket: Ticket, actor: Actor, warningId: string): Role => {
  actingRole(actor, 'handle_warning')
  const { sentTo } = findWarning(ticket, warningId)
  if (actor.roles.includes('sa')) return 'sa'
  if (!isOfUnit(actor, sentTo.tier, sentTo.unit))
    throw new Refusal('not_the_recipient', { unit: sentTo.unit })
  return sentTo.tier
}

/**
 * The role in which the actor gives the command. Second halves of acts on two tickets were judged with the first.
 * @throws Refusal `role_not_allowed`, `not_the_holder`, `not_the_recipient`, `warning_not_found`
 */
export const authorise = (ticket: Ticket | null, command: TicketCommand): Role => {
  const { actor } = command
  const action = byRole[command.type]
  if (action !== undefined) return actingRole(actor, action)
  if (command.type === 'Register' || command.type === 'OpenRepeat') return asRegistrar(command)
  if (ticket === null) throw new Error(`${command.type} on a ticket that is not there`)
  switch (command.type) {
    case 'RecordResponse':
      return asHolderOrResponsible(ticket, actor, 'respond')
    case 'RecordWork':
      return asRecorder(ticket, command)
    case 'Close':
      return asHolder(ticket, actor, 'close')
    case 'AcknowledgeWarning':
    case 'ResolveWarning':
      return asRecipient(ticket, actor, command.warningId)
    case 'Rescind':
      return actingRole(actor, ticket.state === 'completed' ? 'rescind_completed' : 'rescind')
    case 'AbsorbDuplicate':
      return actingRole(actor, command.duplicate.state === 'completed' ? 'rescind_completed' : 'rescind')
    default:
      return actor.roles[0] as Role
  }
}
