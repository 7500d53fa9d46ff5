import { afterAll, beforeAll } from '@jest/globals'
import type { EventStore } from '../../domain/eventStore.ts'
import { readEsdbAddress } from '../../src/store/esdb/address.ts'
import { openEsdbStore } from '../../src/store/esdb/store.ts'
import { describeOnRealServer, onItsOwn, type RealServer, realServer } from '../support/eventStoreDb.ts'
import { eventStoreContract, type OpenedStore } from './contract.ts'

/** An empty log of its own on a server. */
export const openedOn = async (address: string): Promise<OpenedStore> => {
  const options = { address: readEsdbAddress(onItsOwn(address)) }
  let store = openEsdbStore(options)
  const reopen = async (): Promise<EventStore> => {
    await store.close()
    store = openEsdbStore(options)
    return store
  }
  return { store, reopen, cleanUp: () => store.close() }
}

describeOnRealServer('a real EventStoreDB', () => {
  let server: RealServer
  beforeAll(async () => {
    server = await realServer()
  }, 180_000)
  afterAll(() => server.stop())

  eventStoreContract('esdb', () => openedOn(server.address))
})
