/** Books late meetings and returns of customer voice once their dues are facts (rulebook §16, Ledger). */
import { isDeskOpen } from '../../../domain/desk.ts'
import type { Instant } from '../../../domain/instant.ts'
import { stampAfter } from '../../../domain/stamp.ts'
import type { VoiceCommand } from '../../../domain/voice/commands.ts'
import { dealerOfId, monthOfId, type VoiceEvent } from '../../../domain/voice/events.ts'
import type { Voice } from '../../../domain/voice/state.ts'
import { voiceAggregate } from '../../../domain/voice/voice.ts'
import { systemActor } from '../act.ts'
import { newCommandId } from '../commandId.ts'
import type { CommandDeps } from '../deps.ts'
import { type HandleDeps, handle } from '../handle.ts'

/** Sheets booked by one look; the next one goes on. */
const atOnce = 100

/**
 * Each is decided on the dealer's stream: where it was done or booked meanwhile, here or on another node, nothing is
 * appended. The service does so by itself, so that the fact is the cause of the booking.
 * @throws StoreUnavailable; Conflict `write_conflict`; what was booked until then stays
 */
export const bookLateSteps = async (
  deps: HandleDeps & { views: Pick<CommandDeps['views'], 'voice'> },
  now: Instant,
): Promise<void> => {
  if (!isDeskOpen(deps.views.master.at(now).policy.values, 'voice')) return
  for (const { sheetId, factId } of deps.views.voice.unbooked(now, atOnce)) {
    const commandId = newCommandId()
    const act = { actor: systemActor, now, commandId, correlationId: commandId, causationId: factId }
    await handle<Voice, VoiceCommand, VoiceEvent>(deps, voiceAggregate, dealerOfId(sheetId), {
      act,
      at: (voice) => (voice === null ? now : stampAfter(now, voice.lastAt)),
      command: () => ({ type: 'BookLateStep', month: monthOfId(sheetId) }),
    })
  }
}
