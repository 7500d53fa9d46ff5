/** The care tasks of a vehicle (rulebook §15): a pure function of its handovers, its visits and what was done. */
import { dayNumber, type Instant, toEpoch, toInstant } from '../instant.ts'
import type { CareOutcome, CareStatus, TriageStatus } from './codes.ts'
import type { TaskId } from './events.ts'
import { type PlannedTask, plannedTasks, taskIdOf } from './plannedTasks.ts'
import type { CareKind } from './policy.ts'
import { rulesOf } from './rules.ts'
import { type CareVehicle, noRecord, type Plan, type TaskRecord } from './state.ts'

/** How a task ended; `null`: it has not. */
export type TaskEnd = Extract<CareStatus, 'done' | 'late' | 'failed' | 'not_needed'>

export type CareTask = {
  taskId: TaskId
  handoverId: string
  kind: CareKind
  /** Whose call it is: the dealer's that handed the car over, after a repair the dealer's that repaired. */
  dealer: string
  rbo: string
  opensAt: Instant
  /** The first instant that is too late; `delivery_24h` at its very due is in time. */
  dueAt: Instant
  /** The first instant at which it is overdue. */
  lateFrom: Instant
  end: TaskEnd | null
  endedAt: Instant | null
  outcome: CareOutcome | null
  record: TaskRecord
  triage: { status: TriageStatus; since: Instant; dueAt: Instant; ticketNo: string | null } | null
}

/** `endedAt`: epoch ms. */
type EndOfTask = { end: TaskEnd; endedAt: number; outcome: CareOutcome | null }

const dayOfCall = (calledAt: Instant): number => dayNumber(toEpoch(calledAt))

/** Of these results: the first attempt that ends the task, by the days and refusals of the rules. */
const endedBy = (attempts: TaskRecord['attempts'], { rules }: Plan) => {
  const most = rulesOf(rules).attempts
  const days = new Set<number>()
  let declined = 0
  return attempts.find(({ result, calledAt }) => {
    if (result === 'reached') return true
    if (result === 'declined') {
      declined += 1
      return declined >= most.declined
    }
    days.add(dayOfCall(calledAt))
    return days.size >= most.unreachableDays
  })
}

const endOf = (
  task: PlannedTask,
  { attempts }: TaskRecord,
  plan: Plan,
  lateFrom: number,
): EndOfTask | null => {
  const last = attempts.length === 0 ? undefined : endedBy(attempts, plan)
  if (last === undefined)
    return task.endsAt === null ? null : { end: 'not_needed', endedAt: task.endsAt, outcome: null }
  const endedAt = toEpoch(last.at)
  if (last.result !== 'reached') return { end: 'failed', endedAt, outcome: null }
  return { end: endedAt < lateFrom ? 'done' : 'late', endedAt, outcome: last.outcome }
}

const triageOf = ({ attempts, dismissed, complaint }: TaskRecord, plan: Plan): CareTask['triage'] => {
  const asked = attempts.find(({ triageDueAt }) => triageDueAt !== null)
  if (asked === undefined) return null
  const of = { since: asked.at, dueAt: asked.triageDueAt as Instant, ticketNo: complaint?.ticketNo ?? null }
  if (complaint !== null) return { status: 'registered', ...of }
  if (dismissed !== null) return { status: 'dismissed', ...of }
  return plan.erasedAt === null ? { status: 'open', ...of } : null
}

/** A task with its instants in epoch ms, as a view keeps it. `number`: of a kind that comes again. */
export type EpochTask = Pick<CareTask, 'kind' | 'dealer' | 'rbo' | 'end' | 'outcome' | 'record' | 'triage'> &
  Pick<PlannedTask, 'number' | 'opensAt' | 'dueAt'> & { lateFrom: number; endedAt: number | null }

/** The tasks of one handover as a view keeps them; of those that come every year the ones that open by `until`, epoch ms. */
export const epochTasksOfPlan = (vehicle: CareVehicle, plan: Plan, until: number): EpochTask[] =>
  plannedTasks(plan, vehicle, until).map((task) => {
    const { kind, number, opensAt, dueAt, visit } = task
    const record = vehicle.records[taskIdOf(plan, task)] ?? noRecord
    const lateFrom = kind === 'delivery_24h' ? dueAt + 1 : dueAt
    const ended = endOf(task, record, plan, lateFrom)
    return {
      kind,
      number,
      dealer: visit?.dealer ?? plan.dealer,
      rbo: visit?.rbo ?? plan.rbo,
      opensAt,
      dueAt,
      lateFrom,
      end: ended?.end ?? null,
      endedAt: ended?.endedAt ?? null,
      outcome: ended?.outcome ?? null,
      record,
      triage: triageOf(record, plan),
    }
  })

/** All tasks of one handover; of those that come every year the ones that open by `until`. */
export const tasksOfPlan = (vehicle: CareVehicle, plan: Plan, until: Instant): CareTask[] =>
  epochTasksOfPlan(vehicle, plan, toEpoch(until)).map(
    ({ number, opensAt, dueAt, lateFrom, endedAt, ...task }) => ({
      ...task,
      taskId: taskIdOf(plan, { kind: task.kind, number }),
      handoverId: plan.handoverId,
      opensAt: toInstant(opensAt),
      dueAt: toInstant(dueAt),
      lateFrom: toInstant(lateFrom),
      endedAt: endedAt === null ? null : toInstant(endedAt),
    }),
  )

/** All tasks of a vehicle, those of the first handover first. */
export const tasksOf = (vehicle: CareVehicle, until: Instant): CareTask[] =>
  vehicle.plans.flatMap((plan) => tasksOfPlan(vehicle, plan, until))

/** What a task is at an instant; `null`: it has not opened yet. */
export const statusOf = (
  { end, opensAt, lateFrom }: Pick<CareTask, 'end' | 'opensAt' | 'lateFrom'>,
  now: Instant,
): CareStatus | null => {
  if (end !== null) return end
  if (now < opensAt) return null
  return now < lateFrom ? 'open' : 'overdue'
}

/** Attempts of the task on the Shanghai day of a call. */
export const attemptsOnDay = ({ attempts }: TaskRecord, calledAt: Instant): number =>
  attempts.filter((each) => dayOfCall(each.calledAt) === dayOfCall(calledAt)).length
