import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import {
  type EventStore,
  maxEventsPerAppend,
  type NewEvent,
  VersionConflict,
} from '../../domain/eventStore.ts'
import { appendContract } from './appendContract.ts'
import { idsOf, newCommandId, someEvents } from './events.ts'
import { followContract } from './followContract.ts'
import type { OpenedStore } from './openedStore.ts'

const nested = (depth: number): unknown =>
  depth === 0 ? [null, -1.5, true, ''] : { deeper: [nested(depth - 1)] }

/** The contract every engine keeps (`domain/eventStore.ts`), as tests. */
export const eventStoreContract = (name: string, open: () => Promise<OpenedStore>): void => {
  describe(`${name}: the event store's contract`, () => {
    let opened: OpenedStore
    let store: EventStore

    beforeEach(async () => {
      opened = await open()
      store = opened.store
    })
    afterEach(() => opened.cleanUp())

    describe('envelope', () => {
      test('comes back whole as it was written, from its stream and from the log', async () => {
        const plain = someEvents([{ text: 'a' }, ['b'], ['c'], 4, null, false])
        const full = someEvents([{ text: 'd' }], {
          causationId: newCommandId(),
          requestDigest: 'digest',
          imported: true,
        })
        await store.append('ticket-1', 0, plain)
        await store.append('ticket-1', 6, full)
        const stored = await store.readStream('ticket-1')
        expect(stored).toStrictEqual(
          [...plain, ...full].map((event, i) => ({
            ...event,
            stream: 'ticket-1',
            version: i + 1,
            position: expect.any(String),
          })),
        )
        expect(await store.readAll(null, 100)).toStrictEqual(stored)
      })

      test('keeps any script, emoji, NUL, lone surrogates, long text and deep nesting', async () => {
        const texts = [
          '投诉工单',
          'ئۇيغۇر',
          '👩🏽‍🔧🚗',
          'a\u0000b',
          '\ud800 \udc00',
          '\u2028"\\\n',
          'x'.repeat(300_000),
        ]
        const events = someEvents([{ texts, '键\u0000': 1 }, nested(200)])
        await store.append('ticket-1', 0, events)
        const stored = await (await opened.reopen()).readStream('ticket-1')
        expect(stored.map(({ data }) => data)).toStrictEqual(events.map(({ data }) => data))
      })

      test('is refused before it is queued where it cannot be written', async () => {
        const circular: unknown[] = []
        circular.push(circular)
        const one = someEvents()[0]!
        const unwritable: NewEvent[][] = [
          [],
          someEvents(maxEventsPerAppend + 1),
          someEvents([undefined]),
          someEvents(['a text alone']),
          someEvents([() => 1]),
          someEvents([1n]),
          someEvents([circular]),
          someEvents(['x'.repeat(2_000_000)]),
          [{ ...one, id: 'no uuid' }],
          [{ ...one, id: one.id.toUpperCase() }],
        ]
        for (const events of unwritable) {
          const error: unknown = await store.append('ticket-1', 0, events).catch((reason: unknown) => reason)
          expect(error).toBeInstanceOf(Error)
          expect(error).not.toBeInstanceOf(VersionConflict)
        }
        expect(await store.head()).toBeNull()
      })
    })

    describe('version', () => {
      test('is the number of events of the stream, and an unknown stream has none', async () => {
        expect(await store.readStream('ticket-1')).toEqual([])
        expect(await store.append('ticket-1', 0, someEvents(3))).toMatchObject({ version: 3 })
        expect(await store.append('ticket-1', 3, someEvents(2))).toMatchObject({ version: 5 })
        expect((await store.readStream('ticket-1')).map(({ version }) => version)).toEqual([1, 2, 3, 4, 5])
        expect((await store.readStream('ticket-1', 3)).map(({ version }) => version)).toEqual([4, 5])
        expect(await store.readStream('ticket-1', 5)).toEqual([])
      })

      test.each([
        ['new, when the stream exists', 0],
        ['too low', 1],
        ['too high', 3],
      ])('is a conflict where it is %s, and nothing is written', async (_, expected) => {
        await store.append('ticket-1', 0, someEvents(2))
        const error: unknown = await store
          .append('ticket-1', expected, someEvents(2))
          .catch((e: unknown) => e)
        expect(error).toBeInstanceOf(VersionConflict)
        expect(error).toMatchObject({ stream: 'ticket-1', expected, actual: 2 })
        expect(await store.readStream('ticket-1')).toHaveLength(2)
      })

      test('above 0 is a conflict on a stream that is new', async () => {
        await expect(store.append('ticket-1', 1, someEvents())).rejects.toMatchObject({ actual: 0 })
        expect(await store.head()).toBeNull()
      })

      test.each([0, 2])('at %i lets exactly one of two racing appends win', async (expected) => {
        if (expected > 0) await store.append('ticket-1', 0, someEvents(expected))
        const racers = [someEvents(2), someEvents(2)]
        const outcomes = await Promise.allSettled(
          racers.map((events) => store.append('ticket-1', expected, events)),
        )
        const winner = outcomes.findIndex(({ status }) => status === 'fulfilled')
        const loser = outcomes[1 - winner]
        expect(loser).toMatchObject({ status: 'rejected', reason: { name: 'VersionConflict', expected } })
        expect(idsOf(await store.readStream('ticket-1', expected))).toEqual(idsOf(racers[winner]!))
      })
    })

    test('closing finishes what is in flight, and takes nothing after', async () => {
      const pending = store.append('ticket-1', 0, someEvents())
      const closed = store.close()
      await expect(pending).resolves.toMatchObject({ version: 1 })
      await closed
      await expect(store.append('ticket-1', 1, someEvents())).rejects.toThrow('closed')
      expect(await (await opened.reopen()).readStream('ticket-1')).toHaveLength(1)
    })

    appendContract(() => opened)
    followContract(() => store)
  })
}
