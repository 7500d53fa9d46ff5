import { describe, expect, test } from '@jest/globals'
import { type EventStore, type StoredEvent, StoreUnavailable } from '../../domain/eventStore.ts'
import { filterInternal } from '../../src/nodes/internalStreams.ts'
import { someEvents } from '../store/events.ts'

const stored = (stream: string, position: number): StoredEvent => ({
  ...(someEvents(1)[0] as StoredEvent),
  stream,
  version: 1,
  position: String(position),
})

/** A log in memory whose first `failures` pages cannot be read. */
const logOf = (events: StoredEvent[], failures = 0) => {
  let pages = 0
  const store = {
    comparePositions: (a: string, b: string) => Number(a) - Number(b),
    head: async () => events.at(-1)?.position ?? null,
    readAll: async (after: string | null, limit: number) => {
      pages += 1
      if (pages <= failures) throw new StoreUnavailable(new Error('restarting'))
      return events.filter(({ position }) => Number(position) > Number(after ?? 0)).slice(0, limit)
    },
  } as Partial<EventStore> as EventStore
  return { store, pages: () => pages }
}

describe('internal streams of a node that goes on in the middle of the log', () => {
  const events = [stored('subject-1', 1), stored('ticket-1', 2), stored('turns-1', 3), stored('ticket-2', 4)]

  test('are read again where they could not be read: no failure is kept', async () => {
    const heard: string[] = []
    const { store } = logOf(events, 2)
    const log = filterInternal(store, {
      knownUpTo: null,
      onInternal: (batch) => heard.push(...batch.map(({ stream }) => stream)),
    })
    await expect(log.readAll('3', 10)).rejects.toBeInstanceOf(StoreUnavailable)
    await expect(log.readInternalStreams()).rejects.toBeInstanceOf(StoreUnavailable)
    expect((await log.readAll('3', 10)).map(({ stream }) => stream)).toEqual(['ticket-2'])
    expect(heard).toEqual(['subject-1', 'turns-1'])
  })

  test('are read to the end when the node says it is ready, and from its checkpoint on only', async () => {
    const heard: string[] = []
    const { store, pages } = logOf(events)
    const log = filterInternal(store, {
      knownUpTo: '2',
      onInternal: (batch) => heard.push(...batch.map(({ stream }) => stream)),
    })
    await log.readInternalStreams()
    expect(heard).toEqual(['turns-1'])
    const before = pages()
    await log.readInternalStreams()
    expect(pages()).toBe(before)
  })

  test('are handed over once, though the log is read again from its beginning for a view', async () => {
    const heard: string[] = []
    const { store } = logOf(events)
    const log = filterInternal(store, {
      knownUpTo: null,
      onInternal: (batch) => heard.push(...batch.map(({ stream }) => stream)),
    })
    await log.readAll(null, 10)
    await log.readAll(null, 10)
    expect(heard).toEqual(['subject-1', 'turns-1'])
  })
})
