import { cpSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { temporaryFolder } from '../store/folder.ts'
import { expectEqualToRebuild, expectExactly } from './account.ts'
import { digestOfViews } from './facts.ts'
import { runHere } from './runHere.ts'
import { runToEnd, type ServiceProcess, startProcess } from './serviceProcess.ts'
import { enterMasterData, type Write, writeUntil } from './writers.ts'

describe('the views file', () => {
  const account: Write[] = []
  /** Data folders after the same writes: of a service that was stopped, and of one that was killed. */
  const left: { stopped: string; killed: string } = { stopped: '', killed: '' }
  let removeLeft: () => Promise<void>
  let dir: string
  let remove: () => Promise<void>
  let service: ServiceProcess

  const startIn = async (folder: string): Promise<void> => {
    service = await startProcess(folder)
    await service.ready()
  }

  beforeAll(async () => {
    const folder = await temporaryFolder()
    removeLeft = folder.remove
    left.stopped = join(folder.dir, 'stopped')
    left.killed = join(folder.dir, 'killed')
    await startIn(left.stopped)
    await enterMasterData(service)
    await writeUntil(service, account, { count: 4, enough: () => account.length >= 60 })
    await service.kill('SIGKILL')
    cpSync(left.stopped, left.killed, { recursive: true })
    await startIn(left.stopped)
    expect((await service.kill('SIGTERM')).code).toBe(0)
  })
  afterAll(() => removeLeft())

  const takeFolder = async (how: keyof typeof left): Promise<void> => {
    const folder = await temporaryFolder()
    dir = folder.dir
    remove = folder.remove
    cpSync(left[how], dir, { recursive: true })
  }
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
    await takeFolder('stopped')
    damage(join(dir, 'views.db'))
    await startIn(dir)
    await expectExactly(service, dir, account)
    await service.kill('SIGTERM')
    // Not compared with the view before the damage: the service itself adds events, such as due facts.
    await expectEqualToRebuild(dir)
  })

  test.each([0.3, 0.75])('is rebuilt where a crash left it and %d of it are there', async (share) => {
    await takeFolder('killed')
    shorten(share)(join(dir, 'views.db'))
    await startIn(dir)
    await expectExactly(service, dir, account)
    await service.kill('SIGTERM')
    await expectEqualToRebuild(dir)
  })

  test('comes out of a rebuild as it was, also after a crash', async () => {
    await takeFolder('killed')
    const rebuilt = await runToEnd('src/cli/rebuild.ts', { DATA_DIR: dir })
    expect(rebuilt).toMatchObject({
      code: 0,
      output: expect.stringMatching(/100 %, (\d+) of \1 events.*\nThe new views are in place\.\n$/),
    })
    await startIn(dir)
    await expectExactly(service, dir, account)
    await service.kill('SIGTERM')
    await expectEqualToRebuild(dir)
  })

  test('stays as it is where a rebuild cannot be done', async () => {
    await takeFolder('stopped')
    const before = digestOfViews(dir)
    const otherKey = Buffer.alloc(32, 7).toString('base64')
    const refused = await runHere('src/cli/rebuild.ts', { DATA_DIR: dir, MASTER_KEY: otherKey })
    expect(refused).toMatchObject({ code: 2, output: expect.stringContaining('another master key') })
    expect(digestOfViews(dir)).toEqual(before)
  })

  test('is not looked for where there is no log', async () => {
    await takeFolder('stopped')
    const { code, output } = await runHere('src/cli/rebuild.ts', { DATA_DIR: join(dir, 'nothing') })
    expect({ code, output }).toEqual({ code: 2, output: expect.stringMatching(/^There is no log in .*\n$/) })
  })
})
