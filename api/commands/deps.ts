/** What commands are given. Everything with a side effect comes in here; `src/core.ts` makes it once. */
import type { Logger } from 'pino'
import type { AttachmentFiles } from '../../domain/attachments/files.ts'
import type { EventStore } from '../../domain/eventStore.ts'
import type { Instant } from '../../domain/instant.ts'
import type { Sealer } from '../../domain/sealing.ts'
import type { SubjectKeys } from '../../domain/subjectKeys.ts'
import type { Queries } from '../../projections/allProjections.ts'
import type { DoneCommand } from '../../projections/commands.ts'
import type { Views as ProjectedViews } from '../../projections/views.ts'
import type { FoldedStates } from './folded.ts'
import type { KeyedMutex } from './keyedMutex.ts'

export type CommandDeps = {
  store: EventStore
  views: CommandViews
  sealing: Sealer
  /** Keys of customers; `destroy` also lets go of all that this process holds of one outside the log. */
  subjects: Pick<SubjectKeys, 'create' | 'get' | 'destroy'>
  /** The bytes of attachments. */
  attachments: AttachmentFiles
  now: () => Instant
  newCommandId: () => string
  log: Logger
  /** What must not run twice at once in this process: acts on one ticket, one customer's complaints. */
  mutex: KeyedMutex
  /** States of streams folded lately. */
  folded: FoldedStates
  /** Left out where this process is the only one that writes: locks in the process are then enough. */
  locks?: DistributedLocks
}

/** Where several processes write to one log: lets one at a time do what must not be done twice at once. */
export type DistributedLocks = {
  /**
   * Runs `work` when no node runs anything else under any of the keys, and the views have what was done under them;
   * where somebody else does and `wait` is false, or does for longer than a second under the key `waitBrieflyFor`, `taken` instead. It is given
   * the seconds after which another try is worth while.
   * @throws StoreUnavailable where others take too long.
   */
  take<T>(
    keys: readonly string[],
    work: () => Promise<T>,
    otherwise: { wait: boolean; waitBrieflyFor?: string; taken: (retryAfterSeconds: number) => Promise<T> },
  ): Promise<T>
}

/** What a command left in one stream; versions are inclusive. */
export type CommandRow = DoneCommand & { commandId: string }

/** The read models: their queries, how far they are, and how to wait for them. */
export type CommandViews = Pick<ProjectedViews, keyof Queries | 'reached' | 'status' | 'commit'>

export type ViewName = keyof Queries
