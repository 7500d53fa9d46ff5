/**
 * A ticket's assignment terms as unit versions: what becomes known from now on goes into a new version, so that the old
 * one still says what was known before. What only says more of what is ahead goes into the version that is there.
 */
import { monthIndex } from '../../months.ts'
import { partitionOf, type TicketFacts, type UnitVersion } from '../unitVersion.ts'

/** A version under work. */
export type TermRow = UnitVersion & {
  /** It is in the table. */
  stored: boolean
  /** It differs from the table and is noted to be written. */
  changed: boolean
}

export type KpiTicket = {
  ticketNo: string
  facts: TicketFacts
  /** Rescinded: nothing of it counts, whatever comes. */
  over: boolean
  /** A duplicate: nothing of it counts unless that is undone. Its versions end, and are still the newest there are. */
  suspended: boolean
  /** The newest version of each term that runs or was kept, in the order the terms began. */
  rows: TermRow[]
  /** Its facts are in a row of their own, as long as it has no term or is a duplicate; and whether they differ. */
  stored: boolean
  changed: boolean
}

export type TermStart = Pick<
  UnitVersion,
  'tier' | 'unit' | 'dealer' | 'rbo' | 'named' | 'dispatchedAt' | 'responseDueAt' | 'closeDueAt'
>

export type TermWriter = {
  /** The id of a new version. */
  nextId(partition: number): number
  /** Called once for each version that is new or changed. */
  note(row: TermRow): void
}

export type TermVersions = ReturnType<typeof createTermVersions>

export const createTermVersions = ({ nextId, note }: TermWriter) => {
  /** Notes that a version is new or changed. */
  const touch = (row: TermRow): void => {
    if (row.changed) return
    row.changed = true
    note(row)
  }

  const idOf = ({ tier, dispatchedAt }: TermStart): number =>
    nextId(partitionOf(tier, monthIndex(dispatchedAt)))

  /** Ends a version: it is not the newest of its term any more. */
  const retire = (row: TermRow, at: number): void => {
    row.newest = 0
    if (row.knownFrom !== null) row.knownTo = Math.max(at, row.knownFrom)
    touch(row)
  }

  /** The version of a term in which to write what is known from `at` on. */
  const renew = (ticket: KpiTicket, row: TermRow, at: number): TermRow => {
    touch(row)
    if (row.knownFrom === null || at <= row.knownFrom) return row
    const next = { ...row, id: idOf(row), knownFrom: at, stored: false, changed: false }
    retire(row, at)
    touch(next)
    ticket.rows[ticket.rows.indexOf(row)] = next
    return next
  }

  /** Of several terms of one unit the last counts (rulebook §8); one that it eclipsed counts again once it is gone. */
  const settle = (ticket: KpiTicket, at: number): void => {
    for (const [index, row] of ticket.rows.entries()) {
      const eclipsed = ticket.rows.some(
        (later, place) => place > index && later.unit === row.unit && later.tier === row.tier,
      )
      if (eclipsed && row.knownFrom !== null) renew(ticket, row, at).knownFrom = null
      else if (!eclipsed && row.knownFrom === null) {
        row.knownFrom = at
        touch(row)
      }
    }
  }

  return { idOf, touch, retire, renew, settle }
}
