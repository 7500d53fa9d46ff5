/** In a process of its own: five years of handovers, the pages of today, and the night after. */
import { newCommandId } from '../../api/commands/commandId.ts'
import { type CareDataOf, vehicleStream } from '../../domain/care/events.ts'
import { eventId } from '../../domain/eventStore.ts'
import { DAY, HOUR, type Instant, toEpoch, toInstant } from '../../domain/instant.ts'
import type { Scopes } from '../../domain/scope.ts'
import type { SubjectId } from '../../domain/subjectKeys.ts'
import type { TaskFilters } from '../../projections/care/careQueries.ts'
import { enterNetwork } from '../support/network.ts'
import { startTestService } from '../support/service.ts'
import type { CareFound } from './care.ts'
import { median } from './load.ts'

const handovers = Number(process.argv[2])
/** Monday 10:00 in Shanghai; the night's dues are at the midnight after. */
const now = '2026-03-02T02:00:00.000Z'
const midnight = '2026-03-02T16:00:00.000Z'
const years = 5
/** Appends at a time, and handovers of one customer's key. */
const atOnce = 500
const dealers = ['D001', 'D002', 'D003', 'D004'] as const
const rbos = { D001: 'EAST', D002: 'EAST', D003: 'NORTH', D004: 'WEST' } as const

const service = await startTestService({ now })
await enterNetwork(service)
await service.lookForDues()
const { store, views, sealing, subjects } = service.deps

const handedOverAt = (index: number): Instant =>
  toInstant(toEpoch(now) - HOUR - Math.floor(((handovers - 1 - index) / handovers) * years * 365 * DAY))

const append = async (index: number, subjectId: SubjectId): Promise<void> => {
  const vehicleId = index.toString(16).padStart(8, '0').repeat(4)
  const dealer = dealers[index % dealers.length] as (typeof dealers)[number]
  const commandId = newCommandId()
  const data: CareDataOf<'VehicleHandedOver'> = {
    handoverId: `${vehicleId}-1`,
    externalNo: `H-${index}`,
    subjectId,
    dealer,
    rbo: rbos[dealer],
    handedOverAt: handedOverAt(index),
    insuranceEndsOn: null,
    customer: sealing.seal(subjectId, {
      customer: { name: '王小明', phone: `139${String(index).padStart(8, '0')}` },
      vehicle: { vin: `LSVAA41${String(index).padStart(10, '0')}` },
    }),
    rules: {},
    plannedFrom: null,
  }
  const metadata = {
    commandId,
    actor: { id: 'dms', role: 'dealer' as const },
    correlationId: commandId,
    recordedAt: data.handedOverAt,
  }
  await store.append(vehicleStream(vehicleId), 0, [
    { id: eventId(commandId, 0), type: 'VehicleHandedOver', data, metadata },
  ])
}

let began = performance.now()
for (let index = 0; index < handovers; index += atOnce) {
  const subjectId = await subjects.create()
  const some = Math.min(atOnce, handovers - index)
  await Promise.all(Array.from({ length: some }, (_, nth) => append(index + nth, subjectId)))
}
const head = await store.head()
// the view is behind by what was appended last
while (head !== null && !(await views.reached(head, 10_000, ['care'])));
const handoversPerSecond = handovers / ((performance.now() - began) / 1_000)

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
const found: CareFound = {
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
process.send?.(found, () => process.exit())
