import { createSecretKey, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type EventStore, eventId, type StoredEvent } from '../../domain/eventStore.ts'
import type { Sealer } from '../../domain/sealing.ts'
import { startViews, type ViewsHelper } from '../../projections/runner.ts'
import { openViews } from '../../projections/views.ts'
import { deriveFrom } from '../../src/keys/derivedKeys.ts'
import { createSealing } from '../../src/keys/sealing.ts'
import { openSqliteKeys, type SqliteKeys } from '../../src/keys/sqliteKeys.ts'
import { openSqliteStore } from '../../src/store/sqliteStore.ts'
import { createViewsHelper } from '../../src/viewsBuild/helper.ts'
import { rowsIn } from '../projections/support.ts'
import { newCommandId } from '../store/events.ts'
import { temporaryFolder } from '../store/folder.ts'
import { randomHistory } from '../support/history/randomHistory.ts'

const masterKey = createSecretKey(randomBytes(32))
let dir: string
let remove: () => Promise<void>
let keys: SqliteKeys
let sealing: Sealer
let store: EventStore
const file = (name: string): string => join(dir, name)

beforeEach(async () => {
  const folder = await temporaryFolder()
  dir = folder.dir
  remove = folder.remove
  keys = openSqliteKeys(file('keys.db'), masterKey)
  sealing = createSealing(keys, deriveFrom(masterKey))
  store = openSqliteStore(file('events.db'))
  // the history names its subjects itself, and their sealed texts need keys
  const subjects = new Map<string, string>()
  const seal: Sealer['seal'] = (subject, value) => {
    const known = subjects.get(subject) ?? keys.create()
    subjects.set(subject, known)
    return sealing.seal(known, value)
  }
  const { events } = randomHistory({ seed: 5, acts: 400, sealing: { ...sealing, seal } })
  for (const { stream, version, ...event } of events) await store.append(stream, version - 1, [event])
})
afterEach(async () => {
  await store.close()
  keys.close()
  await remove()
})

const start = (name: string, helper?: ViewsHelper) => {
  const views = openViews({ file: file(name), sealing, comparePositions: store.comparePositions })
  return { views, running: startViews(views, store, helper) }
}

/** The rows of views built in that file to the end of the log. */
const built = async (name: string, helper?: ViewsHelper): Promise<Record<string, unknown[]>> => {
  const { views, running } = start(name, helper)
  await running.ready
  await running.stop()
  const head = await store.head()
  expect(views.status().filter(({ state, position }) => state !== 'ready' || position !== head)).toEqual([])
  views.close()
  return rowsIn(file(name))
}

const helperOn = (events: string, least: number): ViewsHelper =>
  createViewsHelper({ events: file(events), keys: file('keys.db'), views: file('two.db') }, masterKey, {
    least,
  })

/** The helper, and what became of the thread. */
const watched = (helper: ViewsHelper) => {
  const ends: (string | null)[] = []
  const watching: ViewsHelper = (upTo, signal) => {
    const help = helper(upTo, signal)
    help?.done.then((part) => ends.push(part))
    return help
  }
  return { watching, ends }
}

test('views come out of two threads as of one', async () => {
  const { watching, ends } = watched(helperOn('events.db', 1))
  expect(await built('two.db', watching)).toEqual(await built('one.db'))
  expect(ends).toEqual([file('two.db.part')])
  expect(existsSync(file('two.db.part'))).toBe(false)
})

test('what the other thread cannot build is built in this one', async () => {
  const { watching, ends } = watched(helperOn('no such log.db', 1))
  expect(await built('two.db', watching)).toEqual(await built('one.db'))
  expect(ends).toEqual([null])
})

test('the other thread stops at an event of an unknown type, as this one does', async () => {
  const event = { id: eventId(newCommandId(), 0), type: 'TicketReheated', data: {} }
  const [{ metadata }] = (await store.readAll(null, 1)) as [StoredEvent]
  await store.append('ticket-T9', 0, [{ ...event, metadata }])
  const { watching, ends } = watched(helperOn('events.db', 1))
  const { views, running } = start('two.db', watching)
  await running.ready.catch(() => {})
  await running.stop()
  expect(ends).toEqual([null])
  for (const { name, state, error } of views.status()) {
    expect([name, state]).toEqual([name, 'stopped'])
    expect(error).toMatch(/^Event 1 of ticket-T9 has the type TicketReheated, which this version/)
  }
  views.close()
})

test('a short log is not worth a thread', async () => {
  const { watching, ends } = watched(helperOn('events.db', 100_000))
  expect(await built('two.db', watching)).toEqual(await built('one.db'))
  expect(ends).toEqual([])
})

test('stopping ends the other thread too, and the next start builds the rest', async () => {
  const { watching, ends } = watched(helperOn('events.db', 1))
  let stopped: Promise<void> | undefined
  const { views, running } = start('two.db', (upTo, signal) => {
    const help = watching(upTo, signal)
    stopped = running.stop()
    return help
  })
  await running.ready
  await stopped
  views.close()
  expect(ends).toEqual([null])
  expect(existsSync(file('two.db.part'))).toBe(false)
  expect(await built('two.db')).toEqual(await built('one.db'))
})
