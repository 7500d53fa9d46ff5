/** By what a handover or the first visit of a vehicle is found: its customer's hashes, and that of its plate. */
import type Database from 'better-sqlite3'
import { plateKey } from '../../domain/care/plate.ts'
import type { SealedText } from '../../domain/sealed.ts'
import type { Sealer } from '../../domain/sealing.ts'
import type { SubjectId } from '../../domain/subjectKeys.ts'
import { createSubjectHashes, matchedBy, personOf, type SubjectHashes } from '../subjectHashes.ts'

/** Customer number, phone, VIN, plate. */
const hashesEach = 4

const hashesOf = (sealing: Sealer, sealed: SealedText): (Uint8Array | null)[] => {
  const person = personOf(sealing, sealed)
  const plate = plateKey(person.vehicle?.plateNo)
  return [...matchedBy(sealing, person), plate === null ? null : sealing.lookupHash('vin', plate)]
}

export type VehicleKeys = Pick<
  SubjectHashes,
  'subjectOf' | 'subjectsOf' | 'forget' | 'flush' | 'discard' | 'reload'
> & {
  /** Of a handover or visit: the vehicle is found by its customer, as it was sealed. */
  add(vehicleId: string, subjectId: SubjectId, sealed: SealedText): void
  /** Vehicles that the hash finds, the newest entry first. */
  vehiclesOf(hash: Uint8Array): string[]
}

export const createVehicleKeys = (db: Database.Database, sealing: Sealer): VehicleKeys => {
  const hashes = createSubjectHashes(db, { list: 'careKeys', rows: 'careKeyOwners', each: hashesEach })
  const addOwner = db.prepare('INSERT INTO careKeyOwners VALUES (?, ?, ?)')
  const vehicleOf = db.prepare<[number], string>('SELECT vehicleId FROM careKeyOwners WHERE id = ?').pluck()
  let added: [id: number, vehicleId: string, subjectId: SubjectId][] = []

  return {
    subjectOf: hashes.subjectOf,
    subjectsOf: hashes.subjectsOf,
    forget: hashes.forget,
    add: (vehicleId, subjectId, sealed) => {
      added.push([hashes.add(subjectId, hashesOf(sealing, sealed)), vehicleId, subjectId])
    },
    vehiclesOf: (hash) => [...new Set(hashes.find(hash).flatMap((id) => vehicleOf.get(id) ?? []))],
    flush: () => {
      for (const owner of added) addOwner.run(...owner)
      added = []
      hashes.flush()
    },
    discard: () => {
      added = []
      hashes.discard()
    },
    reload: () => {
      added = []
      hashes.reload()
    },
  }
}
