import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import Database from 'better-sqlite3'
import { strangeViews } from '../../projections/viewsOrigin.ts'
import { openSqliteStore } from '../../src/store/sqliteStore.ts'
import { runHere } from '../endToEnd/runHere.ts'
import { collectLines } from '../support/logLines.ts'
import { at, type Scenario, sa, scenarioOf, startScenario } from '../support/scenario.ts'
import { startTestService } from '../support/service.ts'

const customers = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => `1390000${String(from + index).padStart(4, '0')}`)

describe('views of another log than the one they lie beside', () => {
  let dir: string
  let dataDir: string
  let s: Scenario
  let lines: ReturnType<typeof collectLines>
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'complaints-'))
    dataDir = join(dir, 'data')
    s = await startScenario({ dataDir })
  })
  afterEach(async () => {
    await s.service.close()
    rmSync(dir, { recursive: true, force: true })
  })

  const file = (name: string): string => join(dataDir, name)
  const registerAll = async (phones: string[]): Promise<string[]> => {
    const numbers: string[] = []
    for (const phone of phones) numbers.push(await s.register({ customer: { phone } }))
    return numbers
  }
  const startAgain = async (): Promise<void> => {
    lines = collectLines()
    s = scenarioOf(await startTestService({ now: at('2026-03-03 10:00'), dataDir, log: lines.log }))
  }
  const listed = async (): Promise<string[]> =>
    (await s.get('tickets?limit=200', sa)).body.items
      .map((each: { ticketNo: string }) => each.ticketNo)
      .sort()
  /** The log as it was before its newest events were lost, with its keys. */
  const dropAfter = (position: number): void => {
    const db = new Database(file('events.db'))
    db.exec('DROP TRIGGER events_are_never_deleted')
    db.prepare('DELETE FROM events WHERE position > ?').run(position)
    // committed with the events, so lost with them
    db.prepare('DELETE FROM digests WHERE position > ?').run(position)
    db.close()
  }
  const headOf = async (): Promise<number> => Number(await s.service.deps.store.head())

  it('are rebuilt where the end of the log was lost, and nothing of what was lost is shown', async () => {
    const kept = await registerAll(customers(0, 5))
    const head = await headOf()
    await registerAll(customers(5, 30))
    await s.service.close()
    dropAfter(head)
    const verified = await runHere('src/cli/verify.ts', { DATA_DIR: dataDir })
    expect(verified).toMatchObject({
      code: 1,
      output: expect.stringContaining('The views are not of this log'),
    })

    await startAgain()
    expect(lines.text()).toMatch(/"level":40,.*which the log does not have.*they are rebuilt from it/)
    expect(await listed()).toEqual([...kept].sort())
    const key = { 'idempotency-key': 'again' }
    const phone = customers(5, 6)[0]
    const [first, again, third] = [
      await s.post({ roles: ['csr'] }, 'complaints', s.complaint({ customer: { phone } }), key),
      await s.take({ customer: { phone } }),
      await s.take({ customer: { phone } }),
    ]
    expect(first.status).toBe(201)
    expect([again.outcome, third.outcome]).toEqual(['contact_logged', 'contact_logged'])
    expect((await s.ticket(first.body.ticketNo)).calls).toBe(2)
    await s.service.close()
    expect(await runHere('src/cli/verify.ts', { DATA_DIR: dataDir })).toMatchObject({ code: 0 })
    await startAgain()
    expect(lines.text()).not.toContain('rebuilt')
  })

  it('are rebuilt where the log has other events at that place by now', async () => {
    await registerAll(customers(0, 3))
    const head = await headOf()
    await registerAll(customers(3, 9))
    await s.service.close()
    const views = join(dir, 'views.db')
    copyFileSync(file('views.db'), views)
    dropAfter(head)
    await startAgain()
    const others = await registerAll(customers(20, 30))
    await s.service.close()
    copyFileSync(views, file('views.db'))
    await startAgain()
    expect(await listed()).toEqual(expect.arrayContaining(others))
    expect(await listed()).toHaveLength(13)
  })

  it('are rebuilt where they were built from another log with the same events', async () => {
    await s.service.close()
    const log = openSqliteStore(file('events.db'), { readonly: true })
    const page = await log.readAll(null, 1_000)
    const copy = openSqliteStore(join(dir, 'copy.db'))
    for (const { stream, version, id, type, data, metadata } of page)
      await copy.append(stream, version - 1, [{ id, type, data, metadata }])
    expect(await strangeViews(file('views.db'), log)).toBeNull()
    expect(await strangeViews(file('views.db'), copy)).toBe('They were built from another log.')
    await log.close()
    await copy.close()
    await startAgain()
  })

  it.each(['tickets', 'commands', 'followUps', 'kpi'])(
    'are all rebuilt where %s alone is ahead of the log',
    async (view) => {
      const kept = await registerAll(customers(0, 3))
      await s.service.close()
      const db = new Database(file('views.db'))
      const event = JSON.stringify({ position: '9000', stream: 'ticket-x', version: 4, id: 'x' })
      db.prepare('UPDATE checkpoints SET position = ?, event = ? WHERE name = ?').run('9000', event, view)
      db.close()
      expect(await runHere('src/cli/verify.ts', { DATA_DIR: dataDir })).toMatchObject({
        code: 1,
        output: expect.stringContaining(`The view ${view} ends with event 9000`),
      })
      await startAgain()
      expect(lines.text()).toContain(`The view ${view} ends with event 9000`)
      expect(await listed()).toEqual([...kept].sort())
    },
  )
})
