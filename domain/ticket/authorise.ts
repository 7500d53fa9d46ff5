/** Who may give which command on a ticket: rulebook §2 applied to the ticket at hand. */
import { type Action, type Actor, actingRole, isOfUnit, type Role } from '../authority.ts'
import { Refusal } from '../refusal.ts'
import type { CommandOf, TicketCommand, TicketCommandType } from './commands.ts'
import { actionOfRecord } from './handling.ts'
import { currentAssignment, currentResponsibility, type Ticket } from './state.ts'
import { findWarning, isSettler } from './warningActs.ts'

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
const asRegistrar = ({ actor, registration }: CommandOf<'Register' | 'OpenRepeat'>): Role =>
  actingRole(actor, registration.source === null ? 'register' : 'register_media')

const asHoldingDealer = (ticket: Ticket, actor: Actor): Role => {
  actingRole(actor, 'ask_for_help')
  const { tier, unit } = currentAssignment(ticket)
  if (tier !== 'dealer') throw new Refusal('not_the_holder', { unit })
  return asHolder(ticket, actor, 'ask_for_help')
}

const asRecorder = (ticket: Ticket, command: CommandOf<'RecordWork'>): Role => {
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

const asRecipient = (ticket: Ticket, actor: Actor, warningId: string): Role => {
  actingRole(actor, 'handle_warning')
  const warning = findWarning(ticket, warningId)
  if (actor.roles.includes('sa')) return 'sa'
  const role = actor.roles.find((each) => isSettler(ticket, warning, { ...actor, roles: [each] }))
  if (role === undefined) throw new Refusal('not_the_recipient', { unit: warning.sentTo.unit })
  return role
}

/** To the customer the holder writes, to a medium or an authority the brand (rulebook §14). */
const asWriter = (ticket: Ticket, { actor, kind }: CommandOf<'WriteLetter'>): Role =>
  kind === 'customer' ? asHolder(ticket, actor, 'write_letter') : actingRole(actor, 'write_official_letter')

/** Only a dealer's own people object to its units (rulebook §14). */
const asObjector = ({ actor, dealer }: CommandOf<'RaiseObjection'>): Role => {
  const role = actingRole(actor, 'raise_objection')
  if (!isOfUnit(actor, 'dealer', dealer)) throw new Refusal('not_this_dealer', { code: dealer })
  return role
}

/** A completed ticket that is taken out of the counts takes more. */
const asRescinder = (actor: Actor, { state }: Ticket): Role =>
  actingRole(actor, state === 'completed' ? 'rescind_completed' : 'rescind')

type Judge<T extends TicketCommandType> = (command: CommandOf<T>, ticket: Ticket | null) => Role

/** A judgement that needs the ticket. */
const onTicket =
  <T extends TicketCommandType>(judge: (ticket: Ticket, command: CommandOf<T>) => Role): Judge<T> =>
  (command, ticket) => {
    if (ticket === null) throw new Error(`${command.type} on a ticket that is not there`)
    return judge(ticket, command)
  }

/**
 * Who may give each command: an action of the table of rulebook §2 where the role decides alone, else a function.
 * `null`: the second half of a command on two tickets, or how its first half ends; judged with the first.
 */
const rules: { [T in TicketCommandType]: Action | Judge<T> | null } = {
  Register: asRegistrar,
  OpenRepeat: asRegistrar,
  RecordResponse: onTicket((ticket, { actor }) => asHolderOrResponsible(ticket, actor, 'respond')),
  RecordWork: onTicket(asRecorder),
  LogContact: 'log_contact',
  Redispatch: 'redispatch',
  Reclassify: 'reclassify',
  Close: onTicket((ticket, { actor }) => asHolder(ticket, actor, 'close')),
  RecordCallback: 'record_callback',
  NameResponsibleDealer: 'name_responsible_dealer',
  ConvertToC: 'convert_to_c',
  RaiseWarning: 'raise_warning',
  AcknowledgeWarning: onTicket((ticket, { actor, warningId }) => asRecipient(ticket, actor, warningId)),
  ResolveWarning: onTicket((ticket, { actor, warningId }) => asRecipient(ticket, actor, warningId)),
  Recalculate: 'recalculate',
  ChangeWeight: 'weigh',
  Correct: 'correct',
  Claim: onTicket((ticket, { actor }) => asHolder(ticket, actor, 'claim')),
  Release: onTicket((ticket, { actor }) => asHolder(ticket, actor, 'claim')),
  AddAttachment: 'attach',
  RemoveAttachment: 'remove_attachment',
  WriteLetter: onTicket(asWriter),
  RaiseObjection: asObjector,
  WithdrawObjection: 'raise_objection',
  DecideObjection: 'decide_objection',
  Rescind: onTicket((ticket, { actor }) => asRescinder(actor, ticket)),
  LinkRepeat: 'link_repeat',
  UnlinkRepeat: 'link_repeat',
  MarkDuplicate: onTicket((ticket, { actor }) => asRescinder(actor, ticket)),
  UndoDuplicate: 'undo_duplicate',
  BecomeRepeat: null,
  CeaseToBeRepeat: null,
  LoseRepeat: null,
  AbsorbDuplicate: null,
  ReleaseDuplicate: null,
  BecomeDuplicate: null,
  WithdrawFirstHalf: null,
  CloseFollowUp: null,
}

/**
 * The role in which the actor gives the command.
 * @throws Refusal `role_not_allowed`, `not_the_holder`, `not_the_recipient`, `warning_not_found`
 */
export const authorise = (ticket: Ticket | null, command: TicketCommand): Role => {
  const rule = rules[command.type] as Action | Judge<TicketCommandType> | null
  if (rule === null) return command.actor.roles[0] as Role
  return typeof rule === 'string' ? actingRole(command.actor, rule) : rule(command, ticket)
}
