/** Who may give each command on a ticket, and what it makes of the ticket: one entry a command. */
import { type Action, actingRole, type Role } from '../authority.ts'
import type { Context } from '../context.ts'
import { addAttachment, removeAttachment } from './attaching.ts'
import { claim, release } from './claiming.ts'
import type { CommandOf, TicketCommand, TicketCommandType } from './commands.ts'
import { correct } from './correction.ts'
import {
  absorbDuplicate,
  becomeDuplicate,
  markDuplicate,
  releaseDuplicate,
  undoDuplicate,
} from './duplicates.ts'
import type { TicketEvent } from './events.ts'
import { close, logContact, recordCallback, recordResponse, recordWork } from './handling.ts'
import {
  asHolder,
  asHolderOrResponsible,
  asObjector,
  asRecipient,
  asRecorder,
  asRegistrar,
  asRescinder,
  asWriter,
  type Judge,
  onTicket,
} from './judges.ts'
import { writeLetter } from './letters.ts'
import {
  becomeRepeat,
  ceaseToBeRepeat,
  linkRepeat,
  loseRepeat,
  openRepeat,
  rescind,
  unlinkRepeat,
} from './linking.ts'
import { convertToC, nameResponsibleDealer, recalculate, reclassify, redispatch } from './moving.ts'
import { decideObjection, raiseObjection, withdrawObjection } from './objections.ts'
import type { Ticket } from './state.ts'
import { acknowledge, raiseByHand, resolve } from './warningActs.ts'
import { changeWeight } from './weight.ts'
import { closeFollowUp, withdrawFirstHalf } from './withdrawing.ts'

type Rule<T extends TicketCommandType> = {
  /**
   * An action of the table of rulebook §2 where the role decides alone, else a function. `null`: the second half of a
   * command on two tickets, or how its first half ends; judged with the first.
   */
  by: Action | Judge<T> | null
  /** `null`: a registration, which finds no ticket. */
  decide: T extends 'Register'
    ? null
    : (ticket: Ticket, command: CommandOf<T>, context: Context) => TicketEvent[]
}

const holder = (action: Action): Judge<TicketCommandType> =>
  onTicket((ticket, { actor }) => asHolder(ticket, actor, action))
const rescinder: Judge<TicketCommandType> = onTicket((ticket, { actor }) => asRescinder(actor, ticket))

/** A command that is missing here does not compile. */
export const commandRules: { [T in TicketCommandType]: Rule<T> } = {
  Register: { by: asRegistrar, decide: null },
  OpenRepeat: { by: asRegistrar, decide: openRepeat },
  RecordResponse: {
    by: onTicket((ticket, { actor }) => asHolderOrResponsible(ticket, actor, 'respond')),
    decide: recordResponse,
  },
  RecordWork: { by: onTicket(asRecorder), decide: recordWork },
  LogContact: { by: 'log_contact', decide: logContact },
  Redispatch: { by: 'redispatch', decide: redispatch },
  Reclassify: { by: 'reclassify', decide: reclassify },
  Close: { by: holder('close'), decide: close },
  RecordCallback: { by: 'record_callback', decide: recordCallback },
  NameResponsibleDealer: { by: 'name_responsible_dealer', decide: nameResponsibleDealer },
  ConvertToC: { by: 'convert_to_c', decide: convertToC },
  RaiseWarning: { by: 'raise_warning', decide: raiseByHand },
  AcknowledgeWarning: {
    by: onTicket((ticket, { actor, warningId }) => asRecipient(ticket, actor, warningId)),
    decide: acknowledge,
  },
  ResolveWarning: {
    by: onTicket((ticket, { actor, warningId }) => asRecipient(ticket, actor, warningId)),
    decide: resolve,
  },
  Recalculate: { by: 'recalculate', decide: recalculate },
  ChangeWeight: { by: 'weigh', decide: changeWeight },
  Correct: { by: 'correct', decide: correct },
  Claim: { by: holder('claim'), decide: claim },
  Release: { by: holder('claim'), decide: release },
  AddAttachment: { by: 'attach', decide: addAttachment },
  RemoveAttachment: { by: 'remove_attachment', decide: removeAttachment },
  WriteLetter: { by: onTicket(asWriter), decide: writeLetter },
  RaiseObjection: { by: asObjector, decide: raiseObjection },
  WithdrawObjection: { by: 'raise_objection', decide: withdrawObjection },
  DecideObjection: { by: 'decide_objection', decide: decideObjection },
  Rescind: { by: rescinder, decide: rescind },
  LinkRepeat: { by: 'link_repeat', decide: linkRepeat },
  UnlinkRepeat: { by: 'link_repeat', decide: unlinkRepeat },
  MarkDuplicate: { by: rescinder, decide: markDuplicate },
  UndoDuplicate: { by: 'undo_duplicate', decide: undoDuplicate },
  BecomeRepeat: { by: null, decide: becomeRepeat },
  CeaseToBeRepeat: { by: null, decide: ceaseToBeRepeat },
  LoseRepeat: { by: null, decide: loseRepeat },
  AbsorbDuplicate: { by: null, decide: absorbDuplicate },
  ReleaseDuplicate: { by: null, decide: releaseDuplicate },
  BecomeDuplicate: { by: null, decide: becomeDuplicate },
  WithdrawFirstHalf: { by: null, decide: withdrawFirstHalf },
  CloseFollowUp: { by: null, decide: closeFollowUp },
}

/**
 * The role in which the actor gives the command.
 * @throws Refusal `role_not_allowed`, `not_the_holder`, `not_the_recipient`, `warning_not_found`
 */
export const authorise = (ticket: Ticket | null, command: TicketCommand): Role => {
  const rule = commandRules[command.type].by as Action | Judge<TicketCommandType> | null
  if (rule === null) return command.actor.roles[0] as Role
  return typeof rule === 'string' ? actingRole(command.actor, rule) : rule(command, ticket)
}
