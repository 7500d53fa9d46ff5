/** The warnings raised in a period, as they were known at an instant (rulebook §7). */
import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { isOverState } from '../../domain/codes.ts'
import { epochOrNull, toEpoch } from '../../domain/instant.ts'
import { isOver, type Ticket } from '../../domain/ticket/state.ts'
import type { CountedWarning } from '../../domain/warningReport.ts'
import type { Queries } from '../allProjections.ts'
import type { RaisedQuery, RaisedWarning } from '../warnings/raisedWarnings.ts'
import { type ComplaintsQuery, isOneOf } from './statistics.ts'

/** The warnings of a ticket as it was known then. */
const warningsOf = (ticket: Ticket): CountedWarning[] =>
  ticket.warnings.map(({ code, sentTo, raisedAt, ackDueAt, acknowledgedAt, resolvedAt }) => ({
    code,
    sentTo: sentTo.unit,
    level: ticket.level,
    category: ticket.category,
    rbo: ticket.rbo,
    dealer: ticket.responsibilities.at(-1)?.unit ?? ticket.dealer,
    raisedAt: toEpoch(raisedAt),
    ackDueAt: toEpoch(ackDueAt),
    acknowledgedAt: epochOrNull(acknowledgedAt),
    resolvedAt: epochOrNull(resolvedAt),
  }))

type Sources = Pick<Queries, 'warnings'> & {
  /** A ticket as it was known at an instant. */
  ticketAsOf(ticketNo: string, asOf: string): Promise<Ticket | null>
}

/** Warnings read at a time, and tickets folded from the log, before yielding to the event loop. */
const warningsATurn = 2_000
const ticketsATurn = 50

/**
 * Gives each warning raised in a period as it was known at `asOf`; those of rescinded and duplicate tickets are left
 * out. Tickets that have changed since are folded from the log.
 */
export const eachWarning = async (
  { warnings, ticketAsOf }: Sources,
  { from, to, asOf, scope, rbo, dealer }: ComplaintsQuery,
  take: (warning: CountedWarning) => void,
): Promise<void> => {
  const [first, end, last] = [toEpoch(from), Math.min(toEpoch(to), toEpoch(asOf) + 1), toEpoch(asOf)]
  const add = (warning: CountedWarning): void => {
    if (isOneOf(rbo, warning.rbo) && isOneOf(dealer, warning.dealer)) take(warning)
  }
  const changed = new Set<string>()
  let after: RaisedQuery['after'] = null
  for (;;) {
    const page: RaisedWarning[] = warnings.raised({
      from: first,
      to: end,
      scope,
      after,
      limit: warningsATurn,
    })
    for (const warning of page)
      if (warning.lastAt > last) changed.add(warning.ticketNo)
      else if (!isOverState(warning.state)) add(warning)
    if (page.length < warningsATurn) break
    after = page.at(-1) ?? null
    await yieldToEventLoop()
  }
  for (const [index, ticketNo] of [...changed].entries()) {
    const ticket = await ticketAsOf(ticketNo, asOf)
    if (ticket !== null && !isOver(ticket))
      for (const warning of warningsOf(ticket))
        if (warning.raisedAt >= first && warning.raisedAt < end) add(warning)
    if (index % ticketsATurn === ticketsATurn - 1) await yieldToEventLoop()
  }
}
