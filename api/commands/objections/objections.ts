/** Objections of dealers (rulebook §14): raised until the quarter is frozen, withdrawn, decided. */
import { type Instant, quarterOf } from '../../../domain/instant.ts'
import { Refusal } from '../../../domain/refusal.ts'
import { settlementAggregate } from '../../../domain/settlement.ts'
import type { TicketNo } from '../../../domain/ticket/events.ts'
import type { MeasureName } from '../../../domain/ticket/measures.ts'
import { unitOfDealer } from '../../../domain/ticket/objections.ts'
import type { Ticket } from '../../../domain/ticket/state.ts'
import type { Act } from '../act.ts'
import { Conflict } from '../conflict.ts'
import type { CommandDeps } from '../deps.ts'
import { readFound } from '../folded.ts'
import { withQuarterLock } from '../locks.ts'
import { lookAgain } from '../lookAgain.ts'
import type { ActGuards } from '../tickets/actOn.ts'
import { type CommandResult, execute, readTicket } from '../tickets/execute.ts'

/** The quarter in which a dealer's unit counts; `null`: it has none at this ticket. */
const quarterOfUnit = (ticket: Ticket, dealer: string): string | null => {
  const unit = unitOfDealer(ticket, dealer)
  return unit === null ? null : quarterOf(unit.term.startedAt)
}

type NewObjection = {
  dealer: string
  measures: readonly MeasureName[]
  attachmentIds: readonly string[]
  reason: string
}

/** Raises it in the quarter that the caller has locked; `null`: the dealer has no unit. */
const raiseIn = (
  deps: CommandDeps,
  ticketNo: TicketNo,
  { quarter, dealer, measures, attachmentIds, reason }: NewObjection & { quarter: string | null },
  { act, ...before }: ActGuards & { act: Act },
): Promise<CommandResult> => {
  const command = async (ticket: Ticket, now: Instant) => {
    // another unit began since; its quarter is not the one that is locked
    if (quarterOfUnit(ticket, dealer) !== quarter) throw new Conflict('version_conflict')
    const settlement = quarter === null ? null : (await readFound(deps, settlementAggregate, quarter)).state
    return {
      type: 'RaiseObjection' as const,
      now,
      actor: act.actor,
      dealer,
      measures,
      attachmentIds,
      frozenRevision: settlement?.revision ?? null,
      text: deps.sealing.seal(ticket.subjectId, { reason }),
    }
  }
  return execute(deps, ticketNo, { ...before, command }, act)
}

/**
 * Raises an objection. The quarter cannot be frozen meanwhile, on whichever node: freezing takes the same lock.
 * @throws Refusal, see `raiseObjection`, and `ticket_not_found`; Conflict, see `execute`
 */
export const raise = (
  deps: CommandDeps,
  ticketNo: TicketNo,
  objection: NewObjection,
  raising: ActGuards & { act: Act },
): Promise<CommandResult> =>
  lookAgain(async () => {
    const known = await readTicket(deps, ticketNo)
    if (known === null) throw new Refusal('ticket_not_found', { ticketNo })
    const quarter = quarterOfUnit(known, objection.dealer)
    const work = () => raiseIn(deps, ticketNo, { ...objection, quarter }, raising)
    try {
      return { value: await (quarter === null ? work() : withQuarterLock(deps, quarter, work)) }
    } catch (error) {
      const hasMoved = error instanceof Conflict && error.code === 'version_conflict'
      if (!hasMoved || raising.once) throw error
      return null
    }
  })

/** Withdraws an objection. @throws Refusal, see `withdrawObjection`; Conflict, see `execute` */
export const withdraw = (
  deps: CommandDeps,
  { ticketNo, objectionId }: { ticketNo: TicketNo; objectionId: string },
  { act, ...before }: ActGuards & { act: Act },
): Promise<CommandResult> =>
  execute(
    deps,
    ticketNo,
    { ...before, command: (_, now) => ({ type: 'WithdrawObjection', now, actor: act.actor, objectionId }) },
    act,
  )

/** Upholds or rejects an objection. @throws Refusal, see `decideObjection`; Conflict, see `execute` */
export const decideOn = (
  deps: CommandDeps,
  { ticketNo, objectionId }: { ticketNo: TicketNo; objectionId: string },
  { decision, reason }: { decision: 'upheld' | 'rejected'; reason: string },
  { act, ...before }: ActGuards & { act: Act },
): Promise<CommandResult> =>
  execute(
    deps,
    ticketNo,
    {
      ...before,
      command: ({ subjectId }, now) => ({
        type: 'DecideObjection',
        now,
        actor: act.actor,
        objectionId,
        decision,
        text: deps.sealing.seal(subjectId, { reason }),
      }),
    },
    act,
  )
