/** All read models in one file, `views.db`: rebuilt from the log wherever it is gone or of another version. */
import type Database from 'better-sqlite3'
import type { EventStore, Position, StoredEvent } from '../domain/eventStore.ts'
import type { Sealer } from '../domain/sealing.ts'
import { allProjections, type Projections, type Queries } from './allProjections.ts'
import { createBuiltElsewhere } from './builtElsewhere.ts'
import { createEngine, type StoppedView } from './engine.ts'
import { beforeForgetting } from './forgetting.ts'
import { joinedQueries } from './joinedQueries.ts'
import type { Projection } from './projection.ts'
import { openSlot, type Slot, type ViewState } from './slot.ts'
import { createViewPositions } from './viewPositions.ts'
import { createBulk, type LastEvent, noteOrigin, openViewsFile } from './viewsFile.ts'
import { createWaiters } from './waiters.ts'

export type ViewStatus = {
  name: keyof Queries
  version: number
  state: ViewState
  position: Position | null
  readByCommands: boolean
  error?: string
}

export type ViewsProgress = { events: number; position: Position | null }

export type ViewsOptions = {
  file: string
  sealing: Sealer
  comparePositions: EventStore['comparePositions']
  /** For queries only, beside the connection that writes: sees what is committed, see `commit`. */
  readonly?: boolean
  /** Shared by the connection that writes and those of other threads that read: what has changed, see `changeCounts.ts`. */
  changes?: SharedArrayBuffer
  /** What tells the log from every other: kept in the file, see `viewsOrigin.ts`. */
  logId?: string
  /** Told of each view that stops. */
  onStopped?: (stopped: StoppedView) => void
  /** Called before rows are written and committed; what it returns, after. */
  onCommit?: () => () => void
  /** Told now and then while projections are rebuilt. */
  onProgress?: (progress: ViewsProgress) => void
  /** Other projections than the service's own, for tests. */
  projections?: Partial<Projections>
}

export type Views = Queries & {
  /**
   * Folds events into the rows of all ready views; they are seen by the queries at once. Events that a view has
   * already are passed over. Never throws for a handler's fault: that view stops, `status` tells. `reached`: how far
   * the log holds nothing else; the views then are there too.
   */
  apply(events: StoredEvent[], reached?: Position): void
  /** The same for the views that are being rebuilt. For `startViews`. */
  rebuild(events: StoredEvent[], reached?: Position): void
  /** The greatest position any working view has. For `startViews`. */
  lead(): Position | null
  /**
   * Decides which views are ready: those at the greatest position of all. Where none has any, none is, unless the
   * log is known to be at its end. For `startViews`.
   */
  sortOut(isEnd: boolean): { lead: Position | null }
  /** From where on to `rebuild`; `null`: nothing is to be rebuilt. For `startViews`. */
  behind(): { after: Position | null } | null
  /** From now on nothing is folded into these, until `adopt` brings their rows. For `startViews`. */
  buildElsewhere(names: readonly (keyof Queries)[]): void
  /**
   * Takes over the rows of these views, which are empty here, as they were built in another file from all events up
   * to a position; `null`: they were not, and are to be built here after all. For `startViews`.
   */
  adopt(file: string | null, names: readonly (keyof Queries)[], position: Position): void
  /** Between `true` and `false` much is loaded at once, while nobody queries. For `startViews`. */
  setBulk(on: boolean): void
  /** Whether the disk took no row: then nothing is folded, and no view is ready. For `startViews`. */
  isInterrupted(): boolean
  /** Stops all views: the log cannot be read on. For `startViews`. */
  stopAll(error: unknown): void
  /** Folds again from where the file is; `true`: the end of the log is reached, and the views are ready again. For `startViews`. */
  resume(isEnd: boolean): void
  /** The newest event that any working view has folded; `null`: none. */
  newestEvent(): LastEvent | null
  /** What the views that commands read have all reached. */
  checkpoint(): Position | null
  /** Waits until these views (default: those commands read) have reached a position; `false`: not in that time, or one stopped. */
  reached(position: Position, timeoutMs: number, names?: readonly (keyof Queries)[]): Promise<boolean>
  status(): ViewStatus[]
  /** Commits, so that other connections see what this one does; else that takes up to 100 ms. */
  commit(): void
  onProgress(progress: ViewsProgress): void
  close(): void
}

const commandViews = (projections: Partial<Projections>): (keyof Queries)[] =>
  (Object.keys(projections) as (keyof Queries)[]).filter((name) => projections[name]?.readByCommands)

/** Opens the views. A file that is damaged or was left in the middle of a bulk load starts empty. */
export const openViews = (options: ViewsOptions): Views => {
  const { file, sealing, comparePositions, readonly = false, changes } = options
  const projections: Partial<Projections> = options.projections ?? allProjections
  const db: Database.Database = openViewsFile(file, readonly)
  if (options.logId !== undefined && !readonly) noteOrigin(db, options.logId)
  const names = Object.keys(projections) as (keyof Queries)[]
  const slots = names.map((name) =>
    openSlot(db, projections[name] as Projection<unknown>, { sealing, changes }),
  )
  const slotOf = new Map(names.map((name, index) => [name, slots[index] as Slot]))
  const slotFor = (name: keyof Queries): Slot => slotOf.get(name) as Slot
  const engine = readonly
    ? null
    : createEngine(db, slots, {
        comparePositions,
        onMoved: () => waiters.wake(),
        onStopped: options.onStopped ?? (() => {}),
        ...(options.onCommit !== undefined && { onCommit: options.onCommit }),
      })
  const writer = () => {
    if (engine === null) throw new Error(`${file} was opened for reading only`)
    return engine
  }
  const bulk = createBulk(db, Object.values(projections))
  const elsewhere = createBuiltElsewhere(db)
  const stored = db
    .prepare<[string], Position | null>('SELECT position FROM checkpoints WHERE name = ?')
    .pluck()
  const positions = createViewPositions<keyof Queries>({
    slots: slotOf,
    comparePositions,
    stored: readonly ? (name) => stored.get(name) ?? null : null,
  })
  const { hasReached, hasStopped } = positions
  const waiters = createWaiters<keyof Queries>({ hasReached, hasStopped, polls: readonly })

  /** Since an interruption until the log is caught up with. */
  let isBehind = false
  const isSuspended = (): boolean => isBehind || engine?.isInterrupted() === true

  const queriesOf = (name: keyof Queries): unknown =>
    beforeForgetting(slotFor(name).running.queries, (subjectId) => {
      elsewhere.noteForgotten(slotFor(name), subjectId)
      // on its own: nothing may bring the hashes back but the log, and there they cannot be made any more
      writer().commit()
    })
  const queries = Object.fromEntries(names.map((name) => [name, queriesOf(name)])) as unknown as Queries

  return {
    ...joinedQueries(queries),
    apply: (events, reached) => writer().feed({ events, reached }, 'ready'),
    rebuild: (events, reached) => writer().feed({ events, reached }, 'rebuilding'),
    lead: positions.lead,
    sortOut: positions.sortOut,
    behind: positions.behind,
    setBulk: (on) => {
      writer().setBulk(on)
      if (on) bulk.begin()
      else bulk.end()
    },
    isInterrupted: () => engine?.isInterrupted() === true,
    stopAll: (error) => writer().stopAll(error),
    resume: (isEnd) => {
      writer().resume()
      isBehind = !isEnd
    },
    buildElsewhere: (names) => elsewhere.begin(names.map(slotFor)),
    adopt: (from, names, position) => {
      writer().commit()
      elsewhere.adopt(from, names.map(slotFor), position)
    },
    newestEvent: positions.newestEvent,
    checkpoint: () => positions.least(commandViews(projections)),
    reached: async (position, timeoutMs, of = commandViews(projections)) =>
      hasReached(position, of) || (!hasStopped(of) && waiters.wait(position, of, timeoutMs)),
    status: () =>
      names.map((name) => {
        const { projection, state, error } = slotFor(name)
        return {
          name,
          version: projection.version,
          state: state === 'ready' && isSuspended() ? 'rebuilding' : state,
          position: positions.of(name),
          readByCommands: projection.readByCommands,
          ...(error === undefined ? {} : { error }),
        }
      }),
    commit: () => writer().commit(),
    onProgress: options.onProgress ?? (() => {}),
    close: () => {
      waiters.giveUp()
      engine?.commit()
      db.close()
    },
  }
}
