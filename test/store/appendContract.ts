import { beforeEach, describe, expect, test } from '@jest/globals'
import {
  type EventStore,
  maxEventsPerAppend,
  type Position,
  type StoredEvent,
  VersionConflict,
} from '../../domain/eventStore.ts'
import { idsOf, someEvents } from './events.ts'
import type { OpenedStore } from './openedStore.ts'

const readEverything = async (store: EventStore, pageSize: number): Promise<StoredEvent[]> => {
  const events: StoredEvent[] = []
  let after: Position | null = null
  for (;;) {
    const page: StoredEvent[] = await store.readAll(after, pageSize)
    if (page.length === 0) return events
    expect(page.length).toBeLessThanOrEqual(pageSize)
    events.push(...page)
    after = page.at(-1)!.position
  }
}

/** What every engine keeps about appending and reading the whole log; part of `eventStoreContract`. */
export const appendContract = (current: () => OpenedStore): void => {
  let opened: OpenedStore
  let store: EventStore

  beforeEach(() => {
    opened = current()
    store = opened.store
  })

  describe('append', () => {
    test('takes many streams at once, each judged on its own', async () => {
      await store.append('ticket-0', 0, someEvents())
      const outcomes = await Promise.allSettled(
        Array.from({ length: 300 }, (_, n) => store.append(`ticket-${n}`, 0, someEvents(2))),
      )
      expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(1)
      expect(outcomes[0]).toMatchObject({ reason: { name: 'VersionConflict' } })
      expect(await readEverything(store, 500)).toHaveLength(1 + 299 * 2)
    })

    test('writes all its events or none, whatever becomes of those beside it', async () => {
      await store.append('ticket-1', 0, someEvents())
      const outcomes = await Promise.allSettled([
        store.append('ticket-2', 0, someEvents(3)),
        store.append('ticket-1', 0, someEvents(3)),
        store.append('ticket-2', 2, someEvents(3)),
        store.append('ticket-2', 3, someEvents(2)),
        store.append('ticket-3', 1, someEvents(3)),
        store.append('ticket-4', 0, someEvents()),
      ])
      expect(outcomes.map((o) => (o.status === 'rejected' ? o.reason.name : 'written'))).toEqual([
        'written',
        'VersionConflict',
        'VersionConflict',
        'written',
        'VersionConflict',
        'written',
      ])
      expect((await readEverything(store, 100)).map(({ stream }) => stream)).toEqual([
        'ticket-1',
        ...Array.from({ length: 5 }, () => 'ticket-2'),
        'ticket-4',
      ])
    })

    test('takes as many events as a command may have', async () => {
      expect(await store.append('ticket-1', 0, someEvents(maxEventsPerAppend))).toMatchObject({
        version: maxEventsPerAppend,
      })
    })

    test('sent again is the same append with the same answer: at once, later, and after reopening', async () => {
      const events = someEvents(3)
      const [answer, twin] = await Promise.all([
        store.append('ticket-1', 0, events),
        store.append('ticket-1', 0, events),
      ])
      expect(twin).toEqual(answer)
      await store.append('ticket-1', 3, someEvents())
      await store.append('ticket-2', 0, someEvents())
      expect(await store.append('ticket-1', 0, events)).toEqual(answer)
      const reopened = await opened.reopen()
      expect(await reopened.append('ticket-1', 0, events)).toEqual(answer)
      expect(await reopened.readStream('ticket-1')).toHaveLength(4)
    })

    test('sent again with one event more, in another order or one place later is a conflict', async () => {
      const [a, b, c] = someEvents(3)
      await store.append('ticket-1', 0, [a!, b!])
      for (const [version, events] of [
        [0, [a!, b!, c!]],
        [0, [b!, a!]],
        [1, [a!, b!]],
      ] as const) {
        await expect(store.append('ticket-1', version, [...events])).rejects.toBeInstanceOf(VersionConflict)
      }
      expect(idsOf(await store.readStream('ticket-1'))).toEqual([a!.id, b!.id])
    })
  })

  describe('log', () => {
    test('has one order across streams, which is that of the answers', async () => {
      const answers = []
      for (const n of [1, 2, 3, 1, 2, 3]) {
        const { length } = await store.readStream(`ticket-${n}`)
        answers.push(await store.append(`ticket-${n}`, length, someEvents()))
      }
      const positions = (await store.readAll(null, 100)).map(({ position }) => position)
      expect(positions).toEqual(answers.map(({ position }) => position))
      expect(positions.toSorted(store.comparePositions)).toEqual(positions)
      expect(new Set(positions).size).toBe(6)
    })

    test.each([1, 7, 500])(
      'read in pages of %i is complete, in order and without doubles',
      async (pageSize) => {
        const written: string[] = []
        for (let n = 0; n < 15; n += 1) {
          const events = someEvents(2)
          await store.append(`ticket-${n}`, 0, events)
          written.push(...idsOf(events))
        }
        expect(idsOf(await readEverything(store, pageSize))).toEqual(written)
      },
    )

    test('resumes strictly after a position', async () => {
      await store.append('ticket-1', 0, someEvents(5))
      const events = await store.readAll(null, 100)
      for (const [i, { position }] of events.entries()) {
        expect(await store.readAll(position, 100)).toEqual(events.slice(i + 1))
      }
    })

    test('has a head, its newest event, and none while it is empty', async () => {
      expect(await store.head()).toBeNull()
      await store.append('ticket-2', 0, someEvents(2))
      const { position } = await store.append('ticket-1', 0, someEvents(2))
      expect(await store.head()).toBe(position)
      expect(await (await opened.reopen()).head()).toBe(position)
    })
  })
}
