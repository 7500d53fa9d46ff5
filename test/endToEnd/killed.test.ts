import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import Database from 'better-sqlite3'
import { temporaryFolder } from '../store/folder.ts'
import { type Json, startTestService, type Who } from '../support/service.ts'
import { runHere } from './runHere.ts'
import { killedWhen, runToEnd, type ServiceProcess, startProcess } from './serviceProcess.ts'

const fixture = (name: string): string =>
  readFileSync(new URL(`../fixtures/quarter/${name}`, import.meta.url), 'utf8')
const history = fixture('history.ndjson')
const lines = history.trimEnd().split('\n').length
const admin: Who = { roles: ['admin'] }
const hq: Who = { roles: ['hq_sales'] }

describe('killed in the middle', () => {
  /** Data folders with the network, and with the history besides. */
  let made: { network: string; history: string }
  let removeMade: () => Promise<void>
  beforeAll(async () => {
    const folder = await temporaryFolder()
    removeMade = folder.remove
    made = { network: join(folder.dir, 'network'), history: join(folder.dir, 'history') }
    const master = JSON.parse(fixture('master.json')) as Record<string, Record<string, Json>>
    const first = await startTestService({ dataDir: made.network, now: new Date().toISOString() })
    for (const kind of ['rbos', 'dealers'])
      for (const [code, body] of Object.entries(master[kind] ?? {}))
        await first.call(admin, 'PUT', `/v1/${kind}/${code}`, { body })
    await first.close()
    cpSync(made.network, made.history, { recursive: true })
    const second = await startTestService({ dataDir: made.history, now: new Date().toISOString() })
    const headers = { 'content-type': 'application/x-ndjson' }
    const { body } = await second.call(admin, 'POST', '/v1/imports', { body: history, headers })
    expect(body).toMatchObject({ lines, rejectedCount: 0 })
    await second.close()
  })
  afterAll(() => removeMade())

  let dir: string
  let remove: () => Promise<void>
  let service: ServiceProcess | undefined
  const takeFolder = async (of: keyof typeof made): Promise<void> => {
    ;({ dir, remove } = await temporaryFolder())
    cpSync(made[of], dir, { recursive: true })
  }
  afterEach(async () => {
    await service?.kill('SIGKILL')
    await remove()
  })
  const start = async (): Promise<ServiceProcess> => {
    service = await startProcess(dir)
    await service.ready()
    return service
  }
  const events = (file = join(dir, 'events.db')): number => {
    const db = new Database(file, { readonly: true })
    try {
      return db.prepare<[], number>('SELECT count(*) FROM events').pluck().get() as number
    } finally {
      db.close()
    }
  }
  const importFile = (): string => {
    const file = join(dir, 'history.ndjson')
    writeFileSync(file, history)
    return file
  }
  /** By HTTP. @throws TypeError where the service goes away */
  const send = async ({ url, tokenOf }: ServiceProcess): Promise<Json> => {
    const response = await fetch(`${url}/v1/imports`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await tokenOf(admin)}`,
        'content-type': 'application/x-ndjson',
      },
      body: history,
    })
    return response.json()
  }
  const expectWhole = async (dataDir = dir): Promise<void> =>
    expect(await runHere('src/cli/verify.ts', { DATA_DIR: dataDir })).toMatchObject({
      code: 0,
      output: expect.stringContaining('all is well'),
    })

  test('an import by HTTP is sent again and ends as it would have', async () => {
    await takeFolder('network')
    const killed = await start()
    const before = events()
    const sending = send(killed).catch(() => null)
    while (events() < before + 150) await sleep(1)
    await killed.kill('SIGKILL')
    await sending
    const after = await start()
    const again = await send(after)
    expect(again).toMatchObject({ lines, rejectedCount: 0 })
    expect([again.applied > 0, again.unchanged > 0, again.applied + again.unchanged]).toEqual([
      true,
      true,
      lines,
    ])
    expect(await send(after)).toMatchObject({ lines, applied: 0, unchanged: lines })
    await after.kill('SIGTERM')
    await expectWhole()
  }, 120_000)

  test('an import by the command line is run again and ends as it would have', async () => {
    await takeFolder('network')
    const before = events()
    const args = [importFile()]
    const { signal } = await killedWhen(
      'src/cli/import.ts',
      { DATA_DIR: dir },
      { args, enough: () => events() > before + 150 },
    )
    expect(signal).toBe('SIGKILL')
    expect(events()).toBeGreaterThan(before + 150)
    const again = await runToEnd('src/cli/import.ts', { DATA_DIR: dir }, args)
    expect([again.code, again.output]).toEqual([
      0,
      expect.stringMatching(/376 lines, [1-9]\d* applied, [1-9]\d* unchanged, 0 refused/),
    ])
    await expectWhole()
  }, 120_000)

  test('a freeze is sent again under its key: one revision, and the answer of it', async () => {
    await takeFolder('history')
    let running = await start()
    for (const [round, quarter] of ['2026Q1', '2025Q4', '2025Q3', '2025Q2'].entries()) {
      const key = `freeze-${quarter}`
      const path = `/v1/assessments/${quarter}/freeze`
      const freezing = running.call(hq, 'POST', path, { body: {}, key }).catch(() => null)
      await sleep(round * 3)
      await running.kill('SIGKILL')
      await freezing
      running = await start()
      const again = await running.call(hq, 'POST', path, { body: {}, key })
      expect([again.status, again.body]).toEqual([200, expect.objectContaining({ status: 'frozen' })])
      const revisions = await running.call(hq, 'GET', `/v1/assessments/${quarter}/revisions`)
      expect(revisions.body.items.map(({ revision }: Json) => revision)).toEqual([1])
    }
    await running.kill('SIGTERM')
    await expectWhole()
  }, 180_000)

  test('a backup is run again into the same folder, and is whole', async () => {
    await takeFolder('history')
    await start()
    const to = join(dir, '..', `${Date.now()}-backup`)
    const { signal } = await killedWhen(
      'src/cli/backup.ts',
      { DATA_DIR: dir },
      { args: [to], enough: () => existsSync(join(to, 'log.unfinished')) },
    )
    expect([signal, existsSync(join(to, 'log'))]).toEqual(['SIGKILL', false])
    // killed between the two renames, keys were in place already
    mkdirSync(join(to, 'keys'))
    writeFileSync(join(to, 'keys', 'keys.db'), 'half')
    expect((await runHere('src/cli/backup.ts', { DATA_DIR: dir }, [to])).code).toBe(0)
    expect(readdirSync(to).sort()).toEqual(['keys', 'log'])
    expect(events(join(to, 'log', 'events.db'))).toBe(events())
  }, 120_000)

  test('a rebuild and a verify leave nothing behind after the next start, and the old views serve', async () => {
    await takeFolder('history')
    const { signal } = await killedWhen(
      'src/cli/rebuild.ts',
      { DATA_DIR: dir },
      { enough: () => existsSync(join(dir, 'views.new.db')) },
    )
    expect(signal).toBe('SIGKILL')
    const left = [
      'views.new.db',
      'views.new.db-wal',
      'views.new.db-shm',
      'views.db.part',
      'views.new.db.part-wal',
    ]
    const drafts = ['master.key.0123456789ab', 'development.key.0123456789ab']
    for (const name of [...left, ...drafts]) writeFileSync(join(dir, name), 'left')
    for (const name of drafts) utimesSync(join(dir, name), 1, 1)
    // no process has that number
    const temporary = join(tmpdir(), 'complaint-tickets-4194305-left')
    mkdirSync(temporary, { recursive: true })
    const { output, call, kill } = await start()
    expect(readdirSync(dir).filter((name) => [...left, ...drafts].includes(name))).toEqual([])
    expect(existsSync(temporary)).toBe(false)
    expect(output()).toContain('left in the data folder was removed')
    expect((await call(hq, 'GET', '/v1/tickets?limit=1')).status).toBe(200)
    await kill('SIGTERM')
    await expectWhole()
  }, 120_000)
})
