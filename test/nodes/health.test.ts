import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { until } from '../store/events.ts'
import { enterNetwork } from '../support/network.ts'
import { csr, scenarioOf } from '../support/scenario.ts'
import { startTestService, type TestService } from '../support/service.ts'
import { type StandIn, startStandIn } from '../support/wire/standIn.ts'

let standIn: StandIn
let service: TestService
beforeEach(async () => {
  standIn = await startStandIn()
  service = await startTestService({ eventStore: standIn.address })
  await enterNetwork(service)
})
afterEach(async () => {
  await service.close()
  await standIn.stop()
})

const metric = async (name: string): Promise<number> => {
  const { body } = await service.deps.metrics.scrape()
  return Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (.+)$`, 'm').exec(body)?.[1])
}

describe('a node over EventStoreDB', () => {
  test('says how it is connected, and how far its views are behind in events and seconds', async () => {
    const { register } = scenarioOf(service)
    await register({}, csr)
    await until(() => service.deps.store.connection?.().state === 'connected')
    const { status, body } = await service.call(null, 'GET', '/readyz')
    expect([status, body.store, body.connection]).toEqual([
      200,
      'ok',
      { state: 'connected', resubscribed: 0 },
    ])
    for (const view of body.projections) {
      expect(view.lagSeconds).toBeGreaterThanOrEqual(0)
    }
    expect(await metric('event_store_connected')).toBe(1)
    expect(await metric('subscription_lag_seconds')).toBeGreaterThanOrEqual(0)
    standIn.endSubscriptions('end')
    await until(() => (service.deps.store.connection?.().resubscribed ?? 0) === 1)
    expect(await metric('event_store_resubscriptions')).toBe(1)
  })

  test('costs the server one read a question, however much there is and however far views are behind', async () => {
    const { register } = scenarioOf(service)
    for (let n = 0; n < 20; n += 1) await register({}, csr)
    const { reads, subscriptions } = standIn.counts
    for (let n = 0; n < 20; n += 1) await service.call(null, 'GET', '/readyz')
    // the watch looks by itself now and then
    expect(standIn.counts.reads - reads).toBeLessThanOrEqual(22)
    expect(standIn.counts.subscriptions).toBe(subscriptions)
  })

  test('is unready without its server, and still says what it knows', async () => {
    await standIn.stop()
    const { status, body } = await service.call(null, 'GET', '/readyz')
    expect([status, body.store]).toEqual([503, 'unavailable'])
    await until(() => service.deps.store.connection?.().state === 'lost')
    expect(await metric('event_store_connected')).toBe(0)
  })
})
