/** History through `POST /v1/imports`, full rules applied. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ImportResult } from '../../api/imports/run.ts'
import { admin, createClient } from '../../src/demo/client.ts'
import { asNdjson, history } from '../../src/demo/history.ts'
import { createNetwork } from '../../src/demo/network.ts'
import { enterNetwork } from '../../src/demo/replay.ts'
import { loadDevelopmentKey } from '../../src/devKey.ts'
import { withServer } from './processes.ts'
import { atLeast, type Row, said } from './table.ts'

/** The server is warm after the first. */
const complaints = { first: 1_000, measured: 7_000 }

export const importRows = async (): Promise<Row[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'complaints-bench-'))
  try {
    return await withServer({ kind: 'service', folder, flushMs: 0 }, async ({ url }) => {
      const client = createClient(url, loadDevelopmentKey(folder))
      const seed = 'bench'
      await enterNetwork(client, createNetwork(seed))
      const importOf = async (from: string, count: number) => {
        const text = [...asNdjson(history({ complaints: count, from, days: 90, seed }))].join('')
        const started = performance.now()
        const result = await client.call<ImportResult>(admin, 'POST', '/v1/imports', text)
        return { ...result, seconds: (performance.now() - started) / 1000 }
      }
      await importOf('2025-01-01', complaints.first)
      const { lines, rejectedCount, rejected, seconds } = await importOf('2025-07-01', complaints.measured)
      if (rejectedCount > 0) throw new Error(`line ${rejected[0]?.line}: ${rejected[0]?.detail}`)
      return [
        said('import: lines', lines, 'lines'),
        atLeast('import, full rules applied', lines / seconds, 10_000, 'lines/s'),
      ]
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
