/** The server killed in the middle of its work: readers resume at the next one and are told what the log has, each event once. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { announcedOf } from '../../domain/announced.ts'
import { openSqliteStore } from '../../src/store/sqliteStore.ts'
import { openReader, type Reader, until } from '../api/live/readers.ts'
import type { Who } from '../support/service.ts'
import { reader as head } from './facts.ts'
import { type ServiceProcess, startProcess } from './serviceProcess.ts'
import { dealer, enterMasterData, type Write, writeUntil } from './writers.ts'

/** `SERVER_KILLS` makes longer runs. */
const kills = Number(process.env.SERVER_KILLS ?? 5)
const rbo: Who = { roles: ['rbo'], rbo: 'EAST' }
const people = Array.from({ length: 15 }, (_, index) => [head, dealer, rbo][index % 3] as Who)
const writers = 8

/** Positions of all that is announced, as the file of the log has it. */
const announcedIn = async (dataDir: string): Promise<string[]> => {
  const store = openSqliteStore(join(dataDir, 'events.db'), { readonly: true })
  const events = await store.readAll(null, 1_000_000)
  await store.close()
  return events.flatMap((event) => (announcedOf(event) === null ? [] : [event.position]))
}

const start = async (dataDir: string): Promise<ServiceProcess> => {
  const service = await startProcess(dataDir)
  await service.ready()
  return service
}

test(
  '15 readers of a server that is killed again and again lose nothing and get nothing twice',
  async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'complaints-'))
    let service = await start(dataDir)
    try {
      await enterMasterData(service)
      const readers: Reader[] = await Promise.all(
        people.map(async (who) => openReader(service.url, await service.tokenOf(who))),
      )
      const account: Write[] = []
      for (let round = 0; round < kills; round++) {
        const { length } = account
        let isKilled = false
        const writing = writeUntil(service, account, { count: writers, enough: () => isKilled })
        await until(() => account.length > length + 3 * writers, 'writes are under way')
        await sleep(Math.random() * 100)
        await service.kill('SIGKILL')
        isKilled = true
        await writing
        await until(() => readers.every(({ state }) => state.isEnded), 'the streams are cut')
        service = await start(dataDir)
        for (const reader of readers) expect(await reader.resume(service.url)).toBe(200)
      }
      const announced = await announcedIn(dataDir)
      expect(announced.length).toBeGreaterThan(kills * writers)
      for (const reader of readers) {
        await until(() => reader.told.length >= announced.length, `${announced.length} events`)
        expect(reader.told.map(({ id }) => id)).toEqual(announced)
      }
      await Promise.all(readers.map((reader) => reader.cut()))
    } finally {
      await service.kill('SIGKILL')
      rmSync(dataDir, { recursive: true, force: true })
    }
  },
  60_000 + kills * 30_000,
)
