import type { Instant } from './instant.ts'

/** An event of a stream with its place in it and the instant the system came to know it. */
export type RecordedEvent<E> = { event: E; version: number; recordedAt: Instant }

/**
 * The entry that counted at `at`: the last one recorded by then, inclusive. The first entry counts backwards to the
 * beginning (rulebook §9, last point), so only an empty list has none. `entries` are in the order of their stream.
 */
export const asKnown = <T extends { recordedAt: Instant }>(
  entries: readonly T[],
  at: Instant,
): T | undefined => entries.findLast((entry) => entry.recordedAt <= at) ?? entries[0]

/**
 * The events of a stream that were known at `at`: up to the last recorded by then, inclusive. What comes before a known
 * event in its stream was known too, whatever instant a clock far ahead gave it.
 */
export const knownBy = <T extends { metadata: { recordedAt: Instant } }>(
  events: readonly T[],
  at: Instant,
): T[] => events.slice(0, events.findLastIndex(({ metadata }) => metadata.recordedAt <= at) + 1)

/** The entries of one event type, in their order. */
export const entriesOf = <E extends { type: string }, T extends E['type']>(
  history: readonly RecordedEvent<E>[],
  type: T,
): RecordedEvent<Extract<E, { type: T }>>[] =>
  history.filter((entry): entry is RecordedEvent<Extract<E, { type: T }>> => entry.event.type === type)
