/** A process that makes many appends at once to the EventStoreDB at an address and ends: for tests that harm it. */
import { readEsdbAddress } from '../../src/store/esdb/address.ts'
import { openEsdbStore } from '../../src/store/esdb/store.ts'
import { someEvents } from './events.ts'

const [, , address, count] = process.argv
const store = openEsdbStore({ address: readEsdbAddress(address as string), times: { append: 2_000 } })
const text = 'x'.repeat(2_000)
const appends = Array.from({ length: Number(count) }, (_, n) =>
  store.append(`ticket-${n}`, 0, someEvents([{ text }])),
)
const done = await Promise.allSettled(appends)
await store.close()
console.log(`${done.filter((each) => each.status === 'fulfilled').length} appended`)
