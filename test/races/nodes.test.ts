import { rmSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { startNodesAt } from '../support/nodesInProcess.ts'
import type { TestService } from '../support/service.ts'
import { type StandIn, startStandIn } from '../support/wire/standIn.ts'
import { askedFor, runRounds } from './rounds.ts'

/** A real EventStoreDB where one is named, else the stand-in for it. */
const address = process.env.ESDB_URL ?? ''

let standIn: StandIn | undefined
let nodes: [TestService, TestService]
let folders: string[] = []
beforeAll(async () => {
  standIn = address === '' ? await startStandIn() : undefined
  const started = await startNodesAt(standIn?.address ?? address)
  nodes = started.nodes
  folders = started.folders
}, 60_000)
afterAll(async () => {
  for (const node of nodes) await node.close()
  await standIn?.stop()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

const { rounds, seconds } = askedFor(100, 25)
test(
  `two acts at once on two nodes (${address === '' ? 'a stand-in for EventStoreDB' : 'EventStoreDB'}) come to what one after the other comes to`,
  async () => {
    const result = await runRounds(nodes, { rounds, seconds, atOnce: 4 })
    console.info(`${result.rounds} rounds of ${result.pairs} pairs of acts`)
    expect(result.wrong).toEqual([])
    expect(result.rounds).toBeGreaterThan(0)
    for (const { deps } of nodes) expect(deps.views.followUps.open()).toEqual([])
  },
  (seconds + 120) * 1_000,
)
