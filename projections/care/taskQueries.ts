/** Care tasks: pages by filters and within a scope, those of a vehicle or a ticket, and one alone. */
import type { CareStatus, TriageStatus } from '../../domain/care/codes.ts'
import { handoverOfTask } from '../../domain/care/events.ts'
import type { CareKind } from '../../domain/care/policy.ts'
import { type Instant, toEpoch } from '../../domain/instant.ts'
import { type Page, type PageParts, pageOf } from '../keysetPage.ts'
import { all, type Condition, either, filtersOn, ofUnitsIn, type Scopes } from '../scope.ts'
import type { Statements } from '../statements.ts'
import {
  type HandoverRow,
  handoverOfTaskNumber,
  handoversEach,
  type TaskRow,
  type TaskView,
  taskIdSql,
  taskNumber,
  taskNumbersOf,
  tasksWithHandover,
  toTaskView,
} from './careRows.ts'

/** What is left out filters nothing. */
export type TaskFilters = {
  kind?: readonly CareKind[] | undefined
  status?: readonly CareStatus[] | undefined
  dealer?: readonly string[] | undefined
  rbo?: readonly string[] | undefined
  /** Of the due; half-open. */
  from?: Instant | undefined
  to?: Instant | undefined
}

type ScopedParts = PageParts & { scope: Scopes; now: Instant }
export type TaskPageQuery = ScopedParts & { filters: TaskFilters }
export type TriagePageQuery = ScopedParts & {
  filters: {
    status: readonly TriageStatus[]
    dealer?: readonly string[] | undefined
    rbo?: readonly string[] | undefined
  }
}
export type TaskPage = Page<TaskView>

/** Open and overdue tasks are those that have not ended; what has not opened has no status. */
const withStatus = (statuses: readonly CareStatus[], now: Instant): Condition => {
  const at = toEpoch(now)
  return either(
    statuses.map((status) => {
      if (status === 'open')
        return { sql: '(ended IS NULL AND opensAt <= ? AND lateFrom > ?)', params: [at, at] }
      if (status === 'overdue') return { sql: '(ended IS NULL AND lateFrom <= ?)', params: [at] }
      return { sql: 'ended = ?', params: [status] }
    }),
  )
}

const isOpen = (status: CareStatus): boolean => status === 'open' || status === 'overdue'

/** Bounds by which the index of open tasks, or that of those that ended, is entered. */
const bounds = (statuses: readonly CareStatus[], now: Instant): Condition[] => {
  const at = toEpoch(now)
  if (!statuses.every(isOpen)) return [{ sql: 'ended IS NOT NULL', params: [] }]
  const open: Condition = { sql: 'ended IS NULL', params: [] }
  if (statuses.length > 1) return [open]
  return statuses[0] === 'open'
    ? [open, { sql: 'dueAt >= ?', params: [at] }]
    : [open, { sql: 'dueAt <= ?', params: [at] }]
}

const everyStatus: readonly CareStatus[] = ['open', 'overdue', 'done', 'late', 'failed', 'not_needed']

/** The conditions of open tasks, and those of tasks that ended, as far as they are asked for: each has an index. */
const taskConditions = (
  { kind, status = everyStatus, dealer, rbo, from, to }: TaskFilters,
  now: Instant,
): Condition[][] => {
  const others = [
    ...filtersOn({ kind, dealer, rbo }),
    ...(from === undefined ? [] : [{ sql: 'dueAt >= ?', params: [toEpoch(from)] }]),
    ...(to === undefined ? [] : [{ sql: 'dueAt < ?', params: [toEpoch(to)] }]),
  ]
  return [status.filter(isOpen), status.filter((each) => !isOpen(each))].flatMap((statuses) =>
    statuses.length === 0 ? [] : [[...bounds(statuses, now), withStatus(statuses, now), ...others]],
  )
}

/** `due`: what they are ordered by. */
type TaskOrder = 'dueAt' | 'triageDueAt'

/** The tasks that any of the sets of conditions finds; no task is in two. */
const taskRows = (
  statements: Statements,
  sets: readonly Condition[][],
  due: TaskOrder,
  { scope, limit, after }: ScopedParts,
): TaskRow[] => {
  const behind = after ? [{ sql: `(${due}, id) > (?, ?)`, params: [after.key, after.id] }] : []
  const rows = sets.flatMap((conditions) => {
    const { sql, params } = all([...conditions, ...ofUnitsIn(scope), ...behind])
    return statements.all<TaskRow>(`SELECT * FROM careTasks WHERE ${sql} ORDER BY ${due}, id LIMIT ?`, [
      ...params,
      limit + 1,
    ])
  })
  return sets.length > 1 ? rows.sort((a, b) => (a[due] as number) - (b[due] as number) || a.id - b.id) : rows
}

export type TaskQueries = {
  tasks(query: TaskPageQuery): TaskPage
  triage(query: TriagePageQuery): TaskPage
  task(taskId: string): TaskView | null
  /** Tasks whose complaint is that ticket, in the order of their handovers. */
  tasksOfTicket(ticketNo: string): string[]
  /** Of these handovers, by number and half-open; in the order of their dues. */
  tasksOfHandovers(from: number, to: number): TaskView[]
}

export const taskQueries = (statements: Statements): TaskQueries => {
  const viewOf = (row: TaskRow): TaskView => {
    const handover = statements.get<HandoverRow & { version: number }>(
      `SELECT h.*, v.version FROM handovers h JOIN careVehicles v ON v.id = h.id / ${handoversEach} WHERE h.id = ?`,
      [handoverOfTaskNumber(row.id)],
    )
    return toTaskView(row, handover as HandoverRow & { version: number })
  }
  const page = (sets: readonly Condition[][], due: TaskOrder, parts: ScopedParts): TaskPage => {
    if (parts.scope.length === 0) return { items: [], next: null }
    const rows = taskRows(statements, sets, due, parts)
    return pageOf(rows, parts.limit, { view: viewOf, key: (row) => row[due] as number })
  }

  return {
    tasks: (query) => page(taskConditions(query.filters, query.now), 'dueAt', query),
    triage: (query) => {
      const { status, dealer, rbo } = query.filters
      const conditions = filtersOn({ triage: status, dealer, rbo })
      return page([conditions], 'triageDueAt', query)
    },
    task: (taskId) => {
      const handover = statements.get<{ id: number }>('SELECT id FROM handovers WHERE handoverId = ?', [
        handoverOfTask(taskId),
      ])
      if (handover === undefined) return null
      const id = taskNumber(handover.id, taskId)
      return statements.find('SELECT * FROM careTasks WHERE id = ?', [id], viewOf)
    },
    tasksOfTicket: (ticketNo) =>
      statements
        .all<{ taskId: string }>(
          `SELECT ${taskIdSql} AS taskId FROM ${tasksWithHandover} WHERE c.ticketNo = ? ORDER BY c.id`,
          [ticketNo],
        )
        .map(({ taskId }) => taskId),
    tasksOfHandovers: (from, to) =>
      statements
        .all<TaskRow>('SELECT * FROM careTasks WHERE id >= ? AND id < ? ORDER BY dueAt, id', [
          taskNumbersOf(from)[0],
          taskNumbersOf(to)[0],
        ])
        .map(viewOf),
  }
}
