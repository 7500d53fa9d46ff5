/** In a process of its own: five years of handovers, the pages of today, and the night after. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toEpoch, toInstant } from '../../domain/instant.ts'
import type { Scopes } from '../../domain/scope.ts'
import type { TaskFilters } from '../../projections/care/taskQueries.ts'
import { enterNetwork } from '../support/network.ts'
import { startTestService } from '../support/service.ts'
import type { CareFigures } from './care.ts'
import { seedHandovers } from './careSeed.ts'
import { median } from './load.ts'

const handovers = Number(process.argv[2])
/** Monday 10:00 in Shanghai; the night's dues are at the midnight after. */
const now = '2026-03-02T02:00:00.000Z'
const midnight = '2026-03-02T16:00:00.000Z'

const folder = mkdtempSync(join(tmpdir(), 'complaints-bench-'))
const empty = await startTestService({ now, dataDir: folder })
await enterNetwork(empty)
await empty.lookForDues()
await empty.close()
await seedHandovers(folder, handovers, now)

let began = performance.now()
const service = await startTestService({ now, dataDir: folder })
const handoversPerSecond = handovers / ((performance.now() - began) / 1_000)
const { store, views } = service.deps

const timed = (filters: TaskFilters, scope: Scopes): number => {
  const times = Array.from({ length: 9 }, () => {
    const started = performance.now()
    views.care.tasks({ filters, scope, now, limit: 50 })
    return performance.now() - started
  })
  return median(times.slice(2))
}
const today: TaskFilters = { status: ['open'], from: now, to: toInstant(toEpoch(midnight) + 1) }
const ofDealerMs = timed(today, [{ kind: 'dealer', code: 'D001' }])
const ofAllMs = timed(today, [{ kind: 'all' }])
const overdueMs = timed({ status: ['overdue'] }, [{ kind: 'all' }])

let customers = 0
const complain = async (): Promise<number> => {
  const started = performance.now()
  customers += 1
  const { status, text } = await service.call({ roles: ['csr'] }, 'POST', '/v1/complaints', {
    body: {
      channel: 'phone',
      category: 'A4a',
      dealerCode: 'D001',
      customer: { name: '王小明', phone: `1380000${String(customers).padStart(4, '0')}` },
      content: '销售顾问态度恶劣',
    },
  })
  if (status !== 201) throw new Error(text)
  return performance.now() - started
}
const warmUps = 50
for (let count = 0; count < warmUps; count++) await complain()

const first = await store.head()
service.setClock(toInstant(toEpoch(midnight) + 2_000))
const times: number[] = []
let isOver = false
const work = async (): Promise<void> => {
  while (!isOver) times.push(await complain())
}
began = performance.now()
const working = work()
await service.lookForDues()
const nightSeconds = (performance.now() - began) / 1_000
isOver = true
await working
const facts = (await store.readAll(first, 1_000_000)).filter(({ type }) => type === 'DuePassed').length

began = performance.now()
const { status, text } = await service.call({ roles: ['csc_system'] }, 'POST', '/v1/handovers', {
  body: {
    dealerCode: 'D001',
    handedOverAt: midnight,
    vin: 'LSVAA4187E2000001',
    customer: { name: '王小明', phone: '13700000001' },
  },
})
if (status !== 201) throw new Error(text)
const found: CareFigures = {
  handoversPerSecond,
  ofDealerMs,
  ofAllMs,
  overdueMs,
  facts,
  nightSeconds,
  medianMs: median(times),
  slowestMs: Math.max(...times),
  nextHandoverMs: performance.now() - began,
}
await service.close()
rmSync(folder, { recursive: true })
process.send?.(found, () => process.exit())
