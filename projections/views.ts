/** All read models in one file, `views.db`: rebuilt from the log wherever it is gone or of another version. */
import type Database from 'better-sqlite3'
import type { EventStore, Position, StoredEvent } from '../domain/eventStore.ts'
import type { Sealer } from '../domain/sealing.ts'
import type { SubjectId } from '../domain/subjectKeys.ts'
import { allProjections, type Projections, type Queries } from './allProjections.ts'
import { createEngine, type StoppedView } from './engine.ts'
import type { Projection } from './projection.ts'
import { rbosOf } from './scope.ts'
import { openSlot, type Slot, type ViewState } from './slot.ts'
import type { ResolvedFilters } from './tickets/ticketFilters.ts'
import { adoptTables, createBulk, type LastEvent, noteOrigin, openViewsFile } from './viewsFile.ts'
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

/** A view that finds customers by hashes, which an erasure deletes. */
type SubjectCache = { forget(subjectId: SubjectId): void }
const forgets = (queries: unknown): queries is SubjectCache =>
  typeof (queries as Partial<SubjectCache> | undefined)?.forget === 'function'

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
  /** Subjects erased while what finds them may be in a file that is still to be adopted. */
  const forgotten: { name: keyof Queries; subjectId: SubjectId }[] = []
  const engine = readonly
    ? null
    : createEngine(db, slots, {
        comparePositions,
        onMoved: () => waiters.wake(),
        onStopped: options.onStopped ?? (() => {}),
        ...(options.onCommit !== undefined && { onCommit: options.onCommit }),
      })
  const bulk = createBulk(db, Object.values(projections))
  const stored = db
    .prepare<[string], Position | null>('SELECT position FROM checkpoints WHERE name = ?')
    .pluck()

  /** Since an interruption until the log is caught up with. */
  let isBehind = false
  const isSuspended = (): boolean => isBehind || engine?.isInterrupted() === true

  const positionOf = (name: keyof Queries): Position | null =>
    readonly ? (stored.get(name) ?? null) : (slotOf.get(name)?.position ?? null)
  const least = (positions: (Position | null)[]): Position | null =>
    positions.reduce((a, b) => (a === null || b === null ? null : comparePositions(a, b) <= 0 ? a : b))
  const hasReached = (position: Position, of: readonly (keyof Queries)[]): boolean =>
    of.every((name) => {
      const at = positionOf(name)
      return at !== null && comparePositions(at, position) >= 0
    })
  const hasStopped = (of: readonly (keyof Queries)[]): boolean =>
    of.some((name) => slotOf.get(name)?.state === 'stopped')
  const writer = () => {
    if (engine === null) throw new Error(`${file} was opened for reading only`)
    return engine
  }

  const waiters = createWaiters<keyof Queries>({ hasReached, hasStopped, polls: readonly })

  const workingSlots = (): Slot[] => slots.filter((slot) => slot.state !== 'stopped')
  const leadOf = (working: readonly Slot[]): Position | null =>
    working.reduce<Position | null>(
      (best, { position }) =>
        position !== null && (best === null || comparePositions(position, best) > 0) ? position : best,
      null,
    )

  const sortOut = (isEnd: boolean): ReturnType<Views['sortOut']> => {
    const working = workingSlots()
    const lead = leadOf(working)
    const isAhead = ({ position, elsewhere }: Slot): boolean =>
      lead === null ? isEnd && !elsewhere : position !== null && comparePositions(position, lead) >= 0
    for (const slot of working) slot.state = isAhead(slot) ? 'ready' : 'rebuilding'
    return { lead }
  }

  /**
   * The queries of a view. One that forgets an erased subject commits first, on its own: nothing may bring the hashes back
   * but the log, and there they cannot be made any more.
   */
  const queriesOf = (name: keyof Queries): unknown => {
    const view = slotFor(name).running.queries
    if (!forgets(view)) return view
    const forget = (subjectId: SubjectId): void => {
      if (slotFor(name).elsewhere) forgotten.push({ name, subjectId })
      writer().commit()
      view.forget(subjectId)
    }
    return { ...view, forget }
  }
  const queries = Object.fromEntries(names.map((name) => [name, queriesOf(name)])) as unknown as Queries

  return {
    ...queries,
    tickets: {
      ...queries.tickets,
      page: (query) => {
        const { personHashes, searchHashes } = query.filters
        if (personHashes === undefined && searchHashes === undefined) return queries.tickets.page(query)
        const ticketsOfPersons = [
          ...(personHashes ?? []).map(queries.customers.ticketNosOf),
          ...(searchHashes ?? []).map(queries.customers.ticketNosNamed),
        ]
        const filters: ResolvedFilters = { ...query.filters, ticketsOfPersons }
        return queries.tickets.page({ ...query, filters })
      },
    },
    warnings: {
      ...queries.warnings,
      page: (query) => {
        // an RBO also sees what was sent to it of tickets that are not its own
        const isOfDealers = rbosOf(query.scope).length === 0
        return queries.warnings.page(
          isOfDealers ? { ...query, among: queries.tickets.fewInScope(query.scope) } : query,
        )
      },
    },
    apply: (events, reached) => writer().feed({ events, reached }, 'ready'),
    rebuild: (events, reached) => writer().feed({ events, reached }, 'rebuilding'),
    lead: () => leadOf(workingSlots()),
    sortOut,
    behind: () => {
      const behind = slots.filter((slot) => slot.state === 'rebuilding' && !slot.elsewhere)
      return behind.length === 0 ? null : { after: least(behind.map((slot) => slot.position)) }
    },
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
    buildElsewhere: (names) => {
      for (const name of names) slotFor(name).elsewhere = true
    },
    adopt: (from, names, position) => {
      writer().commit()
      const adopted = names.map(slotFor)
      for (const slot of adopted) slot.elsewhere = false
      if (from === null) return
      const last = adoptTables(db, {
        file: from,
        position,
        projections: adopted.map(({ projection }) => projection),
      })
      for (const slot of adopted) {
        slot.running.reload()
        slot.position = position
        slot.written = position
        slot.committed = position
        const event = last.get(slot.projection.name) ?? null
        slot.last = { folded: event, written: event, committed: event }
      }
      for (const { name, subjectId } of forgotten.splice(0)) {
        const view = slotFor(name).running.queries
        if (forgets(view)) view.forget(subjectId)
      }
    },
    newestEvent: () =>
      workingSlots().reduce<LastEvent | null>(
        (newest, { last: { folded } }) =>
          folded !== null && (newest === null || comparePositions(folded.position, newest.position) > 0)
            ? folded
            : newest,
        null,
      ),
    checkpoint: () => least(commandViews(projections).map(positionOf)),
    reached: async (position, timeoutMs, of = commandViews(projections)) =>
      hasReached(position, of) || (!hasStopped(of) && waiters.wait(position, of, timeoutMs)),
    status: () =>
      slots.map(({ projection, state, error }, index) => ({
        name: names[index] as keyof Queries,
        version: projection.version,
        state: state === 'ready' && isSuspended() ? 'rebuilding' : state,
        position: positionOf(names[index] as keyof Queries),
        readByCommands: projection.readByCommands,
        ...(error === undefined ? {} : { error }),
      })),
    commit: () => writer().commit(),
    onProgress: options.onProgress ?? (() => {}),
    close: () => {
      waiters.giveUp()
      engine?.commit()
      db.close()
    },
  }
}
