/** A unit of the rates as it was known over an interval, and where it stands in its table (rulebook §8). */
import type { UnitTier } from '../../domain/ticket/units.ts'
import { never } from '../epoch.ts'

/** What is known of a ticket as a whole, which each of its spans repeats; instants are epoch ms. */
export type TicketFacts = {
  /** A number of `Names`. */
  category: number
  level: number
  closedAt: number | null
  repeatWindowEndsAt: number | null
  repeatLinkedAt: number | null
}

/** A turn of a unit as it was known over `[knownFrom, knownTo)`; names are numbers of `Names`, 1 is yes. */
export type KpiSpan = TicketFacts & {
  /** See `spanId`. */
  id: number
  ticketNo: string
  /** Tells the turns of a ticket apart, rising in the order they began. */
  turn: number
  /** The turn runs or was kept, and this is what is known of it now. */
  newest: number
  /** Whose rates it counts in, see `tierNumbers`. */
  tier: number
  unit: number
  dealer: number
  rbo: number
  /** As a responsible dealer of a B ticket, not as holder. */
  named: number
  /** Its turn is over, and it counts as failed on response and nowhere else. */
  kept: number
  dispatchedAt: number
  /** `null`: it counts at no time, for a later turn of the same unit does. */
  knownFrom: number | null
  /** `null`: to this day. */
  knownTo: number | null
  responseDueAt: number
  respondedAt: number | null
  closeDueAt: number | null
}

const types: Record<keyof KpiSpan, string> = {
  id: 'INTEGER PRIMARY KEY',
  ticketNo: 'TEXT NOT NULL',
  turn: 'INTEGER NOT NULL',
  newest: 'INTEGER NOT NULL',
  tier: 'INTEGER NOT NULL',
  unit: 'INTEGER NOT NULL',
  dealer: 'INTEGER NOT NULL',
  rbo: 'INTEGER NOT NULL',
  named: 'INTEGER NOT NULL',
  kept: 'INTEGER NOT NULL',
  category: 'INTEGER NOT NULL',
  level: 'INTEGER NOT NULL',
  dispatchedAt: 'INTEGER NOT NULL',
  knownFrom: 'INTEGER',
  knownTo: 'INTEGER',
  responseDueAt: 'INTEGER NOT NULL',
  respondedAt: 'INTEGER',
  closeDueAt: 'INTEGER',
  closedAt: 'INTEGER',
  repeatWindowEndsAt: 'INTEGER',
  repeatLinkedAt: 'INTEGER',
}

export const spanColumns = Object.keys(types) as (keyof KpiSpan)[]

/** The index finds a ticket's turns, which the fold needs; the months need none, see `spanId`. */
export const createSpansSql = `CREATE TABLE kpiSpans (${spanColumns.map((name) => `${name} ${types[name]}`).join(', ')}) STRICT;
  CREATE INDEX kpiSpansNewest ON kpiSpans (ticketNo) WHERE newest = 1`

export const tierNumbers: Readonly<Record<UnitTier, number>> = { rbo: 0, dealer: 1 }

const shanghaiOffset = 8 * 3_600_000

/** Shanghai months since January 1970. */
export const monthIndex = (epochMs: number): number => {
  const date = new Date(epochMs + shanghaiOffset)
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth()
}

/** First instant of a month. */
export const monthStart = (month: number): number => Date.UTC(1970, month, 1) - shanghaiOffset

/** `2026-03`. */
export const monthText = (month: number): string =>
  new Date(Date.UTC(1970, month, 1)).toISOString().slice(0, 7)

/** Spans one tier can have in one month. */
const room = 2 ** 28

/** The spans of one tier dispatched in one month stand together; what is new of them comes last. */
export const shelfOf = (tier: number, month: number): number => month * 2 + tier
export const tierOfShelf = (shelf: number): number => shelf % 2
export const monthOfShelf = (shelf: number): number => Math.floor(shelf / 2)

/** The row's number: spans are laid down by month and tier of their dispatch, so that a month is one stretch of them. */
export const spanId = (shelf: number, place: number): number => shelf * room + place
export const shelfOfId = (id: number): number => Math.floor(id / room)
export const placeOfId = (id: number): number => id % room

/** A measure turns at one instant, to met or to failed; `never`: not by what is known. */
type Turning = { at: number; met: boolean }

const turning = (doneAt: number | null, before: number): Turning =>
  doneAt !== null && doneAt < before ? { at: doneAt, met: true } : { at: before, met: false }

type Dues = Pick<KpiSpan, 'responseDueAt' | 'respondedAt' | 'closeDueAt' | 'closedAt'>

// The same rules as `domain/ticket/measures.ts`, on epoch ms; `test/projections` holds the two together.
/** Responded at or before the due, to the millisecond. */
export const responseTurning = ({ respondedAt, responseDueAt }: Dues): Turning =>
  turning(respondedAt, responseDueAt + 1)

/** Closed before the due; without one it does not fail. */
export const closeTurning = ({ closedAt, closeDueAt }: Dues): Turning =>
  turning(closedAt, closeDueAt ?? never)
