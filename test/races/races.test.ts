import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { enterNetwork } from '../support/network.ts'
import { at } from '../support/scenario.ts'
import { startTestService, type TestService } from '../support/service.ts'
import { askedFor, runRounds } from './rounds.ts'

/** A disk that takes up to that long for a flush. */
const slowestFlushMs = 3
const waiting = new Int32Array(new SharedArrayBuffer(4))

describe('two acts at once, over two and three tickets, on the embedded engine', () => {
  let node: TestService
  beforeAll(async () => {
    let commits = 0
    node = await startTestService({
      now: at('2026-03-02 10:00'),
      store: {
        beforeCommit: () => {
          commits += 1
          if (commits % 5 === 0) Atomics.wait(waiting, 0, 0, commits % (slowestFlushMs + 1))
        },
      },
    })
    await enterNetwork(node)
  })
  afterAll(() => node.close())

  const { rounds, seconds } = askedFor(450, 40)
  test(
    'come to what one after the other comes to, and leave nothing that does not hold',
    async () => {
      const result = await runRounds([node, node], { rounds, seconds, atOnce: 6 })
      console.info(`${result.rounds} rounds of ${result.pairs} pairs of acts`)
      expect(result.wrong).toEqual([])
      expect(result.rounds).toBeGreaterThan(0)
      expect(node.deps.views.followUps.open()).toEqual([])
    },
    (seconds + 120) * 1_000,
  )
})
