/** Objections of dealers (rulebook §14): raised until the quarter is frozen, withdrawn, decided. */
import { quarterOf } from '../../../domain/instant.ts'
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

/**
 * Raises an objection. The quarter cannot be frozen meanwhile, on whichever node: freezing takes the same lock.
 * @throws Refusal, see `raiseObjection`, and `ticket_not_found`; Conflict, see `execute`
 */
export const raise = async (
  deps: CommandDeps,
  ticketNo: TicketNo,
  { dealer, measures, attachmentIds, reason }: NewObjection,
  { act, ...before }: ActGuards & { act: Act },
): Promise<CommandResult> => {
  const known = await readTicket(deps, ticketNo)
  if (known === null) throw new Refusal('ticket_not_found', { ticketNo })
  const quarter = quarterOfUnit(known, dealer)
  const work = () =>
    execute(
      deps,
      ticketNo,
      {
        ...before,
        command: async (ticket, now) => {
          // another unit began since; its quarter is not the one that is locked
          if (quarterOfUnit(ticket, dealer) !== quarter) throw new Conflict('write_conflict')
          const settlement =
            quarter === null ? null : (await readFound(deps, settlementAggregate, quarter)).state
          return {
            type: 'RaiseObjection',
            now,
            actor: act.actor,
            dealer,
            measures,
            attachmentIds,
            frozenRevision: settlement?.revision ?? null,
            text: deps.sealing.seal(ticket.subjectId, { reason }),
          }
        },
      },
      act,
    )
  return quarter === null ? work() : withQuarterLock(deps, quarter, work)
}

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
