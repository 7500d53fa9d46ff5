import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createDistributedLocks, type LockTimes, type LogLocks } from '../../src/nodes/distributedLocks.ts'
import { readEsdbAddress } from '../../src/store/esdb/address.ts'
import { type EsdbStore, openEsdbStore } from '../../src/store/esdb/store.ts'
import { until } from '../store/events.ts'
import { type StandIn, startStandIn } from '../support/wire/standIn.ts'

const times: LockTimes = { lease: 1_200, work: 300, timeout: 4_000 }

let standIn: StandIn
const stores: EsdbStore[] = []
beforeEach(async () => {
  standIn = await startStandIn()
})
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close()
  await standIn.stop()
})

let nodes = 0
/** A node with a store of its own; `silence` lets its appends fail from then on. */
const node = (): LogLocks & { silence(): void } => {
  const store = openEsdbStore({ address: readEsdbAddress(standIn.address) })
  stores.push(store)
  let isSilent = false
  const locks = createDistributedLocks({
    store: {
      append: (...append) => (isSilent ? Promise.reject(new Error('away')) : store.append(...append)),
      expireAfter: (...expire) => store.expireAfter(...expire),
    },
    identity: { node: `node-${++nodes}`, incarnation: 1 },
    reached: async () => true,
    times,
  })
  store.follow(
    null,
    (events, reached) => locks.heard(events, reached ?? null),
    () => {},
  )
  const silence = (): void => {
    isSilent = true
  }
  return { ...locks, silence }
}

const never = (): void => {
  throw new Error('the lock was lost')
}

describe('a lock that is held', () => {
  test('is renewed for longer than its lease, and no other node gets it until it is released', async () => {
    const [a, b] = [node(), node()]
    const lease = await a.hold('webhooks', never)
    await until(() => b.open().length === 1)
    const from = performance.now()
    while (performance.now() - from < 3 * times.lease) {
      expect(await b.hold('webhooks', never)).toBeNull()
      expect(lease?.isHeld()).toBe(true)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    lease?.release()
    await until(() => b.open().length === 0)
    expect(lease?.isHeld()).toBe(false)
    const next = await b.hold('webhooks', never)
    expect(next?.isHeld()).toBe(true)
    next?.release()
  })

  test('is lost in time by a node that cannot renew it, before another gets it', async () => {
    const [a, b] = [node(), node()]
    let lostAt = Number.POSITIVE_INFINITY
    const lease = await a.hold('webhooks', () => {
      lostAt = performance.now()
    })
    await until(() => b.open().length === 1)
    a.silence()
    await until(() => b.open().length === 0)
    const taken = await b.hold('webhooks', never)
    expect(taken?.isHeld()).toBe(true)
    taken?.release()
    expect(lostAt).toBeLessThan(performance.now())
    expect(lease?.isHeld()).toBe(false)
  })

  test('is given to one of those who ask at once', async () => {
    const [a, b] = [node(), node()]
    const leases = await Promise.all([a.hold('x', never), b.hold('x', never)])
    expect(leases.filter((lease) => lease !== null).length).toBe(1)
    for (const lease of leases) lease?.release()
  })
})
