import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { DamagedEvent } from '../../domain/eventStore.ts'
import { readEsdbAddress } from '../../src/store/esdb/address.ts'
import { openEsdbStore } from '../../src/store/esdb/store.ts'
import { recorder, someEvents, until } from '../store/events.ts'
import { collectLines } from '../support/logLines.ts'
import { enterNetwork } from '../support/network.ts'
import { problemOf, refused, type Scenario, scenarioOf } from '../support/scenario.ts'
import { startTestService, type TestService } from '../support/service.ts'
import type { KeptEvent } from '../support/wire/messages.ts'
import { type StandIn, startStandIn } from '../support/wire/standIn.ts'

let standIn: StandIn
beforeEach(async () => {
  standIn = await startStandIn()
})
afterEach(() => standIn.stop())

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const textOf = (data: Uint8Array): string => new TextDecoder().decode(data)
const broken = bytes('{"secret": 138')

describe('the store', () => {
  const damages: [string, Partial<KeptEvent>][] = [
    ['data', { data: broken }],
    ['metadata', { metadata: broken }],
    ['content type', { contentType: 'application/octet-stream' }],
  ]
  test.each(damages)(
    'names an event whose %s cannot be read, once, after those before it',
    async (_, damage) => {
      const store = openEsdbStore({ address: readEsdbAddress(standIn.address), times: { read: 1_000 } })
      const events = someEvents(3)
      await store.append('ticket-1', 0, events)
      const damaged = standIn.log[1] as KeptEvent
      Object.assign(damaged, damage)
      const { reads, subscriptions } = standIn.counts
      const place = {
        id: events[1]?.id,
        stream: 'ticket-1',
        position: expect.stringMatching(new RegExp(`^${damaged.position}\\b`)),
      }
      const named = (error: unknown): void => {
        expect(error).toBeInstanceOf(DamagedEvent)
        expect((error as DamagedEvent).place).toMatchObject(place)
        expect((error as DamagedEvent).message).not.toContain('secret')
      }
      named(await store.readStream('ticket-1').catch((error: unknown) => error))
      named(await store.readAll(null, 10).catch((error: unknown) => error))
      const seen = recorder()
      store.follow(null, seen.onBatch, seen.onStopped)
      await until(() => seen.errors.length > 0)
      named(seen.errors[0])
      expect(seen.ids()).toEqual([events[0]?.id])
      // nothing is asked twice for it
      expect([standIn.counts.reads - reads, standIn.counts.subscriptions - subscriptions]).toEqual([1, 2])
      expect(await store.readStream('ticket-1', 2)).toHaveLength(1)
      await store.close()
    },
  )
})

describe('a node', () => {
  const lines = collectLines()
  const folders: string[] = []
  let node: TestService
  let s: Scenario
  beforeEach(async () => {
    node = await startTestService({ eventStore: standIn.address, log: lines.log })
    await enterNetwork(node)
    s = scenarioOf(node)
  })
  afterEach(async () => {
    await node.close()
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
  })

  /** A node without views: it reads the log from its beginning. */
  const startAnother = (): Promise<TestService> => {
    const dataDir = mkdtempSync(join(tmpdir(), 'node-'))
    folders.push(dataDir)
    copyFileSync(join(node.folder, 'master.key'), join(dataDir, 'master.key'))
    return startTestService({ eventStore: standIn.address, dataDir, log: lines.log })
  }
  const registration = (ticketNo: string): KeptEvent =>
    standIn.log.find(
      ({ stream, type }) => stream.endsWith(ticketNo) && type === 'TicketRegistered',
    ) as KeptEvent

  test('answers for a ticket with a damaged event by its own code, logs where it is, and serves the others', async () => {
    const [ticketNo, other] = [await s.register(), await s.register()]
    const event = registration(ticketNo)
    event.data = broken
    const { reads } = standIn.counts
    expect(problemOf(await s.get(`tickets/${ticketNo}/timeline`))).toEqual(refused(500, 'event_damaged'))
    expect(standIn.counts.reads - reads).toBeLessThan(10)
    expect(lines.text()).toMatch(
      new RegExp(`"position":"${event.position}\\D.*"id":"${event.id}".*a stored event is damaged`),
    )
    expect(lines.text()).not.toContain('secret')
    expect((await s.get(`tickets/${other}/timeline`)).status).toBe(200)
  })

  test('that reads the log from its beginning does not start, and says which event it is', async () => {
    const ticketNo = await s.register()
    const event = registration(ticketNo)
    event.data = broken
    const { subscriptions } = standIn.counts
    await expect(startAnother()).rejects.toThrow(
      new RegExp(`^Event ${event.position}\\D.*, ${event.id} of ticket-${ticketNo}, is damaged`),
    )
    expect(standIn.counts.subscriptions - subscriptions).toBeLessThan(10)
  })

  test('that meets one while it runs stops its views, says which event it is, and asks no more', async () => {
    const ticketNo = await s.register()
    const { stream, revision } = standIn.log.findLast((event) => event.stream.endsWith(ticketNo)) as KeptEvent
    const id = crypto.randomUUID()
    const contentType = 'application/json'
    const foreign = { stream, revision: revision + 1, id, type: 'ContactLogged', contentType }
    standIn.foreign({ ...foreign, data: broken, metadata: bytes('{}') })
    await until(() => lines.text().includes('a view has stopped'))
    expect(lines.text()).toMatch(
      new RegExp(`"view":"tickets","position":"\\d[^"]*","stream":"ticket-${ticketNo}","id":"${id}"`),
    )
    const { subscriptions } = standIn.counts
    const ready = await node.call(null, 'GET', '/readyz')
    expect([ready.status, ready.text.includes('"stopped"')]).toEqual([503, true])
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect(standIn.counts.subscriptions).toBe(subscriptions)
    expect(lines.text()).not.toContain('secret')
  })

  test('shows a sealed text that was changed as unreadable, on a node that reads it again', async () => {
    const ticketNo = await s.register({ content: '请回电' })
    const event = registration(ticketNo)
    const data = JSON.parse(textOf(event.data)) as { text: string }
    data.text = `${data.text.slice(0, 60)}AAAA${data.text.slice(64)}`
    event.data = bytes(JSON.stringify(data))
    const other = await startAnother()
    try {
      const there = scenarioOf(other)
      expect((await there.ticket(ticketNo)).content).toBe('unreadable')
      expect((await there.get(`tickets/${ticketNo}/timeline`)).text).toContain('unreadable')
      expect((await other.deps.metrics.scrape()).body).toMatch(/sealed_texts_unreadable_total [1-9]/)
    } finally {
      await other.close()
    }
  })
})
