import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import { toEpoch, toInstant } from '../../domain/instant.ts'
import { enterNetwork } from '../support/network.ts'
import { at, type Scenario, scenarioOf, start } from '../support/scenario.ts'
import { startTestService } from '../support/service.ts'
import { startStandIn } from '../support/wire/standIn.ts'
import { type Behaviour, behaviours, type Receiver } from './receiver.ts'
import { atTheEnd, came, endAll, hooksOf, receiver, startSending } from './support.ts'

afterEach(endAll)

const variables = { WEBHOOK_ALLOW: '127.0.0.0/8' }
const events = ['ticket.registered', 'ticket.responded']

let customers = 0
/** A ticket of a customer whom no node knows. */
const register = (by: Scenario): Promise<string> => {
  customers += 1
  return by.register({ customer: { phone: `1390000${String(customers).padStart(4, '0')}` } })
}

const folderWith = (file?: string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'complaints-'))
  atTheEnd(async () => rmSync(folder, { recursive: true, force: true }))
  if (file !== undefined) copyFileSync(file, join(folder, 'master.key'))
  return folder
}

/** Tickets whose events did not come in the order of their sequence. */
const outOfOrder = ({ received }: Receiver): string[] => {
  const last = new Map<string, number>()
  return received.flatMap(({ body: { sequence, data } }) => {
    const ticketNo = String(data.ticketNo)
    const before = last.get(ticketNo) ?? 0
    last.set(ticketNo, Math.max(before, sequence))
    return sequence < before ? [ticketNo] : []
  })
}

const sequences = ({ received }: Receiver): number[] =>
  [...new Set(received.map(({ body }) => body.sequence))].sort((a, b) => a - b)

const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n + 1)

describe('after a restart', () => {
  test('deliveries go on where they were: nothing again, what failed by its schedule', async () => {
    const dataDir = folderWith()
    const to = await receiver()
    const first = await startSending({ dataDir })
    const { id } = await hooksOf(first).create(to.url, { events })
    await register(first)
    await hooksOf(first).look()
    to.behave(behaviours.broken)
    const failed = await register(first)
    await hooksOf(first).look()
    await first.service.close()
    const service = await startTestService({ dataDir, variables, now: at(start) })
    const second = scenarioOf(service)
    atTheEnd(() => service.close())
    const hooks = hooksOf(second)
    to.behave(behaviours.ok)
    await hooks.look()
    expect(to.received).toHaveLength(2)
    expect(await hooks.deliveries(id, '?status=pending')).toMatchObject([
      { sequence: 2, ticketNo: failed, attempts: 1, httpStatus: 500 },
    ])
    service.setClock(toInstant(toEpoch(at(start)) + 6_000))
    await hooks.look()
    const third = await register(second)
    await hooks.look()
    expect(came(to).slice(2)).toEqual([`2 ticket.registered ${failed}`, `3 ticket.registered ${third}`])
  })

  test('without the file of the delivery log they go on as well', async () => {
    const dataDir = folderWith()
    const to = await receiver(behaviours.broken)
    const first = await startSending({ dataDir })
    const { id } = await hooksOf(first).create(to.url, { events })
    const ticketNo = await register(first)
    await hooksOf(first).look()
    await first.service.close()
    rmSync(join(dataDir, 'webhooks.db'))
    const service = await startTestService({ dataDir, variables, now: at(start) })
    atTheEnd(() => service.close())
    const hooks = hooksOf({ service })
    expect(await hooks.deliveries(id)).toMatchObject([
      { sequence: 1, ticketNo, attempts: 1, httpStatus: null },
    ])
    to.behave(behaviours.ok)
    service.setClock(toInstant(toEpoch(at(start)) + 6_000))
    await hooks.look()
    expect(await hooks.deliveries(id)).toMatchObject([{ sequence: 1, status: 'delivered', attempts: 2 }])
  })

  test('without that file what is parked is listed still, and can be sent again', async () => {
    const dataDir = folderWith()
    const failing = new Set<string>()
    const behave: Behaviour = (one, response) =>
      (failing.has(String(one.body.data.ticketNo)) ? behaviours.broken : behaviours.ok)(one, response)
    const to = await receiver(behave)
    const first = await startSending({ dataDir })
    const { id } = await hooksOf(first).create(to.url, { events: ['ticket.registered'] })
    const parked = await register(first)
    failing.add(parked)
    await hooksOf(first).look()
    let now = toEpoch(at(start))
    for (let n = 0; n < 20; n++) {
      await register(first)
      now += 6 * 3_600_000
      first.service.setClock(toInstant(now))
      await hooksOf(first).look()
    }
    await first.service.close()
    rmSync(join(dataDir, 'webhooks.db'))
    const service = await startTestService({ dataDir, variables, now: toInstant(now) })
    atTheEnd(() => service.close())
    const hooks = hooksOf({ service })
    await hooks.look()
    const [row] = await hooks.deliveries(id, '?status=parked')
    expect(row).toMatchObject({ sequence: 1, ticketNo: parked, status: 'parked' })
    failing.clear()
    await hooks.act(id, `deliveries/${row.id}/retry`)
    await hooks.look()
    expect(came(to).at(-1)).toBe(`1 ticket.registered ${parked}`)
    expect(await hooks.deliveries(id, '?status=parked')).toEqual([])
  })

  test('requests in flight are cut in time and sent again', async () => {
    const dataDir = folderWith()
    const to = await receiver(behaviours.hangs)
    const first = await startSending({ dataDir })
    await hooksOf(first).create(to.url, { events })
    await register(first)
    first.service.webhooks.start()
    for (let left = 400; left > 0 && to.received.length === 0; left--)
      await new Promise((resolve) => setTimeout(resolve, 10))
    const began = performance.now()
    await first.service.close()
    expect(performance.now() - began).toBeLessThan(6_000)
    to.behave(behaviours.ok)
    const service = await startTestService({ dataDir, variables, now: at(start) })
    atTheEnd(() => service.close())
    await hooksOf({ service }).look()
    expect(sequences(to)).toEqual([1])
    expect(to.received).toHaveLength(2)
  })
})

describe('of two nodes', () => {
  const startNodes = async () => {
    const standIn = await startStandIn()
    atTheEnd(() => standIn.stop())
    const eventStore = standIn.address
    const node = async (dataDir: string) =>
      startTestService({ eventStore, variables, dataDir, now: at(start) })
    const folderOfA = folderWith()
    const a = await node(folderOfA)
    const b = await node(folderWith(join(folderOfA, 'master.key')))
    const close = async (): Promise<void> => {
      await b.close()
      await a.close()
    }
    atTheEnd(close)
    await enterNetwork(a)
    const settled = async (): Promise<void> => {
      const head = await a.deps.store.head()
      for (const each of [a, b]) if (head !== null) await each.deps.views.reached(head, 5_000)
    }
    return { a: scenarioOf(a), b: scenarioOf(b), settled }
  }

  test('one delivers at a time; the other goes on where it left, in order, nothing lost', async () => {
    const { a, b, settled } = await startNodes()
    const failing = new Set<string>()
    const behave: Behaviour = (one, response) =>
      (failing.has(String(one.body.data.ticketNo)) ? behaviours.broken : behaviours.ok)(one, response)
    const to = await receiver(behave)
    const { id } = await hooksOf(a).create(to.url, { events })
    await settled()
    await hooksOf(a).look()
    const tickets: string[] = []
    const work = async (by: Scenario): Promise<void> => {
      for (let n = 0; n < 3; n++) tickets.push(await register(by))
      await by.respond(tickets.at(-1) as string)
      await settled()
    }
    await work(a)
    await Promise.all([hooksOf(a).look(), hooksOf(b).look()])
    failing.add(tickets[0] as string)
    await a.respond(tickets[0] as string)
    await work(b)
    // deliveries give way to commands, so that one look need not make them all, nor twenty where the machine is busy
    for (const end = performance.now() + 20_000; to.received.length < 9 && performance.now() < end; )
      await Promise.all([hooksOf(a).look(), hooksOf(b).look()])
    expect(to.received).toHaveLength(9)
    expect(sequences(to)).toEqual(upTo(9))
    // the node that does not deliver shows what is pending, and takes requests for the one that does
    await a.service.webhooks.stop()
    await settled()
    expect(await hooksOf(b).deliveries(id, '?status=pending')).toMatchObject([
      { sequence: 5, ticketNo: tickets[0], attempts: 1 },
    ])
    failing.clear()
    b.service.setClock(toInstant(toEpoch(at(start)) + 6_000))
    await hooksOf(b).look()
    expect(sequences({ ...to, received: to.received.slice(9) })).toEqual([5])
    await work(b)
    await hooksOf(b).look()
    expect(sequences(to)).toEqual(upTo(13))
    expect(to.received).toHaveLength(14)
    expect(outOfOrder(to)).toEqual([])
  }, 60_000)
})
