/** The brand's network for the bench: 600 dealers in three regions, entered through the domain. */
import { newCommandId } from '../../../api/commands/commandId.ts'
import { seedMasterData } from '../../../api/commands/masterData/seed.ts'
import { dealerStream, decideDealer } from '../../../domain/dealer.ts'
import { type EventStore, eventId } from '../../../domain/eventStore.ts'
import type { Instant } from '../../../domain/instant.ts'
import { decideRbo, rboStream } from '../../../domain/rbo.ts'
import { rbos } from '../../../src/demo/data/dealers.ts'
import { brandQuality, type DemoDealer } from '../../../src/demo/network.ts'
import type { Random } from '../../../src/demo/random.ts'

const regions = rbos.map((rbo) => ({ ...rbo, quality: brandQuality }))

/** Of ten dealers five are in the first region, four in the second and one in Xinjiang. */
const regionOf = (index: number): (typeof regions)[number] =>
  regions[index % 10 === 9 ? 2 : index % 2] as (typeof regions)[number]

export const dealers: readonly DemoDealer[] = Array.from({ length: 600 }, (_, index) => {
  const rbo = regionOf(index)
  const code = `D${String(index + 1).padStart(3, '0')}`
  return {
    code,
    name: `${rbo.name}第${index + 1}店`,
    plate: '沪A',
    rbo,
    calendar: rbo.calendar,
    deliveries: 100,
    quality: brandQuality,
  }
})

/** The first dealers draw many complaints, the last ones few. */
export const someDealer = (random: Random): DemoDealer =>
  dealers[Math.floor(random.next() ** 2 * dealers.length)] as DemoDealer

/** Enters calendars, policy, regions and dealers into an empty log. */
export const enterNetwork = async (store: EventStore, now: Instant): Promise<void> => {
  await seedMasterData(store, now)
  const put = (stream: string, [event]: { type: string; data: unknown }[]) => {
    const commandId = newCommandId()
    const actor = { id: 'bench', role: 'admin' }
    const metadata = { commandId, actor, correlationId: commandId, recordedAt: now }
    return store.append(stream, 0, [{ ...event!, id: eventId(commandId, 0), metadata }])
  }
  for (const { code, name, calendar } of regions) {
    const set = { type: 'SetRbo', name, calendar, calendarExists: true } as const
    await put(rboStream(code), decideRbo(null, set))
  }
  for (const { code, name, rbo } of dealers) {
    const set = { name, rbo: rbo.code, calendar: null, active: true, rboExists: true, calendarExists: true }
    await put(dealerStream(code), decideDealer(null, { type: 'SetDealer', ...set }))
  }
}
