/**
 * Dealers, RBOs, calendars and the policy as they counted at an instant (rulebook §9, last point), and the settlements
 * of the quarters, whose revisions are computed from what was entered before them.
 */

import type { RecordedEvent } from '../../domain/asKnown.ts'
import { firstPlace } from '../../domain/binarySearch.ts'
import {
  type CalendarEvent,
  calendarAsKnown,
  calendarDays,
  calendarStream,
  nationalCalendar,
} from '../../domain/calendar/calendar.ts'
import { buildTimetable, type Timetable } from '../../domain/calendar/workingTime.ts'
import { calendarOfDealer, type DealerEvent, dealerAsKnown, dealerStream } from '../../domain/dealer.ts'
import type { Metadata, Position } from '../../domain/eventStore.ts'
import { type Instant, type Quarter, toEpoch } from '../../domain/instant.ts'
import type { KnownCalendar, Master } from '../../domain/master.ts'
import { type PolicyEvent, policyAt, policyStream } from '../../domain/policyVersions.ts'
import { calendarOfRbo, type RboEvent, rboAsKnown, rboStream } from '../../domain/rbo.ts'
import { type SettlementEvent, settlementStream } from '../../domain/settlement.ts'

export type MasterEvent = DealerEvent | RboEvent | CalendarEvent | PolicyEvent | SettlementEvent

/** An event with its place among all of these in the order of the log, for positions are opaque. */
export type MasterEntry<E extends MasterEvent = MasterEvent> = RecordedEvent<E> & {
  place: number
  position: Position
  actor: Metadata['actor']
}

/** The events of each stream, in order. */
export type Histories = ReadonlyMap<string, readonly MasterEntry[]>

const historyOf = <E extends MasterEvent>(histories: Histories, stream: string): readonly MasterEntry<E>[] =>
  (histories.get(stream) ?? []) as readonly MasterEntry<E>[]

export const dealerHistory = (all: Histories, code: string) => historyOf<DealerEvent>(all, dealerStream(code))
export const rboHistory = (all: Histories, code: string) => historyOf<RboEvent>(all, rboStream(code))
export const calendarHistory = (all: Histories, id: string) =>
  historyOf<CalendarEvent>(all, calendarStream(id))
export const policyHistory = (all: Histories) => historyOf<PolicyEvent>(all, policyStream)
export const settlementHistory = (all: Histories, quarter: Quarter) =>
  historyOf<SettlementEvent>(all, settlementStream(quarter))

/** What the log had before the entry at a place. */
export const historiesBefore = (all: Histories, place: number): Histories => {
  const before = new Map<string, readonly MasterEntry[]>()
  for (const [stream, history] of all) {
    const known = history.filter((entry) => entry.place < place)
    if (known.length > 0) before.set(stream, known)
  }
  return before
}

/** Computes once per argument and remembers, `null` too. */
const remembered = <T>(compute: (code: string) => T): ((code: string) => T) => {
  const known = new Map<string, T>()
  return (code) => {
    const found = known.get(code)
    if (found !== undefined || known.has(code)) return found as T
    const computed = compute(code)
    known.set(code, computed)
    return computed
  }
}

type Timetables = (key: string, build: () => Timetable) => Timetable

/** The master data at an instant; each unit is looked up when it is first asked for. */
const masterAt = (all: Histories, at: Instant, timetableOf: Timetables): Master => {
  const rbo = (code: string) => {
    const known = rboAsKnown(rboHistory(all, code), at)
    return known && { code, name: known.name, calendar: calendarOfRbo(known) }
  }
  const dealer = (code: string) => {
    const known = dealerAsKnown(dealerHistory(all, code), at)
    if (known === null) return null
    const calendar = calendarOfDealer(known, { calendar: rbo(known.rbo)?.calendar ?? nationalCalendar })
    return { code, name: known.name, rbo: known.rbo, calendar, active: known.active }
  }
  const calendar = (id: string): KnownCalendar => {
    const own = calendarAsKnown(calendarHistory(all, id), at)
    if (own === null) throw new Error(`there is no calendar ${id}`)
    const lender = own.daysOf === null ? null : calendarAsKnown(calendarHistory(all, own.daysOf), at)
    const key = `${id} ${own.restsOn} ${lender?.restsOn ?? ''}`
    return {
      id,
      version: own.version,
      ...(lender && { daysOfVersion: lender.version }),
      timetable: timetableOf(key, () => buildTimetable(calendarDays(own, lender))),
    }
  }
  const { version, policy } = policyAt(policyHistory(all), at)
  return {
    policy: { version, values: policy },
    dealer: remembered(dealer),
    rbo: remembered(rbo),
    calendar: remembered(calendar),
  }
}

/** Instants from which on something counts that did not before, ascending. */
const turningPoints = (all: Histories): Instant[] => {
  const instants = new Set<Instant>()
  for (const history of all.values())
    for (const { event, recordedAt } of history) {
      instants.add(recordedAt)
      if (event.type === 'PolicySet') instants.add(event.data.effectiveFrom)
    }
  return [...instants].sort()
}

const countUpTo = (sorted: readonly Instant[], at: Instant): number =>
  firstPlace(sorted.length, (place) => (sorted[place] as Instant) > at)

/** The master data over `[from, to)`, epoch ms: in between nothing changed. */
export type MasterPeriod = { master: Master; from: number; to: number }

export type Snapshots = { at(instant: Instant): Master; during(instant: Instant): MasterPeriod }

/** Snapshots kept: now, and what imports and recounts go back to. */
const mostSnapshots = 200

/**
 * The master data by instant. Between two turning points it is one snapshot, so "now" costs a binary search until
 * something changes or a scheduled policy takes effect.
 */
export const createSnapshots = (all: Histories): Snapshots => {
  const points = turningPoints(all)
  const snapshots = new Map<number, Master>()
  const timetables = new Map<string, Timetable>()
  const timetableOf: Timetables = (key, build) => {
    const known = timetables.get(key) ?? build()
    timetables.set(key, known)
    return known
  }
  const snapshot = (index: number, at: Instant): Master => {
    const known = snapshots.get(index)
    if (known !== undefined) return known
    if (snapshots.size >= mostSnapshots) snapshots.clear()
    const made = masterAt(all, at, timetableOf)
    snapshots.set(index, made)
    return made
  }
  return {
    at: (at) => snapshot(countUpTo(points, at), at),
    during: (at) => {
      const index = countUpTo(points, at)
      const [from, to] = [points[index - 1], points[index]]
      return {
        master: snapshot(index, at),
        from: from === undefined ? Number.NEGATIVE_INFINITY : toEpoch(from),
        to: to === undefined ? Number.POSITIVE_INFINITY : toEpoch(to),
      }
    },
  }
}
