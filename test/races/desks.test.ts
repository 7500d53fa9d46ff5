/**
 * Acts of the desks, each beside every other that could disagree with it, on one node and on two: at once they come to
 * what they come to one after the other. `RACES_ROUNDS` makes more rounds.
 */
import { rmSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type S3Server, startS3 } from '../attachments/s3Server.ts'
import { startNodesAt } from '../support/nodesInProcess.ts'
import { startScenario } from '../support/scenario.ts'
import type { Answer, TestService } from '../support/service.ts'
import { type StandIn, startStandIn } from '../support/wire/standIn.ts'
import { desks } from './deskActs.ts'
import type { Desk } from './deskParts.ts'

const rounds = Number(process.env.RACES_ROUNDS ?? 1)

type Nodes = readonly [TestService, TestService]
type Pair = readonly [string, string]
type Outcome = { answers: [string, string]; left: unknown }

const pairsOf = ({ acts }: Desk): Pair[] => {
  const names = Object.keys(acts)
  return names.flatMap((first, index) => names.slice(index).map((second): Pair => [first, second]))
}

const settled = async (nodes: Nodes): Promise<void> => {
  const head = await nodes[0].deps.store.head()
  for (const node of nodes) if (head !== null) await node.deps.views.reached(head, 10_000)
}

const saying = ({ status, body }: Answer): string => (status < 300 ? 'done' : `${status} ${body?.code}`)

/** `order`: one after the other, in that order; else at once. */
const outcomeOf = async (
  desk: Desk,
  nodes: Nodes,
  pair: Pair,
  order?: readonly [0 | 1, 0 | 1],
): Promise<Outcome> => {
  const on = await desk.prepare(nodes[0])
  await settled(nodes)
  const act = async (place: 0 | 1): Promise<string> => {
    const { who, path, body, headers = {}, method = 'POST' } = desk.acts[pair[place]]!(on)
    return saying(await nodes[place].call(who, method, `/v1/${path}`, { body, headers }))
  }
  const answers: [string, string] = ['', '']
  if (order === undefined) Object.assign(answers, await Promise.all([act(0), act(1)]))
  else for (const place of order) answers[place] = await act(place)
  await settled(nodes)
  const left = await desk.look(nodes[0], on)
  if (nodes[1] !== nodes[0]) expect([pair, await desk.look(nodes[1], on)]).toEqual([pair, left])
  return { answers, left }
}

/** What each pair comes to in both orders, on one node. */
const expected = new Map<string, Outcome[]>()

const race = async (name: string, nodes: Nodes): Promise<void> => {
  const desk = desks[name]!
  for (const pair of pairsOf(desk)) {
    const key = [name, ...pair].join()
    const allowed = expected.get(key) ?? [
      await outcomeOf(desk, nodes, pair, [0, 1]),
      await outcomeOf(desk, nodes, pair, [1, 0]),
    ]
    expected.set(key, allowed)
    for (let round = 0; round < rounds; round++) {
      const came = await outcomeOf(desk, nodes, pair)
      if (!allowed.some((each) => isDeepStrictEqual(each, came)))
        expect([pair, came]).toEqual([pair, allowed])
    }
  }
}

describe('two acts at once on one node', () => {
  let node: TestService
  beforeAll(async () => {
    node = (await startScenario()).service
  }, 30_000)
  afterAll(() => node.close())

  test.each(Object.keys(desks))('%s', (name) => race(name, [node, node]), 120_000)
})

describe('two acts at once on two nodes', () => {
  let standIn: StandIn
  let s3: S3Server
  let nodes: Nodes
  let folders: string[] = []
  beforeAll(async () => {
    standIn = await startStandIn()
    // both find the bytes of attachments there
    s3 = await startS3()
    const started = await startNodesAt(standIn.address, s3.variables)
    nodes = started.nodes
    folders = started.folders
  }, 60_000)
  afterAll(async () => {
    for (const node of nodes) await node.close()
    await s3.close()
    await standIn.stop()
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  })

  test.each(Object.keys(desks))('%s', (name) => race(name, nodes), 240_000)
})
