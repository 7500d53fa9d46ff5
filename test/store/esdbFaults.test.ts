import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { status } from '@grpc/grpc-js'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { StoreUnavailable, VersionConflict } from '../../domain/eventStore.ts'
import { readEsdbAddress } from '../../src/store/esdb/address.ts'
import { type EsdbStore, openEsdbStore } from '../../src/store/esdb/store.ts'
import { type Failure, named, type StandIn, startStandIn } from '../support/wire/standIn.ts'
import { idsOf, recorder, someEvents, until } from './events.ts'

const prefix = 'complaint-tickets.'
const times = { append: 400, read: 1_000, budget: 15_000 }

let standIn: StandIn
let store: EsdbStore
let troubles: string[]
beforeEach(async () => {
  standIn = await startStandIn()
  troubles = []
  store = openEsdbStore({
    address: readEsdbAddress(standIn.address),
    times,
    onTrouble: (what) => troubles.push(what),
  })
})
afterEach(async () => {
  await store.close()
  await standIn.stop()
})

const writtenIds = (): string[] => standIn.log.map(({ id }) => id)

describe('an append', () => {
  test.each<[string, { written: boolean; answerAfterMs: null }]>([
    ['was written', { written: true, answerAfterMs: null }],
    ['was never written', { written: false, answerAfterMs: null }],
  ])(
    'that is never answered is sent again, the same batch, and stands once, where it %s',
    async (_, fate) => {
      standIn.fates.push(fate)
      const events = someEvents(3)
      expect(await store.append('ticket-1', 0, events)).toMatchObject({ version: 3 })
      expect(writtenIds()).toEqual(idsOf(events))
      expect(troubles).toEqual(['an append'])
    },
  )

  test('answered only after nobody waits any more stands once', async () => {
    standIn.fates.push({ written: true, answerAfterMs: 600 })
    const events = someEvents()
    expect(await store.append('ticket-1', 0, events)).toMatchObject({ version: 1 })
    await new Promise((resolve) => setTimeout(resolve, 400))
    expect(await store.append('ticket-1', 1, someEvents())).toMatchObject({ version: 2 })
    expect(writtenIds().slice(0, 1)).toEqual(idsOf(events))
  })

  test('answered twice does no harm', async () => {
    standIn.fates.push({ written: true, twice: true }, { written: true, twice: true })
    await store.append('ticket-1', 0, someEvents())
    expect(await store.append('ticket-1', 1, someEvents())).toMatchObject({ version: 2 })
    expect(troubles).toEqual([])
  })

  test.each(['timeout', 'unknown'] as const)(
    'the server says %s of is sent again and stands once',
    async (says) => {
      standIn.fates.push({ written: true, says }, { written: false, says })
      const events = someEvents(2)
      expect(await store.append('ticket-1', 0, events)).toMatchObject({ version: 2 })
      expect(writtenIds()).toEqual(idsOf(events))
    },
  )

  test.each([status.UNAVAILABLE, status.CANCELLED, status.INTERNAL, status.UNKNOWN, status.ABORTED])(
    'whose stream breaks with code %i, and all that are in flight with it, stand once',
    async (breaks) => {
      standIn.fates.push(...Array.from({ length: 9 }, () => ({ written: true, answerAfterMs: 150 })), {
        written: true,
        answerAfterMs: null,
        breaks,
      })
      const batches = Array.from({ length: 30 }, () => someEvents(2))
      const answers = await Promise.all(batches.map((events, n) => store.append(`ticket-${n}`, 0, events)))
      expect(answers.map(({ version }) => version)).toEqual(batches.map(() => 2))
      expect(writtenIds().toSorted()).toEqual(batches.flatMap(idsOf).toSorted())
    },
  )

  test('that another writer was faster than while nobody knew is a conflict', async () => {
    standIn.fates.push({ written: false, answerAfterMs: null })
    const lost = store.append('ticket-1', 0, someEvents())
    await until(() => standIn.counts.appends === 1)
    const other = openEsdbStore({ address: readEsdbAddress(standIn.address), times })
    await other.append('ticket-1', 0, someEvents(2))
    await expect(lost).rejects.toMatchObject({ name: 'VersionConflict', expected: 0, actual: 2 })
    await other.close()
  })

  test('that cannot be settled in time is unavailable, and the same again settles it', async () => {
    const quick = openEsdbStore({
      address: readEsdbAddress(standIn.address),
      times: { append: 150, read: 500, budget: 300 },
    })
    standIn.fates.push(...Array.from({ length: 4 }, () => ({ written: true, answerAfterMs: null })))
    const events = someEvents()
    await expect(quick.append('ticket-1', 0, events)).rejects.toBeInstanceOf(StoreUnavailable)
    standIn.fates.length = 0
    expect(await quick.append('ticket-1', 0, events)).toMatchObject({ version: 1 })
    expect(writtenIds()).toEqual(idsOf(events))
    await quick.close()
  })

  test('that access is denied to is unavailable at once, and not tried again', async () => {
    standIn.fates.push({ written: false, says: 'denied' })
    const error: unknown = await store.append('ticket-1', 0, someEvents()).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(StoreUnavailable)
    expect(error).toMatchObject({ cause: { message: 'EventStoreDB denies access' } })
    expect(standIn.counts.appends).toBe(1)
  })

  test('to a stream that is not there where one was expected is a conflict with words, at version 0', async () => {
    const error = (await store
      .append('ticket-1', 3, someEvents())
      .catch((reason: unknown) => reason)) as Error
    expect(error).toBeInstanceOf(VersionConflict)
    expect(error).toMatchObject({ expected: 3, actual: 0, message: 'stream ticket-1 is at version 0, not 3' })
  })
})

describe('the capabilities call', () => {
  test.each<[string, NonNullable<StandIn['faults']['features']>]>([
    ['fails', { code: status.INTERNAL, details: 'no capabilities today' }],
    ['is denied', { code: status.UNAUTHENTICATED, details: 'no' }],
    ['is never answered', 'silence'],
  ])('that %s does not poison the client for ever', async (_, fault) => {
    standIn.faults.features = fault
    const appended = store.append('ticket-1', 0, someEvents())
    await until(() => troubles.length > 1)
    delete standIn.faults.features
    expect(await appended).toMatchObject({ version: 1 })
    expect(await store.append('ticket-1', 1, someEvents())).toMatchObject({ version: 2 })
  })

  test('to a server that is frozen is unavailable when its time is over, however many wait for a place', async () => {
    const frozen = openEsdbStore({
      address: readEsdbAddress(standIn.address),
      times: { append: 400, read: 1_000, budget: 900 },
    })
    for (let n = 0; n < 2_000; n += 1) standIn.fates.push({ written: false, answerAfterMs: null })
    const began = performance.now()
    const appends = Array.from({ length: 600 }, (_, n) => frozen.append(`ticket-${n}`, 0, someEvents()))
    const results = await Promise.allSettled(appends)
    expect(results.every(({ status: is }) => is === 'rejected')).toBe(true)
    expect(performance.now() - began).toBeLessThan(4_000)
    await frozen.close()
  })
})

const lost: [string, Failure][] = [
  ['ends without a word', 'end'],
  ['fails as unavailable', { code: status.UNAVAILABLE, details: 'server is going down' }],
  ['is cancelled by the server', { code: status.CANCELLED, details: 'cancelled' }],
  ['is dropped as too slow', { code: status.ABORTED, details: 'Operation timed out: Consumer too slow' }],
  ['fails without a name', { code: status.UNKNOWN, details: 'Server Is Not Ready' }],
  ['is denied', named(status.PERMISSION_DENIED, 'denied', { exception: 'access-denied' })],
]

describe('a subscription', () => {
  test.each(lost)('that %s comes back by itself, without gap or double', async (_, failure) => {
    const { ids, errors, onBatch, onStopped } = recorder()
    const subscription = store.follow(null, onBatch, onStopped)
    for (let round = 0; round < 4; round += 1) {
      await until(() => standIn.counts.subscriptions === round + 1)
      for (let n = 0; n < 10; n += 1) await store.append(`ticket-${round}-${n}`, 0, someEvents(2))
      standIn.endSubscriptions(failure)
    }
    // the last end may come to the client after the last event, and then it still seems to be connected
    await until(() => ids().length >= 80 && store.connection().resubscribed === 4)
    await until(() => store.connection().state === 'connected')
    expect(store.connection().resubscribed).toBe(4)
    await subscription.stop()
    expect(ids()).toEqual(writtenIds())
    expect(errors).toEqual([])
  })

  test.each(lost)('whose opening %s is opened again until it is there', async (_, failure) => {
    standIn.faults.subscriptions.push(failure, failure, failure, failure)
    const { ids, errors, onBatch, onStopped } = recorder()
    const subscription = store.follow(null, onBatch, onStopped)
    await until(() => store.connection().state === 'lost')
    await store.append('ticket-1', 0, someEvents(2))
    await until(() => ids().length === 2)
    await subscription.stop()
    expect(errors).toEqual([])
    expect(standIn.counts.subscriptions).toBe(5)
  })

  test('goes on where the client is thrown away for an append’s sake', async () => {
    const { ids, onBatch, onStopped } = recorder()
    const subscription = store.follow(null, onBatch, onStopped)
    await store.append('ticket-1', 0, someEvents())
    await until(() => ids().length === 1)
    standIn.fates.push({ written: true, answerAfterMs: null })
    await store.append('ticket-1', 1, someEvents())
    await until(() => ids().length === 2)
    await subscription.stop()
    expect(ids()).toEqual(writtenIds())
  })

  test('is told of a checkpoint only after all that lies before it, however slow it is', async () => {
    const seen: string[] = []
    const reachedAfter: [string, number][] = []
    const subscription = store.follow(
      null,
      async (events, reached) => {
        await new Promise((resolve) => setTimeout(resolve, 5))
        seen.push(...idsOf(events))
        reachedAfter.push([reached as string, seen.length])
      },
      () => {},
    )
    for (let n = 0; n < 40; n += 1) await store.append(`ticket-${n}`, 0, someEvents())
    standIn.checkpoint(4_050)
    standIn.checkpoint(9_000)
    await until(() => reachedAfter.at(-1)?.[0] === '9000-9000')
    await subscription.stop()
    expect(seen).toEqual(writtenIds())
    for (const [position, count] of reachedAfter) {
      const before = standIn.log.filter((event) => event.position <= Number(position.split('-')[0]))
      expect(count).toBe(before.length)
    }
  })

  test('moves over what is not ours', async () => {
    const { ids, batches, onStopped } = recorder()
    const reached: string[] = []
    const subscription = store.follow(
      null,
      (events, position) => {
        batches.push(events)
        reached.push(position as string)
      },
      onStopped,
    )
    const own = someEvents()
    await store.append('ticket-1', 0, own)
    const foreign = { revision: 0, id: own[0]!.id, contentType: 'application/octet-stream' }
    const bytes = { data: Buffer.from([1, 2]), metadata: Buffer.from([]) }
    standIn.foreign({ ...foreign, ...bytes, stream: 'somebody-else-1', type: 'Theirs' })
    standIn.foreign({ ...foreign, ...bytes, stream: `${prefix}ticket-1`, type: '$metadata' })
    await until(() => reached.at(-1) === '300-300')
    expect(ids()).toEqual(idsOf(own))
    standIn.checkpoint(5_000)
    await until(() => reached.at(-1) === '5000-5000')
    await subscription.stop()
    expect(await store.head()).toBe('100-100')
    expect(idsOf(await store.readAll(null, 10))).toEqual(idsOf(own))
  })
})

describe('a read', () => {
  test.each(['ticket-1', 'the end of the log'])(
    'of %s that is in flight when the client is thrown away is made again, and never taken for empty',
    async (what) => {
      const events = someEvents(3)
      const { position } = await store.append('ticket-1', 0, events)
      standIn.faults.reads.push('silence')
      const read =
        what === 'ticket-1' ? store.readStream('ticket-1').then(idsOf) : store.head().then((head) => [head])
      await until(() => standIn.faults.reads.length === 0)
      standIn.fates.push({ written: true, answerAfterMs: null })
      await store.append('ticket-2', 0, someEvents())
      if (what === 'ticket-1') expect(await read).toEqual(idsOf(events))
      else expect(store.comparePositions((await read)[0] as string, position)).toBeGreaterThanOrEqual(0)
    },
  )

  test.each<[string, Failure]>([
    ['unavailable', { code: status.UNAVAILABLE, details: 'gone' }],
    ['cancelled', { code: status.CANCELLED, details: 'cancelled' }],
    ['a bare error of gRPC', { code: status.INTERNAL, details: 'RST_STREAM' }],
  ])('that fails as %s is made again', async (_, failure) => {
    await store.append('ticket-1', 0, someEvents(2))
    standIn.faults.reads.push(failure, failure)
    expect(await store.readStream('ticket-1')).toHaveLength(2)
    standIn.faults.reads.push(failure)
    expect(await store.head()).toBe('200-200')
  })

  test('of a stream that was deleted for good is unavailable, and its name is never used again', async () => {
    await store.append('subject-1', 0, someEvents())
    await store.destroyStream('subject-1')
    await store.destroyStream('subject-1')
    await expect(store.readStream('subject-1')).rejects.toMatchObject({
      name: 'StoreUnavailable',
      cause: { message: 'the stream is deleted for good' },
    })
  })

  test('goes to the node that leads, where the one that was asked says which', async () => {
    const leader = await startStandIn()
    const elsewhere = openEsdbStore({ address: readEsdbAddress(leader.address), times })
    await elsewhere.append('ticket-1', 0, someEvents(3))
    const [, host, port] = /\/\/(.+):(\d+)\?/.exec(leader.address) as unknown as [string, string, string]
    standIn.faults.reads.push(
      named(status.NOT_FOUND, 'Leader info available', {
        exception: 'not-leader',
        'leader-endpoint-host': host,
        'leader-endpoint-port': port,
      }),
    )
    expect(await store.readStream('ticket-1')).toHaveLength(3)
    await elsewhere.close()
    await store.close()
    await leader.stop()
  })
})

describe('positions', () => {
  test('are compared by both halves, beyond what a number holds', () => {
    const inOrder = [
      '9-9',
      '10-2',
      '10-10',
      '9007199254740993-1',
      '9007199254740993-2',
      '18446744073709551615-0',
    ]
    expect(inOrder.toReversed().toSorted(store.comparePositions)).toEqual(inOrder)
    expect(store.comparePositions('10-2', '10-2')).toBe(0)
    for (const wrong of ['01-1', '1-01', '10', '10-', '-1', 'a-b', '1-2-3', ''])
      expect(() => store.comparePositions(wrong, '1-1')).toThrow('no position')
  })
})

describe('a process', () => {
  test.each([
    ['survives a connection lost under a thousand appends, and ends by itself when it has closed', 1_000],
  ])('%s', async (_, count) => {
    standIn.fates.push(...Array.from({ length: 100 }, () => ({ written: true, answerAfterMs: 100 })), {
      written: true,
      answerAfterMs: null,
      breaks: status.UNAVAILABLE,
    })
    const script = join(import.meta.dirname, 'esdbAppending.ts')
    const child = spawn(process.execPath, [script, standIn.address, String(count)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        output += chunk
      })
    const code = await new Promise((resolve) => child.on('close', resolve))
    expect([code, output.trim()]).toEqual([0, `${count} appended`])
    expect(new Set(writtenIds()).size).toBe(count)
    expect(standIn.log).toHaveLength(count)
  })
})
