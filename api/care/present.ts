/** Vehicles, handovers and care tasks to the JSON of the contract. */
import type { HandoverId, TaskId, VehicleId } from '../../domain/care/events.ts'
import { yearAheadMs } from '../../domain/care/plannedTasks.ts'
import type { CareVehicle, Plan, Visit } from '../../domain/care/state.ts'
import { type CareTask, statusOf, tasksOfPlan } from '../../domain/care/tasks.ts'
import { type Instant, toEpoch, toInstant } from '../../domain/instant.ts'
import type { UnitsOfTicket } from '../../domain/scope.ts'
import type { HandoverView } from '../../projections/care/careQueries.ts'
import type { TaskView } from '../../projections/care/careRows.ts'
import type { Reader } from '../commands/tickets/personal.ts'
import type {
  CareTaskAnswer,
  CareTaskRowAnswer,
  HandoverAnswer,
  TriageRowAnswer,
  VisitAnswer,
} from './responseSchemas.ts'

/** Whose a handover or task is: what scopes are held against (rulebook §2). No unit holds it. */
export const placeOfCare = ({ dealer, rbo }: { dealer: string; rbo: string }): UnitsOfTicket => ({
  holder: { tier: 'csc', unit: 'CSC' },
  dealer,
  rbo,
  responsibleDealer: null,
})

/** What is open within the coming year is planned already. */
export const plannedUntil = (now: Instant): Instant => toInstant(toEpoch(now) + yearAheadMs)

const subjectOf = (sealed: string): string => sealed.slice(3, sealed.indexOf('.', 3))

const personOf = (sealed: TaskView['customer'], reader: Reader) => {
  const { customer, vehicle } = reader.person(sealed)
  return { customer: { ...customer, subjectId: subjectOf(sealed) }, vehicle }
}

const triageFields = (
  triage: Pick<NonNullable<CareTask['triage']>, 'status' | 'since' | 'dueAt'> | null,
) => ({
  triage: triage?.status ?? null,
  triageSince: triage?.since ?? null,
  triageDueAt: triage?.dueAt ?? null,
})

export const presentTaskRow = (view: TaskView, reader: Reader, now: Instant): CareTaskRowAnswer => {
  const {
    id: _,
    end: __,
    lateFrom: ___,
    version: ____,
    outcome: callOutcome,
    triage,
    customer,
    ...rest
  } = view
  return {
    ...rest,
    callOutcome,
    status: statusOf(view, now),
    ...triageFields(triage),
    ...personOf(customer, reader),
  }
}

const feedbackOf = (sealed: Parameters<Reader['text']>[0], reader: Reader) => {
  const { product = null, service = null, other = null } = reader.text(sealed)
  return { product, service, other }
}

export const presentTriageRow = (view: TaskView, reader: Reader, now: Instant): TriageRowAnswer => ({
  ...presentTaskRow(view, reader, now),
  ...feedbackOf(view.triage?.text ?? null, reader),
})

export const presentTask = (
  { task, plan, version }: { task: CareTask; plan: Plan; version: number },
  reader: Reader,
  now: Instant,
): CareTaskAnswer => {
  const { attempts, dismissed } = task.record
  return {
    taskId: task.taskId,
    handoverId: task.handoverId,
    version,
    kind: task.kind,
    status: statusOf(task, now),
    dealer: task.dealer,
    rbo: task.rbo,
    handedOverAt: plan.handedOverAt,
    opensAt: task.opensAt,
    dueAt: task.dueAt,
    endedAt: task.endedAt,
    callOutcome: task.outcome,
    attempts: attempts.length,
    ...triageFields(task.triage),
    ticketNo: task.triage?.ticketNo ?? null,
    ...personOf(plan.customer, reader),
    calls: attempts.map(({ text, triageDueAt: _, ...call }) => ({ ...call, ...feedbackOf(text, reader) })),
    dismissReason: reader.text(dismissed?.text ?? null).reason ?? null,
  }
}

export const presentHandoverRow = (
  view: HandoverView,
  reader: Reader,
  version: number,
): Omit<HandoverAnswer, 'tasks'> => {
  const { subjectId: _, erasedAt: __, customer, ...rest } = view
  return { ...rest, version, ...personOf(customer, reader) }
}

export const presentHandover = (
  {
    vehicleId,
    vehicle,
    plan,
    version,
  }: { vehicleId: VehicleId; vehicle: CareVehicle; plan: Plan; version: number },
  reader: Reader,
  now: Instant,
): HandoverAnswer => ({
  handoverId: plan.handoverId as HandoverId,
  vehicleId,
  version,
  externalNo: plan.externalNo,
  dealer: plan.dealer,
  rbo: plan.rbo,
  handedOverAt: plan.handedOverAt,
  recordedAt: plan.recordedAt,
  insuranceEndsOn: plan.insuranceEndsOn,
  ...personOf(plan.customer, reader),
  tasks: tasksOfPlan(vehicle, plan, plannedUntil(now))
    .map((task) => ({
      taskId: task.taskId as TaskId,
      kind: task.kind,
      status: statusOf(task, now),
      dealer: task.dealer,
      opensAt: task.opensAt,
      dueAt: task.dueAt,
      endedAt: task.endedAt,
      callOutcome: task.outcome,
      ticketNo: task.triage?.ticketNo ?? null,
    }))
    .sort((a, b) => (a.dueAt < b.dueAt ? -1 : a.dueAt > b.dueAt ? 1 : 0)),
})

export const presentVisit = (vehicleId: VehicleId, visit: Visit): VisitAnswer => {
  const { afterRepairDays: _, ...rest } = visit
  return { vehicleId, ...rest }
}
