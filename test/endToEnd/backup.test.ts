import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { temporaryFolder } from '../store/folder.ts'
import { expectReplays } from './account.ts'
import { runHere } from './runHere.ts'
import { eventually, runToEnd, type ServiceProcess, startProcess } from './serviceProcess.ts'
import { enterMasterData, type Write, writeUntil } from './writers.ts'

describe('backup', () => {
  let dir: string
  let dataDir: string
  let remove: () => Promise<void>
  let service: ServiceProcess
  // one service for all, beside which they are made
  beforeAll(async () => {
    const folder = await temporaryFolder()
    dir = folder.dir
    dataDir = join(dir, 'data')
    remove = folder.remove
    service = await startProcess(dataDir)
    await service.ready()
    await enterMasterData(service)
  })
  afterAll(async () => {
    await service.kill('SIGKILL')
    await remove()
  })

  const backUp = (to: string, from = dataDir) => runHere('src/cli/backup.ts', { DATA_DIR: from }, [to])

  test('keeps the keys apart from the log, for their owner alone', async () => {
    const to = join(dir, 'apart')
    expect((await backUp(to)).code).toBe(0)
    expect([readdirSync(join(to, 'log')).sort(), readdirSync(join(to, 'keys')).sort()]).toEqual([
      ['access', 'events.db'],
      ['keys.db', 'master.key'],
    ])
    for (const name of ['log/events.db', 'keys/keys.db', 'keys/master.key'])
      expect(statSync(join(to, name)).mode & 0o777).toBe(0o600)
  })

  test('never goes over another, nor over keys that are kept apart', async () => {
    const to = join(dir, 'kept')
    await backUp(to)
    const before = statSync(join(to, 'log', 'events.db')).mtimeMs
    expect(await backUp(to)).toMatchObject({
      code: 2,
      output: expect.stringContaining('holds a backup already'),
    })
    expect(statSync(join(to, 'log', 'events.db')).mtimeMs).toBe(before)
    // keys that are kept apart from their log
    rmSync(join(to, 'log'), { recursive: true })
    expect(await backUp(to)).toMatchObject({
      code: 2,
      output: expect.stringContaining('holds a backup already'),
    })
    expect(existsSync(join(to, 'keys', 'keys.db'))).toBe(true)
  })

  test('that fails leaves nothing', async () => {
    const { dir: empty, remove: removeEmpty } = await temporaryFolder()
    const broken = join(empty, 'data')
    cpSync(dataDir, broken, { recursive: true })
    for (const name of readdirSync(broken))
      if (name.startsWith('keys.db')) cpSync(join(dataDir, 'master.key'), join(broken, name))
    const to = join(empty, 'backup')
    expect((await backUp(to, broken)).code).toBe(2)
    expect(readdirSync(to)).toEqual([])
    expect(await backUp(to, join(empty, 'nothing'))).toMatchObject({
      code: 2,
      output: expect.stringContaining('There is no log in'),
    })
    await removeEmpty()
  })

  test('under load is whole: a service starts on it and has all that was acknowledged before', async () => {
    const account: Write[] = []
    let enough = false
    const writing = writeUntil(service, account, { count: 16, enough: () => enough })
    const answered = (): Write[] => account.filter(({ answer }) => answer !== undefined)
    await eventually('there is something to back up', () => answered().length >= 20 || undefined)
    const acknowledged = answered()
    const { code, output } = await runToEnd('src/cli/backup.ts', { DATA_DIR: dataDir }, [join(dir, 'backup')])
    enough = true
    await writing
    expect({ code, output }).toEqual({ code: 0, output: expect.stringMatching(/\d events in .* keys in /) })
    expect(readdirSync(join(dir, 'backup')).sort()).toEqual(['keys', 'log'])
    await service.kill('SIGTERM')

    const restored = join(dir, 'restored')
    mkdirSync(restored)
    for (const part of ['log', 'keys']) cpSync(join(dir, 'backup', part), restored, { recursive: true })
    service = await startProcess(restored)
    await service.ready()
    // each is answered as it was, from what was restored and not made again
    await expectReplays(service, acknowledged)
    expect(await runHere('src/cli/verify.ts', { DATA_DIR: restored })).toMatchObject({
      code: 0,
      output: expect.stringContaining('all is well'),
    })
  })
})
