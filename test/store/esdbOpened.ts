import type { EventStore } from '../../domain/eventStore.ts'
import { readEsdbAddress } from '../../src/store/esdb/address.ts'
import { openEsdbStore } from '../../src/store/esdb/store.ts'
import { onItsOwn } from '../support/eventStoreDb.ts'
import type { OpenedStore } from './openedStore.ts'

/** An empty log of its own on the server at an address. */
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
