/** Classes of readers: all of a class are sent the same bytes. What a class is sent is written a slice of the work at a time. */
import type { Position } from '../../domain/eventStore.ts'
import type { Deps } from '../http/deps.ts'
import type { Audience } from './messages.ts'
import { createSlices } from './slices.ts'

/** A reader as its class knows it. */
export type Member = {
  audience: Audience
  /** Writes what happened up to a position; may be empty. Called synchronously. */
  take(bytes: Buffer, upTo: Position): void
  /** Heartbeat, expiry, and the time limit of slow readers. */
  tick(): void
  end(): void
}

/** What is written to all classes. */
export type Window = {
  /** The messages for one class. */
  messagesOf(audience: Audience): Iterable<string>
  upTo: Position
  /** Nothing more is to be written: readers have been ended. */
  isOver(): boolean
  /** Called when everybody has it, in the step in which members may join again. */
  onWritten(): void
}

/** The same for all who are sent the same bytes. */
export const audienceKey = ({ rights, topics }: Audience): string =>
  JSON.stringify([rights, [...topics].sort()])

/** What a reader is sent whom nothing concerns. */
export const nothing = Buffer.alloc(0)

/** @param elapsed milliseconds of a clock that nobody sets */
export const createClasses = (deps: Pick<Deps, 'inFlight'>, elapsed: () => number) => {
  const classes = new Map<string, Set<Member>>()
  const classOf = new Map<Member, string>()
  let isWriting = false

  /** A slice of the work at a time. Nobody joins a class meanwhile; some leave. */
  const writeAll = async ({ messagesOf, upTo, isOver }: Window): Promise<void> => {
    const slices = createSlices(deps.inFlight, elapsed)
    for (const members of classes.values()) {
      const [first] = members
      if (first === undefined) continue
      let text = ''
      for (const message of messagesOf(first.audience)) {
        text += message
        if (slices.isOver()) await slices.next()
      }
      const bytes = text === '' ? nothing : Buffer.from(text)
      for (const member of [...members]) {
        if (isOver()) return
        if (!members.has(member)) continue
        member.take(bytes, upTo)
        if (bytes.length > 0) slices.count()
        if (slices.isOver()) await slices.next()
      }
    }
  }

  return {
    size: (): number => classes.size,
    /** False while a window is being written: after it, the reader is behind. */
    join: (member: Member): boolean => {
      if (isWriting) return false
      const key = audienceKey(member.audience)
      classOf.set(member, key)
      const members = classes.get(key) ?? new Set()
      classes.set(key, members.add(member))
      return true
    },
    leave: (member: Member): void => {
      const key = classOf.get(member)
      if (key === undefined) return
      classOf.delete(member)
      const members = classes.get(key)
      members?.delete(member)
      if (members?.size === 0) classes.delete(key)
    },
    /** Writes a window to all who are members and do not leave meanwhile. */
    write: async (window: Window): Promise<void> => {
      isWriting = true
      try {
        await writeAll(window)
        if (!window.isOver()) window.onWritten()
      } finally {
        isWriting = false
      }
    },
  }
}
