/** Vehicles as the care desk knows them: handovers, visits, and the tasks that follow from them (rulebook §15). */
import { type CareDataOf, type CareEvent, careEventData, vehicleOfStream } from '../../domain/care/events.ts'
import { evolveVehicle, withErased } from '../../domain/care/state.ts'
import type { StoredEvent } from '../../domain/eventStore.ts'
import { type Instant, toEpoch } from '../../domain/instant.ts'
import { settlementEventData } from '../../domain/settlement.ts'
import type { SubjectId } from '../../domain/subjectKeys.ts'
import type { Projection } from '../projection.ts'
import { type CareQueries, careQueries } from './careQueries.ts'
import { careIndexes, careTables } from './careTables.ts'
import { createHandovers } from './handovers.ts'
import { createCareLast } from './lastKnown.ts'
import { createVehicleKeys } from './vehicleKeys.ts'
import { createCareVehicles } from './vehicles.ts'

export type { CareQueries } from './careQueries.ts'

/** Vehicles in memory between two writes: a rebuild writes seldom, and each handover is of another vehicle. */
const mostChanged = 20_000

const types: ReadonlySet<string> = new Set([
  ...Object.keys(careEventData),
  'SubjectErased',
  ...Object.keys(settlementEventData),
])

const isCare = (type: string): type is CareEvent['type'] => type in careEventData

export const care: Projection<CareQueries> = {
  name: 'care',
  version: 3,
  readByCommands: true,
  types: [...types],
  tables: careTables,
  indexes: careIndexes,
  open: (db, sealing) => {
    const last = createCareLast(db)
    const vehicles = createCareVehicles(db, last)
    const handovers = createHandovers(db, last)
    const keys = createVehicleKeys(db, sealing)

    const applyCare = (vehicleId: string, event: StoredEvent<CareEvent>): void => {
      const vehicle = vehicles.rowFor(vehicleId)
      const before = vehicles.stateOf(vehicleId)
      if (event.type === 'VehicleHandedOver') {
        const data = event.data as CareDataOf<'VehicleHandedOver'>
        const place = before?.plans.length ?? 0
        handovers.add({ vehicle, place, data, recordedAt: event.metadata.recordedAt })
        keys.add(vehicleId, data.subjectId, data.customer)
      }
      if (event.type === 'VisitRecorded') {
        const { customer, subjectId } = event.data as CareDataOf<'VisitRecorded'>
        if (customer !== null && subjectId !== null) keys.add(vehicleId, subjectId, customer)
      }
      const after = evolveVehicle(before, event as CareEvent, event.metadata)
      vehicles.change(vehicleId, after).version = event.version
    }
    const erase = (subjectId: SubjectId, at: Instant): void => {
      keys.forget(subjectId)
      const fresh = [...vehicles.changed()].flatMap(([vehicleId, { state }]) =>
        state.plans.flatMap((plan) =>
          plan.subjectId === subjectId ? [{ handoverId: plan.handoverId, vehicleId }] : [],
        ),
      )
      for (const { handoverId, vehicleId } of [...handovers.ofSubject(subjectId), ...fresh]) {
        handovers.erase(handoverId, at)
        const state = vehicles.stateOf(vehicleId)
        if (state !== null)
          vehicles.change(
            vehicleId,
            withErased(state, (plan) => (plan.subjectId === subjectId ? at : null)),
          )
      }
    }
    const flush = (): void => {
      vehicles.flush()
      handovers.flush()
      last.flush()
      keys.flush()
    }
    const forget = (): void => {
      vehicles.discard()
      handovers.discard()
      last.discard()
    }

    return {
      apply: (event) => {
        const { type, stream, data, metadata, version } = event
        if (!types.has(type)) return
        last.now().at = Math.max(last.now().at, toEpoch(metadata.recordedAt))
        const vehicleId = vehicleOfStream(stream)
        if (vehicleId !== null && isCare(type)) applyCare(vehicleId, event as StoredEvent<CareEvent>)
        else if (type === 'SubjectErased')
          erase((data as { subjectId: SubjectId }).subjectId, metadata.recordedAt)
        else if (type in settlementEventData)
          handovers.noteRevision(stream.slice(stream.indexOf('-') + 1), version)
        vehicles.addYearly()
        if (vehicles.changed().size >= mostChanged) flush()
      },
      flush,
      discard: () => {
        forget()
        keys.discard()
      },
      reload: () => {
        forget()
        keys.reload()
      },
      queries: careQueries(db, keys),
    }
  },
}
