import { createSecretKey, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createEsdbKeys } from '../../src/keys/esdbKeys.ts'
import { markLog } from '../../src/keys/logMark.ts'
import { openSqliteKeys } from '../../src/keys/sqliteKeys.ts'
import { filterInternal } from '../../src/nodes/internalStreams.ts'
import { readEsdbAddress } from '../../src/store/esdb/address.ts'
import { type EsdbStore, openEsdbStore } from '../../src/store/esdb/store.ts'
import { idsOf, recorder, someEvents, until } from '../store/events.ts'
import { temporaryFolder } from '../store/folder.ts'
import { type StandIn, startStandIn } from '../support/wire/standIn.ts'

const masterKey = createSecretKey(randomBytes(32))

let standIn: StandIn
let store: EsdbStore
let dir: string
let remove: () => Promise<void>
const closing: (() => void)[] = []
beforeEach(async () => {
  standIn = await startStandIn()
  store = openEsdbStore({ address: readEsdbAddress(standIn.address) })
  ;({ dir, remove } = await temporaryFolder())
})
afterEach(async () => {
  await store.close()
  for (const close of closing.splice(0)) close()
  await standIn.stop()
  await remove()
})

/** A node with keys of its own in a file, and what it hears of the others'. */
const node = (name: string) => {
  const own = openSqliteKeys(join(dir, `${name}.db`), masterKey)
  const adopted: number[] = []
  const local = {
    ...own,
    adopt: (made: Parameters<typeof own.adopt>[0]) => {
      adopted.push(made.length)
      own.adopt(made)
    },
  }
  closing.push(() => local.close())
  const forgotten: string[] = []
  const keys = createEsdbKeys({ store, local, masterKey, onDestroyed: (subject) => forgotten.push(subject) })
  const log = filterInternal(store, {
    knownUpTo: local.followed()?.position ?? null,
    onInternal: (events, reached) => {
      keys.heard(events)
      if (reached === null) return
      local.setFollowed(reached)
    },
  })
  return { keys, log, forgotten, adopted }
}

describe('keys on EventStoreDB', () => {
  test('are durable in a stream each, and sealed with at once', async () => {
    const { keys } = node('a')
    const subject = await keys.create()
    expect(keys.get(subject)?.symmetricKeySize).toBe(32)
    expect(standIn.log.map(({ stream }) => stream)).toContain(`complaint-tickets.subject-${subject}`)
    expect(standIn.log.map(({ data }) => Buffer.from(data).toString()).join()).not.toContain(
      keys.get(subject)?.export().toString('base64'),
    )
  })

  test('that are made at once share a flush, and are there before anybody is told of them', async () => {
    const { keys, adopted } = node('a')
    const made = await Promise.all(
      Array.from({ length: 64 }, async () => {
        const subject = await keys.create()
        return keys.get(subject)?.symmetricKeySize
      }),
    )
    expect(made).toEqual(made.map(() => 32))
    expect(adopted.reduce((sum, count) => sum + count, 0)).toBe(64)
    expect(adopted.length).toBeLessThan(32)
  })

  test('are with every other node before any event that needs them', async () => {
    const [a, b] = [node('a'), node('b')]
    const missing: string[] = []
    let seen = 0
    b.log.follow(
      null,
      (events) => {
        for (const { data } of events) {
          seen += 1
          const { subject } = data as { subject: string }
          if (b.keys.get(subject) === null) missing.push(subject)
        }
      },
      () => {},
    )
    for (let n = 0; n < 50; n += 1) {
      const subject = await a.keys.create()
      await store.append(`ticket-${n}`, 0, someEvents([{ subject }]))
    }
    await until(() => seen === 50)
    expect(missing).toEqual([])
  })

  test('that were made before where a node goes on are read first', async () => {
    const a = node('a')
    const subject = await a.keys.create()
    const { position } = await store.append('ticket-1', 0, someEvents())
    await store.append('ticket-2', 0, someEvents([{ subject }]))
    const late = node('late')
    expect(await late.log.readAll(position, 10)).toHaveLength(1)
    expect(late.keys.get(subject)).not.toBeNull()
  })

  test('destroyed on one node are gone on every other, and stay gone', async () => {
    const [a, b] = [node('a'), node('b')]
    b.log.follow(
      null,
      () => {},
      () => {},
    )
    const subject = await a.keys.create()
    await until(() => b.keys.get(subject) !== null)
    await a.keys.destroy(subject)
    await a.keys.destroy(subject)
    expect(a.keys.get(subject)).toBeNull()
    await until(() => b.forgotten.includes(subject))
    expect(b.keys.get(subject)).toBeNull()
    const late = node('late')
    await late.log.readAll(null, 10)
    expect(late.keys.get(subject)).toBeNull()
    await expect(store.readStream(`subject-${subject}`)).rejects.toThrow()
  })

  test('of two master keys are never in one log', async () => {
    const { logId } = await markLog(store, masterKey)
    expect(await markLog(store, masterKey)).toMatchObject({ logId, rotation: null })
    await expect(markLog(store, createSecretKey(randomBytes(32)))).rejects.toThrow('another master key')
  })
})

describe('what nodes say to each other', () => {
  test('is no event to who reads or follows, and pages are full all the same', async () => {
    const { keys, log } = node('a')
    const own: string[] = []
    for (let n = 0; n < 20; n += 1) {
      await keys.create()
      const events = someEvents(2)
      await store.append(`ticket-${n}`, 0, events)
      own.push(...idsOf(events))
    }
    const { ids, onBatch, onStopped } = recorder()
    log.follow(null, onBatch, onStopped)
    await until(() => ids().length === own.length)
    expect(ids()).toEqual(own)
    const page = await log.readAll(null, 15)
    expect(idsOf(page)).toEqual(own.slice(0, 15))
    expect(idsOf(await log.readAll(page.at(-1)!.position, 100))).toEqual(own.slice(15))
  })
})
