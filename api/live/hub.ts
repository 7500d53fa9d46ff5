/** The readers of the stream at the head of the log: what is committed in a window is made once for each class of them. */
import type { Position, Subscription } from '../../domain/eventStore.ts'
import { describeError } from '../commands/describeError.ts'
import type { Deps } from '../http/deps.ts'
import { createCatchUp, type Part } from './catchUp.ts'
import { createClasses, type Member } from './classes.ts'
import type { Audience } from './messages.ts'
import { createSlices } from './slices.ts'
import { createWindows } from './windows.ts'

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
  /**
   * What follows a position before the head, some events at a time; nothing for a reader that has ended meanwhile.
   * @throws StoreUnavailable
   */
  after(audience: Audience, position: Position, isEnded: () => boolean): Promise<Part>
  close(): Promise<void>
}

const tickMs = 1_000

/** @param elapsed milliseconds of a clock that nobody sets */
export const createHub = (deps: Deps, elapsed = (): number => performance.now()): Hub => {
  const { store, log, metrics } = deps
  const readers = new Set<Member>()
  const classes = createClasses(deps, elapsed)
  let starting: Promise<void> | undefined
  let following: Subscription | undefined
  let isClosed = false

  let isTicking = false
  /** Readers that came together have their heartbeats, and the checks of their tokens, together too. */
  const tickAll = async (): Promise<void> => {
    if (isTicking) return
    isTicking = true
    const slices = createSlices(deps.inFlight, elapsed)
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

  const endAll = (): void => {
    for (const member of [...readers]) member.end()
  }

  const fail = (error: unknown): void => {
    if (isClosed) return
    log.error({ error: describeError(error) }, 'the streams were ended: the log could not be followed')
    starting = undefined
    void following?.stop()
    following = undefined
    endAll()
    windows.discard()
  }

  const windows = createWindows(deps, { classes, elapsed, onFault: fail })
  metrics.live.watch({
    readers: () => readers.size,
    classes: classes.size,
    behindSeconds: windows.behindSeconds,
  })

  const catchUp = createCatchUp(deps, {
    head: windows.head,
    untilViewsHave: windows.untilViewsHave,
    elapsed,
  })

  const start = async (): Promise<void> => {
    const from = await store.head()
    windows.begin(from)
    following = store.follow(from, windows.add, fail)
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
    head: windows.head,
    join: classes.join,
    leave: classes.leave,
    exit: (member) => {
      classes.leave(member)
      readers.delete(member)
    },
    nextWindow: windows.nextWindow,
    after: catchUp,
    close: async () => {
      isClosed = true
      clearInterval(ticker)
      endAll()
      windows.close()
      await starting?.catch(() => undefined)
      await following?.stop()
    },
  }
}
