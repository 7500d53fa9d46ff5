/** In a process of its own: many tickets whose responses are due in one second, one look of the timer, and a reader. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isDuesStream } from '../../domain/dues.ts'
import { copyTicket } from '../support/manyTickets.ts'
import { enterNetwork } from '../support/network.ts'
import { startTestService } from '../support/service.ts'
import type { DuesFigures } from './dues.ts'
import { startReaders } from './live/parties.ts'

const [eventStore, count] = process.argv.slice(2) as [string, string]
const registeredAt = '2026-03-02T02:00:00.000Z'
/** Two service hours and the longest grace later. */
const recordedAt = '2026-03-02T04:00:30.000Z'

const service = await startTestService({ now: registeredAt, eventStore })
await enterNetwork(service)
await service.lookForDues()
const complaint = {
  channel: 'phone',
  category: 'A4a',
  dealerCode: 'D001',
  customer: { name: '王小明', phone: '13800000001' },
  content: '销售顾问态度恶劣',
}
const { body } = await service.call({ roles: ['csr'] }, 'POST', '/v1/complaints', { body: complaint })
await copyTicket(service, body.ticketNo, Number(count) - 1)

const { store } = service.deps
const { append } = store
let facts = 0
store.append = async (stream, version, events) => {
  const appended = await append(stream, version, events)
  if (isDuesStream(stream)) facts += events.length
  return appended
}
const url = await service.app.listen({ host: '127.0.0.1', port: 0 })
const readers = await startReaders()
await readers.open(url, [{ token: await service.tokenOf({ roles: ['sa'] }) }])
service.setClock(recordedAt)
const delays = monitorEventLoopDelay({ resolution: 1 })
delays.enable()
const streamed = readers.count(Number(count))
const began = performance.now()
await service.lookForDues()
const seconds = (performance.now() - began) / 1_000
delays.disable()
await streamed
const streamedSeconds = (performance.now() - began) / 1_000
readers.end()
const found: DuesFigures = { seconds, streamedSeconds, facts, longestPauseMs: delays.max / 1e6 }
await service.close()
process.send?.(found, () => process.exit())
