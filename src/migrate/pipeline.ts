/** Many appends in flight at once, and yet in order: all go over one connection, and the server takes them as they come. */
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type EventStore,
  type Position,
  type StoredEvent,
  StoreUnavailable,
  VersionConflict,
} from '../../domain/eventStore.ts'
import type { Group } from './groups.ts'
import { attempts, pauseMs, withRetry } from './retry.ts'

type Store = Pick<EventStore, 'append' | 'readStream' | 'comparePositions'>

/** Appends in flight at once. */
const inFlight = 256
const withoutPlace = ({ id, type, data, metadata }: StoredEvent) => ({ id, type, data, metadata })

const isSame = (there: readonly StoredEvent[], events: readonly StoredEvent[]): boolean =>
  there.every(({ id }, index) => id === events[index]?.id)

/** Appends what of a group is not there yet. @throws Error where something else is there. */
const place = async (store: Store, { stream, expectedVersion, events }: Group): Promise<Position> => {
  try {
    return (await store.append(stream, expectedVersion, events.map(withoutPlace))).position
  } catch (error) {
    if (!(error instanceof VersionConflict)) throw error
    const there = (await store.readStream(stream, expectedVersion)).slice(0, events.length)
    if (error.actual < expectedVersion || !isSame(there, events))
      throw new Error(`Stream ${stream} of the target has other events than the source.`)
    const rest = events.slice(there.length)
    if (rest.length === 0) return (there.at(-1) as StoredEvent).position
    return (await store.append(stream, expectedVersion + there.length, rest.map(withoutPlace))).position
  }
}

const isThere = async (store: Store, { stream, expectedVersion, events }: Group): Promise<boolean> => {
  const there = await store.readStream(stream, expectedVersion)
  return there.length >= events.length && isSame(there.slice(0, events.length), events)
}

/** Where to go on: those that are there are the first ones. @throws Error where there is a gap. */
const firstMissing = async (store: Store, groups: readonly Group[], from: number): Promise<number> => {
  const tried = groups.slice(from, from + inFlight)
  const there = await Promise.all(tried.map((group) => isThere(store, group)))
  const first = there.indexOf(false)
  if (first < 0) return from + tried.length
  if (there.slice(first).includes(true))
    throw new Error('The target took appends in another order than they were sent. Empty it and start again.')
  return from + first
}

/**
 * Sends groups until the first that fails.
 * @returns how many from the beginning are known to be there, and what went wrong.
 */
const send = async (
  store: Store,
  groups: readonly Group[],
  begin: number,
  onPlaced: (events: number) => void,
) => {
  const pendingAppends: Promise<void>[] = []
  let failure: unknown
  let done = begin
  let last: Position | null = null
  for (let next = begin; next < groups.length && failure === undefined; next++) {
    const group = groups[next] as Group
    pendingAppends.push(
      place(store, group).then(
        (position) => {
          if (failure !== undefined) return
          // answers come in the order of the log, or something is wrong
          if (last !== null && store.comparePositions(position, last) <= 0)
            failure = new Error(
              'The target took appends in another order than they were sent. Empty it and start again.',
            )
          last = position
          done += 1
          onPlaced(group.events.length)
        },
        (error: unknown) => {
          failure ??= error
        },
      ),
    )
    // the first opens the stream of all others, which could pass it meanwhile
    if (next === begin || pendingAppends.length >= inFlight) await pendingAppends.shift()
  }
  await Promise.all(pendingAppends)
  return { done, failure }
}

/**
 * Appends groups in order, going on by itself where the connection was lost.
 * @throws Error with a sentence; StoreUnavailable where the target stays away.
 */
export const appendInOrder = async (
  store: Store,
  groups: readonly Group[],
  onPlaced: (events: number) => void,
): Promise<void> => {
  let begin = 0
  for (let attempt = 1; begin < groups.length; attempt++) {
    const { done, failure } = await send(store, groups, begin, onPlaced)
    if (failure === undefined) return
    if (!(failure instanceof StoreUnavailable) || attempt === attempts) throw failure
    await sleep(pauseMs)
    begin = await withRetry(() => firstMissing(store, groups, done))
    for (const { events } of groups.slice(done, begin)) onPlaced(events.length)
  }
}
