import { join } from 'node:path'
import { afterAll, beforeAll, describe } from '@jest/globals'
import type { EventStore } from '../../domain/eventStore.ts'
import { openSqliteStore } from '../../src/store/sqliteStore.ts'
import { describeOnRealServer, realServer } from '../support/eventStoreDb.ts'
import { startStandIn } from '../support/wire/standIn.ts'
import { eventStoreContract } from './contract.ts'
import { openedOn } from './esdbOpened.ts'
import { temporaryFolder } from './folder.ts'
import type { OpenedStore } from './openedStore.ts'

const openSqlite = async (): Promise<OpenedStore> => {
  const { dir, remove } = await temporaryFolder()
  const file = join(dir, 'events.db')
  let store = openSqliteStore(file)
  const reopen = async (): Promise<EventStore> => {
    await store.close()
    store = openSqliteStore(file)
    return store
  }
  return { store, reopen, cleanUp: () => store.close().then(remove) }
}

type Server = { address: string; stop(): Promise<void> }
type Engine = { describe: (title: string, body: () => void) => void; server: (() => Promise<Server>) | null }

const engines: [string, Engine][] = [
  ['sqlite', { describe, server: null }],
  ['esdb on a stand-in for the server', { describe, server: startStandIn }],
  ['esdb on a real EventStoreDB', { describe: describeOnRealServer, server: realServer }],
]

describe.each(engines)('%s', (name, engine) => {
  engine.describe('the engine', () => {
    let server: Server | undefined
    beforeAll(async () => {
      server = await engine.server?.()
    }, 180_000)
    afterAll(() => server?.stop())

    eventStoreContract(name, () => (server === undefined ? openSqlite() : openedOn(server.address)))
  })
})
