import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { copyTicket } from '../support/manyTickets.ts'
import { expectBounded, expectEachOnce, factsIn, watchBatches } from '../support/recordedFacts.ts'
import { at, startScenario } from '../support/scenario.ts'
import { startTestService } from '../support/service.ts'

const tickets = 3_200
const dataDir = mkdtempSync(join(tmpdir(), 'complaints-'))
beforeAll(async () => {
  const { service, register } = await startScenario({ dataDir })
  await service.lookForDues()
  await copyTicket(service, await register(), tickets - 1)
  await service.close()
}, 60_000)
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

/** Records at an instant until so many batches are in the log, then dies without a word. */
const killedAfter = async (batches: number, now: string): Promise<NodeJS.Signals | null> => {
  const script = fileURLToPath(new URL('./recordingProcess.ts', import.meta.url))
  const child = spawn(process.execPath, [script, dataDir, now], { stdio: ['ignore', 'pipe', 'inherit'] })
  let seen = 0
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    seen += chunk.split('\n').length - 1
    if (seen >= batches) child.kill('SIGKILL')
  })
  const [, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  return signal
}

test('a process that is killed between batches leaves facts that the next one completes, each once', async () => {
  const now = at('2026-03-02 12:00:01')
  expect(await killedAfter(1, now)).toBe('SIGKILL')
  const signals = [await killedAfter(1, now)]
  const service = await startTestService({ dataDir, now })
  const before = (await factsIn(service.deps.store)).length
  expect(before).toBeGreaterThanOrEqual(1_000)
  const sizes = watchBatches(service.deps.store)
  await service.lookForDues()
  await service.lookForDues()
  const facts = await factsIn(service.deps.store)
  await service.close()
  expectEachOnce(facts)
  expect(facts.map(({ type, data }) => `${type} ${data.clock}`)).toEqual(
    Array(tickets).fill('DuePassed response'),
  )
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(tickets - before)
  // the second was killed, or had nothing left to kill it for
  expect(signals).toEqual([before === tickets ? null : 'SIGKILL'])
}, 60_000)

test('many dues are recorded in full batches, and none when looked for again', async () => {
  const service = await startTestService({ dataDir, now: at('2026-03-06 00:00:01') })
  const sizes = watchBatches(service.deps.store)
  await service.lookForDues()
  expect(sizes).toEqual([1_000, 1_000, 1_000, 200])
  expectBounded(sizes)
  service.setClock(at('2026-03-06 00:01:01'))
  await service.lookForDues()
  expect(sizes).toHaveLength(4)
  expectEachOnce(await factsIn(service.deps.store))
  await service.close()
}, 60_000)
