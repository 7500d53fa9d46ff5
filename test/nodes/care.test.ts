/** The care desk on two nodes: of two acts that exclude each other one is done, and a car is one vehicle (rulebook §15). */
import { rmSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { startNodesAt } from '../support/nodesInProcess.ts'
import { admin, at, csr, dealer, type Scenario, sa, scenarioOf, system } from '../support/scenario.ts'
import type { Answer, Json, TestService } from '../support/service.ts'
import { type StandIn, startStandIn } from '../support/wire/standIn.ts'

/** A real EventStoreDB where one is named, else the stand-in for it. */
const server = process.env.ESDB_URL ?? ''

let standIn: StandIn | undefined
let nodes: [TestService, TestService]
let folders: string[]
let both: [Scenario, Scenario]
beforeEach(async () => {
  standIn = server === '' ? await startStandIn() : undefined
  ;({ nodes, folders } = await startNodesAt(standIn?.address ?? server))
  both = [scenarioOf(nodes[0]), scenarioOf(nodes[1])]
}, 60_000)
afterEach(async () => {
  for (const node of nodes) await node.close()
  await standIn?.stop()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

const settled = async (): Promise<void> => {
  const head = await nodes[0].deps.store.head()
  for (const node of nodes) if (head !== null) await node.deps.views.reached(head, 10_000)
}
/** Both nodes, twice each, at once; `nth` tells them apart. */
const everywhere = (act: (s: Scenario, nth: number) => Promise<Answer>): Promise<Answer[]> =>
  Promise.all([0, 1, 0, 1].map((node, nth) => act(both[node] as Scenario, nth)))
const outcomes = (answers: Answer[]): (string | number)[] =>
  answers.map(({ status, body }) => (status < 300 ? status : body.code)).sort()

let cars = 0
const handover = (more: Json = {}): Json => {
  cars += 1
  const number = String(cars).padStart(6, '0')
  return {
    vin: `LSVAA4187E2${number}`,
    dealerCode: 'D001',
    handedOverAt: at('2026-03-02 09:00'),
    customer: { name: '李小红', phone: `13611${number}` },
    ...more,
  }
}
const handOver = async (more: Json = {}): Promise<Json> => {
  const { status, text, body } = await both[0].post(system, 'handovers', handover(more))
  expect([status, text]).toEqual([201, text])
  await settled()
  return body
}
const search = async (vin: string): Promise<Json[]> => {
  await settled()
  return (await both[1].post(sa, 'vehicles/search', { vin })).body.items
}

test('an external number at once is one handover', async () => {
  const answers = await everywhere((s) => s.post(system, 'handovers', handover({ externalNo: 'H-1' })))
  expect(outcomes(answers)).toEqual([201, ...Array(3).fill('handover_external_no_taken')])
}, 60_000)

test('handovers and visits of one car at once are of one vehicle', async () => {
  const { vin } = handover()
  const visit = { vin, dealerCode: 'D001', visitedAt: at('2026-03-02 09:30'), kind: 'repair' }
  const answers = await everywhere((s, nth) =>
    nth % 3 === 0 ? s.post(system, 'visits', visit) : s.post(system, 'handovers', handover({ vin })),
  )
  expect(outcomes(answers)).toEqual([201, 201, 201, 201])
  const [vehicle, ...others] = await search(vin)
  expect([vehicle.handovers.length, vehicle.visits.length, others]).toEqual([2, 2, []])
}, 60_000)

test('one key is one handover, and one attempt, on whichever node', async () => {
  const body = handover()
  const keyed = { 'idempotency-key': 'k1' }
  const handed = await everywhere((s) => s.post(system, 'handovers', body, keyed))
  const done = handed.filter(({ status }) => status === 201)
  expect(new Set(done.map((each) => each.body.handoverId)).size).toBe(1)
  expect(outcomes(handed.filter((each) => !done.includes(each)))).toEqual(
    Array(4 - done.length).fill('request_in_progress'),
  )
  await settled()
  const path = `care/tasks/${done[0]?.body.handoverId}.delivery_24h/attempts`
  await everywhere((s) => s.post(dealer(), path, { result: 'unreachable' }, keyed))
  await settled()
  const { attempts } = (await search(body.vin))[0].tasks[0]
  expect(attempts).toBe(1)
}, 60_000)

test('a task ends once, and a dissatisfied customer is judged once', async () => {
  const { handoverId } = await handOver()
  const task = `care/tasks/${handoverId}.delivery_24h`
  const called = { result: 'reached', outcome: 'dissatisfied', service: '等了三个小时' }
  const calls = await everywhere((s) => s.post(dealer(), `${task}/attempts`, called))
  expect(outcomes(calls)).toEqual([200, ...Array(3).fill('care_task_ended')])
  await settled()
  const judged = await everywhere((s, nth) =>
    nth % 2 === 0
      ? s.post(csr, `${task}/complaint`, { category: 'A4a' })
      : s.post(csr, `${task}/dismiss`, { reason: '误会' }),
  )
  const [done, ...others] = outcomes(judged)
  expect([[200, 201].includes(done as number), others]).toEqual([true, Array(3).fill('care_not_in_triage')])
  await settled()
  const open = await Promise.all(both.map(async (s) => (await s.get('care/triage', csr)).body.items))
  expect(open).toEqual([[], []])
}, 60_000)

test('a file of handovers imported on both nodes at once is applied once', async () => {
  const { externalNo: _, ...data } = handover({ externalNo: null })
  const lines = [1, 2, 3].map((nth) =>
    JSON.stringify({
      at: at(`2026-03-01 1${nth}:00`),
      actor: { id: 'dms', role: 'csc_system' },
      ref: `DMS-${nth}`,
      command: 'handover',
      data: { ...data, handedOverAt: at(`2026-03-01 1${nth}:00`) },
    }),
  )
  const headers = { 'content-type': 'application/x-ndjson' }
  const answers = await everywhere((s) => s.post(admin, 'imports', `${lines.join('\n')}\n`, headers))
  expect(answers.map(({ body }) => [body.rejected, body.applied + body.unchanged])).toEqual(
    Array(4).fill([[], 3]),
  )
  expect(answers.reduce((sum, { body }) => sum + body.applied, 0)).toBe(3)
  const [vehicle, ...others] = await search(data.vin)
  expect([vehicle.handovers.length, others]).toEqual([3, []])
}, 60_000)
