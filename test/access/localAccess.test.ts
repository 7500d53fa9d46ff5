/** The access log in the data folder: every line once, found newest first, whatever is killed, and when (rulebook §17). */
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import Database from 'better-sqlite3'
import { type AccessLine, type AccessQuery, accessLogDays } from '../../domain/accessLog.ts'
import { StoreUnavailable } from '../../domain/eventStore.ts'
import { toInstant } from '../../domain/instant.ts'
import { type ClosableAccessLog, openLocalAccess } from '../../src/access/localAccess.ts'
import { moveOldLines } from '../../src/access/oldFile.ts'

let dir: string
let opened: ClosableAccessLog[] = []
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'access-'))
})
afterEach(async () => {
  for (const each of opened) await each.close()
  opened = []
  rmSync(dir, { recursive: true, force: true })
})

const open = (at = join(dir, 'access')): ClosableAccessLog => {
  const access = openLocalAccess(at)
  opened.push(access)
  return access
}
const minute = 60_000
const start = Date.parse('2026-03-02T02:00:00.000Z')
const lineOf = (nth: number, more: Partial<AccessLine> = {}): AccessLine => ({
  at: toInstant(start + nth * minute),
  ...{
    actor: 'csr',
    sub: 'csr',
    roles: ['csr'],
    method: 'GET',
    route: '/v1/tickets',
    requestId: String(nth),
  },
  ...{ subjectIds: [`s${nth}`], ticketNos: [`T${nth}`], filters: null, count: 1 },
  ...more,
})
/** Ids of all lines of a query, and how many pages they took. */
const found = async (access: ClosableAccessLog, query: AccessQuery = {}, limit = 1_000) => {
  const ids: string[] = []
  let pages = 0
  for (let after: Parameters<ClosableAccessLog['find']>[1]['after'] = null; ; ) {
    const { items, next } = await access.find(query, { after, limit })
    ids.push(...items.map(({ requestId, count }) => (count === 1 ? requestId : `${requestId}: ${count}`)))
    pages += 1
    if (next === null) return { ids, pages }
    after = next
  }
}
const idsOf = async (...asked: Parameters<typeof found>): Promise<string[]> => (await found(...asked)).ids

describe('a line', () => {
  test('is in the file when its write is done, and found, newest first, page by page', async () => {
    const access = open()
    for (let nth = 1; nth <= 5; nth++) await access.write(lineOf(nth))
    const [name] = readdirSync(join(dir, 'access'))
    expect(readFileSync(join(dir, 'access', name!), 'utf8').match(/"requestId"/g)).toHaveLength(5)
    for (const limit of [1, 2, 5, 6]) {
      const { ids, pages } = await found(access, {}, limit)
      expect([ids, pages]).toEqual([['5', '4', '3', '2', '1'], Math.ceil(5 / limit)])
    }
  })

  test('is found by subject, ticket, actor and time, whole words only', async () => {
    const access = open()
    access.write(lineOf(1))
    access.write(lineOf(11, { actor: '4711', sub: 'system' }))
    access.write(lineOf(2, { filters: { q: 'T1' } }))
    expect(await idsOf(access, { subjectId: 's1' })).toEqual(['1'])
    expect(await idsOf(access, { ticketNo: 'T11' })).toEqual(['11'])
    for (const actor of ['4711', 'system']) expect(await idsOf(access, { actor })).toEqual(['11'])
    const [from, to] = [lineOf(2).at, lineOf(11).at]
    expect(await idsOf(access, { from })).toEqual(['2', '11'])
    expect(await idsOf(access, { from, to })).toEqual(['2'])
  })

  test('of a file has its count when it is known; one that showed nothing is taken back', async () => {
    const access = open()
    access.write(lineOf(1, { count: null }), 'a')
    access.write(lineOf(2, { count: null }), 'b')
    access.write(lineOf(3, { count: null }), 'c')
    access.write(lineOf(4, { count: 0 }))
    expect(await idsOf(access)).toEqual(['4: 0', '3: null', '2: null', '1: null'])
    access.complete('a', 7)
    access.complete('b', 0)
    expect(await idsOf(access)).toEqual(['4: 0', '3: null', '1: 7'])
  })
})

describe('lines of one turn of the event loop', () => {
  const linesIn = (): number => {
    const [name] = readdirSync(join(dir, 'access'))
    return readFileSync(join(dir, 'access', name!), 'utf8').match(/"requestId"/g)?.length ?? 0
  }

  test('share a write after the first, and no answer goes out before its line is in the file', async () => {
    const access = open()
    const [first, ...others] = [1, 2, 3].map((nth) => access.write(lineOf(nth)))
    expect([first, linesIn()]).toEqual([undefined, 1])
    await others[0]
    expect(linesIn()).toBe(3)
    await others[1]
    expect(await idsOf(access)).toEqual(['3', '2', '1'])
  })

  test('come before that of a file, which is written at once', async () => {
    const access = open()
    const written = [1, 2].map((nth) => access.write(lineOf(nth)))
    access.write(lineOf(3, { count: null }), 'a')
    expect(linesIn()).toBe(3)
    await Promise.all(written)
    expect(await idsOf(access)).toEqual(['3: null', '2', '1'])
  })

  test('are all refused where the write fails, and the log says so', async () => {
    const access = open()
    rmSync(join(dir, 'access'), { recursive: true })
    const written = [1, 2, 3].map(async (nth) => access.write(lineOf(nth)))
    const outcomes = await Promise.allSettled(written)
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(access.reason()).not.toBeNull()
  })
})

describe('segments', () => {
  const many = 12_000
  const fill = async (access: ClosableAccessLog): Promise<string[]> => {
    for (let nth = 0; nth < many; nth++) access.write(lineOf(nth))
    return Array.from({ length: many }, (_, nth) => String(many - 1 - nth))
  }

  test('follow each other when they are full, and a search goes through all of them', async () => {
    const access = open()
    access.write(lineOf(0, { count: null, requestId: 'file' }), 'a')
    const all = await fill(access)
    const names = readdirSync(join(dir, 'access')).toSorted()
    expect(names.length).toBeGreaterThan(1)
    expect(names[0]).toMatch(new RegExp(`^000000001-${start}-\\d+\\.lines$`))
    // a count that comes when its segment is full
    access.complete('a', 3)
    expect(await idsOf(access)).toEqual([...all, 'file: 3'])
    expect(await idsOf(access, {}, 700)).toEqual([...all, 'file: 3'])
    expect(await idsOf(access, { ticketNo: 'T17' })).toEqual(['17'])
    expect(await idsOf(access, { to: lineOf(2).at })).toEqual(['1', '0', 'file: 3'])
  })

  test('have every line once after a kill, without the end that was torn off', async () => {
    const access = open()
    access.write(lineOf(1))
    access.write(lineOf(2, { count: null }), 'a')
    const killed = join(dir, 'killed')
    cpSync(join(dir, 'access'), killed, { recursive: true })
    const [name] = readdirSync(killed)
    appendFileSync(join(killed, name!), '{"count":1         ,"at":"2026-0')
    const next = open(killed)
    next.write(lineOf(3))
    expect(await idsOf(next)).toEqual(['3', '2: null', '1'])
    await next.close()
    expect(await idsOf(open(killed))).toEqual(['3', '2: null', '1'])
  })

  test('whose lines are all older than lines are kept are removed by the start', async () => {
    const folder = join(dir, 'access')
    const access = open()
    const old = toInstant(Date.now() - (accessLogDays + 1) * 86_400_000)
    access.write(lineOf(1, { at: old }))
    await access.close()
    const next = open()
    expect([readdirSync(folder), await idsOf(next)]).toEqual([[], []])
    next.write(lineOf(2))
    expect(await idsOf(next)).toEqual(['2'])
  })

  test('that cannot be written refuse the line, and say so', async () => {
    const access = open()
    rmSync(join(dir, 'access'), { recursive: true })
    expect(access.reason()).toBeNull()
    expect(() => access.write(lineOf(1))).toThrow(StoreUnavailable)
    expect(access.reason()).not.toBeNull()
  })
})

describe('the file of an older version', () => {
  const oldLog = (): void => {
    const db = new Database(join(dir, 'access.db'))
    db.exec(`CREATE TABLE lines (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL,
        sub TEXT NOT NULL, line TEXT NOT NULL, count INTEGER, file TEXT) STRICT;
      CREATE TABLE followed (one INTEGER PRIMARY KEY CHECK (one = 1), position TEXT NOT NULL) STRICT;`)
    const insert = db.prepare(
      'INSERT INTO lines (at, actor, sub, line, count, file) VALUES (?, ?, ?, ?, ?, ?)',
    )
    for (const nth of [1, 2]) {
      const { count: _, ...line } = lineOf(nth)
      insert.run(Date.parse(line.at), 'csr', 'csr', JSON.stringify(line), nth, null)
    }
    db.close()
  }

  test('is taken over once, whenever the move was cut', async () => {
    oldLog()
    // as a start that was killed leaves it
    mkdirSync(join(dir, 'access.new'))
    writeFileSync(join(dir, 'access.new', '000000001.lines'), '{"count":1')
    moveOldLines(dir)
    expect(await idsOf(open())).toEqual(['2: 2', '1'])
    expect(existsSync(join(dir, 'access.db'))).toBe(false)
    oldLog()
    moveOldLines(dir)
    expect(await idsOf(open())).toEqual(['2: 2', '1'])
  })
})
