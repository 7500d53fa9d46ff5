import { rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { temporaryFolder } from '../store/folder.ts'
import { expectEqualToRebuild, expectExactly } from './account.ts'
import { digestOfViews } from './facts.ts'
import { runToEnd, type ServiceProcess, startProcess } from './serviceProcess.ts'
import { enterMasterData, type Write, writeUntil } from './writers.ts'

describe('the views file', () => {
  let dir: string
  let remove: () => Promise<void>
  let service: ServiceProcess
  let account: Write[]

  beforeEach(async () => {
    const folder = await temporaryFolder()
    dir = folder.dir
    remove = folder.remove
    account = []
    service = await startProcess(dir)
    await service.ready()
    await enterMasterData(service)
    await writeUntil(service, account, { count: 4, enough: () => account.length >= 60 })
  })
  afterEach(async () => {
    await service.kill('SIGKILL')
    await remove()
  })

  const shorten =
    (share: number) =>
    (file: string): void =>
      truncateSync(file, Math.floor(statSync(file).size * share))

  test.each<[string, (file: string) => void]>([
    ['deleted', (file) => rmSync(file)],
    ['empty', shorten(0)],
    ['cut to three quarters', shorten(0.75)],
    ['cut inside its first page', (file) => truncateSync(file, 100)],
    ['overwritten by something else', (file) => writeFileSync(file, 'x'.repeat(20_000))],
  ])('is rebuilt by the start that finds it %s', async (_, damage) => {
    expect((await service.kill('SIGTERM')).code).toBe(0)
    damage(join(dir, 'views.db'))
    service = await startProcess(dir)
    await service.ready()
    await expectExactly(service, dir, account)
    await service.kill('SIGTERM')
    // Not compared with the view before the damage: the service itself adds events, such as due facts.
    await expectEqualToRebuild(dir)
  })

  test.each([0.3, 0.75])('is rebuilt where a crash left it and %d of it are there', async (share) => {
    await service.kill('SIGKILL')
    shorten(share)(join(dir, 'views.db'))
    service = await startProcess(dir)
    await service.ready()
    await expectExactly(service, dir, account)
    await service.kill('SIGTERM')
    await expectEqualToRebuild(dir)
  })

  test('comes out of a rebuild as it was, also after a crash', async () => {
    await service.kill('SIGKILL')
    const rebuilt = await runToEnd('src/cli/rebuild.ts', { DATA_DIR: dir })
    expect(rebuilt).toMatchObject({
      code: 0,
      output: expect.stringMatching(/100 %, (\d+) of \1 events.*\nThe new views are in place\.\n$/),
    })
    service = await startProcess(dir)
    await service.ready()
    await expectExactly(service, dir, account)
    await service.kill('SIGTERM')
    await expectEqualToRebuild(dir)
  })

  test('stays as it is where a rebuild cannot be done', async () => {
    await service.kill('SIGTERM')
    const before = digestOfViews(dir)
    const otherKey = Buffer.alloc(32, 7).toString('base64')
    const refused = await runToEnd('src/cli/rebuild.ts', { DATA_DIR: dir, MASTER_KEY: otherKey })
    expect(refused).toMatchObject({ code: 2, output: expect.stringContaining('another master key') })
    expect(digestOfViews(dir)).toEqual(before)
  })

  test('is not looked for where there is no log', async () => {
    const { code, output } = await runToEnd('src/cli/rebuild.ts', { DATA_DIR: join(dir, 'nothing') })
    expect({ code, output }).toEqual({ code: 2, output: expect.stringMatching(/^There is no log in .*\n$/) })
  })
})
