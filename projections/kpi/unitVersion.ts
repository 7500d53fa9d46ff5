/** A version of a unit: what was known of it over an interval, and its row in the table (rulebook §8). */
import type { UnitTier } from '../../domain/ticket/units.ts'

/** What is known of a ticket as a whole, which each of its units' versions repeats; instants are epoch ms. */
export type TicketFacts = {
  /** A number of the dictionary, as `level` too. */
  category: number
  level: number
  closedAt: number | null
  repeatWindowEndsAt: number | null
  repeatLinkedAt: number | null
}

/** An assignment term of a unit as it was known over `[knownFrom, knownTo)`; names are numbers of the dictionary, 1 is yes. */
export type UnitVersion = TicketFacts & {
  /** See `versionId`. */
  id: number
  ticketNo: string
  /** Tells the terms of a ticket apart, rising in the order they began. */
  term: number
  /** The term runs or was kept, and this is what is known of it now. */
  newest: number
  /** Whose rates it counts in, see `tierNumbers`. */
  tier: number
  unit: number
  dealer: number
  rbo: number
  /** As a responsible dealer of a B ticket, not as holder. */
  named: number
  /** Its term is over, and it counts as failed on response and nowhere else. */
  kept: number
  /** The measures that an upheld objection took it out of, see `bitsOfMeasures`. */
  excluded: number
  dispatchedAt: number
  /** `null`: it counts at no time, for a later term of the same unit does. */
  knownFrom: number | null
  /** `null`: to this day. */
  knownTo: number | null
  responseDueAt: number
  respondedAt: number | null
  closeDueAt: number | null
}

const types: Record<keyof UnitVersion, string> = {
  id: 'INTEGER PRIMARY KEY',
  ticketNo: 'TEXT NOT NULL',
  term: 'INTEGER NOT NULL',
  newest: 'INTEGER NOT NULL',
  tier: 'INTEGER NOT NULL',
  unit: 'INTEGER NOT NULL',
  dealer: 'INTEGER NOT NULL',
  rbo: 'INTEGER NOT NULL',
  named: 'INTEGER NOT NULL',
  kept: 'INTEGER NOT NULL',
  excluded: 'INTEGER NOT NULL',
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

export const versionColumns = Object.keys(types) as (keyof UnitVersion)[]

/** The index finds a ticket's terms, which the fold needs; the partitions need none, see `versionId`. */
export const versionsSql = `CREATE TABLE kpiSpans (${versionColumns.map((name) => `${name} ${types[name]}`).join(', ')}) STRICT;
  CREATE INDEX kpiSpansNewest ON kpiSpans (ticketNo) WHERE newest = 1`

export const tierNumbers: Readonly<Record<UnitTier, number>> = { rbo: 0, dealer: 1 }

/** Versions one tier can have in one month. */
const room = 2 ** 28

/** A partition: the versions of one tier whose dispatch was in one month, see `monthIndex`. */
export const partitionOf = (tier: number, month: number): number => month * 2 + tier
export const tierOfPartition = (partition: number): number => partition % 2
export const monthOfPartition = (partition: number): number => Math.floor(partition / 2)

/**
 * The id of a version by its partition and its row number there. Rows are in the order of their ids, so a partition is
 * one stretch of the table.
 */
export const versionId = (partition: number, row: number): number => partition * room + row
export const partitionOfId = (id: number): number => Math.floor(id / room)
export const rowOfId = (id: number): number => id % room
