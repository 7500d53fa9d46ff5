/** What the plan of a handover asks for, before anything is done (rulebook §15). Instants are epoch ms. */
import { endOfDays, monthsLater } from '../calendar/naturalDays.ts'
import { DAY, dayNumber, dayStart, HOUR, numberOfDay, toEpoch } from '../instant.ts'
import { endOfMonth, startOfDay, startOfMonth } from './dates.ts'
import type { TaskId } from './events.ts'
import type { CareKind } from './policy.ts'
import { rulesOf } from './rules.ts'
import type { CareVehicle, Plan, Visit } from './state.ts'

/** Far enough ahead that every yearly task is planned that can be open, milliseconds. */
export const yearAheadMs = 366 * DAY

/** A task before anything was done; instants in epoch ms. */
export type PlannedTask = {
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

export const taskIdOf = (
  { handoverId }: Plan,
  { kind, number }: Pick<PlannedTask, 'kind' | 'number'>,
): TaskId => `${handoverId}.${kind}${number === null ? '' : `.${number}`}`

/** What the plan asks for, in the order of the rulebook's table; yearly tasks that open by `until`, epoch ms. */
export const plannedTasks = (plan: Plan, vehicle: CareVehicle, until: number): PlannedTask[] => {
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
