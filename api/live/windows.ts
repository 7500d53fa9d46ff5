/** Windows: what is committed within some milliseconds is made into bytes once for each class of readers. */
import { type Position, type StoredEvent, StoreUnavailable } from '../../domain/eventStore.ts'
import type { Deps } from '../http/deps.ts'
import type { createClasses } from './classes.ts'
import { type ItemSource, sourcesOf, viewsHave } from './items.ts'
import { createMessages } from './messages.ts'
import { sleep } from './slices.ts'

/** For so long what is committed is gathered, milliseconds. */
const windowMs = 50
const storeAwayMs = 500
/** Events made into bytes before commands go first; more than `mostPending` hold up the reading of the log. */
const eventsAtOnce = 100
const mostPending = 5_000

/** While the store is away, readers stay and wait. `[]` once it is over. */
const sourcesWhenThere = async (
  deps: Deps,
  events: readonly StoredEvent[],
  isOver: () => boolean,
): Promise<ItemSource[]> => {
  while (!isOver()) {
    try {
      return await sourcesOf(deps, events)
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
      await sleep(storeAwayMs)
    }
  }
  return []
}

type Parts = {
  classes: ReturnType<typeof createClasses>
  /** Milliseconds of a clock that nobody sets. */
  elapsed(): number
  onFault(error: unknown): void
}

export const createWindows = (deps: Deps, { classes, elapsed, onFault }: Parts) => {
  let head: Position | null = null
  let pending: StoredEvent[] = []
  /** Since when something has been pending; `null`: nothing is. */
  let pendingSince: number | null = null
  let timer: NodeJS.Timeout | undefined
  let flushing: Promise<void> | undefined
  let isClosed = false
  /** How often readers were ended: what was being written then is nobody's any more. */
  let endings = 0
  let wake: (() => void)[] = []

  const windowEnded = (): void => {
    const waiting = wake
    wake = []
    for (const each of waiting) each()
  }
  const untilViewsHave = async (position: Position): Promise<void> => {
    // a view that has stopped answers at once
    while (!isClosed && !(await viewsHave(deps, position))) await sleep(windowMs)
  }

  /** Makes and writes some events, and moves the head. */
  const writeWindow = async (events: readonly StoredEvent[], isOver: () => boolean): Promise<void> => {
    const { position } = events.at(-1) as StoredEvent
    await untilViewsHave(position)
    let sources = classes.size() === 0 ? null : await sourcesWhenThere(deps, events, isOver)
    // who joined meanwhile has not been told of these: its cursor is the head before them
    if (sources === null && classes.size() > 0) sources = await sourcesWhenThere(deps, events, isOver)
    if (isOver()) return
    await classes.write({
      messagesOf: createMessages(deps, sources ?? []),
      upTo: position,
      isOver,
      onWritten: () => {
        head = position
      },
    })
  }

  /** Writes all that is pending, some events at a time. */
  const flush = async (): Promise<void> => {
    const before = endings
    const isOver = (): boolean => isClosed || endings !== before
    while (pending.length > 0 && !isOver()) {
      const events = pending.slice(0, eventsAtOnce)
      pending = pending.slice(eventsAtOnce)
      await writeWindow(events, isOver).finally(windowEnded)
      pendingSince = pending.length === 0 ? null : elapsed()
      if (pending.length > 0) await deps.inFlight.pause()
    }
  }

  const flushSoon = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined
      flushing ??= flush()
        .catch(onFault)
        .finally(() => {
          flushing = undefined
          if (pending.length > 0 && !isClosed) flushSoon()
        })
    }, windowMs)
  }

  return {
    /** Up to where all members of classes have been written to. */
    head: (): Position | null => head,
    /** Seconds since when something has been pending. */
    behindSeconds: (): number => (pendingSince === null ? 0 : (elapsed() - pendingSince) / 1_000),
    /** The log is followed from here on. */
    begin: (from: Position | null): void => {
      head = from
    },
    /** Writes the events with the next window; where very many are pending, they are to be waited for. */
    add: (events: readonly StoredEvent[]): Promise<void> | undefined => {
      if (events.length === 0) return undefined
      for (const event of events) pending.push(event)
      pendingSince ??= elapsed()
      flushSoon()
      return pending.length > mostPending ? flushing : undefined
    },
    /** All readers have been ended: those that come again read by themselves what is pending. */
    discard: (): void => {
      endings += 1
      pending = []
      pendingSince = null
      windowEnded()
    },
    /** Settles after the next window. */
    nextWindow: (): Promise<void> => new Promise((resolve) => wake.push(resolve)),
    /** Settles when the views have that position, or the windows are closed. */
    untilViewsHave,
    close: (): void => {
      isClosed = true
      clearTimeout(timer)
      windowEnded()
    },
  }
}
