/** Handovers in the order of the log, and how many of them each revision of a quarter knew. */
import type Database from 'better-sqlite3'
import type { CareDataOf } from '../../domain/care/events.ts'
import { type Instant, toEpoch } from '../../domain/instant.ts'
import type { SubjectId } from '../../domain/subjectKeys.ts'
import { createRows } from '../rows.ts'
import { handoversEach, handoverTable, type VehicleRow } from './careRows.ts'
import type { CareLast } from './lastKnown.ts'

/** A handover of a vehicle; `place`: how many the vehicle had before it. */
type NewHandover = {
  vehicle: VehicleRow
  place: number
  data: CareDataOf<'VehicleHandedOver'>
  recordedAt: Instant
}

export type Handovers = {
  add(handover: NewHandover): void
  /** The written ones of a subject. */
  ofSubject(subjectId: SubjectId): { handoverId: string; vehicleId: string }[]
  /** Notes that the customer was erased. */
  erase(handoverId: string, at: Instant): void
  /** Notes that a revision of a quarter was made of the handovers so far. */
  noteRevision(quarter: string, version: number): void
  flush(): void
  /** Forgets what was added and noted since the last flush. */
  discard(): void
}

export const createHandovers = (db: Database.Database, last: CareLast): Handovers => {
  const rows = createRows(db, handoverTable)
  const ofSubject = db.prepare<[SubjectId], { handoverId: string; vehicleId: string }>(
    'SELECT handoverId, vehicleId FROM handovers WHERE subjectId = ?',
  )
  const addRevision = db.prepare('INSERT OR REPLACE INTO careRevisions VALUES (?, ?, ?)')
  let revisions: [quarter: string, version: number, seq: number][] = []

  return {
    add: ({ vehicle, place, data, recordedAt }) => {
      last.now().seq += 1
      rows.add({
        id: vehicle.id * handoversEach + place,
        handoverId: data.handoverId,
        seq: last.now().seq,
        vehicleId: vehicle.vehicleId,
        externalNo: data.externalNo,
        subjectId: data.subjectId,
        dealer: data.dealer,
        rbo: data.rbo,
        handedOverAt: toEpoch(data.handedOverAt),
        insuranceEndsOn: data.insuranceEndsOn,
        recordedAt: toEpoch(recordedAt),
        customer: data.customer,
        erasedAt: null,
      })
    },
    ofSubject: (subjectId) => ofSubject.all(subjectId),
    erase: (handoverId, at) => {
      const row = rows.get(handoverId)
      if (row !== undefined) row.erasedAt ??= toEpoch(at)
    },
    noteRevision: (quarter, version) => {
      revisions.push([quarter, version, last.now().seq])
    },
    flush: () => {
      rows.flush()
      for (const revision of revisions) addRevision.run(...revision)
      revisions = []
    },
    discard: () => {
      rows.discard()
      revisions = []
    },
  }
}
