import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { eventually, type ServiceProcess, startProcess } from './serviceProcess.ts'
import { csr, enterMasterData } from './writers.ts'

const run = (command: string, ...args: string[]): void => {
  execFileSync(command, args, { stdio: 'ignore' })
}

const dir = mkdtempSync(join(tmpdir(), 'complaints-disk-'))
const mounted = (() => {
  try {
    run('mount', '-t', 'tmpfs', '-o', 'size=40m,mode=700', 'complaints', dir)
    return true
  } catch {
    return false
  }
})()
// where no file system may be mounted the test is reported as skipped
const onSmallDisk = mounted ? test : test.skip

const kB = 1024
const filler = join(dir, 'filler')
/** Fills the disk but for so many bytes; again where the service took some of them meanwhile. */
const leave = (free: number, tries = 20): void => {
  rmSync(filler, { force: true })
  const { bavail, bsize } = statfsSync(dir)
  try {
    writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - free)))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC' || tries === 0) throw error
    leave(free, tries - 1)
  }
}

describe('a disk that is nearly full', () => {
  let service: ServiceProcess
  beforeAll(async () => {
    if (!mounted) return
    service = await startProcess(join(dir, 'data'))
    await service.ready()
    await enterMasterData(service)
  }, 60_000)
  afterEach(() => rmSync(filler, { force: true }))
  afterAll(async () => {
    if (mounted) {
      await service.kill('SIGKILL')
      run('umount', dir)
    }
    rmSync(dir, { recursive: true, force: true })
  })

  let customers = 0
  /** Whether the service says it is ready, and whether each of many complaints is taken in. */
  const asked = async () => {
    const { status } = await service.call(null, 'GET', '/readyz')
    const complaint = () => ({
      channel: 'phone',
      category: 'A4a',
      dealerCode: 'D001',
      customer: { name: '王小明', phone: `1391${String(customers++).padStart(7, '0')}` },
      content: '长'.repeat(200),
    })
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => service.call(csr, 'POST', '/v1/complaints', { body: complaint() })),
    )
    return { ready: status, writes: [...new Set(answers.map((answer) => answer.status))] }
  }

  onSmallDisk(
    'is ready exactly where it takes writes, however little room is left',
    async () => {
      expect(await asked()).toEqual({ ready: 200, writes: [201] })
      for (const free of [1_900 * kB, 700 * kB, 64 * kB, 8 * kB, 0]) {
        leave(free)
        expect({ free, ...(await asked()) }).toEqual({ free, ready: 503, writes: [503] })
      }
      leave(6_000 * kB)
      await eventually('it is ready again', async () =>
        (await service.call(null, 'GET', '/readyz')).status === 200 ? true : undefined,
      )
      expect(await asked()).toEqual({ ready: 200, writes: [201] })
    },
    120_000,
  )
})
