/** The care desk's quarter: dealers call their customers, the call centre judges those who were not content. */
import { vehicleOfImport } from '../../api/commands/imports/careLines.ts'
import type { CareTask } from '../../domain/care/tasks.ts'
import { DAY, dayNumber, dayOf, HOUR, MINUTE, toEpoch, toInstant } from '../../domain/instant.ts'
import { fill } from '../../domain/refusal.ts'
import type { Who } from './client.ts'
import { type CareCategory, careDismissals, careGrievances, careRemarks } from './data/desks.ts'
import { measures, responses, results } from './data/handling.ts'
import { consultants } from './data/names.ts'
import { type CallStep, type DeskStep, inOrder } from './deskSteps.ts'
import {
  type DemoPeriod,
  type Handover,
  handoverStep,
  handoversOf,
  tasksOfHandover,
  visitStep,
  visitsOf,
} from './handovers.ts'
import type { DemoDealer, Network } from './network.ts'
import { createRandom, type Random } from './random.ts'
import type { HistoryLine } from './story.ts'
import { whenAwake } from './times.ts'

export type CareOptions = {
  network: Network
  seed: string
  span: DemoPeriod
  /** The complaints of the quarter: some of their customers bought their car in it. */
  lines: readonly HistoryLine[]
  /** Cars handed over in the quarter; the desk watches some of all that were. */
  count?: number
}

const defaultCount = 170

/** The dealer's care desk. */
export const careDesk = (dealer: string): Who => ({ sub: `${dealer}-KF`, roles: ['dealer'], dealer })

/** Some agent of the call centre. */
export const agentOf = (random: Random): Who => ({ sub: String(random.int(1001, 1036)), roles: ['csr'] })

const say = (random: Random, sentences: readonly string[]): string =>
  fill(random.pick(sentences), {
    consultant: random.pick(consultants),
    days: random.int(3, 20),
    yuan: random.int(3, 30) * 100,
  })

/** What a customer says who was reached. */
export const answerOf = (
  random: Random,
  { kind, unhappy }: { kind: string; unhappy: number },
): { body: object; category: CareCategory | null } => {
  const later = kind === 'delivery_3m' && { mileageKm: random.int(1_500, 6_500) }
  if (random.chance(unhappy)) {
    const category = random.pick(Object.keys(careGrievances) as CareCategory[])
    const { field, texts } = careGrievances[category]
    const body = { result: 'reached', outcome: 'dissatisfied', [field]: say(random, texts), ...later }
    return { body, category }
  }
  const field = random.pick(Object.keys(careRemarks) as (keyof typeof careRemarks)[])
  const outcome = random.weighted({ satisfied: 82, neutral: 18 })
  const remark = random.chance(0.4) && { [field]: say(random, careRemarks[field]) }
  return { body: { result: 'reached', outcome, ...remark, ...later }, category: null }
}

type CallInputs = { handover: Handover; task: CareTask; random: Random; span: DemoPeriod }

/** When the desk first calls, epoch ms; `null`: it never does. */
const firstCall = ({ handover, task, random }: CallInputs): number | null => {
  const { responds } = handover.dealer.quality
  const [opens, due] = [toEpoch(task.opensAt), toEpoch(task.dueAt)]
  if (random.chance(0.45 + responds * 0.53)) {
    const some = whenAwake(opens + (0.2 + random.next() * 0.7) * (due - opens), random)
    // by evening, for what is due at midnight; some hours early, for steps of two hours are taken together
    const latest = due - random.int(4 * 60, 6 * 60) * MINUTE
    return Math.max(Math.min(some, latest), opens + 5 * MINUTE)
  }
  return random.chance(0.3) ? null : whenAwake(due + random.int(2 * HOUR, 3 * DAY), random)
}

/** Customers who were called so shortly before the end wait for the call centre still. */
const unjudgedMs = 36 * HOUR
const unhappiness = { recently: 0.25, before: 0.07 }

/** The dealer answers what became a complaint and closes it, as well as it works. */
export const handleTicket = (
  { about, dealer, random }: { about: string; dealer: DemoDealer; random: Random },
  from: number,
): CallStep[] => {
  const who = careDesk(dealer.code)
  const { responds, closes } = dealer.quality
  if (!random.chance(responds)) return []
  const answeredAt = whenAwake(from + random.int(8, 100) * MINUTE, random)
  const answered = { method: 'phone', reached: true, note: say(random, responses.reached) }
  const path = '/v1/tickets/{ticketNo}'
  const steps: CallStep[] = [{ at: answeredAt, about, who, path: `${path}/responses`, body: answered }]
  if (!random.chance(closes)) return steps
  const at = whenAwake(answeredAt + random.int(5, 50) * HOUR, random)
  const body = { result: say(random, results), measures: say(random, measures) }
  return [...steps, { at, about, who, path: `${path}/close`, body }]
}

/** The call centre registers the complaint or dismisses it, mostly within its 24 hours. */
const judge = (calling: CallInputs, calledAt: number, category: CareCategory): CallStep[] => {
  const { handover, task, random, span } = calling
  if (calledAt > span.end - unjudgedMs || random.chance(0.03)) return []
  const at = whenAwake(calledAt + random.int(1, 18) * HOUR, random)
  const doing = { at, about: handover.ref, who: agentOf(random) }
  const path = `/v1/care/tasks/${task.taskId}`
  if (handover.complains || random.chance(0.25)) {
    const reason = handover.complains ? careDismissals[0] : random.pick(careDismissals.slice(1))
    return [{ ...doing, path: `${path}/dismiss`, body: { reason } }]
  }
  return [
    { ...doing, path: `${path}/complaint`, body: { category } },
    ...handleTicket({ about: handover.ref, dealer: handover.dealer, random }, at),
  ]
}

/** All calls of a task until somebody was reached, or the task has ended, and what the call centre makes of them. */
const callsOf = (calling: CallInputs): CallStep[] => {
  const { handover, task, random, span } = calling
  const steps: CallStep[] = []
  const until = task.end === 'not_needed' ? toEpoch(task.endedAt as string) : span.end
  const by = { about: handover.ref, who: careDesk(handover.dealer.code) }
  const path = `/v1/care/tasks/${task.taskId}/attempts`
  let [unreachable, declined] = [0, 0]
  for (let at = firstCall(calling); at !== null && at < until; at = whenAwake(at + 20 * HOUR, random)) {
    const result = random.weighted({ reached: 73, unreachable: 21, declined: 6 })
    const calledAt = toInstant(at)
    if (result === 'reached') {
      const unhappy = at > span.end - unjudgedMs ? unhappiness.recently : unhappiness.before
      const { body, category } = answerOf(random, { kind: task.kind, unhappy })
      const expected = task.kind === 'delivery_3m' && {
        firstServiceOn: dayOf(dayNumber(at) + random.int(5, 40)),
      }
      steps.push({ at, ...by, path, body: { ...body, ...expected, calledAt } })
      return category === null ? steps : [...steps, ...judge(calling, at, category)]
    }
    steps.push({ at, ...by, path, body: { result, calledAt } })
    if (result === 'declined') declined += 1
    else unreachable += 1
    if (declined === 2 || unreachable === 3) return steps
  }
  return steps
}

/** Handovers, visits and calls of the span in order of time; what would come after its end is left out. */
export const careSteps = ({ network, seed, span, lines, count = defaultCount }: CareOptions): DeskStep[] => {
  const steps = handoversOf({ network, seed, span, lines, count }).flatMap((handover): DeskStep[] => {
    const random = createRandom(`${handover.ref} calls`)
    const visits = visitsOf(handover, span, random)
    const vehicleId = vehicleOfImport(handover.ref)
    const calls = tasksOfHandover(handover, { visits, span, vehicleId }).flatMap((task) =>
      callsOf({ handover, task, random, span }),
    )
    return [handoverStep(handover), ...visits.map((visit) => visitStep(handover, visit)), ...calls]
  })
  return inOrder(steps.filter(({ at }) => at < span.end))
}
