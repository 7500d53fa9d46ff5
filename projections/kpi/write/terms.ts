/** What happens to an assignment term of a ticket. */
import { tierNumbers, type UnitVersion } from '../unitVersion.ts'
import type { KpiTicket, TermRow, TermStart, TermVersions } from './termVersions.ts'

export type Terms = ReturnType<typeof createTerms>

export const createTerms = ({ idOf, touch, retire, renew, settle }: TermVersions) => ({
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
      (each) => each.tier === tierNumbers.dealer && each.unit === unit && each.dispatchedAt === dispatchedAt,
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
})
