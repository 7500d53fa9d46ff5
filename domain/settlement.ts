/** The settled quarter: frozen once, revised with a reason, its ties decided by HQ (rulebook §9). */
import { z } from 'zod'
import { type Aggregate, authoriseBy } from './aggregate.ts'
import { firstQuarter, type TieDecision } from './assessment.ts'
import { dayAfterWorkingDays, type Timetable } from './calendar/workingTime.ts'
import {
  dayNumber,
  dayStart,
  type Instant,
  type Quarter,
  quarterBounds,
  toEpoch,
  toInstant,
} from './instant.ts'
import { type LogDigest, logDigestSchema } from './logDigest.ts'
import { Refusal } from './refusal.ts'
import { unitCodeSchema } from './unitCode.ts'

const reason = z.string().trim().min(1).max(2_000)
/** The version in force at the quarter's end, by which the revision was computed. */
const policyVersion = z.int().min(0)
/** The digest of the log as it was when the revision was made; revisions of older versions have none. */
const logDigest = logDigestSchema.exactOptional()

/** The events of stream `assessment-<quarter>`. Each makes one revision, whose number is the event's version. */
export const settlementEventData = {
  QuarterFrozen: z.strictObject({ policyVersion, logDigest }),
  QuarterRevised: z.strictObject({ policyVersion, logDigest, reason }),
  TieDecided: z.strictObject({
    policyVersion,
    logDigest,
    rbo: unitCodeSchema,
    /** Dealers HQ chose among, by code. */
    tied: z.array(unitCodeSchema).min(2),
    rewarded: z.array(unitCodeSchema).min(1),
    reason,
  }),
}

type Data = typeof settlementEventData
export type SettlementEvent = { [T in keyof Data]: { type: T; data: z.infer<Data[T]> } }[keyof Data]

export const settlementStream = (quarter: Quarter): string => `assessment-${quarter}`

/** The quarter of a settlement's stream; `null` for other streams. */
export const quarterOfStream = (stream: string): Quarter | null =>
  /^assessment-(\d{4}Q[1-4])$/.exec(stream)?.[1] ?? null

/** What the stream says so far; `null`: the quarter is live. */
export type Settlement = {
  /** Number of the newest revision. */
  revision: number
  decisions: readonly TieDecision[]
}

/** Folds one event into a settlement; never throws. */
export const evolveSettlement = (state: Settlement | null, event: SettlementEvent): Settlement => {
  const { revision, decisions } = state ?? { revision: 0, decisions: [] }
  return {
    revision: revision + 1,
    decisions: event.type === 'TieDecided' ? [...decisions, event.data] : decisions,
  }
}

/**
 * The revision whose units and master data a revision is made of: a decision on a tie leaves them as they were
 * (rulebook §9: a correction shows only where the quarter is revised). `history` begins with the first revision.
 */
export const countedRevision = (
  history: readonly Pick<SettlementEvent, 'type'>[],
  revision: number,
): number => history.slice(0, revision).findLastIndex(({ type }) => type !== 'TieDecided') + 1

/**
 * From when on a quarter may be frozen: 00:00 in Shanghai after the `workingDays`-th working day that follows it
 * (rulebook §9, Freeze); `table` is that of the national calendar.
 * @throws RangeError outside the years 1970 to 9999.
 */
export const freezableFrom = (quarter: Quarter, table: Timetable, workingDays: number): Instant => {
  const lastDay = dayNumber(toEpoch(quarterBounds(quarter).to) - 1)
  return toInstant(dayStart(dayAfterWorkingDays(table, lastDay, workingDays).day))
}

/** A tie across the cut of one RBO, as the newest revision has it. */
export type Tie = { rbo: string; tied: readonly string[]; seats: number }

export type SettlementCommand = {
  /** Of the log that the revision is made from; left out or `null`: there is none yet. */
  logDigest?: LogDigest | null
} & (
  | { type: 'Freeze'; now: Instant; quarter: Quarter; freezableFrom: Instant; policyVersion: number }
  | { type: 'Revise'; reason: string; policyVersion: number }
  | {
      type: 'DecideTie'
      rbo: string
      rewarded: readonly string[]
      reason: string
      policyVersion: number
      /** `null`: that RBO has none. */
      tie: Tie | null
    }
)

type Decide<T extends SettlementCommand['type']> = (
  state: Settlement | null,
  command: Extract<SettlementCommand, { type: T }>,
) => SettlementEvent[]

const freeze: Decide<'Freeze'> = (state, { now, quarter, freezableFrom: from, policyVersion: version }) => {
  if (quarter < firstQuarter) throw new Refusal('quarter_not_assessed', { first: firstQuarter })
  if (now < quarterBounds(quarter).from) throw new Refusal('quarter_in_future')
  if (state !== null) throw new Refusal('already_frozen', { quarter, revision: state.revision })
  if (now < from) throw new Refusal('freeze_too_early', { quarter, from })
  return [{ type: 'QuarterFrozen', data: { policyVersion: version } }]
}

const requireFrozen = (state: Settlement | null): Settlement => {
  if (state === null) throw new Refusal('not_frozen')
  return state
}

const revise: Decide<'Revise'> = (state, { reason: why, policyVersion: version }) => {
  requireFrozen(state)
  return [{ type: 'QuarterRevised', data: { policyVersion: version, reason: why } }]
}

const decideTie: Decide<'DecideTie'> = (
  state,
  { rbo, rewarded, reason: why, tie, policyVersion: version },
) => {
  requireFrozen(state)
  if (tie === null) throw new Refusal('no_tie', { rbo }, '#/rbo')
  const stranger = rewarded.findIndex((dealer) => !tie.tied.includes(dealer))
  if (stranger >= 0)
    throw new Refusal(
      'not_in_tie',
      { code: rewarded[stranger]!, tied: tie.tied.join(', ') },
      `#/rewarded/${stranger}`,
    )
  if (new Set(rewarded).size !== tie.seats || rewarded.length !== tie.seats)
    throw new Refusal('tie_seats', { seats: tie.seats }, '#/rewarded')
  return [
    {
      type: 'TieDecided',
      data: {
        policyVersion: version,
        rbo,
        tied: [...tie.tied].sort(),
        rewarded: [...rewarded].sort(),
        reason: why,
      },
    },
  ]
}

const deciders: { [T in SettlementCommand['type']]: Decide<T> } = {
  Freeze: freeze,
  Revise: revise,
  DecideTie: decideTie,
}

/** A revision keeps the digest of the log it was made from. */
const withLogDigest = (event: SettlementEvent, logDigest: LogDigest | null): SettlementEvent =>
  logDigest === null ? event : ({ ...event, data: { ...event.data, logDigest } } as SettlementEvent)

/**
 * What a command makes of a quarter (`null`: it is live).
 * @throws Refusal `quarter_not_assessed`, `quarter_in_future`, `already_frozen`, `freeze_too_early`, `not_frozen`,
 * `no_tie`, `not_in_tie`, `tie_seats`.
 */
export const decideSettlement = (state: Settlement | null, command: SettlementCommand): SettlementEvent[] => {
  const { logDigest = null } = command
  const decide = deciders[command.type] as Decide<SettlementCommand['type']>
  return decide(state, command).map((event) => withLogDigest(event, logDigest))
}

/** A quarter's settlement as an aggregate: stream `assessment-<quarter>`. */
export const settlementAggregate: Aggregate<Settlement, SettlementCommand, SettlementEvent> = {
  stream: settlementStream,
  evolve: evolveSettlement,
  decide: decideSettlement,
  authorise: authoriseBy({ Freeze: 'settle_quarter', Revise: 'settle_quarter', DecideTie: 'decide_tie' }),
}
