/** What the care desk asks: tasks by due, the triage list, handovers of a vehicle, and the report's figures. */
import type Database from 'better-sqlite3'
import type { CareStatus, TriageStatus } from '../../domain/care/codes.ts'
import { handoverOfTask } from '../../domain/care/events.ts'
import type { CareKind } from '../../domain/care/policy.ts'
import type { CareVehicle, Visit } from '../../domain/care/state.ts'
import { type Instant, toEpoch, toInstant } from '../../domain/instant.ts'
import type { SealedText } from '../../domain/sealed.ts'
import type { SubjectId } from '../../domain/subjectKeys.ts'
import type { HashList } from '../columns/hashList.ts'
import { instantOrNull } from '../epoch.ts'
import { all, askedOf, type Condition, either, ofUnitsIn, oneOf, type Scopes } from '../scope.ts'
import type { Statements } from '../statements.ts'
import type { Keyset } from '../tickets/ticketPage.ts'
import { type CareReport, careReport } from './careReport.ts'
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

type PageParts = { scope: Scopes; now: Instant; limit: number; after?: Keyset | null }
export type TaskPageQuery = PageParts & { filters: TaskFilters }
export type TriagePageQuery = PageParts & {
  filters: {
    status: readonly TriageStatus[]
    dealer?: readonly string[] | undefined
    rbo?: readonly string[] | undefined
  }
}
export type TaskPage = { items: TaskView[]; next: Keyset | null }

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

export type CareQueries = CareReport & {
  tasks(query: TaskPageQuery): TaskPage
  triage(query: TriagePageQuery): TaskPage
  task(taskId: string): TaskView | null
  /** Tasks whose complaint is that ticket, in the order of their handovers. */
  tasksOfTicket(ticketNo: string): string[]
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
    ...askedOf('kind', kind),
    ...askedOf('dealer', dealer),
    ...askedOf('rbo', rbo),
    ...(from === undefined ? [] : [{ sql: 'dueAt >= ?', params: [toEpoch(from)] }]),
    ...(to === undefined ? [] : [{ sql: 'dueAt < ?', params: [toEpoch(to)] }]),
  ]
  return [status.filter(isOpen), status.filter((each) => !isOpen(each))].flatMap((statuses) =>
    statuses.length === 0 ? [] : [[...bounds(statuses, now), withStatus(statuses, now), ...others]],
  )
}

type Parts = { statements: Statements; keys: HashList; hashesEach: number }

export const careQueries = (db: Database.Database, { statements, keys, hashesEach }: Parts): CareQueries => {
  const handoverRow = (id: number) =>
    statements.get<HandoverRow & { version: number }>(
      `SELECT h.*, v.version FROM handovers h JOIN careVehicles v ON v.id = h.id / ${handoversEach} WHERE h.id = ?`,
      [id],
    ) as HandoverRow & { version: number }
  const viewOf = (row: TaskRow): TaskView => toTaskView(row, handoverRow(handoverOfTaskNumber(row.id)))
  const handoverBy = (column: 'handoverId' | 'externalNo', value: string): HandoverView | null => {
    const row = statements.get<HandoverRow>(`SELECT * FROM handovers WHERE ${column} = ?`, [value])
    return row === undefined ? null : toHandover(row)
  }
  /** The rows that any of the sets of conditions finds; no row is in two. */
  const page = (
    sets: readonly Condition[][],
    due: 'dueAt' | 'triageDueAt',
    { scope, limit, after }: PageParts,
  ): TaskPage => {
    if (scope.length === 0) return { items: [], next: null }
    const behind = after ? [{ sql: `(${due}, id) > (?, ?)`, params: [after.key, after.id] }] : []
    const rows = sets.flatMap((conditions) => {
      const { sql, params } = all([...conditions, ...ofUnitsIn(scope), ...behind])
      return statements.all<TaskRow>(`SELECT * FROM careTasks WHERE ${sql} ORDER BY ${due}, id LIMIT ?`, [
        ...params,
        limit + 1,
      ])
    })
    if (sets.length > 1) rows.sort((a, b) => (a[due] as number) - (b[due] as number) || a.id - b.id)
    const shown = rows.slice(0, limit)
    const end = rows.length > limit ? shown.at(-1) : undefined
    return {
      items: shown.map(viewOf),
      next: end === undefined ? null : { key: end[due] as number, id: end.id },
    }
  }
  const ownersOf = (hash: Uint8Array) =>
    keys
      .find(hash)
      .flatMap((place) =>
        statements.all<{ vehicleId: string; subjectId: string }>(
          'SELECT vehicleId, subjectId FROM careKeyOwners WHERE id = ?',
          [Math.floor(place / hashesEach) + 1],
        ),
      )
  const newest = (hash: Uint8Array | null): SubjectId | null =>
    hash === null ? null : (ownersOf(hash)[0]?.subjectId ?? null)

  return {
    tasks: (query) => page(taskConditions(query.filters, query.now), 'dueAt', query),
    triage: (query) => {
      const { status, dealer, rbo } = query.filters
      const conditions = [oneOf('triage', [...status]), ...askedOf('dealer', dealer), ...askedOf('rbo', rbo)]
      return page([conditions], 'triageDueAt', query)
    },
    task: (taskId) => {
      const handover = statements.get<{ id: number }>('SELECT id FROM handovers WHERE handoverId = ?', [
        handoverOfTask(taskId),
      ])
      if (handover === undefined) return null
      const id = taskNumber(handover.id, taskId)
      const row = statements.get<TaskRow>('SELECT * FROM careTasks WHERE id = ?', [id])
      return row === undefined ? null : viewOf(row)
    },
    tasksOfTicket: (ticketNo) =>
      statements
        .all<{ taskId: string }>(
          `SELECT ${taskIdSql} AS taskId FROM ${tasksWithHandover} WHERE c.ticketNo = ? ORDER BY c.id`,
          [ticketNo],
        )
        .map(({ taskId }) => taskId),
    handover: (handoverId) => handoverBy('handoverId', handoverId),
    handoverByExternalNo: (externalNo) => handoverBy('externalNo', externalNo),
    vehiclesOf: (hash) => [...new Set(ownersOf(hash).map(({ vehicleId }) => vehicleId))],
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
      const tasks = statements
        .all<TaskRow>('SELECT * FROM careTasks WHERE id >= ? AND id < ? ORDER BY dueAt, id', [
          taskNumbersOf(from)[0],
          taskNumbersOf(to)[0],
        ])
        .map(viewOf)
      return { version: row.version, visits, handovers, tasks }
    },
    handoversOfSubject: (subjectId) =>
      statements
        .all<HandoverRow>('SELECT * FROM handovers WHERE subjectId = ? ORDER BY id', [subjectId])
        .map(toHandover),
    subjectOf: (customerIdHash, phoneHash) => newest(customerIdHash) ?? newest(phoneHash),
    subjectsOf: (hash) => [...new Set(ownersOf(hash).map(({ subjectId }) => subjectId))],
    subjectsAfter: (subjectId, limit) =>
      statements
        .all<{ subjectId: string }>(
          'SELECT DISTINCT subjectId FROM handovers WHERE subjectId > ? ORDER BY subjectId LIMIT ?',
          [subjectId, limit],
        )
        .map((row) => row.subjectId),
    ...careReport(statements),
    forget: db.transaction((subjectId: SubjectId): void => {
      const rows = statements.all<{ id: number }>('SELECT id FROM careKeyOwners WHERE subjectId = ?', [
        subjectId,
      ])
      for (const { id } of rows)
        for (let place = (id - 1) * hashesEach; place < id * hashesEach; place++) keys.erase(place)
    }),
  }
}
