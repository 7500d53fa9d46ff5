/** Vehicles as the care desk knows them: handovers, visits, and the tasks that follow from them (rulebook §15). */
import { type CareDataOf, type CareEvent, careEventData, vehicleOfStream } from '../../domain/care/events.ts'
import { plateKey } from '../../domain/care/plate.ts'
import { type CareVehicle, evolveVehicle, withErased } from '../../domain/care/state.ts'
import { epochTasksOfPlan, nextYearly, yearAheadMs } from '../../domain/care/tasks.ts'
import type { StoredEvent } from '../../domain/eventStore.ts'
import { toEpoch } from '../../domain/instant.ts'
import type { SealedText } from '../../domain/sealed.ts'
import { type Sealer, unreadable } from '../../domain/sealing.ts'
import { settlementEventData } from '../../domain/settlement.ts'
import { createHashList } from '../columns/hashList.ts'
import { hashesOf } from '../customers.ts'
import type { Projection } from '../projection.ts'
import { createNumbering, createRows } from '../rows.ts'
import { createStatements } from '../statements.ts'
import { type CareQueries, careQueries } from './careQueries.ts'
import {
  handoversEach,
  handoverTable,
  type TaskRow,
  taskNumbersOf,
  taskTable,
  toTaskRow,
  type VehicleRow,
  vehicleTable,
} from './careRows.ts'
import { careIndexes, careTables } from './careTables.ts'
import { createYearlyTasks } from './yearlyTasks.ts'

export type { CareQueries } from './careQueries.ts'

/** Customer number, phone, VIN, plate: the places in the list of hashes that each handover or first visit has. */
const hashesEach = 4

/**
 * So long ahead yearly tasks get rows, milliseconds. The next ones come when those of the coming year would run out, so a
 * vehicle is written again for them every fourth year only.
 */
const plannedAheadMs = 5 * yearAheadMs

/**
 * Vehicles that get their next yearly tasks after each event, some 2 ms. A million of them need some 700 a day; a year
 * ahead nobody misses one that comes later.
 */
const yearlyEach = 16

/** The columns of a task at which nothing was done, and that nobody made needless. */
const untouched = ['id', 'kind', 'dealer', 'rbo', 'opensAt', 'dueAt', 'lateFrom', 'attempts'] as const

/** Vehicles in memory between two writes: a rebuild writes seldom, and each handover is of another vehicle. */
const mostChanged = 20_000

const types: ReadonlySet<string> = new Set([
  ...Object.keys(careEventData),
  'SubjectErased',
  ...Object.keys(settlementEventData),
])

const isCare = (type: string): type is CareEvent['type'] => type in careEventData

/** By what a handover or the first visit of a vehicle is found. */
const keysOf = (sealing: Sealer, sealed: SealedText): (Uint8Array | null)[] => {
  const value = sealing.open(sealed)
  const { vehicle } = (value === unreadable || value === null ? {} : value) as {
    vehicle?: { plateNo?: string }
  }
  const plate = plateKey(vehicle?.plateNo)
  return [...hashesOf(sealing, sealed), plate === null ? null : sealing.lookupHash('vin', plate)]
}

/** The state as it is kept: customers stand in the handovers' own rows. */
const withoutCustomers = (state: CareVehicle): CareVehicle => ({
  ...state,
  plans: state.plans.map((plan) => ({ ...plan, customer: '' as SealedText })),
})

export const care: Projection<CareQueries> = {
  name: 'care',
  version: 3,
  readByCommands: true,
  types: [...types],
  tables: careTables,
  indexes: careIndexes,
  open: (db, sealing) => {
    const statements = createStatements(db)
    const vehicles = createRows(db, vehicleTable)
    const handovers = createRows(db, handoverTable)
    const vehicleNumbers = createNumbering(db, 'careVehicles')
    const keys = createHashList(db, 'careKeys')
    const addOwner = db.prepare('INSERT INTO careKeyOwners VALUES (?, ?, ?)')
    const addRevision = db.prepare('INSERT OR REPLACE INTO careRevisions VALUES (?, ?, ?)')
    const columns = Object.keys(taskTable.columns) as (keyof TaskRow)[]
    const into = `INTO careTasks (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`
    const addTask = db.prepare(`INSERT ${into}`)
    const putTask = db.prepare(`INSERT OR REPLACE ${into}`)
    // most new tasks are untouched, and so are all columns but these
    const addUntouched = db.prepare(
      `INSERT INTO careTasks (${untouched.join(', ')}) VALUES (${untouched.map(() => '?').join(', ')})`,
    )
    const dropTask = db.prepare('DELETE FROM careTasks WHERE id = ?')
    const tasksBetween = db.prepare<[number, number], TaskRow>(
      'SELECT * FROM careTasks WHERE id >= ? AND id < ? ORDER BY id',
    )
    const storedLast = db.prepare<[], { at: number; seq: number }>('SELECT at, seq FROM careLast')
    const putLast = db.prepare('INSERT OR REPLACE INTO careLast VALUES (1, ?, ?)')
    const yearly = createYearlyTasks(db)

    /** Vehicles that changed since the last flush, and by when their yearly tasks open that have rows, epoch ms. */
    let changed = new Map<string, { state: CareVehicle; until: number }>()
    let owners: { id: number; vehicleId: string; subjectId: string }[] = []
    let revisions: [string, number, number][] = []
    /** The latest instant of all events, epoch ms, and the number of handovers; `null`: as the table has it. */
    let last: { at: number; seq: number } | null = null
    /** Handovers from this number on have no rows yet. */
    let firstNew = Number.POSITIVE_INFINITY

    const forget = (): void => {
      changed = new Map()
      owners = []
      revisions = []
      last = null
      firstNew = Number.POSITIVE_INFINITY
      yearly.reset()
      vehicles.discard()
      handovers.discard()
      vehicleNumbers.reset()
    }
    const stateOf = (vehicleId: string): CareVehicle | null => {
      const known = changed.get(vehicleId)
      if (known !== undefined) return known.state
      const row = vehicles.get(vehicleId)
      return row === undefined || row.state === '' ? null : (JSON.parse(row.state) as CareVehicle)
    }
    const rowFor = (vehicleId: string): VehicleRow => {
      const known = vehicles.get(vehicleId)
      if (known !== undefined) return known
      const row = { id: vehicleNumbers.next(), vehicleId, version: 0, state: '', rollAt: null }
      vehicles.add(row)
      firstNew = Math.min(firstNew, row.id * handoversEach)
      return row
    }
    const lastNow = (): { at: number; seq: number } => {
      last ??= storedLast.get() ?? { at: 0, seq: 0 }
      return last
    }
    const change = (vehicleId: string, state: CareVehicle): VehicleRow => {
      const until = lastNow().at + plannedAheadMs
      const row = rowFor(vehicleId)
      row.rollAt = nextYearly(state, until)
      changed.set(vehicleId, { state, until })
      yearly.note(row)
      return row
    }
    const addYearly = (): void => {
      for (let count = 0; count < yearlyEach; count++) {
        const vehicleId = yearly.first(lastNow().at + yearAheadMs)
        const state = vehicleId === null ? null : stateOf(vehicleId)
        if (vehicleId === null || state === null) return
        change(vehicleId, state)
      }
    }
    const addKeys = (vehicleId: string, subjectId: string, sealed: SealedText): void => {
      const id = keys.length() / hashesEach + 1
      for (const hash of keysOf(sealing, sealed)) keys.add(hash)
      owners.push({ id, vehicleId, subjectId })
    }
    const addHandover = (
      vehicle: VehicleRow,
      place: number,
      data: CareDataOf<'VehicleHandedOver'>,
      recordedAt: string,
    ): void => {
      lastNow().seq += 1
      handovers.add({
        id: vehicle.id * handoversEach + place,
        handoverId: data.handoverId,
        seq: lastNow().seq,
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
      addKeys(vehicle.vehicleId, data.subjectId, data.customer)
    }
    const applyCare = (vehicleId: string, event: StoredEvent<CareEvent>): void => {
      const row = rowFor(vehicleId)
      const before = stateOf(vehicleId)
      const { data } = event
      if (event.type === 'VehicleHandedOver')
        addHandover(
          row,
          before?.plans.length ?? 0,
          data as CareDataOf<'VehicleHandedOver'>,
          event.metadata.recordedAt,
        )
      if (event.type === 'VisitRecorded') {
        const { customer, subjectId } = data as CareDataOf<'VisitRecorded'>
        if (customer !== null && subjectId !== null) addKeys(vehicleId, subjectId, customer)
      }
      change(vehicleId, evolveVehicle(before, event as CareEvent, event.metadata)).version = event.version
    }
    const erase = (subjectId: string, at: string): void => {
      forgetKeys(subjectId)
      const found = statements.all<{ handoverId: string; vehicleId: string }>(
        'SELECT handoverId, vehicleId FROM handovers WHERE subjectId = ?',
        [subjectId],
      )
      const fresh = [...changed].flatMap(([vehicleId, { state }]) =>
        state.plans.flatMap((plan) =>
          plan.subjectId === subjectId ? [{ handoverId: plan.handoverId, vehicleId }] : [],
        ),
      )
      for (const { handoverId, vehicleId } of [...found, ...fresh]) {
        const row = handovers.get(handoverId)
        if (row !== undefined) row.erasedAt ??= toEpoch(at)
        const state = stateOf(vehicleId)
        if (state !== null)
          change(
            vehicleId,
            withErased(state, (plan) => (plan.subjectId === subjectId ? at : null)),
          )
      }
    }
    const forgetKeys = (subjectId: string): void => {
      const stored = statements.all<{ id: number }>('SELECT id FROM careKeyOwners WHERE subjectId = ?', [
        subjectId,
      ])
      for (const { id } of [...stored, ...owners.filter((each) => each.subjectId === subjectId)])
        for (let place = (id - 1) * hashesEach; place < id * hashesEach; place++) keys.erase(place)
    }
    /** The rows of a handover's tasks by number. */
    const storedTasks = (handover: number): Map<number, TaskRow> =>
      handover >= firstNew
        ? new Map()
        : new Map(tasksBetween.all(...taskNumbersOf(handover)).map((row) => [row.id, row]))
    /** Writes the tasks of a vehicle as they follow from its state; a row that stays as it is costs a read. */
    const writeTasks = (number: number, state: CareVehicle, until: number): void => {
      for (const [place, plan] of state.plans.entries()) {
        const handover = number * handoversEach + place
        const stored = storedTasks(handover)
        for (const task of epochTasksOfPlan(state, plan, until)) {
          const row = toTaskRow(handover, task)
          const before = stored.get(row.id)
          stored.delete(row.id)
          if (before === undefined && row.ended === null && row.attempts === 0)
            addUntouched.run(...untouched.map((column) => row[column]))
          else if (before === undefined) addTask.run(...columns.map((column) => row[column]))
          else if (columns.some((column) => before[column] !== row[column]))
            putTask.run(...columns.map((column) => row[column]))
        }
        for (const id of stored.keys()) dropTask.run(id)
      }
    }
    const flush = (): void => {
      for (const [vehicleId, { state, until }] of changed) {
        const row = rowFor(vehicleId)
        row.state = JSON.stringify(withoutCustomers(state))
        writeTasks(row.id, state, until)
      }
      vehicles.flush()
      handovers.flush()
      for (const { id, vehicleId, subjectId } of owners) addOwner.run(id, vehicleId, subjectId)
      for (const revision of revisions) addRevision.run(...revision)
      if (last !== null) putLast.run(last.at, last.seq)
      keys.flush()
      changed = new Map()
      owners = []
      revisions = []
      firstNew = Number.POSITIVE_INFINITY
      yearly.reset()
    }

    return {
      apply: (event) => {
        const { type, stream, data, metadata, version } = event
        if (!types.has(type)) return
        lastNow().at = Math.max(lastNow().at, toEpoch(metadata.recordedAt))
        const vehicleId = vehicleOfStream(stream)
        if (vehicleId !== null && isCare(type)) applyCare(vehicleId, event as StoredEvent<CareEvent>)
        else if (type === 'SubjectErased')
          erase((data as { subjectId: string }).subjectId, metadata.recordedAt)
        else if (type in settlementEventData)
          revisions.push([stream.slice(stream.indexOf('-') + 1), version, lastNow().seq])
        addYearly()
        if (changed.size >= mostChanged) flush()
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
      queries: careQueries(db, { statements, keys, hashesEach }),
    }
  },
}
