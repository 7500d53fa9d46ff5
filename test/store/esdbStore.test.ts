import { randomUUID } from 'node:crypto'
import type { EventStore } from '../../domain/eventStore.ts'
import { readEsdbAddress } from '../../src/store/esdb/address.ts'
import { openEsdbStore } from '../../src/store/esdb/store.ts'
import { eventStoreContract } from './contract.ts'

const open = async (address: string) => {
  const prefix = `test-${randomUUID()}.`
  const options = { address: readEsdbAddress(address), prefix }
  let store = openEsdbStore(options)
  const reopen = async (): Promise<EventStore> => {
    await store.close()
    store = openEsdbStore(options)
    return store
  }
  return { store, reopen, cleanUp: () => store.close() }
}
eventStoreContract('esdb', () => open(process.env.ESDB_URL!))
