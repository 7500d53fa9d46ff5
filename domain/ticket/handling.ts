/** What the handler and the call centre do on a ticket (rulebook §4, §11). */

import { type Action, isOfUnit } from '../authority.ts'
import { repeatWindowEnd } from '../calendar/repeatWindow.ts'
import type { RecordKind, State } from '../codes.ts'
import type { Context } from '../context.ts'
import { toEpoch, toInstant } from '../instant.ts'
import { Refusal } from '../refusal.ts'
import type { CommandOf } from './commands.ts'
import type { TicketEvent } from './events.ts'
import { requirePast, requireState } from './guards.ts'
import { currentAssignment, currentResponsibility, type Ticket } from './state.ts'
import { flagsWithSafety } from './weight.ts'

/** The first response of a unit counts; a further one is logged and changes nothing. */
export const recordResponse = (ticket: Ticket, command: CommandOf<'RecordResponse'>): TicketEvent[] => {
  requireState(ticket, 'unhandled', 'in_progress')
  const { method, reached, promisedReplyAt, text } = command
  const holder = currentAssignment(ticket)
  const byHolder = isOfUnit(command.actor, holder.tier, holder.unit)
  const term = byHolder ? holder : currentResponsibility(ticket)
  const first = term !== null && term.respondedAt === null
  const countsFor = !first ? null : byHolder ? 'holder' : 'responsible_dealer'
  const unit = term?.unit ?? holder.unit
  return [{ type: 'ResponseRecorded', data: { countsFor, unit, method, reached, promisedReplyAt, text } }]
}

const recordableIn: Partial<Record<RecordKind, State[]>> = {
  consumer_informed: ['unhandled', 'in_progress'],
  hq_feedback: ['completed'],
  media_feedback: ['completed'],
}

/** Kinds that only a B or C ticket has (rulebook §11, B flow). */
export const feedbackKinds: readonly RecordKind[] = ['hq_feedback', 'media_feedback']
const helpKinds: readonly RecordKind[] = ['rbo_support_requested', 'major_issue_reported']

/** What a record of that kind is, in the words of the table of permissions. */
export const actionOfRecord = (
  kind: RecordKind,
): Action & ('record_feedback' | 'ask_for_help' | 'inform_consumer' | 'record_work') => {
  if (feedbackKinds.includes(kind)) return 'record_feedback'
  if (helpKinds.includes(kind)) return 'ask_for_help'
  return kind === 'consumer_informed' ? 'inform_consumer' : 'record_work'
}

/** Work on the ticket; changes no state. */
export const recordWork = (ticket: Ticket, { kind, text }: CommandOf<'RecordWork'>): TicketEvent[] => {
  requireState(ticket, ...(recordableIn[kind] ?? ['in_progress']))
  if (feedbackKinds.includes(kind) && ticket.level === 'A') throw new Refusal('not_a_b_ticket', {}, '#/kind')
  return [{ type: 'WorkRecorded', data: { kind, text } }]
}

/** A further contact of the customer; on a completed ticket a new complaint is registered instead. */
export const logContact = (
  ticket: Ticket,
  command: CommandOf<'LogContact'>,
  { now }: Context,
): TicketEvent[] => {
  if (ticket.state === 'completed') throw new Refusal('contact_on_completed')
  requireState(ticket, 'unhandled', 'in_progress')
  requirePast(command.occurredAt, ticket, now)
  const { type: _type, now: _now, actor: _actor, ...data } = command
  const flags = flagsWithSafety(data.flags, data.safety === true && !ticket.safetyFlagged)
  return [{ type: 'ContactLogged', data: { ...data, flags } }]
}

/** Closing is completion: one act, one instant. Refused before the response. */
export const close = (
  ticket: Ticket,
  command: CommandOf<'Close'>,
  { master, now }: Context,
): TicketEvent[] => {
  requireState(ticket, 'in_progress')
  const { rootCauseCode, measuresDoneAt, text, decision, goodwill } = command
  const { rootCauses, repeatWindowDays, callback } = master.policy.values
  if (rootCauseCode !== null && !rootCauses.some((cause) => cause.code === rootCauseCode))
    throw new Refusal('unknown_root_cause', { code: rootCauseCode }, '#/rootCauseCode')
  if (measuresDoneAt !== null && measuresDoneAt > now)
    throw new Refusal('future_instant', {}, '#/measuresDoneAt')
  const daysAfter = (days: number) => toInstant(repeatWindowEnd(toEpoch(now), days))
  return [
    {
      type: 'TicketClosed',
      data: {
        rootCauseCode,
        measuresDoneAt,
        repeatWindowEndsAt: daysAfter(repeatWindowDays),
        callbackDueAt: daysAfter(callback.days),
        text,
        ...(decision !== undefined && { decision }),
        ...(goodwill !== undefined && { goodwill }),
      },
    },
  ]
}

/**
 * One attempt of CSC to call back; dissatisfied on the same problem registers a complaint as well (rulebook §11).
 * @throws Refusal `before_closing`, `same_problem_not_wanted`, `repeat_external_no_not_wanted`, those of the guards
 */
export const recordCallback = (
  ticket: Ticket,
  command: CommandOf<'RecordCallback'>,
  { now }: Context,
): TicketEvent[] => {
  requireState(ticket, 'completed')
  requirePast(command.occurredAt, ticket, now)
  const { outcome, sameProblem, repeatExternalNo, occurredAt, text, score } = command
  if (score !== undefined && (outcome === 'unreachable' || outcome === 'declined'))
    throw new Refusal('score_not_wanted', {}, '#/score')
  const { closedAt } = ticket
  // nothing is before a closing that a clock far ahead stamped
  if (occurredAt !== null && closedAt !== null && occurredAt < closedAt && closedAt <= now)
    throw new Refusal('before_closing', {}, '#/occurredAt')
  if (sameProblem && outcome !== 'dissatisfied')
    throw new Refusal('same_problem_not_wanted', {}, '#/sameProblem')
  const registersRepeat = sameProblem
  if (repeatExternalNo !== null && !registersRepeat)
    throw new Refusal('repeat_external_no_not_wanted', {}, '#/repeatExternalNo')
  return [
    {
      type: 'CallbackRecorded',
      data: {
        outcome,
        sameProblem,
        registersRepeat,
        repeatExternalNo,
        occurredAt,
        text,
        ...(score !== undefined && { score }),
      },
    },
  ]
}
