/** Handovers of five years, written to the log of a data folder without the service. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { newCommandId } from '../../api/commands/commandId.ts'
import { type CareDataOf, vehicleStream } from '../../domain/care/events.ts'
import { eventId } from '../../domain/eventStore.ts'
import { DAY, HOUR, type Instant, toEpoch, toInstant } from '../../domain/instant.ts'
import { deriveFrom } from '../../src/keys/derivedKeys.ts'
import { loadMasterKey } from '../../src/keys/masterKey.ts'
import { createSealing } from '../../src/keys/sealing.ts'
import { openSqliteKeys } from '../../src/keys/sqliteKeys.ts'
import { openSqliteStore } from '../../src/store/sqliteStore.ts'

const years = 5
/** Appends at a time. */
const atOnce = 500
const dealers = ['D001', 'D002', 'D003', 'D004'] as const
const rbos = { D001: 'EAST', D002: 'EAST', D003: 'NORTH', D004: 'WEST' } as const

/** Writes them, the last an hour before `now`, and removes the views, which the next start makes of the log. */
export const seedHandovers = async (folder: string, handovers: number, now: Instant): Promise<void> => {
  const masterKey = loadMasterKey(folder, undefined)
  const keys = openSqliteKeys(join(folder, 'keys.db'), masterKey, { poolSize: 4_096 })
  const sealing = createSealing(keys, deriveFrom(masterKey))
  const store = openSqliteStore(join(folder, 'events.db'))
  const ageOf = (index: number): number =>
    Math.floor(((handovers - 1 - index) / handovers) * years * 365 * DAY)

  const append = (index: number): Promise<unknown> => {
    const commandId = newCommandId()
    const vehicleId = commandId.replaceAll('-', '')
    const subjectId = keys.create()
    const dealer = dealers[index % dealers.length] as (typeof dealers)[number]
    const handedOverAt = toInstant(toEpoch(now) - HOUR - ageOf(index))
    const number = String(index).padStart(8, '0')
    const data: CareDataOf<'VehicleHandedOver'> = {
      handoverId: `${vehicleId}-1`,
      externalNo: `H-${index}`,
      subjectId,
      dealer,
      rbo: rbos[dealer],
      handedOverAt,
      insuranceEndsOn: null,
      customer: sealing.seal(subjectId, {
        customer: { name: '王小明', phone: `139${number}` },
        vehicle: { vin: `LSVAA4100${number}` },
      }),
      rules: {},
      plannedFrom: null,
    }
    const metadata = {
      commandId,
      actor: { id: 'dms', role: 'dealer' as const },
      correlationId: commandId,
      recordedAt: handedOverAt,
    }
    const event = { id: eventId(commandId, 0), type: 'VehicleHandedOver', data, metadata }
    return store.append(vehicleStream(vehicleId), 0, [event])
  }
  try {
    for (let index = 0; index < handovers; index += atOnce)
      await Promise.all(
        Array.from({ length: Math.min(atOnce, handovers - index) }, (_, nth) => append(index + nth)),
      )
  } finally {
    await store.close()
    keys.close()
  }
  for (const file of ['views.db', 'views.db-wal', 'views.db-shm']) rmSync(join(folder, file), { force: true })
}
