/** What an engine gives the service, and what it is opened with. */
import type { KeyObject } from 'node:crypto'
import type { Logger } from 'pino'
import { describeError } from '../api/commands/describeError.ts'
import { forgetKept } from '../api/commands/subjects/kept.ts'
import { DamagedEvent, type EventStore, type Position } from '../domain/eventStore.ts'
import type { LogDigest } from '../domain/logDigest.ts'
import type { Sealer } from '../domain/sealing.ts'
import type { SubjectId, SubjectKeys } from '../domain/subjectKeys.ts'
import type { StoppedView } from '../projections/engine.ts'
import type { ViewsHelper } from '../projections/runner.ts'
import type { Views, ViewsProgress } from '../projections/views.ts'
import type { ClosableAccessLog } from './access/localAccess.ts'
import type { Config } from './config.ts'
import type { LogLocks } from './nodes/distributedLocks.ts'
import type { ThreadSources } from './readThreads/messages.ts'

export type Engine = {
  /** The log as views follow it. */
  store: EventStore
  /** The log as commands write it: a write is in this node's views when its append returns. */
  commandStore: EventStore
  keys: SubjectKeys<KeyObject>
  sealing: Sealer
  views: Views
  /** The digest of the log up to a position, `null`: of all of it; `null` where there is none up to there, or not yet. */
  digestUpTo(position: Position | null): LogDigest | null
  helper?: ViewsHelper
  locks?: LogLocks
  /** How long after a due what was done just in time may still be on its way into the log. */
  graceMs: number
  access: ClosableAccessLog
  /** What read threads read from. */
  threadSources: ThreadSources
  /** Where nodes share a log: reads what they tell each other in it up to its end. @throws StoreUnavailable */
  readInternalStreams?(): Promise<void>
  close(): Promise<void>
}

/** Logs a view that stopped, with the event it stopped at; its data is in no log. */
export const viewStopped =
  (log: Logger) =>
  ({ view, event, error }: StoppedView): void => {
    const { position, stream, id } = event ?? (error instanceof DamagedEvent ? error.place : {})
    log.error({ view, position, stream, id, error: describeError(error) }, 'a view has stopped')
  }

/** Lets go of what this process holds of an erased subject outside the log: texts in memory, and by what it is found. */
export const forgetSubject = (
  { sealing, views }: Pick<Engine, 'sealing' | 'views'>,
  subject: SubjectId,
): void => {
  sealing.forget(subject)
  forgetKept(views, subject)
}

export type EngineOptions = {
  config: Config
  log: Logger
  onProgress: (progress: ViewsProgress) => void
  /** Called before the views' rows are written and committed; what it returns, after. */
  onCommit?: () => () => void
  /** Told each time a sealed text does not open. */
  onUnreadable: () => void
}
