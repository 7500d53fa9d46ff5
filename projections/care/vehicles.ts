/** Vehicles with their folded states, and the tasks that follow from them. */
import type Database from 'better-sqlite3'
import { nextYearly, yearAheadMs } from '../../domain/care/plannedTasks.ts'
import type { CareVehicle } from '../../domain/care/state.ts'
import type { SealedText } from '../../domain/sealed.ts'
import { createNumbering, createRows } from '../rows.ts'
import { type VehicleRow, vehicleTable } from './careRows.ts'
import type { CareLast } from './lastKnown.ts'
import { createTaskWriter } from './taskRows.ts'
import { createYearlyTasks } from './yearlyTasks.ts'

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

/** The state as it is kept: customers stand in the handovers' own rows. */
const withoutCustomers = (state: CareVehicle): CareVehicle => ({
  ...state,
  plans: state.plans.map((plan) => ({ ...plan, customer: '' as SealedText })),
})

/** `until`: by when the yearly tasks open that have rows, epoch ms. */
type ChangedVehicle = { state: CareVehicle; until: number }

export type CareVehicles = {
  /** The state after what was folded so far; `null`: nothing was. */
  stateOf(vehicleId: string): CareVehicle | null
  /** Its row, a new one where there is none. */
  rowFor(vehicleId: string): VehicleRow
  change(vehicleId: string, state: CareVehicle): VehicleRow
  /** Gives some vehicles their next yearly tasks. */
  addYearly(): void
  /** Vehicles that changed since the last flush, and their states. */
  changed(): ReadonlyMap<string, ChangedVehicle>
  flush(): void
  /** Forgets what was changed since the last flush. */
  discard(): void
}

export const createCareVehicles = (db: Database.Database, last: CareLast): CareVehicles => {
  const rows = createRows(db, vehicleTable)
  const numbering = createNumbering(db, 'careVehicles')
  const yearly = createYearlyTasks(db)
  const writeTasks = createTaskWriter(db)
  let changed = new Map<string, ChangedVehicle>()
  /** Vehicles from this number on have no rows of tasks yet. */
  let firstNew = Number.POSITIVE_INFINITY

  const stateOf = (vehicleId: string): CareVehicle | null => {
    const known = changed.get(vehicleId)
    if (known !== undefined) return known.state
    const row = rows.get(vehicleId)
    return row === undefined || row.state === '' ? null : (JSON.parse(row.state) as CareVehicle)
  }
  const rowFor = (vehicleId: string): VehicleRow => {
    const known = rows.get(vehicleId)
    if (known !== undefined) return known
    const row = { id: numbering.next(), vehicleId, version: 0, state: '', rollAt: null }
    rows.add(row)
    firstNew = Math.min(firstNew, row.id)
    return row
  }
  const change = (vehicleId: string, state: CareVehicle): VehicleRow => {
    const until = last.now().at + plannedAheadMs
    const row = rowFor(vehicleId)
    row.rollAt = nextYearly(state, until)
    changed.set(vehicleId, { state, until })
    yearly.note(row)
    return row
  }
  const forgetChanged = (): void => {
    changed = new Map()
    firstNew = Number.POSITIVE_INFINITY
    yearly.reset()
  }

  return {
    stateOf,
    rowFor,
    change,
    addYearly: () => {
      for (let count = 0; count < yearlyEach; count++) {
        const vehicleId = yearly.first(last.now().at + yearAheadMs)
        const state = vehicleId === null ? null : stateOf(vehicleId)
        if (vehicleId === null || state === null) return
        change(vehicleId, state)
      }
    },
    changed: () => changed,
    flush: () => {
      for (const [vehicleId, { state, until }] of changed) {
        const row = rowFor(vehicleId)
        row.state = JSON.stringify(withoutCustomers(state))
        writeTasks({ number: row.id, state, until, isNew: row.id >= firstNew })
      }
      rows.flush()
      forgetChanged()
    },
    discard: () => {
      forgetChanged()
      rows.discard()
      numbering.reset()
    },
  }
}
