import { rmSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { isDuesStream } from '../../domain/dues.ts'
import { StoreUnavailable } from '../../domain/eventStore.ts'
import { copyTicket } from '../support/manyTickets.ts'
import { startNodesAt } from '../support/nodesInProcess.ts'
import { expectBounded, expectEachOnce, factsIn, watchBatches } from '../support/recordedFacts.ts'
import { at, scenarioOf } from '../support/scenario.ts'
import { startTestService, type TestService } from '../support/service.ts'
import { type StandIn, startStandIn } from '../support/wire/standIn.ts'

/** A real EventStoreDB where one is named, else the stand-in for it. */
const server = process.env.ESDB_URL ?? ''

let standIn: StandIn | undefined
let nodes: [TestService, TestService]
let folders: string[]
let eventStore: string
beforeEach(async () => {
  standIn = server === '' ? await startStandIn() : undefined
  ;({ nodes, folders, eventStore } = await startNodesAt(standIn?.address ?? server))
  await look('2026-03-02 10:00')
}, 60_000)
afterEach(async () => {
  for (const node of nodes) await node.close()
  await standIn?.stop()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

const [first, second] = [() => nodes[0], () => nodes[1]]

/** Both nodes look at once, each by its own clock. */
const look = async (...wallClocks: [string] | [string, string]): Promise<void> => {
  const [one, other = one] = wallClocks
  first().setClock(at(one))
  second().setClock(at(other))
  await Promise.all(nodes.map((node) => node.lookForDues()))
}

const settled = async (): Promise<void> => {
  const head = await first().deps.store.head()
  for (const node of nodes) if (head !== null) await node.deps.views.reached(head, 10_000)
}

const clocksOf = async (): Promise<Record<string, number>> => {
  const facts = await factsIn(first().deps.store)
  expectEachOnce(facts)
  return Object.fromEntries(
    [...Map.groupBy(facts, ({ type, data }) => `${type} ${data.clock}`)].map(([name, { length }]) => [
      name,
      length,
    ]),
  )
}

test('two nodes that look at once record each due once, in batches of at most 1,000', async () => {
  const ticketNo = await scenarioOf(first()).register()
  await copyTicket(first(), ticketNo, 1_099)
  await settled()
  const sizes = nodes.map((node) => watchBatches(node.deps.store))
  await look('2026-03-02 11:45')
  expect(await clocksOf()).toEqual({ 'DueNear response': 1_100 })
  await look('2026-03-02 12:01', '2026-03-02 12:02')
  await look('2026-03-06 12:00')
  await look('2026-03-06 12:00:01')
  expect(await clocksOf()).toEqual({
    'DueNear response': 1_100,
    'DuePassed response': 1_100,
    'DuePassed close': 1_100,
  })
  expectBounded(sizes.flat())
}, 60_000)

test('batches go ahead of the view and record nothing twice, also where the other node records in between', async () => {
  const ticketNo = await scenarioOf(first()).register()
  await copyTicket(first(), ticketNo, 2_099)
  await settled()
  for (const node of nodes) node.setClock(at('2026-03-02 12:31'))
  const { store, views } = first().deps
  const { reached } = views
  let [batches, waits] = [0, 0]
  views.reached = (...asked) => {
    waits += 1
    return reached(...asked)
  }
  const { append } = store
  store.append = async (stream, version, events) => {
    const appended = await append(stream, version, events)
    if (isDuesStream(stream)) batches += 1
    if (batches === 1) await second().lookForDues()
    return appended
  }
  await first().lookForDues()
  expect((await clocksOf())['DuePassed response']).toBe(2_100)
  expect(waits).toBeLessThan(batches + 4)
  await settled()
  await Promise.all(nodes.map((node) => node.lookForDues()))
  expect((await clocksOf())['DuePassed response']).toBe(2_100)
}, 120_000)

test('two nodes whose clocks are on two sides of a month’s end record each due once', async () => {
  await scenarioOf(first()).register()
  await settled()
  await look('2026-03-31 23:59:59.990', '2026-04-01 00:00:00.010')
  await look('2026-04-01 00:00:00.010', '2026-03-31 23:59:59.990')
  expect(await clocksOf()).toEqual({
    'DuePassed response': 1,
    'DuePassed close': 1,
    'DuePassed consumer_notice': 1,
  })
}, 30_000)

test('a clock set back on one node, a step ahead on the other, and a restart record nothing twice', async () => {
  const numbers = [await scenarioOf(first()).register(), await scenarioOf(first()).register()]
  await settled()
  await look('2026-03-02 12:01', '2026-03-02 11:45')
  await look('2026-03-02 11:45', '2026-03-02 12:05')
  await second().close()
  nodes[1] = await startTestService({
    now: at('2026-03-02 11:50'),
    dataDir: folders[1] as string,
    eventStore,
  })
  await look('2026-03-02 12:10', '2026-03-02 11:51')
  await look('2026-03-02 12:10')
  const facts = await factsIn(first().deps.store)
  expectEachOnce(facts)
  expect(
    facts
      .filter(({ type }) => type === 'DuePassed')
      .map(({ data }) => data.subject)
      .sort(),
  ).toEqual(numbers.sort())
}, 60_000)

test('a node whose views are behind records nothing: what was done in time is no fact', async () => {
  const scenario = scenarioOf(first())
  const ticketNo = await scenario.register()
  await settled()
  // the other node's views stand still from here on
  const { views } = second().deps
  const { reached } = views
  const { open } = views.dues
  let isBehind = true
  views.reached = async (...asked) => !isBehind && reached(...asked)
  first().setClock(at('2026-03-02 11:00'))
  await scenario.respond(ticketNo)
  views.dues.open = (query) =>
    isBehind && query.clock === 'response' && query.type === 'DuePassed'
      ? {
          dues: [
            {
              ticketNo,
              subject: ticketNo,
              clock: 'response',
              startedAt: at('2026-03-02 10:00'),
              dueAt: at('2026-03-02 12:00'),
              unit: 'D001',
              tier: 'dealer',
            },
          ],
          next: null,
        }
      : open(query)
  second().setClock(at('2026-03-02 12:31'))
  await expect(second().lookForDues()).rejects.toThrow(StoreUnavailable)
  expect(await clocksOf()).toEqual({})
  isBehind = false
  await second().lookForDues()
  expect(await clocksOf()).toEqual({})
}, 30_000)
