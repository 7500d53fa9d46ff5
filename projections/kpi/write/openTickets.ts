/** The tickets under work and their rows in the file: read once, changed in memory, written once. */
import type Database from 'better-sqlite3'
import type { Bound } from '../../statements.ts'
import { type TicketFacts, type UnitVersion, versionColumns } from '../unitVersion.ts'
import type { KpiTicket, TermRow } from './termVersions.ts'

/** Facts of tickets without a term, and of duplicates: the others' are in their units' versions. */
export const ticketsSql = `CREATE TABLE kpiTickets (ticketNo TEXT PRIMARY KEY, category INTEGER NOT NULL,
  level INTEGER NOT NULL, closedAt INTEGER, repeatWindowEndsAt INTEGER, repeatLinkedAt INTEGER) STRICT, WITHOUT ROWID`

const factsOf = ({ category, level, closedAt, repeatWindowEndsAt, repeatLinkedAt }: TicketFacts) => ({
  category,
  level,
  closedAt,
  repeatWindowEndsAt,
  repeatLinkedAt,
})

/** In the order of `versionColumns`, one by one: this is what a rebuild does most. */
const valuesOf = (row: TermRow): Bound[] => [
  row.id,
  row.ticketNo,
  row.term,
  row.newest,
  row.tier,
  row.unit,
  row.dealer,
  row.rbo,
  row.named,
  row.kept,
  row.excluded,
  row.category,
  row.level,
  row.dispatchedAt,
  row.knownFrom,
  row.knownTo,
  row.responseDueAt,
  row.respondedAt,
  row.closeDueAt,
  row.closedAt,
  row.repeatWindowEndsAt,
  row.repeatLinkedAt,
]

export const createOpenTickets = (db: Database.Database, put: (version: UnitVersion) => void) => {
  const selectVersions = db.prepare<[string], UnitVersion>(
    'SELECT * FROM kpiSpans WHERE ticketNo = ? AND newest = 1',
  )
  const selectFacts = db.prepare<[string], TicketFacts>('SELECT * FROM kpiTickets WHERE ticketNo = ?')
  const insertVersion = db.prepare<Bound[]>(
    `INSERT INTO kpiSpans VALUES (${versionColumns.map(() => '?').join(', ')})`,
  )
  const updateVersion = db.prepare<Bound[]>(
    `UPDATE kpiSpans SET kept = ?, excluded = ?, category = ?, level = ?, knownFrom = ?, knownTo = ?, responseDueAt = ?,
     respondedAt = ?, closeDueAt = ?, closedAt = ?, repeatWindowEndsAt = ?, repeatLinkedAt = ? WHERE id = ?`,
  )
  const retireVersion = db.prepare<[number]>('UPDATE kpiSpans SET newest = 0 WHERE id = ?')
  const saveFacts = db.prepare<Bound[]>('INSERT OR REPLACE INTO kpiTickets VALUES (?, ?, ?, ?, ?, ?)')
  const removeFacts = db.prepare<[string]>('DELETE FROM kpiTickets WHERE ticketNo = ?')
  const tickets = new Map<string, KpiTicket>()
  let changed: TermRow[] = []

  const load = (ticketNo: string): KpiTicket | undefined => {
    const versions = selectVersions.all(ticketNo)
    const own =
      versions.length > 0 && versions.every(({ knownTo }) => knownTo === null)
        ? undefined
        : selectFacts.get(ticketNo)
    const facts = own ?? versions[0]
    if (facts === undefined) return undefined
    const rows = versions.map((version): TermRow => ({ ...version, stored: true, changed: false }))
    if (rows.length > 1) rows.sort((a, b) => a.term - b.term)
    const [stored, suspended] = [own !== undefined, own !== undefined && rows.length > 0]
    return { ticketNo, facts: factsOf(facts), over: false, suspended, rows, stored, changed: false }
  }

  const writeVersion = (row: TermRow): void => {
    if (!row.stored) insertVersion.run(...valuesOf(row))
    else {
      updateVersion.run(
        row.kept,
        row.excluded,
        row.category,
        row.level,
        row.knownFrom,
        row.knownTo,
        row.responseDueAt,
        row.respondedAt,
        row.closeDueAt,
        row.closedAt,
        row.repeatWindowEndsAt,
        row.repeatLinkedAt,
        row.id,
      )
      if (row.newest === 0) retireVersion.run(row.id)
    }
    put(row)
  }

  const writeFacts = (ticket: KpiTicket): void => {
    const { ticketNo, facts, over, suspended, rows, stored, changed: differs } = ticket
    if (over || (rows.length > 0 && !suspended)) {
      if (stored) removeFacts.run(ticketNo)
    } else if (differs) {
      const { category, level, closedAt, repeatWindowEndsAt, repeatLinkedAt } = facts
      saveFacts.run(ticketNo, category, level, closedAt, repeatWindowEndsAt, repeatLinkedAt)
    }
  }

  const discard = (): void => {
    tickets.clear()
    changed = []
  }

  return {
    /** `undefined`: never registered, or over, so that nothing can change any more. */
    find: (ticketNo: string): KpiTicket | undefined => {
      const known = tickets.get(ticketNo) ?? load(ticketNo)
      if (known === undefined || known.over) return undefined
      tickets.set(ticketNo, known)
      return known
    },
    add: (ticket: KpiTicket): void => {
      tickets.set(ticket.ticketNo, ticket)
    },
    /** Versions that are new or changed since the last flush. */
    unwritten: (): readonly UnitVersion[] => changed,
    note: (row: TermRow): void => {
      changed.push(row)
    },
    flush: (): void => {
      for (const row of changed) writeVersion(row)
      for (const ticket of tickets.values()) writeFacts(ticket)
      discard()
    },
    discard,
  }
}
