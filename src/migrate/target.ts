/** What a migration leaves on its target beside the log: whose log it is, and how far it has come. */
import type { EventStore } from '../../domain/eventStore.ts'
import { systemEvent } from '../keys/systemEvent.ts'
import { withRetry } from './retry.ts'

export const migrationStream = 'migration'

type Store = Pick<EventStore, 'append' | 'readStream' | 'head'>
export type Stage = { version: number; keys: number; isDone: boolean }

/** @returns how far the migration on a log has come; `null` where none was ever begun there. */
export const stageOf = async (
  store: Pick<Store, 'readStream'>,
): Promise<(Stage & { source: string }) | null> => {
  const events = await store.readStream(migrationStream)
  const [begun] = events
  if (begun === undefined) return null
  const moved = events
    .filter(({ type }) => type === 'KeysMoved')
    .map(({ data }) => (data as { keys: number }).keys)
  return {
    source: (begun.data as { source: string }).source,
    version: events.length,
    keys: Math.max(0, ...moved),
    isDone: events.some(({ type }) => type === 'MigrationDone'),
  }
}

/** One event, the same in every try, so that it stands once. */
const note = (store: Store, version: number, type: string, data: unknown) => {
  const event = systemEvent(type, data)
  return withRetry(() => store.append(migrationStream, version, [event]))
}

/**
 * Begins, or goes on with, the migration of a source.
 * @throws Error with a sentence where the target holds anything else.
 */
export const beginOn = async (store: Store, source: string): Promise<Stage> => {
  const stage = await stageOf(store)
  if (stage === null) {
    if ((await store.head()) !== null)
      throw new Error('The target already holds other data. Give an empty one, or another streamPrefix.')
    const { version } = await note(store, 0, 'MigrationBegun', { source })
    return { version, keys: 0, isDone: false }
  }
  if (stage.source !== source) throw new Error('The target already holds the log of another data folder.')
  if (stage.isDone)
    throw new Error('This log is on the target already, whole and verified. Nothing was done.')
  return stage
}

/** Whether the log that begins with this event was moved already, whole. */
export const isMoved = async (
  store: Pick<Store, 'readStream'>,
  source: string | undefined,
): Promise<boolean> => {
  const stage = await stageOf(store)
  return stage?.isDone === true && stage.source === source
}

/** Notes that so many keys are there. @returns the stage after it. */
export const noteKeys = async (store: Store, stage: Stage, keys: number): Promise<Stage> => {
  const { version } = await note(store, stage.version, 'KeysMoved', { keys })
  return { ...stage, version, keys }
}

export const noteDone = async (store: Store, stage: Stage, events: number): Promise<void> => {
  await note(store, stage.version, 'MigrationDone', { events })
}

/** @throws Error with a sentence where a migration was begun and is not done: half a log is none to serve. */
export const requireWhole = async (store: Pick<Store, 'readStream'>): Promise<void> => {
  const stage = await stageOf(store)
  if (stage !== null && !stage.isDone)
    throw new Error(
      'The event store holds a migration that is not done. Run npm run migrate again to finish it.',
    )
}
