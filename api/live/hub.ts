/** The readers of the stream at the head of the log: what is committed in a window is made once for each class of them. */
import {
  type Position,
  type StoredEvent,
  StoreUnavailable,
  type Subscription,
} from '../../domain/eventStore.ts'
import { describeError } from '../commands/describeError.ts'
import type { Deps } from '../http/deps.ts'
import { createClasses, type Member } from './classes.ts'
import { type ItemSource, sourcesOf, viewsHave } from './items.ts'
import { createMessages } from './messages.ts'
import { createSlices } from './slices.ts'

export type Hub = {
  /** All readers, wherever they are. @throws StoreUnavailable */
  enter(member: Member): Promise<void>
  /** Up to where all members of classes have been written to. */
  head(): Position | null
  /**
   * A reader whose cursor is the head joins its class, in the same synchronous step in which it compared them. False
   * while a window is being written: after it, the reader is behind.
   */
  join(member: Member): boolean
  /** The member reads the log by itself from now on. */
  leave(member: Member): void
  /** The reader is gone. */
  exit(member: Member): void
  /** Settles after the next window. */
  nextWindow(): Promise<void>
  /** Settles when the views have that position, or the hub is closed. */
  untilViewsHave(position: Position): Promise<void>
  close(): Promise<void>
}

/** For so long what is committed is gathered, milliseconds. */
const windowMs = 50
const tickMs = 1_000
const storeAwayMs = 500
/** Events made into bytes before commands go first; more than `mostPending` hold up the reading of the log. */
const eventsAtOnce = 100
const mostPending = 5_000

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** @param elapsed milliseconds of a clock that nobody sets */
export const createHub = (deps: Deps, elapsed = (): number => performance.now()): Hub => {
  const { store, log, metrics } = deps
  const readers = new Set<Member>()
  const classes = createClasses(elapsed)
  let head: Position | null = null
  let pending: StoredEvent[] = []
  /** Since when something has been pending; `null`: nothing is. */
  let pendingSince: number | null = null
  let timer: NodeJS.Timeout | undefined
  let flushing: Promise<void> | undefined
  let starting: Promise<void> | undefined
  let following: Subscription | undefined
  let isClosed = false
  let wake: (() => void)[] = []
  metrics.live.watch({
    readers: () => readers.size,
    classes: classes.size,
    behindSeconds: () => (pendingSince === null ? 0 : (elapsed() - pendingSince) / 1_000),
  })

  let isTicking = false
  /** Readers that came together have their heartbeats, and the checks of their tokens, together too. */
  const tickAll = async (): Promise<void> => {
    if (isTicking) return
    isTicking = true
    const slices = createSlices(elapsed)
    for (const member of [...readers]) {
      if (!readers.has(member)) continue
      member.tick()
      slices.count()
      if (slices.isOver()) await slices.next()
    }
    isTicking = false
  }
  const ticker = setInterval(() => void tickAll(), tickMs)
  ticker.unref()

  const windowEnded = (): void => {
    const waiting = wake
    wake = []
    for (const each of waiting) each()
  }
  const endAll = (): void => {
    for (const member of [...readers]) member.end()
    windowEnded()
  }
  const untilViewsHave = async (position: Position): Promise<void> => {
    while (!isClosed) {
      if (await viewsHave(deps, position)) return
      // a view that has stopped answers at once
      await sleep(windowMs)
    }
  }

  /** While the store is away, readers stay and wait. */
  const sourcesWhenThere = async (
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

  /** Makes and writes some events, and moves the head. */
  const writeWindow = async (events: readonly StoredEvent[], isOver: () => boolean): Promise<void> => {
    const { position } = events.at(-1) as StoredEvent
    await untilViewsHave(position)
    let sources = classes.size() === 0 ? null : await sourcesWhenThere(events, isOver)
    // who joined meanwhile has not been told of these: its cursor is the head before them
    if (sources === null && classes.size() > 0) sources = await sourcesWhenThere(events, isOver)
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
    const mine = following
    // where the log is followed from elsewhere by now, what is pending is read by the readers themselves
    const isOver = (): boolean => isClosed || following !== mine
    while (pending.length > 0 && !isOver()) {
      const events = pending.slice(0, eventsAtOnce)
      pending = pending.slice(eventsAtOnce)
      await writeWindow(events, isOver).finally(windowEnded)
      pendingSince = pending.length === 0 ? null : elapsed()
      if (pending.length > 0) await deps.inFlight.pause()
    }
  }

  const fail = (error: unknown): void => {
    if (isClosed) return
    log.error({ error: describeError(error) }, 'the streams were ended: the log could not be followed')
    starting = undefined
    void following?.stop()
    following = undefined
    pending = []
    pendingSince = null
    endAll()
  }

  const flushSoon = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined
      flushing ??= flush()
        .catch(fail)
        .finally(() => {
          flushing = undefined
          if (pending.length > 0 && !isClosed) flushSoon()
        })
    }, windowMs)
  }

  const start = async (): Promise<void> => {
    const from = await store.head()
    head = from
    following = store.follow(
      from,
      (events) => {
        if (events.length === 0) return
        for (const event of events) pending.push(event)
        pendingSince ??= elapsed()
        flushSoon()
        return pending.length > mostPending ? flushing : undefined
      },
      fail,
    )
  }

  return {
    enter: async (member) => {
      if (isClosed) return member.end()
      starting ??= start()
      await starting.catch((error: unknown) => {
        starting = undefined
        throw error
      })
      readers.add(member)
    },
    head: () => head,
    join: classes.join,
    leave: classes.leave,
    exit: (member) => {
      classes.leave(member)
      readers.delete(member)
    },
    nextWindow: () => new Promise((resolve) => wake.push(resolve)),
    untilViewsHave,
    close: async () => {
      isClosed = true
      clearInterval(ticker)
      clearTimeout(timer)
      endAll()
      await starting?.catch(() => undefined)
      await following?.stop()
    },
  }
}
