import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import Database from 'better-sqlite3'
import { pino } from 'pino'
import type { StoredEvent } from '../../domain/eventStore.ts'
import { backUp } from '../../src/backup.ts'
import { completeChain } from '../../src/logChain/completeChain.ts'
import { chainSome } from '../../src/logChain/sqliteChain.ts'
import { openSqliteStore } from '../../src/store/sqliteStore.ts'
import { runHere } from '../endToEnd/runHere.ts'
import { testOnBothEngines } from '../support/bothEngines.ts'
import {
  at,
  csr,
  one,
  problemOf,
  refused,
  type Scenario,
  sa,
  scenarioOf,
  startScenario,
} from '../support/scenario.ts'
import { startTestService } from '../support/service.ts'

const silent = pino({ level: 'silent' })

/** The digests of a log as anybody could compute them from the documentation. */
const recomputed = (events: readonly StoredEvent[]): string[] => {
  let digest = '0'.repeat(64)
  return events.map(({ version, id, stream, type, data, metadata }) => {
    digest = createHash('sha256')
      .update(digest + JSON.stringify([version, id, stream, type, data, metadata]))
      .digest('hex')
    return digest
  })
}

describe('the digest of the log', () => {
  let dir: string
  let s: Scenario
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'complaints-'))
  })
  afterEach(async () => {
    await s.service.close()
    rmSync(dir, { recursive: true, force: true })
  })
  const file = (name: string): string => join(dir, name)

  let customers = 0
  const lifeOfATicket = async (): Promise<string> => {
    customers += 1
    const ticketNo = await s.register({ customer: { phone: `1371000${String(customers).padStart(4, '0')}` } })
    await s.respond(ticketNo)
    await s.close(ticketNo)
    return ticketNo
  }
  const digest = async (query = '', who = one('auditor')) => s.get(`log/digest${query}`, who)
  const wholeLog = () => s.service.deps.store.readAll(null, 10_000)

  testOnBothEngines('is at every position that of all events up to there: %s', async (eventStore) => {
    s = await startScenario({ dataDir: dir, ...(eventStore !== undefined && { eventStore }) })
    await lifeOfATicket()
    const events = await wholeLog()
    const digests = recomputed(events)
    for (const [index, { position }] of events.entries())
      expect((await digest(`?position=${encodeURIComponent(position)}`)).body).toEqual({
        position,
        events: index + 1,
        digest: digests[index],
      })
    expect((await digest()).body).toMatchObject({ events: events.length, digest: digests.at(-1) })
    // also after a restart, which goes on where it was
    await s.service.close()
    s = scenarioOf(
      await startTestService({
        now: at('2026-03-03 10:00'),
        dataDir: dir,
        ...(eventStore !== undefined && { eventStore }),
      }),
    )
    await lifeOfATicket()
    expect((await digest()).body.digest).toBe(recomputed(await wholeLog()).at(-1))
  })

  it('is for auditors, the head of complaints and HQ sales, of positions the log has', async () => {
    s = await startScenario({ dataDir: dir })
    for (const who of [one('auditor'), sa, one('hq_sales')]) expect((await digest('', who)).status).toBe(200)
    expect(problemOf(await digest('', csr))).toEqual(refused(403, 'role_not_allowed'))
    expect(problemOf(await digest('?position=99999'))).toEqual(refused(409, 'position_unknown'))
    expect(problemOf(await digest('?position=0'))).toEqual(refused(409, 'position_unknown'))
    expect(problemOf(await digest('?position=x'))).toEqual(
      refused(400, 'invalid_request', ['query', 'position']),
    )
  })

  it('of an older log is computed at the next start, and goes on where that was broken off', async () => {
    s = await startScenario({ dataDir: dir })
    for (let tickets = 0; tickets < 3; tickets++) await lifeOfATicket()
    const before = (await digest()).body
    const events = await wholeLog()
    await s.service.close()
    const db = new Database(file('events.db'))
    const stored = db.prepare('SELECT * FROM events').all()
    db.exec('DROP TABLE digests; DROP TABLE log_identity')
    db.close()

    // half of it, as a start that was killed leaves it
    const again = new Database(file('events.db'))
    again.exec('CREATE TABLE digests (position INTEGER PRIMARY KEY, digest BLOB NOT NULL) STRICT')
    const digests = recomputed(events)
    for (let position = 1; position <= 10; position++)
      again
        .prepare('INSERT INTO digests VALUES (?, ?)')
        .run(position, Buffer.from(digests[position - 1] as string, 'hex'))
    again.close()
    await completeChain(file('events.db'), silent)

    s = scenarioOf(await startTestService({ now: at('2026-03-03 10:00'), dataDir: dir }))
    expect((await digest()).body).toEqual(before)
    const after = new Database(file('events.db'), { readonly: true })
    expect(after.prepare('SELECT * FROM events').all()).toEqual(stored)
    expect(chainSome(after)).toBeNull()
    after.close()
  })

  it('goes on over appends of two connections, and over one that was rolled back', async () => {
    s = await startScenario({ dataDir: dir })
    let fails = false
    const path = file('two.db')
    const first = openSqliteStore(path, {
      beforeCommit: () => {
        if (fails) throw Object.assign(new Error('the disk is full'), { code: 'SQLITE_FULL' })
      },
    })
    const second = openSqliteStore(path)
    const [event] = await wholeLog()
    const { type, data, metadata } = event as StoredEvent
    const append = (store: typeof first, stream: string, index: number) =>
      store.append(stream, 0, [
        { id: `00000000-0000-4000-8000-0000000000${10 + index}`, type, data, metadata },
      ])
    await append(first, 'a', 1)
    await append(second, 'b', 2)
    fails = true
    await expect(append(first, 'c', 3)).rejects.toThrow('cannot be written')
    fails = false
    await append(second, 'd', 4)
    await append(first, 'e', 5)
    const events = await first.readAll(null, 100)
    const digests = recomputed(events)
    expect(events.map(({ position }) => first.digestUpTo(position)?.digest)).toEqual(digests)
    await first.close()
    await second.close()
  })

  it('is in a backup, and verify compares one that was kept with the log', async () => {
    s = await startScenario({ dataDir: dir })
    await lifeOfATicket()
    const kept = (await digest()).body
    await lifeOfATicket()
    await s.service.close()
    await backUp(dir, file('backup'), () => {})
    const restored = openSqliteStore(join(file('backup'), 'log', 'events.db'), { readonly: true })
    expect(restored.digestUpTo(kept.position)).toEqual(kept)
    await restored.close()

    const verify = () =>
      runHere('src/cli/verify.ts', { DATA_DIR: dir }, ['--digest', `${kept.position}:${kept.digest}`])
    expect(await verify()).toMatchObject({ code: 0, output: expect.stringContaining('all is well') })
    // somebody changes an event and computes all digests again: the log alone cannot tell, who kept one can
    const db = new Database(file('events.db'))
    db.exec(`DROP TRIGGER events_are_never_changed; DELETE FROM digests;
      UPDATE events SET data = json_set(data, '$.category', 'A4b') WHERE position =
        (SELECT min(position) FROM events WHERE type = 'TicketRegistered')`)
    while (chainSome(db) !== null);
    db.close()
    rmSync(file('views.db'))
    expect(await runHere('src/cli/verify.ts', { DATA_DIR: dir })).toMatchObject({ code: 0 })
    expect(await verify()).toMatchObject({
      code: 1,
      output: expect.stringContaining(
        `The digest you gave is of the log up to event ${kept.position}, and the log up to there has another digest by now`,
      ),
    })
    expect(await runHere('src/cli/verify.ts', { DATA_DIR: dir }, ['--digest', 'nonsense'])).toMatchObject({
      code: 2,
      output: expect.stringContaining('Usage: npm run verify'),
    })
  })
})
