/** `npm run rotate-master-key` killed at any step: the service starts with the key that is right, and nothing is lost. */

import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { loadMasterKey } from '../../src/keys/masterKey.ts'
import { openSqliteKeys } from '../../src/keys/sqliteKeys.ts'
import { csr, scenarioOf, startScenario } from '../support/scenario.ts'
import { startTestService } from '../support/service.ts'
import { runHere } from './runHere.ts'

const root = join(import.meta.dirname, '../..')
const script = 'src/cli/rotateMasterKey.ts'
const phone = '13911112222'
let folder: string
let ticketNo: string
let cursor: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rotate-'))
  const s = await startScenario({ dataDir: folder })
  ticketNo = await s.register({ customer: { name: '赵一', phone } })
  await s.register()
  cursor = (await s.get('tickets?limit=1')).body.nextCursor
  await s.service.close()
  // enough that the rewrapping takes a while
  const keys = openSqliteKeys(join(folder, 'keys.db'), loadMasterKey(folder, undefined), { poolSize: 30_000 })
  keys.create()
  keys.close()
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const masterKeyFile = (): string => readFileSync(join(folder, 'master.key'), 'utf8')

const checkService = async (): Promise<void> => {
  const service = await startTestService({ dataDir: folder, now: '2026-03-02T02:00:00.000Z' })
  try {
    const s = scenarioOf(service)
    expect((await s.ticket(ticketNo)).customer.name).toBe('赵一')
    expect((await s.post(csr, 'tickets/search', { phone })).body.items).toMatchObject([{ ticketNo }])
    expect((await s.get(`tickets?limit=1&cursor=${cursor}`)).status).toBe(200)
  } finally {
    await service.close()
  }
}

test('killed at any moment, it leaves a folder that starts, and run again it is done', async () => {
  const before = masterKeyFile()
  for (const afterMs of [150, 300, 450, 600, 750]) {
    const child = spawn(process.execPath, [join(root, script)], {
      env: { ...process.env, DATA_DIR: folder },
      stdio: 'ignore',
    })
    const ended = new Promise((resolve) => child.once('exit', resolve))
    await sleep(afterMs)
    child.kill('SIGKILL')
    await ended
    await checkService()
  }
  const { code, output } = await runHere(script, { DATA_DIR: folder })
  expect([code, output]).toEqual([0, expect.stringContaining('keys are under the new master key.')])
  expect(masterKeyFile()).not.toBe(before)
  await checkService()
}, 120_000)

test('takes the new key from NEW_MASTER_KEY, and says what is missing', async () => {
  const [now, next] = [masterKeyFile().trim(), Buffer.alloc(32, 7).toString('base64')]
  const missing = await runHere(script, { DATA_DIR: folder, MASTER_KEY: now })
  expect([missing.code, missing.output]).toEqual([2, expect.stringContaining('NEW_MASTER_KEY')])
  const variables = { DATA_DIR: folder, MASTER_KEY: now, NEW_MASTER_KEY: next }
  const done = await runHere(script, variables)
  expect([done.code, done.output]).toEqual([0, expect.stringContaining('MASTER_KEY set to the new key')])
  expect(done.output).not.toContain(next)
  const again = await runHere(script, variables)
  expect([again.code, again.output]).toEqual([0, expect.stringContaining('already')])
  const verified = await runHere('src/cli/verify.ts', { DATA_DIR: folder, MASTER_KEY: next })
  expect([verified.code, verified.output]).toEqual([0, expect.stringContaining('all is well')])
  const refused = await runHere('src/cli/verify.ts', { DATA_DIR: folder, MASTER_KEY: now })
  expect([refused.code, refused.output]).toEqual([2, expect.stringContaining('another master key')])
}, 60_000)
