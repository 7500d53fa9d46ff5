/** The tables of the care desk, and what their rows say. Instants are epoch ms. */
import type { CareOutcome, CareStatus, TriageStatus } from '../../domain/care/codes.ts'
import { type CareKind, careKinds } from '../../domain/care/policy.ts'
import type { EpochTask, TaskEnd } from '../../domain/care/tasks.ts'
import { epochOrNull, type Instant, toInstant } from '../../domain/instant.ts'
import type { SealedText } from '../../domain/sealed.ts'
import { instantOrNull } from '../epoch.ts'
import { int, type RowOf, type Table, text } from '../rows.ts'

/** `state` is the folded vehicle as JSON, without customers; `rollAt`: when a yearly task opens that has no row yet. */
export const vehicleTable = {
  name: 'careVehicles',
  key: 'vehicleId',
  columns: {
    id: 'INTEGER PRIMARY KEY',
    vehicleId: `${text} UNIQUE`,
    version: int,
    state: text,
    rollAt: 'INTEGER',
  },
} as const satisfies Table

export const handoverTable = {
  name: 'handovers',
  key: 'handoverId',
  columns: {
    /** `vehicle number * 64 + place`. */
    id: 'INTEGER PRIMARY KEY',
    handoverId: `${text} UNIQUE`,
    /** In the order of the log. */
    seq: int,
    vehicleId: text,
    externalNo: 'TEXT',
    subjectId: text,
    dealer: text,
    rbo: text,
    handedOverAt: int,
    insuranceEndsOn: 'TEXT',
    recordedAt: int,
    customer: text,
    erasedAt: 'INTEGER',
  },
} as const satisfies Table

export const taskTable = {
  name: 'careTasks',
  key: 'id',
  columns: {
    /** See `taskNumber`: says which handover's and which of it, so the task's id is in no column. */
    id: 'INTEGER PRIMARY KEY',
    kind: text,
    dealer: text,
    rbo: text,
    opensAt: int,
    dueAt: int,
    lateFrom: int,
    /** How it ended; `null`: it has not. */
    ended: 'TEXT',
    endedAt: 'INTEGER',
    outcome: 'TEXT',
    attempts: int,
    triage: 'TEXT',
    triageSince: 'INTEGER',
    triageDueAt: 'INTEGER',
    ticketNo: 'TEXT',
    /** The feedback that the CSC judges. */
    text: 'TEXT',
  },
} as const satisfies Table

export type VehicleRow = RowOf<typeof vehicleTable>
export type HandoverRow = RowOf<typeof handoverTable>
export type TaskRow = RowOf<typeof taskTable>

const kinds = Object.keys(careKinds) as CareKind[]
const numbersEach = 2_048
const kindsEach = 16
export const handoversEach = 64
/** Task numbers of one handover. */
const tasksEach = numbersEach * kindsEach

const kindNumbers = new Map(kinds.map((kind, place) => [kind, place]))

const numberOf = (handover: number, kind: CareKind, number: number): number =>
  handover * tasksEach + (kindNumbers.get(kind) as number) * numbersEach + number

/** The number of a task, of its handover's and its kind's: the same whenever the row is made. */
export const taskNumber = (handover: number, taskId: string): number => {
  const [, kind, number = '0'] = taskId.split('.')
  return numberOf(handover, kind as CareKind, Number(number))
}

const taskIdOf = (handoverId: string, { id, kind }: Pick<TaskRow, 'id' | 'kind'>): string => {
  const number = id % numbersEach
  return `${handoverId}.${kind}${number === 0 ? '' : `.${number}`}`
}

/** Tasks `c` with their handovers `h`; the tasks come first, in the order of their index. */
export const tasksWithHandover = `careTasks c CROSS JOIN handovers h ON h.id = c.id / ${tasksEach}` as const
/** The id of a task of `tasksWithHandover`. */
export const taskIdSql = `h.handoverId || '.' || c.kind || CASE c.id % ${numbersEach} WHEN 0 THEN '' ELSE '.' || (c.id % ${numbersEach}) END`
export const handoverOfTaskNumber = (task: number): number => Math.floor(task / tasksEach)
/** The task numbers of a handover, half-open. */
export const taskNumbersOf = (handover: number): [number, number] => [
  handover * tasksEach,
  (handover + 1) * tasksEach,
]

export const toTaskRow = (handover: number, task: EpochTask): TaskRow => {
  const { triage, record } = task
  return {
    id: numberOf(handover, task.kind, task.number ?? 0),
    kind: task.kind,
    dealer: task.dealer,
    rbo: task.rbo,
    opensAt: task.opensAt,
    dueAt: task.dueAt,
    lateFrom: task.lateFrom,
    ended: task.end,
    endedAt: task.endedAt,
    outcome: task.outcome,
    attempts: record.attempts.length,
    triage: triage?.status ?? null,
    triageSince: epochOrNull(triage?.since ?? null),
    triageDueAt: epochOrNull(triage?.dueAt ?? null),
    ticketNo: triage?.ticketNo ?? null,
    text: record.attempts.find(({ triageDueAt }) => triageDueAt !== null)?.text ?? null,
  }
}

/** A task in a list. */
export type TaskView = {
  id: number
  taskId: string
  handoverId: string
  kind: CareKind
  dealer: string
  rbo: string
  opensAt: Instant
  dueAt: Instant
  end: TaskEnd | null
  lateFrom: Instant
  endedAt: Instant | null
  outcome: CareOutcome | null
  attempts: number
  triage: { status: TriageStatus; since: Instant; dueAt: Instant; text: SealedText | null } | null
  ticketNo: string | null
  handedOverAt: Instant
  customer: SealedText
  /** Of the vehicle. */
  version: number
}

export type { CareStatus }

export const toTaskView = (
  row: TaskRow,
  handover: Pick<HandoverRow, 'handoverId' | 'handedOverAt' | 'customer'> & { version: number },
): TaskView => ({
  id: row.id,
  taskId: taskIdOf(handover.handoverId, row),
  handoverId: handover.handoverId,
  kind: row.kind as CareKind,
  dealer: row.dealer,
  rbo: row.rbo,
  opensAt: toInstant(row.opensAt),
  dueAt: toInstant(row.dueAt),
  lateFrom: toInstant(row.lateFrom),
  end: row.ended as TaskEnd | null,
  endedAt: instantOrNull(row.endedAt),
  outcome: row.outcome as CareOutcome | null,
  attempts: row.attempts,
  triage:
    row.triage === null
      ? null
      : {
          status: row.triage as TriageStatus,
          since: toInstant(row.triageSince as number),
          dueAt: toInstant(row.triageDueAt as number),
          text: row.text as SealedText | null,
        },
  ticketNo: row.ticketNo,
  handedOverAt: toInstant(handover.handedOverAt),
  customer: handover.customer as SealedText,
  version: handover.version,
})
