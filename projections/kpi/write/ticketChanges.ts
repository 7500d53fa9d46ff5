/** What happens to a ticket as a whole: each of its assignment terms knows it. */
import type { TicketFacts } from '../unitVersion.ts'
import type { KpiTicket, TermVersions } from './termVersions.ts'

export type TicketChanges = ReturnType<typeof createTicketChanges>

const differs = (row: TicketFacts, facts: Partial<TicketFacts>): boolean =>
  (Object.keys(facts) as (keyof TicketFacts)[]).some((name) => row[name] !== facts[name])

export const createTicketChanges = ({ idOf, touch, retire, renew }: TermVersions) => ({
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
    for (const row of [...ticket.rows]) if (differs(row, facts)) Object.assign(renew(ticket, row, at), facts)
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
      const resumed = {
        ...row,
        ...ticket.facts,
        id: idOf(row),
        knownFrom: at,
        knownTo: null,
        stored: false,
        changed: false,
      }
      row.newest = 0
      touch(row)
      touch(resumed)
      ticket.rows[ticket.rows.indexOf(row)] = resumed
    }
  },

  finish: (ticket: KpiTicket, at: number): void => {
    ticket.over = true
    for (const row of ticket.rows) retire(row, at)
    ticket.rows = []
  },
})
