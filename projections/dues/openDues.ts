/** The open dues of a clock, without those that have become facts. */
import type { Tier } from '../../domain/codes.ts'
import type { DueClock, DueData } from '../../domain/dues.ts'
import { toInstant } from '../../domain/instant.ts'
import type { Bound, Statements } from '../statements.ts'
import { duePlaces } from './duePlaces.ts'

/** The last due that a look has seen: the next look goes on behind it. */
export type DueCursor = { dueAt: number; id: number }

export type DueQuery = {
  clock: DueClock
  /** Which fact it is to become. */
  type: 'DuePassed' | 'DueNear'
  /** Dues strictly after it. */
  after: DueCursor
  /** Epoch ms: dues up to and including it. */
  upTo: number
  /** How many rows are looked at, whether their dues are facts already or not. */
  limit: number
  /** The policy's numbers that make a customer unreachable, see `attemptsApart`. */
  callback: { attempts: number; hoursApart: number }
}

/** Before all dues after an instant, in epoch ms. */
export const dueCursorAt = (epochMs: number): DueCursor => ({
  dueAt: epochMs,
  id: Number.MAX_SAFE_INTEGER,
})

/** What makes a fact unnecessary: the same one, and of one that comes near also that it has passed. */
const madeBy = { DuePassed: `f.type = 'DuePassed'`, DueNear: `f.type IN ('DueNear', 'DuePassed')` } as const

/** Nobody calls back a customer who was given up as unreachable (rulebook §11). `CASE`: without attempts there is nothing to count. */
const isGivenUp = 'CASE WHEN callbackStage = 1 THEN attemptsApart(callbacks, ?) >= ? ELSE 0 END'

/** A due with the tier of its unit; both `null` where nobody's hours count. */
export type OpenDue = DueData & { tier: Tier | null }

export type OpenDues = {
  /** Those that are no facts yet, the earliest first. */
  dues: OpenDue[]
  /** From where to go on; `null`: there are no more. */
  next: DueCursor | null
}

type DueRow = {
  ticketNo: string
  subject: string
  startedAt: number
  dueAt: number
  unit: string | null
  tier: Tier | null
  id: number
  isWanted: 0 | 1
}

/** Looks at the next open dues of a clock. Its cost is bounded by `limit`, however many of them are facts already. */
export const openDues = (
  statements: Statements,
  { clock, type, after, upTo, limit, callback }: DueQuery,
): OpenDues => {
  const { table, due, open, subject, ticketNo, startedAt, unit, tier, duesFrom, id } = duePlaces[clock]
  const isCallback = clock === 'callback'
  const givenUp: Bound[] = isCallback ? [callback.hoursApart, callback.attempts] : []
  const rows = statements.all<DueRow>(
    `SELECT ${ticketNo} AS ticketNo, ${subject} AS subject, ${startedAt} AS startedAt, ${due} AS dueAt, ${unit} AS unit, ${tier} AS tier, ${id} AS id,
       ${due} > ${duesFrom} ${isCallback ? `AND NOT ${isGivenUp}` : ''} AND NOT EXISTS (
         SELECT 1 FROM dueFacts f
         WHERE f.subject = ${subject} AND ${madeBy[type]} AND f.clock = ? AND f.startedAt = ${startedAt} AND f.dueAt = ${due}) AS isWanted
     FROM ${table}
     WHERE ${open} AND (${due}, ${id}) > (?, ?) AND ${due} <= ?
     ORDER BY ${due}, ${id} LIMIT ?`,
    [...givenUp, clock, after.dueAt, after.id, upTo, limit],
  )
  const last = rows.at(-1)
  return {
    next: last === undefined || rows.length < limit ? null : { dueAt: last.dueAt, id: last.id },
    dues: rows
      .filter(({ isWanted }) => isWanted === 1)
      .map((row) => ({
        ticketNo: row.ticketNo,
        subject: row.subject,
        clock,
        startedAt: toInstant(row.startedAt),
        dueAt: toInstant(row.dueAt),
        unit: row.unit,
        tier: row.tier,
      })),
  }
}
