/** The care tasks of a vehicle (rulebook §15): a pure function of its handovers, its visits and what was done. */

import { endOfDays, monthsLater } from '../calendar/naturalDays.ts'
import { DAY, dayNumber, dayStart, HOUR, type Instant, numberOfDay, toEpoch, toInstant } from '../instant.ts'
import type { CareOutcome, CareStatus, TriageStatus } from './codes.ts'
import { endOfMonth, startOfDay, startOfMonth } from './dates.ts'
import type { TaskId } from './events.ts'
import type { CareKind } from './policy.ts'
import { rulesOf } from './rules.ts'
import { type CareVehicle, noRecord, type Plan, type TaskRecord, type Visit } from './state.ts'

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

/** A task before anything was done; instants in epoch ms. */
type PlannedTask = {
  kind: CareKind
  /** Of a kind that comes again. */
  number: number | null
  opensAt: number
  dueAt: number
  /** From when on nobody needs it; `null`: it is needed. */
  endsAt: number | null
  visit: Visit | null
}

const once = (kind: CareKind, opensAt: number, dueAt: number, endsAt: number | null = null): PlannedTask => ({
  kind,
  number: null,
  opensAt,
  dueAt,
  endsAt,
  visit: null,
})

/** Every year the day the insurance ends, those that open by `until`. */
const insurance = (plan: Plan, until: number): PlannedTask[] => {
  const { handedOverAt, insuranceEndsOn } = plan
  const rules = rulesOf(plan.rules)
  const from = toEpoch(handedOverAt)
  const first =
    insuranceEndsOn === null
      ? monthsLater(dayNumber(from), rules.insurance.months)
      : numberOfDay(insuranceEndsOn)
  const planned: PlannedTask[] = []
  for (let number = 1; number < 1_000; number++) {
    const day = monthsLater(first, 12 * (number - 1))
    const opensAt = Math.max(from, dayStart(day - rules.insurance.opensDaysBefore))
    if (opensAt > until) break
    if (dayStart(day + 1) > from) planned.push({ ...once('insurance', opensAt, dayStart(day + 1)), number })
  }
  return planned
}

/** The first service is over with a visit for it, or with any once the task is open. */
const firstService = (from: number, plan: Plan, visits: readonly Visit[]): PlannedTask => {
  const rules = rulesOf(plan.rules)
  const opensAt = startOfMonth(from, rules.firstService.opensMonth)
  const visit = visits.find(
    ({ kind, visitedAt }) => kind === 'first_service' || toEpoch(visitedAt) >= opensAt,
  )
  return once(
    'first_service',
    opensAt,
    endOfMonth(from, rules.firstService.dueMonth),
    visit === undefined ? null : toEpoch(visit.visitedAt),
  )
}

/** Opens when the month has come and nobody has visited for so long; the next visit ends it. */
const returnOffer = (from: number, plan: Plan, visits: readonly Visit[]): PlannedTask => {
  const { opensMonth, noVisitMonths, dueDays } = rulesOf(plan.rules).returnOffer
  let opensAt = startOfMonth(from, opensMonth)
  let endsAt: number | null = null
  for (const { visitedAt } of visits) {
    const visited = toEpoch(visitedAt)
    if (visited >= opensAt) {
      endsAt = visited
      break
    }
    opensAt = Math.max(opensAt, endOfMonth(visited, noVisitMonths))
  }
  return once('return_offer', opensAt, endOfDays(opensAt, dueDays), endsAt)
}

const afterRepair = (visits: readonly { visit: Visit; number: number }[]): PlannedTask[] =>
  visits.flatMap(({ visit, number }) => {
    const { kind, visitedAt, afterRepairDays } = visit
    if (kind !== 'repair' || afterRepairDays === null) return []
    const at = toEpoch(visitedAt)
    return [{ ...once('after_repair_3d', at, endOfDays(at, afterRepairDays)), number, visit }]
  })

/** Handed over later: of two handovers at one instant the one recorded later. */
const isAfter = (a: Plan, b: Plan, plans: readonly Plan[]): boolean =>
  a.handedOverAt > b.handedOverAt ||
  (a.handedOverAt === b.handedOverAt && plans.indexOf(a) > plans.indexOf(b))

/** From when on a plan is none any more: handed over again, or the customer erased; `null`: it is one. */
const endOfPlan = (plan: Plan, { plans }: CareVehicle): number | null => {
  const ends = plans
    .filter((other) => isAfter(other, plan, plans))
    .map((other) => toEpoch(other.handedOverAt))
  if (plan.erasedAt !== null) ends.push(toEpoch(plan.erasedAt))
  return ends.length === 0 ? null : Math.min(...ends)
}

/** The visits between a handover and the end of its plan, the earliest first; numbered as they were recorded. */
const numberedVisits = (plan: Plan, vehicle: CareVehicle): { visit: Visit; number: number }[] => {
  const from = toEpoch(plan.handedOverAt)
  const end = endOfPlan(plan, vehicle)
  return vehicle.visits
    .map((visit, index) => ({ visit, number: index + 1 }))
    .filter(({ visit }) => {
      const at = toEpoch(visit.visitedAt)
      return at >= from && (end === null || at < end)
    })
    .sort((a, b) => (a.visit.visitedAt < b.visit.visitedAt ? -1 : 1))
}

/** The visits that belong to a handover, the earliest first. */
export const visitsOfPlan = (plan: Plan, vehicle: CareVehicle): Visit[] =>
  numberedVisits(plan, vehicle).map(({ visit }) => visit)

const taskIdOf = ({ handoverId }: Plan, { kind, number }: Pick<PlannedTask, 'kind' | 'number'>): TaskId =>
  `${handoverId}.${kind}${number === null ? '' : `.${number}`}`

/** What the plan asks for, in the order of the rulebook's table. */
const planned = (plan: Plan, vehicle: CareVehicle, until: number): PlannedTask[] => {
  const { handedOverAt, plannedFrom } = plan
  const rules = rulesOf(plan.rules)
  const from = toEpoch(handedOverAt)
  const end = endOfPlan(plan, vehicle)
  const within = numberedVisits(plan, vehicle)
  const visits = within.map(({ visit }) => visit)
  const after24h = from + rules.delivery24hHours * HOUR
  const all = [
    once('delivery_24h', from, after24h),
    once('delivery_3d', after24h, endOfDays(from, rules.delivery3dDays)),
    once(
      'delivery_3m',
      startOfDay(from, rules.delivery3m.opensDay),
      endOfMonth(from, rules.delivery3m.dueMonth),
    ),
    firstService(from, plan, visits),
    once(
      'benefits',
      startOfMonth(from, rules.benefits.opensMonth),
      endOfMonth(from, rules.benefits.dueMonth),
    ),
    ...insurance(plan, until),
    once(
      'warranty',
      startOfMonth(from, rules.warranty.opensMonth),
      endOfMonth(from, rules.warranty.dueMonth),
    ),
    returnOffer(from, plan, visits),
    ...afterRepair(within),
  ]
  const cut = plannedFrom === null ? Number.NEGATIVE_INFINITY : toEpoch(plannedFrom)
  return all.flatMap((each) => {
    if (!rules.kinds[each.kind] || each.dueAt <= cut) return []
    // what would open after the plan's end is never asked for; a call that was made stands
    if (end !== null && each.opensAt >= end && vehicle.records[taskIdOf(plan, each)] === undefined) return []
    return [end === null || each.endsAt !== null ? each : { ...each, endsAt: end }]
  })
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
  planned(plan, vehicle, until).map((task) => {
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

/** When the next yearly task opens after an instant, both epoch ms; `null`: none does. */
export const nextYearly = (vehicle: CareVehicle, after: number): number | null => {
  let next: number | null = null
  for (const plan of vehicle.plans) {
    if (!rulesOf(plan.rules).kinds.insurance) continue
    const end = endOfPlan(plan, vehicle)
    if (end !== null && end <= after) continue
    for (const { opensAt } of insurance(plan, after + yearAheadMs))
      if (opensAt > after && (next === null || opensAt < next)) next = opensAt
  }
  return next
}

/** Far enough ahead that every yearly task is planned that can be open, milliseconds. */
export const yearAheadMs = 366 * DAY
