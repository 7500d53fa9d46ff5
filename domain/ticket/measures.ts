/** The three measures of a unit and when each becomes met or failed (rulebook §8): one set of rules, on epoch milliseconds. */
import { isOverState, measureSchema, type State, type Verdict } from '../codes.ts'
import { epochOrNull, type Instant, never, toEpoch } from '../instant.ts'

export const measureNames = measureSchema.options
export type MeasureName = (typeof measureNames)[number]

const bitOfMeasure: Readonly<Record<MeasureName, number>> = { response: 1, close: 2, firstTime: 4 }

/** Measures as the bits that columns hold, and back. */
export const bitsOfMeasures = (names: readonly MeasureName[]): number =>
  names.reduce((bits, name) => bits | bitOfMeasure[name], 0)
export const measuresOfBits = (bits: number): MeasureName[] =>
  measureNames.filter((name) => (bits & bitOfMeasure[name]) !== 0)

/** The measures a unit counts in: one that was kept on response only, without those of an upheld objection. */
export const countedMeasures = ({ onlyResponse, excluded }: CountRules): MeasureName[] =>
  measureNames.filter((name) => !(onlyResponse && name !== 'response') && !excluded.includes(name))

/** `excluded`: measures that an upheld objection took the unit out of (rulebook §14). */
export type CountRules = { onlyResponse: boolean; excluded: readonly MeasureName[] }

/**
 * The verdict times of a measure, epoch ms: when it becomes met and when failed; `never`: not by what is known. Both may
 * lie ahead, since a deadline fails by itself. A failure outweighs a success from its own instant on.
 */
export type VerdictTimes = { metAt: number; failedAt: number }

/** The verdicts by the number that columns hold. */
export const verdictNumbers = { pending: 0, met: 1, failed: 2 } as const satisfies Record<Verdict, number>
const { pending, met, failed } = verdictNumbers
const byNumber: readonly Verdict[] = ['pending', 'met', 'failed']

/** The number of the verdict at `asOf`, epoch ms, inclusive. */
export const verdictNumberAt = (metAt: number, failedAt: number, asOf: number): 0 | 1 | 2 =>
  failedAt <= asOf ? failed : metAt <= asOf ? met : pending

/** What a measure is at `asOf`, epoch ms, inclusive. */
export const verdictAt = ({ metAt, failedAt }: VerdictTimes, asOf: number): Verdict =>
  byNumber[verdictNumberAt(metAt, failedAt, asOf)] as Verdict

/** Response: on time means responded at or before the due, to the millisecond; failed as soon as it is past. */
export const responseTimes = (dueAt: number, respondedAt: number | null): VerdictTimes =>
  respondedAt !== null && respondedAt <= dueAt
    ? { metAt: respondedAt, failedAt: never }
    : { metAt: never, failedAt: dueAt + 1 }

/** Close: on time means closed before the due, which is the first instant too late. Without a due it does not fail. */
export const closeTimes = (dueAt: number | null, closedAt: number | null): VerdictTimes =>
  dueAt === null || (closedAt !== null && closedAt < dueAt)
    ? { metAt: closedAt ?? never, failedAt: never }
    : { metAt: never, failedAt: dueAt }

/** First time: met once the seven days are over without a repeat, failed from the moment one is linked. */
export const firstTimeTimes = (
  repeatWindowEndsAt: number | null,
  repeatLinkedAt: number | null,
): VerdictTimes => ({ metAt: repeatWindowEndsAt ?? never, failedAt: repeatLinkedAt ?? never })

/** What the measures of a unit follow from; epoch ms, `null`: not by what is known. */
export type UnitFacts = {
  responseDueAt: number
  respondedAt: number | null
  closeDueAt: number | null
  closedAt: number | null
  repeatWindowEndsAt: number | null
  repeatLinkedAt: number | null
}

/**
 * The verdict times of a unit's measures; `null`: the unit does not count in the measure. A unit that was kept counts
 * on response and nowhere else (`onlyResponse`).
 */
export const unitTimes = (
  facts: UnitFacts,
  onlyResponse: boolean,
): { response: VerdictTimes; close: VerdictTimes | null; firstTime: VerdictTimes | null } => ({
  response: responseTimes(facts.responseDueAt, facts.respondedAt),
  close: onlyResponse ? null : closeTimes(facts.closeDueAt, facts.closedAt),
  firstTime: onlyResponse ? null : firstTimeTimes(facts.repeatWindowEndsAt, facts.repeatLinkedAt),
})

/** The verdicts of a unit's measures at `asOf`, epoch ms, inclusive; `null`: it does not count in the measure. */
export const unitVerdicts = (
  facts: UnitFacts,
  { asOf, ...counting }: CountRules & { asOf: number },
): Record<MeasureName, Verdict | null> => {
  const times = unitTimes(facts, counting.onlyResponse)
  const counted = countedMeasures(counting)
  const verdict = (name: MeasureName): Verdict | null => {
    const own = times[name]
    return own === null || !counted.includes(name) ? null : verdictAt(own, asOf)
  }
  return { response: verdict('response'), close: verdict('close'), firstTime: verdict('firstTime') }
}

/** Met, failed and pending of a set of units. */
export type Counts = { met: number; failed: number; pending: number }

/** Percent with two decimals, half up, from integers; `null` where there are no units (rulebook §8). */
export const rateOf = ({ met, failed, pending }: Counts): number | null => {
  const sum = met + failed + pending
  return sum === 0 ? null : Math.floor((met * 20_000 + sum) / (2 * sum)) / 100
}

/** What the measures of a ticket rest on: its holder's clocks and acts. */
export type MeasureFacts = {
  state: State
  responseDueAt: Instant
  respondedAt: Instant | null
  /** `null`: the ticket was converted to C, and its close is failed. */
  closeDueAt: Instant | null
  closedAt: Instant | null
  repeatWindowEndsAt: Instant | null
  repeatLinkedAt: Instant | null
}

/** The same facts in epoch ms. */
export const unitFacts = (facts: Omit<MeasureFacts, 'state'>): UnitFacts => ({
  responseDueAt: toEpoch(facts.responseDueAt),
  respondedAt: epochOrNull(facts.respondedAt),
  closeDueAt: epochOrNull(facts.closeDueAt),
  closedAt: epochOrNull(facts.closedAt),
  repeatWindowEndsAt: epochOrNull(facts.repeatWindowEndsAt),
  repeatLinkedAt: epochOrNull(facts.repeatLinkedAt),
})

/** The next instant after `asOf`, both epoch ms, at which `measuresOf` gives something else; `never`: by what is known it does not. */
export const measuresChangeAt = (ticket: MeasureFacts, asOf: number): number => {
  if (isOverState(ticket.state)) return never
  const { response, close, firstTime } = unitTimes(unitFacts(ticket), false)
  const times = [response, close, firstTime].flatMap((each) =>
    each === null ? [] : [each.metAt, each.failedAt],
  )
  return Math.min(never, ...times.filter((time) => time > asOf))
}

/** What a ticket's own three measures are: its holder's; `null` of one that left the KPI (rulebook §8). */
export const measuresOf = (
  ticket: MeasureFacts,
  now: Instant,
): { response: Verdict | null; close: Verdict | null; firstTime: Verdict | null } => {
  if (isOverState(ticket.state)) return { response: null, close: null, firstTime: null }
  const facts = unitFacts(ticket)
  const verdicts = unitVerdicts(facts, { onlyResponse: false, excluded: [], asOf: toEpoch(now) })
  return facts.closeDueAt === null ? { ...verdicts, close: 'failed' } : verdicts
}
