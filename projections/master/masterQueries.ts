/** Master data as it is asked for. */
import { asKnown, entriesOf } from '../../domain/asKnown.ts'
import {
  type Calendar,
  type CalendarAtInstant,
  type CalendarEvent,
  calendarAsKnown,
} from '../../domain/calendar/calendar.ts'
import { type DealerDetails, dealerAsKnown, deliveriesAsKnown, rboOfDealer } from '../../domain/dealer.ts'
import type { Instant, Quarter } from '../../domain/instant.ts'
import type { Master } from '../../domain/master.ts'
import { defaultPolicy, type Policy } from '../../domain/policy.ts'
import { type PolicyEvent, policyAt, policyOf } from '../../domain/policyVersions.ts'
import { type RboState, rboAsKnown } from '../../domain/rbo.ts'
import type { SettlementEvent } from '../../domain/settlement.ts'
import {
  calendarHistory,
  dealerHistory,
  type Histories,
  historiesBefore,
  type MasterEntry,
  type MasterPeriod,
  policyHistory,
  rboHistory,
  type Snapshots,
  settlementHistory,
} from './masterHistory.ts'

/** `version` is that of the stream, for the `ETag`. */
export type DealerEntry = DealerDetails & { code: string; version: number }
export type RboEntry = RboState & { code: string; version: number }
export type CalendarEntry = Pick<Calendar, 'opens' | 'closes' | 'daysOf'> & {
  id: string
  years: number[]
  version: number
}
export type CalendarYearEntry = {
  id: string
  year: number
  off: string[]
  work: string[]
  source: string
  version: number
}
export type PolicyEntry = {
  /** Version of the policy in force: 0 where none was ever set. */
  policyVersion: number
  effectiveFrom: Instant | null
  values: Policy
  version: number
}

/** A revision of a settled quarter; its number is the event's version. */
export type Revision = MasterEntry<SettlementEvent>

/** What an assessment asks of master data. Where no instant is given, as entered last. */
export type AssessedMaster = Pick<MasterQueries, 'dealers' | 'rboOfDealer' | 'deliveries'>

/** Where no instant is given, as entered last. */
export type MasterQueries = {
  /** All that the rules need, as known at an instant. The same object as long as nothing changes. */
  at(instant: Instant): Master
  /** The same, with the interval in which it counted: for callers that look up many instants. */
  during(instant: Instant): MasterPeriod
  /** A calendar as it counted at an instant, with its own years only. */
  calendarAt(id: string, at: Instant): CalendarAtInstant | null
  /** By code. */
  dealers(page: { limit: number; after?: string | null }): DealerEntry[]
  dealer(code: string): DealerEntry | null
  rbos(): RboEntry[]
  rbo(code: string): RboEntry | null
  /** The RBO a dealer belonged to at an instant (rulebook §9). */
  rboOfDealer(code: string, at: Instant): string | null
  calendar(id: string): CalendarEntry | null
  calendarYear(id: string, year: number): CalendarYearEntry | null
  /** Ids of all calendars. */
  calendarIds(): string[]
  /** Ids of the calendars that borrow their days from this one. */
  borrowersOf(id: string): string[]
  /** In force at an instant. */
  policy(at: Instant): PolicyEntry
  /** Every version of the policy in order, those that are not in force yet too. */
  policyVersions(): readonly MasterEntry<PolicyEvent>[]
  /** Every entry of a calendar in order; none: there is no such calendar. */
  calendarVersions(id: string): readonly MasterEntry<CalendarEvent>[]
  /** The values of a version; 0 is the default. @throws Error where there is no such version. */
  policyOfVersion(version: number): Policy
  /** The revisions of a quarter, in order; none: it is live. */
  revisions(quarter: Quarter): readonly Revision[]
  /** Master data as the log had it before a revision, whatever was entered later. */
  before(revision: Revision): AssessedMaster
  /** Cars handed over, as known at `at`, or as entered last; `null` where it was never entered. */
  deliveries(code: string, quarter: Quarter, at?: Instant): { count: number; version: number } | null
}

/** Later than every instant: the newest entry counts. */
const last: Instant = '9999-12-31T23:59:59.999Z'

const versionOf = (history: readonly { version: number }[]): number => history.at(-1)?.version ?? 0

const codesOf = (all: Histories, prefix: string): string[] =>
  [...all.keys()]
    .filter((stream) => stream.startsWith(prefix))
    .map((stream) => stream.slice(prefix.length))
    .sort()

const calendarEntry = (all: Histories, id: string): CalendarEntry | null => {
  const history = calendarHistory(all, id)
  const known = calendarAsKnown(history, last)
  if (known === null) return null
  const { opens, closes, daysOf, years } = known
  return {
    id,
    opens,
    closes,
    daysOf,
    years: [...years.keys()].sort((a, b) => a - b),
    version: versionOf(history),
  }
}

const calendarYearEntry = (all: Histories, id: string, year: number): CalendarYearEntry | null => {
  const history = calendarHistory(all, id)
  const found = calendarAsKnown(history, last)?.years.get(year)
  if (found === undefined) return null
  return { id, year, off: found.off, work: found.work, source: found.source, version: versionOf(history) }
}

const policyEntry = (all: Histories, at: Instant): PolicyEntry => {
  const history = policyHistory(all)
  const { version, policy } = policyAt(history, at)
  const effectiveFrom = history.find((entry) => entry.version === version)?.event.data.effectiveFrom ?? null
  return { policyVersion: version, effectiveFrom, values: policy, version: versionOf(history) }
}

const policyOfVersion = (all: Histories, version: number): Policy => {
  if (version === 0) return defaultPolicy
  const entry = policyHistory(all).find((each) => each.version === version)
  if (entry === undefined) throw new Error(`there is no policy of version ${version}`)
  return policyOf(entry.event.data)
}

const assessedMaster = (histories: () => Histories): AssessedMaster & Pick<MasterQueries, 'dealer'> => {
  const dealer = (code: string): DealerEntry | null => {
    const history = dealerHistory(histories(), code)
    const known = dealerAsKnown(history, last)
    return known && { ...known, code, version: versionOf(history) }
  }
  return {
    dealer,
    dealers: ({ limit, after }) =>
      codesOf(histories(), 'dealer-')
        .filter((code) => after === undefined || after === null || code > after)
        .slice(0, limit)
        .flatMap((code) => dealer(code) ?? []),
    rboOfDealer: (code, at) => rboOfDealer(dealerHistory(histories(), code), at),
    deliveries: (code, quarter, at = last) =>
      deliveriesAsKnown(dealerHistory(histories(), code), quarter, at),
  }
}

export const masterQueries = (histories: () => Histories, snapshots: () => Snapshots): MasterQueries => {
  const rbo = (code: string): RboEntry | null => {
    const history = rboHistory(histories(), code)
    const known = rboAsKnown(history, last)
    return known && { ...known, code, version: versionOf(history) }
  }
  return {
    ...assessedMaster(histories),
    at: (instant) => snapshots().at(instant),
    calendarAt: (id, at) => calendarAsKnown(calendarHistory(histories(), id), at),
    during: (instant) => snapshots().during(instant),
    rbos: () => codesOf(histories(), 'rbo-').flatMap((code) => rbo(code) ?? []),
    rbo,
    calendar: (id) => calendarEntry(histories(), id),
    calendarYear: (id, year) => calendarYearEntry(histories(), id, year),
    calendarIds: () => codesOf(histories(), 'calendar-'),
    borrowersOf: (id) =>
      codesOf(histories(), 'calendar-').filter((each) => {
        const hours = asKnown(entriesOf(calendarHistory(histories(), each), 'CalendarDefined'), last)
        return hours?.event.data.daysOf === id
      }),
    policy: (at) => policyEntry(histories(), at),
    policyVersions: () => policyHistory(histories()),
    calendarVersions: (id) => calendarHistory(histories(), id),
    policyOfVersion: (version) => policyOfVersion(histories(), version),
    revisions: (quarter) => settlementHistory(histories(), quarter),
    before: ({ place }) => {
      const known = historiesBefore(histories(), place)
      return assessedMaster(() => known)
    },
  }
}
