/** In a process of its own: appends and reads through the adapter and through the bare client, taking turns. */
import { EventStoreDBClient, type JSONType, jsonEvent } from '@eventstore/db-client'
import { readEsdbAddress } from '../../../src/store/esdb/address.ts'
import { openEsdbStore } from '../../../src/store/esdb/store.ts'
import { someEvents } from '../../store/events.ts'
import { median } from '../load.ts'

/** What is found at so many in flight: operations a second, and the median of the rounds' ratios. */
export type WireFigures = {
  inFlight: number
  what: 'append' | 'read'
  adapter: number
  bare: number
  ratio: number
}

const rounds = 9
const secondsEach = 0.7
const streamsRead = 400

const [, , given] = process.argv as [string, string, string]
const address = readEsdbAddress(given)
const store = openEsdbStore({ address })
const [{ address: host, port }] = address.endpoints as [(typeof address.endpoints)[0]]
/** The first host alone: the bench is for one node, or for its leader. */
const bare = new EventStoreDBClient(
  { endpoint: { address: host, port } },
  { insecure: !address.tls, ...(address.caFile && { rootCertificate: address.caFile }) },
  address.tls ? address.credentials : undefined,
)

/** Events of some 600 bytes with their metadata, as a ticket's are. */
const data = [{ text: 'x'.repeat(330) }]
let next = 0

const work = {
  append: {
    adapter: () => store.append(`ticket-${next++}`, 0, someEvents(data)),
    bare: () => {
      const [event] = someEvents(data) as [ReturnType<typeof someEvents>[0]]
      const { metadata, ...rest } = event
      const json = { ...rest, data: event.data as JSONType, metadata: metadata as unknown as JSONType }
      return bare.appendToStream(`${address.prefix}ticket-${next++}`, jsonEvent(json), {
        expectedRevision: 'no_stream',
      })
    },
  },
  read: {
    adapter: () => store.readStream(`ticket-${next++ % streamsRead}`),
    bare: async () => {
      const found = []
      for await (const each of bare.readStream(`${address.prefix}ticket-${next++ % streamsRead}`))
        found.push(each)
      return found
    },
  },
}

const perSecond = async (inFlight: number, one: () => Promise<unknown>): Promise<number> => {
  const began = performance.now()
  const end = began + secondsEach * 1_000
  let done = 0
  const turn = async (): Promise<void> => {
    while (performance.now() < end) {
      await one()
      done += 1
    }
  }
  await Promise.all(Array.from({ length: inFlight }, turn))
  return (done * 1_000) / (performance.now() - began)
}

const compete = async (what: 'append' | 'read', inFlight: number): Promise<WireFigures> => {
  const { adapter, bare: alone } = work[what]
  await perSecond(inFlight, adapter)
  await perSecond(inFlight, alone)
  const pairs: [number, number][] = []
  for (let round = 0; round < rounds; round += 1) {
    // each as often first as second
    const first = await perSecond(inFlight, round % 2 === 0 ? adapter : alone)
    const second = await perSecond(inFlight, round % 2 === 0 ? alone : adapter)
    pairs.push(round % 2 === 0 ? [first, second] : [second, first])
  }
  return {
    inFlight,
    what,
    adapter: median(pairs.map(([value]) => value)),
    bare: median(pairs.map(([, value]) => value)),
    ratio: median(pairs.map(([one, other]) => one / other)),
  }
}

const found: WireFigures[] = []
for (const inFlight of [1, 16, 64, 256])
  for (const what of ['append', 'read'] as const) found.push(await compete(what, inFlight))
process.send?.(found)
await store.close()
await bare.dispose()
process.exit()
