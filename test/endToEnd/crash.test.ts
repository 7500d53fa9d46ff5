import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from '@jest/globals'
import Database from 'better-sqlite3'
import { temporaryFolder } from '../store/folder.ts'
import { expectAcknowledged, expectEqualToRebuild, expectExactly, expectReplays } from './account.ts'
import { eventually, type ServiceProcess, startProcess } from './serviceProcess.ts'
import { enterMasterData, namePrefix, phonePrefix, type Write, writeUntil } from './writers.ts'

const rounds = 2
const loadMs = 1_500
/** Writes answered before the crash that are repeated after it, the newest ones. */
const repeated = 150

/** The log as a crash right after the newest event of that type would have left it; there are no views yet. */
const cutAfterNewest = (dataDir: string, type: string): void => {
  const db = new Database(join(dataDir, 'events.db'))
  const newest = db
    .prepare<[string], number>('SELECT max(position) FROM events WHERE type = ?')
    .pluck()
    .get(type)
  db.exec('DROP TRIGGER events_are_never_deleted')
  db.prepare('DELETE FROM events WHERE position > ?').run(newest)
  db.close()
  rmSync(join(dataDir, 'views.db'))
}

describe('a service killed under load', () => {
  let service: ServiceProcess | undefined
  let remove = async (): Promise<void> => {}
  afterEach(async () => {
    await service?.kill('SIGKILL')
    await remove()
  })

  test('has everything it acknowledged, and does what it left unanswered exactly once', async () => {
    const folder = await temporaryFolder()
    remove = folder.remove
    const account: Write[] = []
    const outputs: string[] = []
    service = await startProcess(folder.dir)
    await service.ready()
    await enterMasterData(service)

    for (let round = 1; round <= rounds; round++) {
      const writing = writeUntil(service, account, { count: 16, enough: () => false })
      await sleep(loadMs)
      const { signal, output } = await service.kill('SIGKILL')
      expect(signal).toBe('SIGKILL')
      outputs.push(output)
      await writing
      expect(account.length).toBeGreaterThan(round * 50)

      service = await startProcess(folder.dir)
      await service.ready()
      await expectAcknowledged(service, account)
      const unanswered = account.filter(({ answer }) => answer === undefined)
      await expectReplays(service, [...unanswered, ...account.slice(-repeated)])
      await expectExactly(service, folder.dir, account)

      outputs.push((await service.kill('SIGTERM')).output)
      await expectEqualToRebuild(folder.dir)
      service = await startProcess(folder.dir)
      await service.ready()
      await expectExactly(service, folder.dir, account)
    }

    for (const output of outputs) {
      expect(output).not.toContain(phonePrefix)
      expect(output).not.toContain(namePrefix)
    }
  })

  test.each([
    ['repeat', 'RepeatLinked'],
    ['duplicate', 'MarkedDuplicate'],
  ])('finishes an act on two tickets that was left half done: %s', async (kind, firstHalf) => {
    const folder = await temporaryFolder()
    remove = folder.remove
    const account: Write[] = []
    service = await startProcess(folder.dir)
    await service.ready()
    await enterMasterData(service)
    await writeUntil(service, account, { count: 1, enough: () => account.at(-1)?.kind === kind })
    await service.kill('SIGTERM')
    cutAfterNewest(folder.dir, firstHalf)

    service = await startProcess(folder.dir)
    await service.ready()
    const { output } = service
    await eventually('it is finished', () => /"completed":1/.test(output()) || undefined)
    await expectExactly(service, folder.dir, account)
    await expectReplays(service, account)
    await service.kill('SIGTERM')
    await expectEqualToRebuild(folder.dir)
  })
})
