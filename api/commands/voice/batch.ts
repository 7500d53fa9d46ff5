/**
 * A call whose items take more than one append (rulebook §16): it is kept whole first, then its items are entered. What a
 * crash interrupted is completed at the next start, or forgotten where not all of it was kept.
 */
import type { Position } from '../../../domain/eventStore.ts'
import { eventsOf } from '../../../domain/storedEvents.ts'
import {
  batchOfStream,
  isVoiceBatchStream,
  type VoiceBatchEvent,
  voiceBatchAggregate,
} from '../../../domain/voice/batch.ts'
import type { OpenFollowUp } from '../../../projections/followUps.ts'
import { type Act, speakingOf } from '../act.ts'
import { commandIdOf } from '../commandId.ts'
import type { CommandDeps } from '../deps.ts'
import { handle } from '../handle.ts'
import { actAgain } from '../tickets/twoTickets.ts'
import { withVoiceLock } from './lock.ts'
import { commandsFor, type NewEntry } from './portions.ts'
import { giveVoice } from './voice.ts'

/** Characters of JSON that are sealed together, so that an append stays below what the store takes. */
const partLength = 200_000

/** Cuts a text into parts of so many characters; of none there is one. */
const partsOf = (text: string): string[] =>
  Array.from({ length: Math.max(1, Math.ceil(text.length / partLength)) }, (_, at) =>
    text.slice(at * partLength, (at + 1) * partLength),
  )

type Cause = { causationId: string; act: Act }

/** What follows a batch, by name: an act of its own, with the same id whenever it is done again. */
const actAfter = ({ causationId, act }: Cause, name: string): Act => {
  const { requestDigest: _, digestOf: __, ...again } = act
  return { ...again, commandId: commandIdOf(causationId, name), causationId }
}

/** Enters the items of a batch that was kept. Those entered before stay as they are; so it may be done again. */
const enterKept = async (
  deps: CommandDeps,
  entries: readonly NewEntry[],
  cause: Cause,
): Promise<Position | null> => {
  let position: Position | null = null
  for (const [at, command] of commandsFor(deps, entries, cause.act.commandId).entries()) {
    const act = actAfter(cause, String(at))
    position = (await giveVoice(deps, command.dealer, () => command, { act })).position ?? position
  }
  return position
}

/** Says that the batch is at its end, after the key of what was kept is destroyed. */
const end = async (
  deps: CommandDeps,
  { batchId, keyId }: { batchId: string; keyId: string },
  cause: Cause,
): Promise<void> => {
  await deps.subjects.destroy(keyId)
  deps.sealing.forget(keyId)
  await handle(deps, voiceBatchAggregate, batchId, {
    act: actAfter(cause, 'end'),
    command: () => ({ type: 'EndBatch' }),
  })
}

/**
 * Keeps the items of a call and enters them. The caller has judged all of them, and has the lock of the desk.
 * @throws StoreUnavailable; what was accepted by then is completed later
 */
export const enterBatch = async (
  deps: CommandDeps,
  entries: readonly NewEntry[],
  act: Act,
): Promise<Position | null> => {
  const batchId = deps.newCommandId()
  const keyId = await deps.subjects.create()
  const subjectId = (entries[0] as NewEntry).subjectId
  const parts = partsOf(JSON.stringify(entries))
  let causationId = ''
  for (const [at, part] of parts.entries()) {
    const isLast = at === parts.length - 1
    const { digestOf: _, ...unremembered } = act
    const { events } = await handle(deps, voiceBatchAggregate, batchId, {
      act: isLast ? speakingOf(act, subjectId) : { ...unremembered, commandId: deps.newCommandId() },
      command: () => ({
        type: 'KeepPart' as const,
        keyId,
        text: deps.sealing.seal(keyId, part),
        subjectId: isLast ? subjectId : null,
      }),
    })
    if (at === 0) causationId = (events[0] as (typeof events)[number]).id
  }
  const position = await enterKept(deps, entries, { causationId, act })
  await end(deps, { batchId, keyId }, { causationId, act })
  return position
}

/** @throws StoreUnavailable, Conflict: it is pending still */
const complete = async (deps: CommandDeps, { stream, eventId }: OpenFollowUp): Promise<void> => {
  if (!deps.views.followUps.isOpen(eventId)) return
  const events = eventsOf<VoiceBatchEvent>(await deps.store.readStream(stream))
  const kept = events.flatMap(({ type, data }) => (type === 'VoiceBatchKept' ? [data] : []))
  const keyId = kept[0]?.keyId
  const last = events.findLast(({ type }) => type === 'VoiceBatchAccepted') ?? events.at(-1)
  if (keyId === undefined || last === undefined) return
  const following = { causationId: eventId, act: actAgain(last.metadata) }
  const parts = kept.map(({ text }) => deps.sealing.open(text, true))
  // without its key all of it was entered; without its end not all of it was kept
  if (last.type === 'VoiceBatchAccepted' && parts.every((part) => typeof part === 'string'))
    await enterKept(deps, JSON.parse(parts.join('')) as NewEntry[], following)
  await end(deps, { batchId: batchOfStream(stream), keyId }, following)
}

/** Completes what is pending of such calls. The caller has the lock of the desk. @throws StoreUnavailable, Conflict */
export const completeVoiceBatches = async (deps: CommandDeps): Promise<void> => {
  for (const open of deps.views.followUps.open())
    if (isVoiceBatchStream(open.stream)) await complete(deps, open)
}

/** The same of one call, for which nobody has the lock. @throws StoreUnavailable, Conflict */
export const completeVoiceBatch = (deps: CommandDeps, open: OpenFollowUp): Promise<void> =>
  withVoiceLock(deps, null, () => complete(deps, open))
