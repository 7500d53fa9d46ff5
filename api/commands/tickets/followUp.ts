/** What follows from the events of an act: in the request that did it, or later where that was cut off. */

import { vehicleOfStream } from '../../../domain/care/events.ts'
import { type NewEvent, VersionConflict } from '../../../domain/eventStore.ts'
import { inquiryOfStream } from '../../../domain/inquiry/events.ts'
import { Refusal } from '../../../domain/refusal.ts'
import type { TicketEvent, TicketNo } from '../../../domain/ticket/events.ts'
import { type FollowUp, followUpOf } from '../../../domain/ticket/followUps.ts'
import { isVoiceBatchStream } from '../../../domain/voice/batch.ts'
import type { OpenFollowUp } from '../../../projections/followUps.ts'
import type { Act } from '../act.ts'
import { completeCare } from '../care/complaint.ts'
import { Conflict } from '../conflict.ts'
import type { CommandDeps } from '../deps.ts'
import { completeInquiry } from '../inquiries/complaint.ts'
import { completeVoiceBatch } from '../voice/batch.ts'
import { registerFromCallback, withCallback } from './callbackRepeat.ts'
import { type FirstHalfOfAct, followingAct, settle, withdraw } from './secondHalf.ts'
import { completePending, type HeldTickets, pendingHalf } from './twoTickets.ts'

type Callback = FollowUp['command'] & { type: 'RegisterFromCallback' }

const settleCallback = async (
  deps: CommandDeps,
  first: FirstHalfOfAct,
  command: Callback,
  held: HeldTickets,
) => {
  const { ticketNo } = first
  const following = followingAct(first, { ticketNo, command })
  try {
    return await registerFromCallback(deps, ticketNo, command, { act: following, held })
  } catch (error) {
    if (error instanceof Refusal) await withdraw(deps, first, error)
    throw error
  }
}

/**
 * Does what these events of `ticketNo` ask for on other tickets; all of it, also where one of them is refused.
 * @returns the position of the last append; `null`: nothing followed
 * @throws Refusal of another ticket, after the event that asked for it was withdrawn
 */
export const followUp = async (
  deps: CommandDeps,
  { ticketNo, events, act }: { ticketNo: TicketNo; events: readonly NewEvent<TicketEvent>[]; act: Act },
  held: HeldTickets,
): Promise<string | null> => {
  let last: string | null = null
  let refusal: Refusal | undefined
  for (const event of events) {
    const next = followUpOf(ticketNo, event)
    if (next === null) continue
    const first = { ticketNo, event, act }
    try {
      const { command } = next
      const done = await (command.type === 'RegisterFromCallback'
        ? settleCallback(deps, first, command, held)
        : settle(deps, first))
      last = done?.position ?? last
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      refusal ??= error
    }
  }
  if (refusal !== undefined) throw refusal
  return last
}

const completeOne = async (deps: CommandDeps, first: FirstHalfOfAct): Promise<void> => {
  const { ticketNo, event, act } = first
  if (event.type !== 'CallbackRecorded') return completePending(deps, first)
  await withCallback(deps, ticketNo, event.data.repeatExternalNo, async (held) => {
    if (deps.views.followUps.isOpen(event.id)) await followUp(deps, { ticketNo, events: [event], act }, held)
  })
}

/** How many pending second halves were completed or withdrawn, and how many are pending still. */
export type CompletionCounts = { completed: number; withdrawn: number; pending: number }

/**
 * Completes the second halves of these acts, or withdraws their first ones: after a crash, or where the store did not
 * answer. The act is the same as the uninterrupted one would have been: same ids, same actor, same instant.
 * @throws StoreUnavailable
 */
export const completePendingActs = async (
  deps: CommandDeps,
  open: readonly OpenFollowUp[] = deps.views.followUps.open(),
): Promise<CompletionCounts> => {
  const result: CompletionCounts = { completed: 0, withdrawn: 0, pending: 0 }
  for (const each of open) {
    try {
      if (inquiryOfStream(each.stream) !== null) await completeInquiry(deps, each)
      else if (vehicleOfStream(each.stream) !== null) await completeCare(deps, each)
      else if (isVoiceBatchStream(each.stream)) await completeVoiceBatch(deps, each)
      else {
        const first = await pendingHalf(deps, each)
        if (first === null) continue
        await completeOne(deps, first)
      }
      result.completed += 1
    } catch (error) {
      if (error instanceof Refusal) result.withdrawn += 1
      else if (error instanceof VersionConflict || error instanceof Conflict) result.pending += 1
      else throw error
    }
  }
  return result
}
