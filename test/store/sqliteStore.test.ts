import { type ChildProcess, spawn } from 'node:child_process'
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { type EventStore, StoreUnavailable } from '../../domain/eventStore.ts'
import { leastRoomBytes } from '../../src/store/room.ts'
import { openLog } from '../../src/store/sqliteLog.ts'
import { openSqliteStore } from '../../src/store/sqliteStore.ts'
import { idsOf, recorder, someEvents, until } from './events.ts'
import { temporaryFolder } from './folder.ts'

describe('sqlite engine', () => {
  let dir: string
  let file: string
  let remove: () => Promise<void>
  const toClose: EventStore[] = []
  const children: ChildProcess[] = []
  const open = (...args: Parameters<typeof openSqliteStore>): EventStore => {
    const store = openSqliteStore(...args)
    toClose.push(store)
    return store
  }

  beforeEach(async () => {
    ;({ dir, remove } = await temporaryFolder())
    file = join(dir, 'events.db')
  })
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
    await Promise.all(toClose.splice(0).map((store) => store.close()))
    await remove()
  })

  const startAppending = (...args: string[]) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'appendingProcess.ts'), file, ...args], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    children.push(child)
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk
    })
    const ended = new Promise<void>((resolve) => child.on('close', () => resolve()))
    return { child, ended, acknowledged: () => output.split('\n').slice(0, -1) }
  }

  test('flushes every commit, at every open', () => {
    for (let opening = 0; opening < 2; opening += 1) {
      const db = openLog(file, false)
      expect(db.pragma('synchronous', { simple: true })).toBe(2)
      expect(db.pragma('journal_mode', { simple: true })).toBe('wal')
      db.close()
    }
  })

  test.each(["UPDATE events SET data = '{}'", 'DELETE FROM events', 'UPDATE events SET position = 9'])(
    'refuses %s',
    async (statement) => {
      await open(file).append('ticket-1', 0, someEvents())
      const db = openLog(file, false)
      expect(() => db.exec(statement)).toThrow('append-only')
      db.close()
    },
  )

  test('numbers events from 1 without holes, also after appends that failed', async () => {
    const store = open(file)
    await store.append('ticket-1', 0, someEvents(2))
    await store.append('ticket-1', 0, someEvents(2)).catch(() => undefined)
    await store.append('ticket-2', 1, someEvents(2)).catch(() => undefined)
    await store.append('ticket-1', 2, someEvents(2))
    expect((await store.readAll(null, 10)).map(({ position }) => position)).toEqual(['1', '2', '3', '4'])
    expect(store.comparePositions('9', '10')).toBeLessThan(0)
  })

  test('commits appends that wait at the same time in one transaction', async () => {
    let commits = 0
    const store = open(file, {
      beforeCommit: () => {
        commits += 1
      },
    })
    await Promise.all(Array.from({ length: 100 }, (_, n) => store.append(`ticket-${n}`, 0, someEvents())))
    expect(commits).toBe(1)
  })

  test('counts appends in flight: a chain sent at once is written in full', async () => {
    const store = open(file)
    await Promise.all([0, 1, 2, 3].map((version) => store.append('ticket-1', version, someEvents())))
    expect(await store.readStream('ticket-1')).toHaveLength(4)
  })

  test('fails every append of a commit that fails, and writes nothing of them', async () => {
    let full = true
    const beforeCommit = (): void => {
      if (full) throw new Error('disk full')
    }
    const store = open(file, { beforeCommit })
    const { ids, onBatch, onStopped } = recorder()
    store.follow(null, onBatch, onStopped)
    const events = [someEvents(), someEvents()]
    const outcomes = await Promise.allSettled(events.map((each, n) => store.append(`ticket-${n}`, 0, each)))
    expect(outcomes).toEqual(Array(2).fill({ status: 'rejected', reason: new Error('disk full') }))
    expect(await store.head()).toBeNull()
    full = false
    expect(await store.append('ticket-0', 0, events[0]!)).toEqual({ version: 1, position: '1' })
    expect(ids()).toEqual(idsOf(events[0]!))
  })

  test.each([
    'SQLITE_FULL',
    'SQLITE_READONLY_DIRECTORY',
    'SQLITE_IOERR_WRITE',
    'SQLITE_CANTOPEN',
    'SQLITE_BUSY',
  ])(
    'is unavailable while the disk takes no commit, and finds out by itself when it does: %s',
    async (code) => {
      let refused = false
      const beforeCommit = (): void => {
        if (refused) throw Object.assign(new Error('no room'), { code })
      }
      const store = open(file, { beforeCommit })
      await store.append('ticket-1', 0, someEvents())
      expect(await store.isWritable?.()).toBe(true)
      refused = true
      const events = someEvents()
      await expect(store.append('ticket-2', 0, events)).rejects.toThrow(StoreUnavailable)
      expect(await store.isWritable?.()).toBe(false)
      expect(await store.readStream('ticket-2')).toEqual([])
      refused = false
      expect(await store.isWritable?.()).toBe(true)
      expect(await store.append('ticket-2', 0, events)).toMatchObject({ version: events.length })
    },
  )

  test('is unavailable while the disk is nearly full, before a write has failed', async () => {
    let free = leastRoomBytes
    const store = open(file, { freeBytes: () => free })
    await store.append('ticket-1', 0, someEvents())
    free = leastRoomBytes - 1
    expect(await store.isWritable?.()).toBe(false)
    const events = someEvents()
    await expect(store.append('ticket-2', 0, events)).rejects.toThrow(StoreUnavailable)
    free = leastRoomBytes
    expect(await store.isWritable?.()).toBe(true)
    expect(await store.append('ticket-2', 0, events)).toMatchObject({ version: events.length })
  })

  test('is unavailable while another process keeps the file to itself, with nothing half-written', async () => {
    const store = open(file)
    await store.append('ticket-1', 0, someEvents())
    const before = await store.head()
    const other = openLog(file, false)
    other.exec('BEGIN IMMEDIATE')
    await expect(store.append('ticket-2', 0, someEvents())).rejects.toThrow(StoreUnavailable)
    other.close()
    expect(await store.head()).toBe(before)
    expect(await store.isWritable?.()).toBe(true)
  })

  test('has handed an event to the followers of its process when the append returns', async () => {
    const store = open(file)
    const { ids, batches, onBatch, onStopped } = recorder()
    store.follow(null, onBatch, onStopped)
    for (let n = 0; n < 50; n += 1) {
      const events = someEvents([{ n }])
      await store.append('ticket-1', n, events)
      expect(ids().at(-1)).toBe(events[0]!.id)
      if (n > 0) expect(batches.at(-1)![0]!.data).toBe(events[0]!.data)
    }
    expect(ids()).toHaveLength(50)
  })

  test('opened for reading only reads and follows, and writes nothing', async () => {
    expect(() => open(file, { readonly: true })).toThrow()
    const writer = open(file)
    await writer.append('ticket-1', 0, someEvents())
    const reader = open(file, { readonly: true })
    await expect(reader.append('ticket-1', 1, someEvents())).rejects.toThrow('reading only')
    const { ids, onBatch, onStopped } = recorder()
    reader.follow(null, onBatch, onStopped)
    await writer.append('ticket-1', 1, someEvents(2))
    await until(() => ids().length >= 3)
    expect(ids()).toEqual(idsOf(await writer.readStream('ticket-1')))
  })

  test('gives a follower what two processes write at once, without gap or double', async () => {
    const store = open(file)
    const { batches, errors, ids, onBatch, onStopped } = recorder()
    store.follow(null, onBatch, onStopped)
    const other = startAppending('100')
    let own = 0
    await until(() => other.acknowledged().length > 0)
    while (other.child.exitCode === null) own = (await store.append('own', own, someEvents())).version
    await other.ended
    expect(other.acknowledged()).toHaveLength(400)
    await until(() => ids().length >= 400 + own)
    expect(errors).toEqual([])
    expect(batches.flat().map(({ position }) => Number(position))).toEqual(
      Array.from({ length: 400 + own }, (_, n) => n + 1),
    )
  })

  test('keeps every acknowledged append when the process is killed', async () => {
    for (let round = 0; round < 3; round += 1) {
      const other = startAppending()
      await until(() => other.acknowledged().length > 300)
      other.child.kill('SIGKILL')
      await other.ended
      const store = open(file)
      const kept = new Set(idsOf(await store.readAll(null, 1_000_000)))
      expect(other.acknowledged().filter((id) => !kept.has(id))).toEqual([])
      await store.append(`after-${round}`, 0, someEvents())
      await store.close()
    }
  })

  test('opens a copy of its log made while it was closed', async () => {
    const store = open(file)
    await store.append('ticket-1', 0, someEvents())
    await store.close()
    await copyFile(file, join(dir, 'copy.db'))
    expect(await open(join(dir, 'copy.db')).readStream('ticket-1')).toHaveLength(1)
  })
})
