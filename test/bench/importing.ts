/** History through `POST /v1/imports`, full rules applied. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ImportResult } from '../../api/commands/imports/run.ts'
import { admin, createClient } from '../../src/demo/client.ts'
import { asNdjson, history } from '../../src/demo/history.ts'
import { createNetwork } from '../../src/demo/network.ts'
import { enterNetwork } from '../../src/demo/replay.ts'
import { loadDevelopmentKey } from '../../src/devKey.ts'
import { withServer } from './processes.ts'
import { atLeast, type Row, said } from './table.ts'

const complaints = 8_000
/** Lines that warm the server up. */
const warmUp = 8_000
const seed = 'bench'

export const importRows = async (): Promise<Row[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'complaints-bench-'))
  const texts = [...asNdjson(history({ complaints, from: '2025-01-01', days: 90, seed }))]
  try {
    return await withServer({ kind: 'service', folder, flushMs: 0 }, async ({ url, usage }) => {
      const client = createClient(url, loadDevelopmentKey(folder))
      await enterNetwork(client, createNetwork(seed), ['2026Q1'])
      const importOf = async (part: readonly string[]): Promise<number> => {
        const started = performance.now()
        const { lines, rejected } = await client.call<ImportResult>(
          admin,
          'POST',
          '/v1/imports',
          part.join(''),
        )
        if (rejected[0] !== undefined) throw new Error(`line ${rejected[0].line}: ${rejected[0].detail}`)
        return (lines * 1000) / (performance.now() - started)
      }
      await importOf(texts.slice(0, warmUp))
      const before = await usage()
      const perSecond = await importOf(texts.slice(warmUp))
      const spent = (await usage()).cpuSeconds - before.cpuSeconds
      const lines = texts.length - warmUp
      return [
        said('import: lines', lines, 'lines'),
        said('import: processor time a line', (spent * 1e6) / lines, 'µs'),
        atLeast('import, full rules applied', perSecond, 8_000, 'lines/s'),
      ]
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
