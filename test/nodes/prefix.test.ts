import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { readEsdbAddress } from '../../src/store/esdb/address.ts'
import { type EsdbStore, openEsdbStore } from '../../src/store/esdb/store.ts'
import { idsOf, recorder, someEvents, until } from '../store/events.ts'
import { startTestService } from '../support/service.ts'
import { type StandIn, startStandIn } from '../support/wire/standIn.ts'

let standIn: StandIn
const stores: EsdbStore[] = []
beforeEach(async () => {
  standIn = await startStandIn()
})
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close()
  await standIn.stop()
})

const opened = (prefix?: string): EsdbStore => {
  const more = prefix === undefined ? '' : `&streamPrefix=${prefix}`
  const store = openEsdbStore({ address: readEsdbAddress(`${standIn.address}${more}`) })
  stores.push(store)
  return store
}

describe('two installations whose prefixes nest', () => {
  test.each([
    [undefined, 'complaint-tickets.east.'],
    ['P.', 'P.b.'],
  ])('%s and %s know nothing of each other', async (outer, inner) => {
    const [own, other] = [opened(outer), opened(inner)]
    const events = someEvents(2)
    await own.append('ticket-1', 0, events)
    const head = await own.head()
    await other.append('ticket-1', 0, someEvents(3))
    await other.append('turns-1', 0, someEvents(1))
    const { ids, onBatch, onStopped } = recorder()
    own.follow(null, onBatch, onStopped)
    await until(() => ids().length >= 2)
    expect(ids()).toEqual(idsOf(events))
    expect(idsOf(await own.readAll(null, 100))).toEqual(idsOf(events))
    expect(await own.head()).toBe(head)
    expect(await own.readStream('ticket-1')).toHaveLength(2)
    expect(await other.readAll(null, 100)).toHaveLength(4)
  })
})

describe('a prefix without a dot at its end', () => {
  test('is refused for a new log with a sentence, and goes on for a log that has begun under it', async () => {
    const address = `${standIn.address}&streamPrefix=brand-b`
    await expect(startTestService({ eventStore: address })).rejects.toThrow('ends with a dot')
    await opened('brand-b').append('master-key', 0, someEvents(1))
    await expect(startTestService({ eventStore: address })).rejects.toThrow('master key')
  })
})
