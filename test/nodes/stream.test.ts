/** Readers of the stream on two nodes over one log: wherever they resume, they are told what the log has. */
import { rmSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { announcedOf } from '../../domain/announced.ts'
import { feedOf, listening, openReader, type Reader, until } from '../api/live/readers.ts'
import { startNodesAt } from '../support/nodesInProcess.ts'
import {
  admin,
  at,
  csr,
  dealer,
  problemOf,
  rbo,
  refused,
  type Scenario,
  sa,
  scenarioOf,
} from '../support/scenario.ts'
import type { TestService, Who } from '../support/service.ts'
import { type StandIn, startStandIn } from '../support/wire/standIn.ts'

/** A real EventStoreDB where one is named, else the stand-in for it. */
const server = process.env.ESDB_URL ?? ''
const rounds = Number(process.env.STREAM_CUTS ?? 5)

let standIn: StandIn | undefined
let nodes: [TestService, TestService]
let scenarios: [Scenario, Scenario]
let urls: [string, string]
let folders: string[]
beforeEach(async () => {
  standIn = server === '' ? await startStandIn() : undefined
  ;({ nodes, folders } = await startNodesAt(standIn?.address ?? server))
  scenarios = [scenarioOf(nodes[0]), scenarioOf(nodes[1])]
  urls = [await listening(nodes[0]), await listening(nodes[1])]
}, 60_000)
afterEach(async () => {
  for (const node of nodes) await node.close()
  await standIn?.stop()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

let customers = 0
/** A ticket of a customer whom neither node knows. */
const register = (by: Scenario, more: object = {}): Promise<string> => {
  customers += 1
  return by.register({ customer: { phone: `1380000${String(customers).padStart(4, '0')}` }, ...more })
}
const settled = async (): Promise<void> => {
  const head = await nodes[0].deps.store.head()
  for (const node of nodes) if (head !== null) await node.deps.views.reached(head, 10_000)
}
const ids = ({ told }: Reader): string[] => told.map(({ id }) => id)
/** Each node has a development key of its own. */
const openOn = async (node: 0 | 1, who: Who, lastId: string | null = null): Promise<Reader> =>
  openReader(urls[node], await nodes[node].tokenOf(who), { lastId })

describe('readers on two nodes', () => {
  test('resume on the other node behind their last event, nothing lost and nothing doubled', async () => {
    const people = [sa, dealer('D001'), rbo('EAST'), rbo('NORTH')]
    const from = (await scenarios[0].head()) as string
    const told = people.map((): string[] => [])
    let readers = await Promise.all(people.map((who, index) => openOn((index % 2) as 0 | 1, who)))
    for (let round = 0; round < rounds; round++) {
      const writing = Promise.all([
        register(scenarios[0]),
        register(scenarios[1], { dealerCode: 'D003' }),
        register(scenarios[1], { flags: ['agitated'] }),
      ])
      for (const [index, reader] of readers.entries()) {
        await reader.cut()
        told[index]?.push(...ids(reader))
      }
      await writing
      readers = await Promise.all(
        readers.map(({ state }, index) =>
          openOn(((index + round) % 2) as 0 | 1, people[index] as Who, state.lastId),
        ),
      )
    }
    await settled()
    const log = (await nodes[0].deps.store.readAll(from, 100_000)).flatMap((event) =>
      announcedOf(event) === null ? [] : [event.position],
    )
    for (const [index, reader] of readers.entries()) {
      const who = people[index] as Who
      const [one, other] = await Promise.all(nodes.map((node) => feedOf(node, who, from)))
      expect(one).toEqual(other)
      const expected = who === sa ? log : (one ?? []).map(({ position }) => position)
      const all = () => [...(told[index] as string[]), ...ids(reader)]
      await until(() => all().length >= expected.length, `${expected.length} items of ${who.roles[0]}`)
      expect(all()).toEqual(expected)
    }
    await Promise.all(readers.map((reader) => reader.cut()))
  }, 120_000)

  test('are told on their node that a ticket left their scope by an act on the other', async () => {
    const [loser, winner] = [await openOn(0, dealer('D001')), await openOn(1, dealer('D003'))]
    const no = await register(scenarios[0])
    await settled()
    await scenarios[1].does(no, 'redispatch', { dealerCode: 'D003', reason: '理由', misrouted: false }, csr)
    await until(() => loser.told.some(({ type }) => type === 'ticket.removed'), 'the removal')
    await until(() => winner.told.some(({ type }) => type === 'ticket.dispatched'), 'the dispatch')
    expect(loser.told.map(({ type }) => type).at(-1)).toBe('ticket.removed')
    await Promise.all([loser.cut(), winner.cut()])
  }, 60_000)

  test('are told a due once, whichever node recorded it', async () => {
    const no = await register(scenarios[0])
    await settled()
    for (const node of nodes) await node.lookForDues()
    const readers = [await openOn(0, sa), await openOn(1, sa)]
    for (const node of nodes) node.setClock(at('2026-03-02 12:31'))
    await Promise.all(nodes.map((node) => node.lookForDues()))
    const overdue = ({ told }: Reader) =>
      told.filter(({ type, data }) => type === 'ticket.overdue' && data.ticketNo === no)
    for (const reader of readers) await until(() => overdue(reader).length > 0, 'the due')
    await settled()
    expect(readers.map((reader) => overdue(reader).length)).toEqual([1, 1])
    await Promise.all(readers.map((reader) => reader.cut()))
  }, 60_000)

  test('are refused a position of the other engine, and one behind the end of the log', async () => {
    const ask = (id: string) => scenarios[0].get('stream', sa, { 'last-event-id': id })
    for (const id of ['12', 'nowhere', '-1', '1e3', ''])
      expect([id, problemOf(await ask(id))]).toEqual([
        id,
        refused(400, 'invalid_request', ['header', 'Last-Event-ID']),
      ])
    const head = (await scenarios[0].head()) as string
    const beyond = head.replace(/\d+/g, (digits) => `9${digits}`)
    expect(problemOf(await ask(beyond))).toEqual(refused(409, 'position_unknown'))
  }, 60_000)

  test('are refused a position inside the log at which no event is, and the store does not look as if it were away', async () => {
    await register(scenarios[0])
    await register(scenarios[0])
    const halves = ((await scenarios[0].head()) as string).split('-').map(BigInt) as [bigint, bigint]
    const place = halves.map((half) => half - 1n).join('-')
    const began = performance.now()
    for (let time = 0; time < 3; time++) {
      expect(problemOf(await scenarios[0].get('stream', sa, { 'last-event-id': place }))).toEqual(
        refused(409, 'position_unknown'),
      )
      expect(problemOf(await scenarios[0].get(`feed?after=${place}`))).toEqual(
        refused(409, 'position_unknown'),
      )
    }
    const hook = await nodes[0].call(admin, 'POST', '/v1/webhooks', {
      body: { url: 'https://hooks.example.com/' },
    })
    const path = `/v1/webhooks/${hook.body.id}/replay`
    expect(problemOf(await nodes[0].call(admin, 'POST', path, { body: { after: place } }))).toEqual(
      refused(409, 'position_unknown'),
    )
    expect(performance.now() - began).toBeLessThan(10_000)
  }, 60_000)
})
