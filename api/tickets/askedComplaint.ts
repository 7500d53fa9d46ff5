/** The answer for a complaint that an event of another stream asked for, and for the same request sent again. */
import type { CareDataOf } from '../../domain/care/events.ts'
import type { InquiryDataOf } from '../../domain/inquiry/events.ts'
import { Refusal, type RefusalCode } from '../../domain/refusal.ts'
import { eventsOf } from '../../domain/storedEvents.ts'
import { Conflict } from '../commands/conflict.ts'
import type { CommandRow } from '../commands/deps.ts'
import { rowsOfCommand } from '../commands/rowsOfCommand.ts'
import { completePendingActs } from '../commands/tickets/followUp.ts'
import { complaintAgain } from '../commands/tickets/replay.ts'
import type { Deps } from '../http/deps.ts'

/** What became of the complaint with that command's id, as it was answered first. */
export const askedComplaint = async (deps: Deps, commandId: string) => {
  const rows = await rowsOfCommand(deps, commandId)
  if (rows.length === 0) throw new Error('a complaint that an event asked for is not remembered')
  return complaintAgain(deps, rows)
}

/**
 * Completes what the command left pending, and says again that it was refused where an event of that type took the
 * asking one back. @throws Refusal; Conflict `write_conflict`
 */
export const requireTaken = async (
  deps: Deps,
  { stream, fromVersion }: CommandRow,
  reopened: 'CareReopened' | 'InquiryReopened',
): Promise<void> => {
  const open = deps.views.followUps.open().filter((each) => each.stream === stream)
  const { pending } = await completePendingActs(deps, open)
  if (pending > 0) throw new Conflict('write_conflict')
  const events = eventsOf(await deps.store.readStream(stream))
  const asked = events[fromVersion - 1]
  const end = events.find(({ metadata }) => metadata.causationId === asked?.id)
  if (end?.type !== reopened) return
  const { refused } = end.data as CareDataOf<'CareReopened'> | InquiryDataOf<'InquiryReopened'>
  const { code, params, pointer } = refused
  throw new Refusal(code as RefusalCode, params, pointer ?? undefined)
}
