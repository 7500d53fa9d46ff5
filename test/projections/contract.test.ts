import { copyFileSync, existsSync, rmSync, writeFileSync } from 'node:fs'
import { afterEach, describe, expect, test } from '@jest/globals'
import Database from 'better-sqlite3'
import type { StoredEvent } from '../../domain/eventStore.ts'
import { allProjections, type Projections } from '../../projections/allProjections.ts'
import type { Projection } from '../../projections/projection.ts'
import { startViews } from '../../projections/runner.ts'
import type { Views } from '../../projections/views.ts'
import { fakeSealing } from '../support/fakeSealing.ts'
import { randomHistory } from '../support/history/randomHistory.ts'
import { memoryStore } from '../support/memoryStore.ts'
import { batchesOf, closedRows, newFile, open, removeFiles, rowsIn, viewsOf } from './support.ts'

afterEach(removeFiles)

const { sealing } = fakeSealing()
const { events } = randomHistory({ seed: 1, acts: 1200, sealing })
const half = Math.floor(events.length / 2)
const whole = closedRows(viewsOf(events, { size: events.length }))
removeFiles()

const names = Object.keys(allProjections) as (keyof typeof allProjections)[]

/** Through the runner from whatever the file holds to the end of the log. */
const runOver = async (views: Views, log: StoredEvent[]): Promise<void> => {
  const running = startViews(views, memoryStore([...log]).store)
  await running.ready
  await running.stop()
}

/** The service's projections, one of them changed. */
const withOne = (
  name: keyof typeof allProjections,
  change: (one: Projection<unknown>) => Projection<unknown>,
): Projections =>
  ({ ...allProjections, [name]: change(allProjections[name] as Projection<unknown>) }) as Projections

type Failure = { position: string; where: 'apply' | 'flush'; error?: Error }

const failingAt = (name: keyof typeof allProjections, { position, where, error }: Failure): Projections =>
  withOne(name, (one) => ({
    ...one,
    open: (db, keys) => {
      const running = one.open(db, keys)
      let failing = false
      return {
        ...running,
        apply: (event) => {
          failing ||= event.position === position
          if (failing && where === 'apply') throw error ?? new Error('this handler has a fault')
          running.apply(event)
        },
        flush: () => {
          running.flush()
          if (failing && where === 'flush') throw error ?? new Error('this row does not fit')
        },
      }
    },
  }))

describe('every view', () => {
  test('has rows in this history, or the tests below would prove nothing', () => {
    for (const [table, rows] of Object.entries(whole)) expect([table, rows.length > 0]).toEqual([table, true])
  })

  test.each([1, 7, 500])('comes out the same in batches of %i', (size) => {
    expect(closedRows(viewsOf(events, { size }))).toEqual(whole)
  })

  test('comes out the same rebuilt from the log as built while it grew', async () => {
    const file = newFile()
    const views = open(file)
    await runOver(views, events)
    expect(views.status().map(({ state }) => state)).toEqual(names.map(() => 'ready'))
    expect(closedRows({ views, file })).toEqual(whole)
  })

  test('comes out the same where only the types it names are read', () => {
    const named = names.filter((name) => allProjections[name].types !== undefined)
    expect(named.length).toBeGreaterThan(0)
    for (const name of named) {
      const { types = [], tables } = allProjections[name]
      const rows = closedRows(viewsOf(events.filter(({ type }) => types.includes(type))))
      for (const table of Object.keys(tables)) expect([table, rows[table]]).toEqual([table, whole[table]])
    }
  })

  test('is not changed by events it has already', () => {
    const { file, views } = viewsOf(events, { size: 50 })
    for (const batch of batchesOf(events, 80)) views.apply(batch)
    views.apply(events.slice(-3))
    expect(closedRows({ views, file })).toEqual(whole)
  })

  test('takes only the new of a batch that overlaps', () => {
    const file = newFile()
    const views = open(file)
    for (let at = 0; at < events.length; at += 40) views.apply(events.slice(Math.max(0, at - 25), at + 40))
    expect(closedRows({ views, file })).toEqual(whole)
  })

  test('goes on after a restart where it was', () => {
    const file = newFile()
    const before = open(file)
    before.apply(events.slice(0, half))
    before.close()
    const after = open(file)
    expect(after.checkpoint()).toBe(events[half - 1]?.position)
    after.apply(events.slice(half))
    expect(closedRows({ views: after, file })).toEqual(whole)
  })

  test('folds again what a crash took before it was committed', async () => {
    const [file, copy] = [newFile(), newFile()]
    const views = open(file)
    views.apply(events.slice(0, half))
    views.commit()
    views.apply(events.slice(half))
    // the files as a crash would leave them: the second half is in no committed transaction
    for (const suffix of ['', '-wal'])
      if (existsSync(file + suffix)) copyFileSync(file + suffix, copy + suffix)
    views.close()
    const after = open(copy)
    expect(after.checkpoint()).toBe(events[half - 1]?.position)
    await runOver(after, events)
    expect(closedRows({ views: after, file: copy })).toEqual(whole)
  })

  test('is rebuilt where the file is gone, damaged, or was left in the middle of a rebuild', async () => {
    const file = newFile()
    const damages = [
      () => rmSync(file, { force: true }),
      () => {
        rmSync(`${file}-wal`, { force: true })
        writeFileSync(
          file,
          'this is no database, but long enough to be looked at as if it were one'.repeat(20),
        )
      },
      () => {
        const db = new Database(file)
        db.exec('INSERT INTO bulk VALUES (1); DELETE FROM tickets')
        db.close()
      },
    ]
    for (const damage of damages) {
      damage()
      const views = open(file)
      expect(views.checkpoint()).toBeNull()
      await runOver(views, events)
      expect(closedRows({ views, file })).toEqual(whole)
    }
  })

  test.each(['apply', 'flush'] as const)(
    'is rebuilt at the next start where damage showed only while rows were read or written: %s',
    async (where) => {
      const file = newFile()
      const broken = Object.assign(new Error('malformed'), { code: 'SQLITE_CORRUPT' })
      const position = String(half + 3)
      const views = open(file, { projections: failingAt('customers', { position, where, error: broken }) })
      for (const batch of batchesOf(events, 100)) views.apply(batch)
      expect(views.status().find(({ name }) => name === 'customers')?.state).toBe('stopped')
      views.close()
      const next = open(file)
      expect(next.checkpoint()).toBeNull()
      await runOver(next, events)
      expect(closedRows({ views: next, file })).toEqual(whole)
    },
  )

  test.each(names)('of another version is rebuilt alone, and the others go on: %s', async (name) => {
    const { file, views } = viewsOf(events.slice(0, half))
    views.close()
    const next = open(file, { projections: withOne(name, (one) => ({ ...one, version: one.version + 1 })) })
    next.sortOut(false)
    const states = Object.fromEntries(next.status().map((each) => [each.name, each.state]))
    expect(states).toEqual(
      Object.fromEntries(names.map((each) => [each, each === name ? 'rebuilding' : 'ready'])),
    )
    await runOver(next, events)
    next.close()
    const { checkpoints, ...rows } = rowsIn(file)
    const { checkpoints: _, ...expected } = whole
    expect(rows).toEqual(expected)
    const atEnd = JSON.stringify([name, allProjections[name].version + 1, events.at(-1)?.position])
    expect(checkpoints?.some((row) => String(row).startsWith(atEnd.slice(0, -1)))).toBe(true)
  })

  test.each(names)(
    'that fails leaves its rows and checkpoint alone, and the others go on: %s',
    async (name) => {
      const position = String(half + 3)
      for (const where of ['apply', 'flush'] as const) {
        const file = newFile()
        const views = open(file, { projections: failingAt(name, { position, where }) })
        views.apply(events.slice(0, half))
        views.commit()
        const before = viewsOf(events.slice(0, half))
        for (const batch of batchesOf(events.slice(half), 30)) views.apply(batch)
        const failed = views.status().find((each) => each.name === name)
        expect(failed).toMatchObject({ state: 'stopped', position: String(half) })
        expect(failed?.error).toMatch(/fault|does not fit/)
        const rows = closedRows({ views, file })
        const rowsBefore = closedRows(before)
        for (const each of names)
          for (const table of Object.keys(allProjections[each].tables))
            expect([table, rows[table]]).toEqual([table, (each === name ? rowsBefore : whole)[table]])
        // mended, it goes on from there
        const mended = open(file)
        await runOver(mended, events)
        expect(closedRows({ views: mended, file })).toEqual(whole)
      }
    },
  )

  test.each(['apply', 'flush'] as const)(
    'that fails at %s while all are rebuilt does not hold up the others',
    async (where) => {
      const file = newFile()
      const views = open(file, { projections: failingAt('kpi', { position: String(half), where }) })
      await runOver(views, events)
      expect(
        views
          .status()
          .filter(({ state }) => state === 'stopped')
          .map(({ name }) => name),
      ).toEqual(['kpi'])
      const rows = closedRows({ views, file })
      for (const table of ['tickets', 'warnings', 'masterEvents', 'commands'])
        expect(rows[table]).toEqual(whole[table])
    },
  )
})

describe('following the log', () => {
  test('an event is in the rows as soon as it is handed over', async () => {
    const { store, add } = memoryStore(events.slice(0, half))
    const views = open(newFile())
    const running = startViews(views, store)
    await running.ready
    add(events.slice(half, half + 1))
    expect(views.checkpoint()).toBe(events[half]?.position)
    await running.stop()
    views.close()
  })

  test('starts on an empty log', async () => {
    const { store, add } = memoryStore()
    const views = open(newFile())
    const running = startViews(views, store)
    await running.ready
    await new Promise(setImmediate)
    add([...events])
    expect(await views.reached(events.at(-1)!.position, 1_000)).toBe(true)
    await running.stop()
    views.close()
  })

  test('waiting for a position ends when it is reached, in vain when time is up or a view has stopped', async () => {
    const views = open(newFile(), { projections: failingAt('tickets', { position: '20', where: 'apply' }) })
    expect(await views.reached('5', 1)).toBe(false)
    const waiting = views.reached('5', 5_000)
    views.apply(events.slice(0, 10))
    expect(await waiting).toBe(true)
    const hopeless = views.reached('30', 60_000)
    views.apply(events.slice(10, 40))
    expect(await hopeless).toBe(false)
    expect(await views.reached('30', 1, ['customers'])).toBe(true)
    views.close()
  })

  test('a connection that only reads sees what is committed', async () => {
    const { file, views } = viewsOf(events)
    views.commit()
    const reader = open(file, { readonly: true })
    expect(reader.checkpoint()).toBe(events.at(-1)?.position)
    expect(await reader.reached(events.at(-1)!.position, 100)).toBe(true)
    expect(reader.master.dealers({ limit: 50 })).toEqual(views.master.dealers({ limit: 50 }))
    expect(() => reader.apply([])).toThrow('opened for reading only')
    reader.close()
    views.close()
  })
})
