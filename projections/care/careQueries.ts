/** What the care desk asks: tasks, the triage list, handovers of a vehicle, and the report's figures. */
import type Database from 'better-sqlite3'
import type { CareVehicle, Visit } from '../../domain/care/state.ts'
import { type Instant, toInstant } from '../../domain/instant.ts'
import type { SealedText } from '../../domain/sealed.ts'
import type { SubjectId } from '../../domain/subjectKeys.ts'
import { instantOrNull } from '../epoch.ts'
import { createStatements } from '../statements.ts'
import { subjectsAfter } from '../subjectHashes.ts'
import { type CareReport, careReport } from './careReport.ts'
import { type HandoverRow, handoversEach, type TaskView } from './careRows.ts'
import { type TaskQueries, taskQueries } from './taskQueries.ts'
import type { VehicleKeys } from './vehicleKeys.ts'

/** A handover as it is listed. */
export type HandoverView = {
  handoverId: string
  vehicleId: string
  externalNo: string | null
  subjectId: SubjectId
  dealer: string
  rbo: string
  handedOverAt: Instant
  insuranceEndsOn: string | null
  recordedAt: Instant
  customer: SealedText
  erasedAt: Instant | null
}

export type CareQueries = CareReport &
  Omit<TaskQueries, 'tasksOfHandovers'> & {
    handover(handoverId: string): HandoverView | null
    handoverByExternalNo(externalNo: string): HandoverView | null
    /** Vehicles that any of the hashes finds, the newest entry first. */
    vehiclesOf(hash: Uint8Array): string[]
    vehicle(
      vehicleId: string,
    ): { version: number; visits: Visit[]; handovers: HandoverView[]; tasks: TaskView[] } | null
    handoversOfSubject(subjectId: SubjectId): HandoverView[]
    subjectOf(customerIdHash: Uint8Array | null, phoneHash: Uint8Array | null): SubjectId | null
    /** Whom the hash finds. */
    subjectsOf(hash: Uint8Array): SubjectId[]
    /** Subjects of handovers in the order of their ids, those after one. */
    subjectsAfter(subjectId: SubjectId, limit: number): SubjectId[]
    /** Forgets by what an erased subject is found. Part of erasing a subject. */
    forget(subjectId: SubjectId): void
  }

const toHandover = (row: HandoverRow): HandoverView => ({
  handoverId: row.handoverId,
  vehicleId: row.vehicleId,
  externalNo: row.externalNo,
  subjectId: row.subjectId,
  dealer: row.dealer,
  rbo: row.rbo,
  handedOverAt: toInstant(row.handedOverAt),
  insuranceEndsOn: row.insuranceEndsOn,
  recordedAt: toInstant(row.recordedAt),
  customer: row.customer as SealedText,
  erasedAt: instantOrNull(row.erasedAt),
})

export const careQueries = (db: Database.Database, keys: VehicleKeys): CareQueries => {
  const statements = createStatements(db)
  const { tasksOfHandovers, ...ofTasks } = taskQueries(statements)
  const handoverBy = (column: 'handoverId' | 'externalNo', value: string): HandoverView | null =>
    statements.find(`SELECT * FROM handovers WHERE ${column} = ?`, [value], toHandover)

  return {
    ...ofTasks,
    handover: (handoverId) => handoverBy('handoverId', handoverId),
    handoverByExternalNo: (externalNo) => handoverBy('externalNo', externalNo),
    vehiclesOf: keys.vehiclesOf,
    vehicle: (vehicleId) => {
      const row = statements.get<{ id: number; version: number; state: string }>(
        'SELECT id, version, state FROM careVehicles WHERE vehicleId = ?',
        [vehicleId],
      )
      if (row === undefined) return null
      const { visits } = JSON.parse(row.state) as CareVehicle
      const [from, to] = [row.id * handoversEach, (row.id + 1) * handoversEach]
      const handovers = statements
        .all<HandoverRow>('SELECT * FROM handovers WHERE id >= ? AND id < ? ORDER BY id', [from, to])
        .map(toHandover)
      return { version: row.version, visits, handovers, tasks: tasksOfHandovers(from, to) }
    },
    handoversOfSubject: (subjectId) =>
      statements
        .all<HandoverRow>('SELECT * FROM handovers WHERE subjectId = ? ORDER BY id', [subjectId])
        .map(toHandover),
    subjectOf: keys.subjectOf,
    subjectsOf: keys.subjectsOf,
    subjectsAfter: subjectsAfter(db, 'handovers'),
    ...careReport(statements),
    forget: db.transaction(keys.forget),
  }
}
