/** Handovers, visits and care calls (rulebook §15): who may do what, and what comes of it. */
import { type Aggregate, authoriseBy } from '../aggregate.ts'
import type { Action } from '../authority.ts'
import { endOfDays } from '../calendar/naturalDays.ts'
import type { Context } from '../context.ts'
import { requireDesk } from '../desk.ts'
import { HOUR, type Instant, toEpoch, toInstant } from '../instant.ts'
import { Refusal } from '../refusal.ts'
import type { SealedText } from '../sealed.ts'
import { type CareDataOf, type CareEvent, type TaskId, type VehicleId, vehicleStream } from './events.ts'
import { careRulesOf } from './policy.ts'
import { keptRules, rulesOf } from './rules.ts'
import { type CareVehicle, evolveVehicle, type Plan, planOfTask, withErased } from './state.ts'
import { attemptsOnDay, type CareTask, statusOf, tasksOfPlan } from './tasks.ts'

type CareCommandData = {
  RecordHandover: Omit<CareDataOf<'VehicleHandedOver'>, 'handoverId' | 'rbo' | 'rules'> & {
    vehicleId: VehicleId
  }
  /** `plannedFrom`: of an import, see `VehicleHandedOver`. */
  RecordVisit: Omit<CareDataOf<'VisitRecorded'>, 'rbo' | 'afterRepairDays'> & {
    plannedFrom: Instant | null
  }
  /** `isErased`: the customer of the handover is. */
  RecordAttempt: Omit<CareDataOf<'CareAttempted'>, 'triageDueAt'> & {
    hasFeedback: boolean
    isErased: boolean
  }
  DismissTask: { taskId: TaskId; text: SealedText; isErased: boolean }
  BecomeComplaint: CareDataOf<'CareBecameComplaint'> & { isErased: boolean }
  // how that ends, once the complaint was taken in or refused
  NameTicket: CareDataOf<'CareTicketNamed'>
  ReopenTask: CareDataOf<'CareReopened'>
}
export type CareCommandType = keyof CareCommandData
export type CareCommandOf<T extends CareCommandType> = { type: T } & CareCommandData[T]
export type CareCommand = { [T in CareCommandType]: CareCommandOf<T> }[CareCommandType]

type Decide<T extends CareCommandType> = (
  vehicle: CareVehicle | null,
  command: CareCommandOf<T>,
  context: Context,
) => CareEvent[]

/** @throws Refusal `unknown_dealer` */
const rboOf = ({ master }: Context, dealer: string): string => {
  const known = master.dealer(dealer)
  if (known === null) throw new Refusal('unknown_dealer', { code: dealer }, '#/dealerCode')
  return known.rbo
}

/** @throws Refusal `future_instant` */
const requirePast = (at: Instant, now: Instant, pointer: string): void => {
  if (at > now) throw new Refusal('future_instant', {}, pointer)
}

/** Handovers of one vehicle. */
const mostHandovers = 60

const recordHandover: Decide<'RecordHandover'> = (vehicle, { type: _, vehicleId, ...handover }, context) => {
  const { master, now } = context
  requireDesk(master.policy.values, 'care')
  const rbo = rboOf(context, handover.dealer)
  requirePast(handover.handedOverAt, now, '#/handedOverAt')
  if ((vehicle?.plans.length ?? 0) >= mostHandovers) throw new Refusal('too_many_care_acts')
  const handoverId = `${vehicleId}-${(vehicle?.plans.length ?? 0) + 1}`
  const rules = keptRules(careRulesOf(master.policy.values.care))
  return [{ type: 'VehicleHandedOver', data: { handoverId, ...handover, rbo, rules } }]
}

/** Days of the call after a repair; `null`: none, by the policy or because an import brings what was due long ago. */
const daysAfterRepair = (
  { kind, visitedAt, plannedFrom }: CareCommandOf<'RecordVisit'>,
  { policy }: Context['master'],
): number | null => {
  const { kinds, afterRepairDays } = policy.values.care
  if (kind !== 'repair' || !kinds.after_repair_3d) return null
  const isOver =
    plannedFrom !== null && endOfDays(toEpoch(visitedAt), afterRepairDays) <= toEpoch(plannedFrom)
  return isOver ? null : afterRepairDays
}

const recordVisit: Decide<'RecordVisit'> = (_vehicle, command, context) => {
  const { type: _, plannedFrom: __, ...visit } = command
  const { master, now } = context
  requireDesk(master.policy.values, 'care')
  const rbo = rboOf(context, visit.dealer)
  requirePast(visit.visitedAt, now, '#/visitedAt')
  const afterRepairDays = daysAfterRepair(command, master)
  return [{ type: 'VisitRecorded', data: { ...visit, rbo, afterRepairDays } }]
}

/** The task as it is now. @throws Refusal `care_task_not_found` */
export const requireTask = (
  vehicle: CareVehicle | null,
  { taskId, isErased }: { taskId: TaskId; isErased: boolean },
  now: Instant,
): CareTask => {
  const plan = vehicle === null ? undefined : planOfTask(vehicle, taskId)
  if (vehicle === null || plan === undefined) throw new Refusal('care_task_not_found', { taskId })
  const known = isErased
    ? withErased(vehicle, ({ subjectId }) => (subjectId === plan.subjectId ? now : null))
    : vehicle
  const current = known === vehicle ? plan : planOfTask(known, taskId)
  const task = tasksOfPlan(known, current as typeof plan, now).find((each) => each.taskId === taskId)
  if (task === undefined) throw new Refusal('care_task_not_found', { taskId })
  return task
}

/** @throws Refusal `care_outcome_required`, `care_outcome_not_wanted`, `care_feedback_required` */
const requireOutcome = ({ result, outcome, hasFeedback }: CareCommandOf<'RecordAttempt'>): void => {
  if (result === 'reached' && outcome === null) throw new Refusal('care_outcome_required', {}, '#/outcome')
  if (result !== 'reached' && outcome !== null) throw new Refusal('care_outcome_not_wanted', {}, '#/outcome')
  if (outcome === 'dissatisfied' && !hasFeedback) throw new Refusal('care_feedback_required', {}, '#/product')
}

const recordAttempt: Decide<'RecordAttempt'> = (vehicle, command, { master, now }) => {
  requireDesk(master.policy.values, 'care')
  const { type: _, isErased, hasFeedback: __, ...attempt } = command
  const task = requireTask(vehicle, { taskId: attempt.taskId, isErased }, now)
  const status = statusOf(task, now)
  if (status === null) throw new Refusal('care_task_not_open', { opensAt: task.opensAt })
  if (status !== 'open' && status !== 'overdue') throw new Refusal('care_task_ended', { status })
  requireOutcome(command)
  requirePast(attempt.calledAt, now, '#/calledAt')
  if (attempt.calledAt < task.opensAt)
    throw new Refusal('care_call_before_task', { opensAt: task.opensAt }, '#/calledAt')
  const plan = planOfTask(vehicle as CareVehicle, attempt.taskId) as Plan
  const { attempts, triageHours } = rulesOf(plan.rules)
  if (attemptsOnDay(task.record, attempt.calledAt) >= attempts.perDay)
    throw new Refusal('care_attempts_of_day', { most: attempts.perDay }, '#/calledAt')
  const triageDueAt = attempt.outcome === 'dissatisfied' ? toInstant(toEpoch(now) + triageHours * HOUR) : null
  return [{ type: 'CareAttempted', data: { ...attempt, triageDueAt } }]
}

/** @throws Refusal `care_task_not_found`, `care_not_in_triage` */
const requireTriage = (
  vehicle: CareVehicle | null,
  command: { taskId: TaskId; isErased: boolean },
  { master, now }: Context,
): void => {
  requireDesk(master.policy.values, 'care')
  const { triage } = requireTask(vehicle, command, now)
  if (triage?.status !== 'open') throw new Refusal('care_not_in_triage', { taskId: command.taskId })
}

const isPending = (vehicle: CareVehicle | null, taskId: TaskId): boolean =>
  vehicle?.records[taskId]?.complaint?.ticketNo === null

const deciders: { [T in CareCommandType]: Decide<T> } = {
  RecordHandover: recordHandover,
  RecordVisit: recordVisit,
  RecordAttempt: recordAttempt,
  DismissTask: (vehicle, command, context) => {
    requireTriage(vehicle, command, context)
    return [{ type: 'CareDismissed', data: { taskId: command.taskId, text: command.text } }]
  },
  BecomeComplaint: (vehicle, { type: _, isErased, ...data }, context) => {
    requireTriage(vehicle, { taskId: data.taskId, isErased }, context)
    return [{ type: 'CareBecameComplaint', data }]
  },
  NameTicket: (vehicle, { type: _, ...data }) =>
    isPending(vehicle, data.taskId) ? [{ type: 'CareTicketNamed', data }] : [],
  ReopenTask: (vehicle, { type: _, ...data }) =>
    isPending(vehicle, data.taskId) ? [{ type: 'CareReopened', data }] : [],
}

/** What a command makes of a vehicle (`null`: it is new); `[]` where there is nothing to do. @throws Refusal */
const decideVehicle = (vehicle: CareVehicle | null, command: CareCommand, context: Context): CareEvent[] =>
  (deciders[command.type] as Decide<CareCommandType>)(vehicle, command as never, context)

const actions: Record<CareCommandType, Action> = {
  RecordHandover: 'record_handover',
  RecordVisit: 'record_handover',
  RecordAttempt: 'call_customer',
  DismissTask: 'judge_care',
  BecomeComplaint: 'judge_care',
  NameTicket: 'judge_care',
  ReopenTask: 'judge_care',
}

const byAction = authoriseBy<CareCommand>(actions)

/** A dealer acts for itself only. @throws Refusal `role_not_allowed`, `not_this_dealer` */
export const vehicleAggregate: Aggregate<CareVehicle, CareCommand, CareEvent, Context> = {
  stream: vehicleStream,
  evolve: evolveVehicle,
  decide: decideVehicle,
  authorise: (vehicle, command, actor) => {
    const role = byAction(vehicle, command, actor)
    if (command.type !== 'RecordHandover' && command.type !== 'RecordVisit') return role
    if (role !== 'dealer' || actor.anyUnit === true || actor.dealer === command.dealer) return role
    const other = actor.roles.find((each) => each === 'csc_system' || each === 'admin')
    if (other !== undefined) return other
    throw new Refusal('not_this_dealer', { code: command.dealer }, '#/dealerCode')
  },
  limit: { events: 2_000, refusal: 'too_many_care_acts' },
}
