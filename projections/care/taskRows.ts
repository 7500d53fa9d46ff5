/** Writes the rows of a vehicle's tasks as they follow from its folded state. */
import type Database from 'better-sqlite3'
import type { CareVehicle } from '../../domain/care/state.ts'
import { epochTasksOfPlan } from '../../domain/care/tasks.ts'
import { handoversEach, type TaskRow, taskNumbersOf, taskTable, toTaskRow } from './careRows.ts'

/** The columns of a task at which nothing was done, and that nobody made needless. */
const untouched = ['id', 'kind', 'dealer', 'rbo', 'opensAt', 'dueAt', 'lateFrom', 'attempts'] as const

const columns = Object.keys(taskTable.columns) as (keyof TaskRow)[]

const into = (names: readonly string[]): string =>
  `INTO careTasks (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`

/** `number`: the vehicle's; `isNew`: it has no rows of tasks yet. Yearly tasks are those that open by `until`, epoch ms. */
type VehicleTasks = { number: number; state: CareVehicle; until: number; isNew: boolean }

/** The function writes only what differs: a row that stays as it is costs a read. */
export const createTaskWriter = (db: Database.Database): ((vehicle: VehicleTasks) => void) => {
  const add = db.prepare(`INSERT ${into(columns)}`)
  const put = db.prepare(`INSERT OR REPLACE ${into(columns)}`)
  // most new tasks are untouched, and so are all columns but these
  const addUntouched = db.prepare(`INSERT ${into(untouched)}`)
  const drop = db.prepare('DELETE FROM careTasks WHERE id = ?')
  const between = db.prepare<[number, number], TaskRow>(
    'SELECT * FROM careTasks WHERE id >= ? AND id < ? ORDER BY id',
  )

  const write = (row: TaskRow, before: TaskRow | undefined): void => {
    if (before === undefined && row.ended === null && row.attempts === 0)
      addUntouched.run(...untouched.map((column) => row[column]))
    else if (before === undefined) add.run(...columns.map((column) => row[column]))
    else if (columns.some((column) => before[column] !== row[column]))
      put.run(...columns.map((column) => row[column]))
  }

  return ({ number, state, until, isNew }) => {
    for (const [place, plan] of state.plans.entries()) {
      const handover = number * handoversEach + place
      const stored = new Map<number, TaskRow>(
        isNew ? [] : between.all(...taskNumbersOf(handover)).map((row) => [row.id, row]),
      )
      for (const task of epochTasksOfPlan(state, plan, until)) {
        const row = toTaskRow(handover, task)
        write(row, stored.get(row.id))
        stored.delete(row.id)
      }
      for (const id of stored.keys()) drop.run(id)
    }
  }
}
