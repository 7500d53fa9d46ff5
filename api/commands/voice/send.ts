/** Sending the sheet of a month (rulebook §16). */
import { speakingOf } from '../act.ts'
import type { CommandDeps } from '../deps.ts'
import { commandOf } from '../tickets/customerQueue.ts'
import { completeVoiceBatches } from './batch.ts'
import { withVoiceLock } from './lock.ts'
import { giveVoice, type VoiceDone, type VoiceWrite } from './voice.ts'

/**
 * Sends the sheet of a dealer and month, while nothing is entered. Its texts get a key of their own.
 * @throws Refusal, see `sendSheet`; Conflict, see `handle`
 */
export const send = (
  deps: CommandDeps,
  { dealer, month }: { dealer: string; month: string },
  { act, guards }: VoiceWrite,
): Promise<VoiceDone> =>
  withVoiceLock(deps, commandOf(act), async () => {
    await completeVoiceBatches(deps)
    const subjectId = await deps.subjects.create()
    return giveVoice(deps, dealer, () => ({ type: 'SendSheet', dealer, month, subjectId }), {
      act: speakingOf(act, subjectId),
      guards,
    })
  })
