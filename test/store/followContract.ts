import { describe, expect, test } from '@jest/globals'
import type { EventStore, StoredEvent } from '../../domain/eventStore.ts'
import { idsOf, recorder, someEvents, until } from './events.ts'

/** What every engine keeps about following its log; part of `eventStoreContract`. */
export const followContract = (current: () => EventStore): void => {
  describe('follower', () => {
    test('from the start gets what is there and what comes, in order, each once', async () => {
      const store = current()
      for (let n = 0; n < 12; n += 1) await store.append(`ticket-${n}`, 0, someEvents(100))
      const { ids, batches, onBatch, onStopped } = recorder()
      const subscription = store.follow(null, onBatch, onStopped)
      await Promise.all(Array.from({ length: 200 }, (_, n) => store.append(`late-${n}`, 0, someEvents())))
      for (let n = 0; n < 20; n += 1) await store.append('later', n, someEvents())
      await until(() => ids().length >= 1420)
      await subscription.stop()
      expect(batches.flat()).toStrictEqual(await store.readAll(null, 10_000))
    })

    test('from a position gets what lies strictly after it', async () => {
      const store = current()
      const { position } = await store.append('ticket-1', 0, someEvents(2))
      const expected = someEvents(2)
      await store.append('ticket-2', 0, expected)
      const { ids, onBatch, onStopped } = recorder()
      const subscription = store.follow(position, onBatch, onStopped)
      const live = someEvents()
      await store.append('ticket-1', 2, live)
      await until(() => ids().length >= 3)
      await subscription.stop()
      expect(ids()).toEqual(idsOf([...expected, ...live]))
    })

    test('gets the whole envelope live as it is read later', async () => {
      const store = current()
      const { ids, batches, onBatch, onStopped } = recorder()
      const subscription = store.follow(null, onBatch, onStopped)
      await store.append('ticket-0', 0, someEvents())
      await until(() => ids().length === 1)
      await store.append('ticket-1', 0, someEvents([{ text: '投诉 👩🏽‍🔧' }], { imported: true }))
      await until(() => ids().length === 2)
      await subscription.stop()
      expect(batches.flat()).toStrictEqual(await store.readAll(null, 10))
    })

    test('that is slow gets one batch at a time', async () => {
      const store = current()
      const seen: string[] = []
      let inFlight = 0
      const onBatch = async (events: StoredEvent[]): Promise<void> => {
        inFlight += 1
        expect(inFlight).toBe(1)
        await new Promise((resolve) => setTimeout(resolve, 3))
        seen.push(...idsOf(events))
        inFlight -= 1
      }
      const { errors, onStopped } = recorder()
      const subscription = store.follow(null, onBatch, onStopped)
      for (let n = 0; n < 60; n += 1) await store.append('ticket-1', n, someEvents())
      await until(() => seen.length >= 60 || errors.length > 0)
      await subscription.stop()
      expect(errors).toEqual([])
      expect(seen).toEqual(idsOf(await store.readStream('ticket-1')))
    })

    test('that is stopped gets nothing more, and is not reported', async () => {
      const store = current()
      const { ids, errors, onBatch, onStopped } = recorder()
      const subscription = store.follow(null, onBatch, onStopped)
      await store.append('ticket-1', 0, someEvents())
      await until(() => ids().length === 1)
      await subscription.stop()
      await subscription.stop()
      await store.append('ticket-1', 1, someEvents())
      await new Promise((resolve) => setTimeout(resolve, 150))
      expect(ids()).toHaveLength(1)
      expect(errors).toEqual([])
    })

    test('when stopped ends with the batch that is in flight', async () => {
      const store = current()
      let begun = false
      let done = false
      const { onStopped } = recorder()
      const onBatch = async (): Promise<void> => {
        begun = true
        await new Promise((resolve) => setTimeout(resolve, 30))
        done = true
      }
      const subscription = store.follow(null, onBatch, onStopped)
      await store.append('ticket-1', 0, someEvents())
      await until(() => begun)
      await subscription.stop()
      expect(done).toBe(true)
    })

    test.each([
      [
        'throws',
        () => () => {
          throw new Error('broken')
        },
      ],
      ['rejects', () => () => Promise.reject(new Error('broken'))],
    ])('that %s is reported and gets nothing more, while appends and others go on', async (_, broken) => {
      const store = current()
      let calls = 0
      const { errors, onStopped } = recorder()
      const other = recorder()
      const fail = broken()
      const onBatch = (): void | Promise<void> => {
        calls += 1
        return fail()
      }
      store.follow(null, onBatch, onStopped)
      const healthy = store.follow(null, other.onBatch, other.onStopped)
      await store.append('ticket-1', 0, someEvents())
      await until(() => errors.length === 1)
      await store.append('ticket-1', 1, someEvents())
      await until(() => other.ids().length === 2)
      await healthy.stop()
      expect(calls).toBe(1)
      expect(errors).toEqual([new Error('broken')])
    })
  })
}
