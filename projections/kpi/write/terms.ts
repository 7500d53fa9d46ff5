/**
 * A ticket's assignment terms as unit versions: what becomes known from now on goes into a new version, so that the old
 * one still says what was known before. What only says more of what is ahead goes into the version that is there.
 */
import { monthIndex } from '../../months.ts'
import { partitionOf, type TicketFacts, tierNumbers, type UnitVersion } from '../unitVersion.ts'

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

type TermWriter = {
  /** The id of a new version. */
  nextId(partition: number): number
  /** Called once for each version that is new or changed. */
  note(row: TermRow): void
}

export type Terms = ReturnType<typeof createTerms>

export const createTerms = ({ nextId, note }: TermWriter) => {
  const touch = (row: TermRow): void => {
    if (row.changed) return
    row.changed = true
    note(row)
  }

  const idOf = ({ tier, dispatchedAt }: TermStart): number =>
    nextId(partitionOf(tier, monthIndex(dispatchedAt)))

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

  const differs = (row: TicketFacts, facts: Partial<TicketFacts>): boolean =>
    (Object.keys(facts) as (keyof TicketFacts)[]).some((name) => row[name] !== facts[name])

  return {
    running: (ticket: KpiTicket, named: boolean): TermRow | undefined =>
      ticket.rows.find((row) => row.named === (named ? 1 : 0) && row.kept === 0),

    begin: (ticket: KpiTicket, beginning: TermStart, at: number): void => {
      const row = {
        id: idOf(beginning),
        ticketNo: ticket.ticketNo,
        term: (ticket.rows.at(-1)?.term ?? 0) + 1,
        newest: 1,
        ...beginning,
        ...ticket.facts,
        kept: 0,
        excluded: 0,
        knownFrom: null,
        knownTo: null,
        respondedAt: null,
        stored: false,
        changed: false,
      }
      touch(row)
      ticket.rows.push(row)
      settle(ticket, at)
    },

    end: (ticket: KpiTicket, row: TermRow | undefined, { at, kept }: { at: number; kept: boolean }): void => {
      if (row === undefined) return
      if (kept) renew(ticket, row, at).kept = 1
      else {
        retire(row, at)
        ticket.rows.splice(ticket.rows.indexOf(row), 1)
        ticket.changed = true
      }
      settle(ticket, at)
    },

    /** Of a dealer's term: an upheld objection takes it out of these measures from `at` on (rulebook §14). */
    exclude: (
      ticket: KpiTicket,
      { unit, dispatchedAt }: Pick<UnitVersion, 'unit' | 'dispatchedAt'>,
      { measures, at }: { measures: number; at: number },
    ): void => {
      const row = ticket.rows.find(
        (each) =>
          each.tier === tierNumbers.dealer && each.unit === unit && each.dispatchedAt === dispatchedAt,
      )
      // a term that is gone counts nowhere anyway
      if (row !== undefined) renew(ticket, row, at).excluded = measures
    },

    /** Of a term, what is only ahead: that it responded. */
    respond: (row: TermRow | undefined, at: number): void => {
      if (row === undefined) return
      row.respondedAt = at
      touch(row)
    },

    recalculate: (
      ticket: KpiTicket,
      row: TermRow | undefined,
      { at, ...dues }: Pick<UnitVersion, 'responseDueAt' | 'closeDueAt'> & { at: number },
    ): void => {
      if (row === undefined) return
      if (row.responseDueAt === dues.responseDueAt && row.closeDueAt === dues.closeDueAt) return
      Object.assign(renew(ticket, row, at), dues)
    },

    /** Of the ticket, what is only ahead. */
    learn: (ticket: KpiTicket, facts: Partial<TicketFacts>): void => {
      Object.assign(ticket.facts, facts)
      ticket.changed = true
      for (const row of ticket.rows) {
        Object.assign(row, facts)
        touch(row)
      }
    },

    /** Of the ticket, what changes from `at` on and was otherwise before. */
    revise: (ticket: KpiTicket, facts: Partial<TicketFacts>, at: number): void => {
      Object.assign(ticket.facts, facts)
      ticket.changed = true
      if (ticket.suspended) return
      for (const row of [...ticket.rows])
        if (differs(row, facts)) Object.assign(renew(ticket, row, at), facts)
    },

    /** Of a ticket that is marked a duplicate: its versions end here, each term's newest for the time being. */
    suspend: (ticket: KpiTicket, at: number): void => {
      ticket.suspended = true
      ticket.changed = true
      for (const row of ticket.rows) {
        if (row.knownFrom !== null) row.knownTo = Math.max(at, row.knownFrom)
        touch(row)
      }
    },

    /** The mark is undone: each term that counted goes on in a new version, with what is known of the ticket by now. */
    resume: (ticket: KpiTicket, at: number): void => {
      if (!ticket.suspended) return
      ticket.suspended = false
      ticket.changed = true
      for (const row of [...ticket.rows]) {
        if (row.knownFrom === null) {
          Object.assign(row, ticket.facts)
          touch(row)
          continue
        }
        const next = { ...row, ...ticket.facts, id: idOf(row), knownFrom: at, knownTo: null }
        row.newest = 0
        touch(row)
        const resumed = { ...next, stored: false, changed: false }
        touch(resumed)
        ticket.rows[ticket.rows.indexOf(row)] = resumed
      }
    },

    finish: (ticket: KpiTicket, at: number): void => {
      ticket.over = true
      for (const row of ticket.rows) retire(row, at)
      ticket.rows = []
    },
  }
}
