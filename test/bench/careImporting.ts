/** A year of handovers through `POST /v1/imports`, full rules applied. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ImportResult } from '../../api/commands/imports/run.ts'
import { DAY, toInstant } from '../../domain/instant.ts'
import { admin, createClient } from '../../src/demo/client.ts'
import { createNetwork } from '../../src/demo/network.ts'
import { enterNetwork } from '../../src/demo/replay.ts'
import { loadDevelopmentKey } from '../../src/devKey.ts'
import type { Size } from './live/parties.ts'
import { withServer } from './processes.ts'
import { atLeast, type Row, said } from './table.ts'

const counts: Record<Size, number> = { small: 10_000, full: 300_000 }
/** So that a year takes five minutes. */
const leastPerSecond = 1_000
/** Lines of one file: an import takes 64 MiB. */
const linesAtOnce = 50_000

const lineOf = (index: number, handovers: number, dealers: readonly string[]): string => {
  const at = toInstant(Date.now() - DAY - Math.floor(((handovers - index) / handovers) * 365 * DAY))
  const number = String(index).padStart(8, '0')
  return `${JSON.stringify({
    at,
    actor: { id: 'dms', role: 'csc_system' },
    ref: `DMS-${number}`,
    command: 'handover',
    data: {
      vin: `LSVAA4100${number}`,
      plateNo: `沪A${number.slice(3)}`,
      model: '明锐',
      dealerCode: dealers[index % dealers.length],
      handedOverAt: at,
      customer: { name: '王小明', phone: `139${number}` },
      salesConsultant: '李经理',
    },
  })}\n`
}

export const careImportRows = async (size: Size): Promise<Row[]> => {
  const handovers = counts[size]
  const folder = mkdtempSync(join(tmpdir(), 'complaints-bench-'))
  try {
    return await withServer({ kind: 'service', folder, flushMs: 0 }, async ({ url, usage }) => {
      const client = createClient(url, loadDevelopmentKey(folder))
      const network = createNetwork('bench')
      await enterNetwork(client, network, [])
      const dealers = network.dealers.map(({ code }) => code)
      const before = await usage()
      let milliseconds = 0
      for (let from = 0; from < handovers; from += linesAtOnce) {
        const some = Math.min(linesAtOnce, handovers - from)
        const text = Array.from({ length: some }, (_, nth) => lineOf(from + nth, handovers, dealers)).join('')
        const began = performance.now()
        const { rejected } = await client.call<ImportResult>(admin, 'POST', '/v1/imports', text)
        milliseconds += performance.now() - began
        if (rejected[0] !== undefined) throw new Error(`line ${rejected[0].line}: ${rejected[0].detail}`)
      }
      const spent = (await usage()).cpuSeconds - before.cpuSeconds
      return [
        said('care: handovers imported', handovers, 'lines'),
        said('care: processor time a handover', (spent * 1e6) / handovers, 'µs'),
        atLeast('care: import of handovers', (handovers * 1_000) / milliseconds, leastPerSecond, 'lines/s'),
      ]
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
