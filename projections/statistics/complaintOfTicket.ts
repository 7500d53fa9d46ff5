/** A folded ticket as the statistics count it. */
import { epochOrNull, toEpoch } from '../../domain/instant.ts'
import type { CountedComplaint } from '../../domain/statistics.ts'
import { lastAnswer } from '../../domain/ticket/callbacks.ts'
import { currentAssignment, isOver, type Ticket } from '../../domain/ticket/state.ts'
import type { Weight } from '../../domain/weightTally.ts'
import type { TimesOf } from './holderTimes.ts'

const weightOf = ({ severity, safety, remedy, closing, callbacks }: Ticket): Weight => {
  const scores = callbacks.flatMap(({ score }) => score ?? [])
  return {
    severity,
    safety,
    remedy,
    decision: closing?.decision ?? null,
    goodwill: closing?.goodwill?.amount ?? 0,
    scores: scores.length,
    scoreSum: scores.reduce((sum, score) => sum + score, 0),
  }
}

const callsOf = ({ closing, callbacks }: Ticket): CountedComplaint['calls'] =>
  closing === null
    ? null
    : {
        dueAt: toEpoch(closing.callbackDueAt),
        answer: lastAnswer(callbacks.map(({ outcome }) => outcome)),
        inVain: () =>
          callbacks.filter(({ outcome }) => outcome === 'unreachable').map(({ at }) => toEpoch(at)),
      }

/** `null`: it had left the counts by then, or was not there. */
export const complaintOfTicket = (ticket: Ticket | null, timesOf: TimesOf): CountedComplaint | null => {
  if (ticket === null || isOver(ticket)) return null
  const { tier, unit, startedAt, respondedAt } = currentAssignment(ticket)
  const { level, category, rbo, channel, source } = ticket
  return {
    registeredAt: toEpoch(ticket.registeredAt),
    level,
    category,
    tier,
    rbo,
    channel,
    source,
    dealer: ticket.responsibilities.at(-1)?.unit ?? ticket.dealer,
    rootCauseCode: ticket.closing?.rootCauseCode ?? null,
    weight: weightOf(ticket),
    notice: {
      dueAt: toEpoch(ticket.consumerNoticeDueAt),
      informedAt: epochOrNull(ticket.consumerInformedAt),
    },
    calls: callsOf(ticket),
    ...timesOf({
      tier,
      unit,
      dispatchedAt: toEpoch(startedAt),
      respondedAt: epochOrNull(respondedAt),
      closedAt: epochOrNull(ticket.closedAt),
    }),
  }
}
