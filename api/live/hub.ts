/** The readers of the stream at the head of the log: what is committed in a window is made once for each class of them. */
import type { Topic } from '../../domain/announced.ts'
import type { Position, StoredEvent, Subscription } from '../../domain/eventStore.ts'
import { describeError } from '../commands/describeError.ts'
import type { Deps } from '../http/deps.ts'
import { createItems, type Rights, type Source, sourcesOf, viewsHave } from './items.ts'
import type { Item } from './schemas.ts'

/** What readers of one class have in common: they are sent the same bytes. */
export type Audience = { rights: Rights; topics: ReadonlySet<Topic> }

/** A reader as the hub knows it. */
export type Member = {
  audience: Audience
  /** Writes what happened up to a position; may be empty. Called synchronously. */
  take(bytes: Buffer, upTo: Position): void
  /** Heartbeat, expiry, and the time limit of slow readers. */
  tick(): void
  end(): void
}

export type Hub = {
  /** All readers, wherever they are. @throws StoreUnavailable */
  enter(member: Member): Promise<void>
  /** Up to where all members of classes have been written to. */
  head(): Position | null
  /** A reader whose cursor is the head joins its class, in the same synchronous step in which it compared them. */
  join(member: Member): void
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
/** Events made into bytes before commands go first; more than `mostPending` hold up the reading of the log. */
const eventsAtOnce = 100
const mostPending = 5_000

/** One item as Server-Sent Events have it. */
const messageOf = (item: Item): string =>
  `id: ${item.position}\nevent: ${item.type}\ndata: ${JSON.stringify(item)}\n\n`

const classKey = ({ rights, topics }: Audience): string => JSON.stringify([rights, [...topics].sort()])

/**
 * The bytes of some events for a class; messages are shared between classes that are told the same. The events of each
 * unit are sorted out once: with hundreds of dealers, few events concern any one of them.
 */
const createMessages = (deps: Deps, sources: readonly Source[]) => {
  const { itemFor, unitsOf } = createItems(deps)
  const texts = new Map<Item, string>()
  let byUnit: Map<string, Source[]> | undefined
  const sortOut = (): Map<string, Source[]> => {
    const sorted = new Map<string, Source[]>()
    for (const source of sources)
      for (const unit of unitsOf(source)) {
        const ofUnit = sorted.get(unit)
        if (ofUnit === undefined) sorted.set(unit, [source])
        else ofUnit.push(source)
      }
    return sorted
  }
  const concerning = ({ read }: Rights): readonly Source[] => {
    const [scope] = read
    if (read.length !== 1 || scope === undefined || scope.kind === 'all') return sources
    byUnit ??= sortOut()
    return byUnit.get(scope.code) ?? []
  }
  return ({ rights, topics }: Audience): Buffer => {
    let text = ''
    for (const source of concerning(rights)) {
      const item = itemFor(source, rights, topics)
      if (item === null) continue
      const known = texts.get(item) ?? messageOf(item)
      texts.set(item, known)
      text += known
    }
    return Buffer.from(text)
  }
}

/** Bytes of events that a reader reads by itself. */
export const bytesFor = (deps: Deps, sources: readonly Source[], audience: Audience): Buffer =>
  createMessages(deps, sources)(audience)

/** @param elapsed milliseconds of a clock that nobody sets */
export const createHub = (deps: Deps, elapsed = (): number => performance.now()): Hub => {
  const { store, log, metrics } = deps
  const readers = new Set<Member>()
  const classes = new Map<string, Set<Member>>()
  const classOf = new Map<Member, string>()
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
    classes: () => classes.size,
    behindSeconds: () => (pendingSince === null ? 0 : (elapsed() - pendingSince) / 1_000),
  })

  const ticking = setInterval(() => {
    for (const member of readers) member.tick()
  }, tickMs)
  ticking.unref()

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
      await new Promise((resolve) => setTimeout(resolve, windowMs))
    }
  }

  const write = (sources: readonly Source[], upTo: Position): void => {
    const bytesOf = createMessages(deps, sources)
    for (const members of classes.values()) {
      const [first] = members
      if (first === undefined) continue
      const bytes = bytesOf(first.audience)
      // a slow one leaves meanwhile
      for (const member of [...members]) member.take(bytes, upTo)
    }
    head = upTo
  }

  /** Writes all that is pending, some events at a time. */
  const flush = async (): Promise<void> => {
    while (pending.length > 0 && !isClosed) {
      const events = pending.slice(0, eventsAtOnce)
      pending = pending.slice(eventsAtOnce)
      const last = events.at(-1) as StoredEvent
      await untilViewsHave(last.position)
      const sources = classes.size === 0 ? null : await sourcesOf(deps, events)
      if (isClosed) return
      // who joined meanwhile has not been told of these: its cursor is the head before them
      if (sources === null && classes.size > 0) write(await sourcesOf(deps, events), last.position)
      else write(sources ?? [], last.position)
      pendingSince = pending.length === 0 ? null : elapsed()
      windowEnded()
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

  const leave = (member: Member): void => {
    const key = classOf.get(member)
    if (key === undefined) return
    classOf.delete(member)
    const members = classes.get(key)
    members?.delete(member)
    if (members?.size === 0) classes.delete(key)
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
    join: (member) => {
      const key = classKey(member.audience)
      classOf.set(member, key)
      const members = classes.get(key) ?? new Set()
      classes.set(key, members.add(member))
    },
    leave,
    exit: (member) => {
      leave(member)
      readers.delete(member)
    },
    nextWindow: () => new Promise((resolve) => wake.push(resolve)),
    untilViewsHave,
    close: async () => {
      isClosed = true
      clearInterval(ticking)
      clearTimeout(timer)
      endAll()
      await starting?.catch(() => undefined)
      await following?.stop()
    },
  }
}
