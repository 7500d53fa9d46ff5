/** What a log has of facts about dues, and what must hold of them whoever recorded them. */
import { expect } from '@jest/globals'
import { type DueFact, factKey, isDuesStream, mostFactsPerAppend } from '../../domain/dues.ts'
import type { EventStore, StoredEvent } from '../../domain/eventStore.ts'

/** The whole log's facts, in its order. */
export const factsIn = async (store: Pick<EventStore, 'readAll'>): Promise<StoredEvent<DueFact>[]> => {
  const facts: StoredEvent<DueFact>[] = []
  let after: string | null = null
  for (;;) {
    const page: StoredEvent[] = await store.readAll(after, 5_000)
    const last = page.at(-1)
    if (last === undefined) return facts
    after = last.position
    for (const event of page)
      if (isDuesStream(event.stream) && event.type !== 'DuesBegan') facts.push(event as StoredEvent<DueFact>)
  }
}

/** No fact twice, under no id twice; each stream numbered without holes. */
export const expectEachOnce = (facts: readonly StoredEvent<DueFact>[]): void => {
  expect(new Set(facts.map((fact) => factKey(fact).join(' '))).size).toBe(facts.length)
  expect(new Set(facts.map(({ id }) => id)).size).toBe(facts.length)
  for (const [, ofStream] of Map.groupBy(facts, ({ stream }) => stream))
    expect(ofStream.map(({ version }) => version)).toEqual(ofStream.map((_, index) => index + 1))
}

/** Watches the appends of facts through a store, and gives their sizes. */
export const watchBatches = (store: EventStore): number[] => {
  const sizes: number[] = []
  const { append } = store
  store.append = async (stream, version, events) => {
    const appended = await append(stream, version, events)
    if (isDuesStream(stream)) sizes.push(events.length)
    return appended
  }
  return sizes
}

export const expectBounded = (sizes: readonly number[]): void => {
  expect(Math.max(...sizes)).toBeLessThanOrEqual(mostFactsPerAppend)
}
