/** A vehicle as the care desk knows it, folded from its events. */
import type { RecordMetadata } from '../aggregate.ts'
import type { Instant } from '../instant.ts'
import type { SealedText } from '../sealed.ts'
import { type CareDataOf, type CareEvent, handoverOfTask, type TaskId } from './events.ts'

/** One handover, and what starts with it. */
export type Plan = CareDataOf<'VehicleHandedOver'> & {
  recordedAt: Instant
  /** Set by whoever folds where the customer was erased; no event of the vehicle says so. */
  erasedAt: Instant | null
}

export type Visit = Omit<CareDataOf<'VisitRecorded'>, 'customer' | 'subjectId'> & { recordedAt: Instant }

/** A call; `at` is its recording, by which it is in time or late. */
export type CareAttempt = Omit<CareDataOf<'CareAttempted'>, 'taskId'> & { at: Instant; by: string }

export type CareComplaint = {
  asked: Omit<CareDataOf<'CareBecameComplaint'>, 'taskId'>
  /** `null` while the complaint is taken in. */
  ticketNo: string | null
  outcome: CareDataOf<'CareTicketNamed'>['outcome'] | null
}

/** What was done about one task. */
export type TaskRecord = {
  /** Oldest first. */
  attempts: CareAttempt[]
  dismissed: { at: Instant; text: SealedText } | null
  complaint: CareComplaint | null
}

export type CareVehicle = {
  /** In the order of their recording. */
  plans: Plan[]
  visits: Visit[]
  records: Record<TaskId, TaskRecord>
  lastAt: Instant
}

export const noRecord: TaskRecord = { attempts: [], dismissed: null, complaint: null }

const empty: CareVehicle = { plans: [], visits: [], records: {}, lastAt: '' }

const withRecord = (
  state: CareVehicle,
  taskId: TaskId,
  change: (record: TaskRecord) => Partial<TaskRecord>,
): CareVehicle => {
  const record = state.records[taskId] ?? noRecord
  return { ...state, records: { ...state.records, [taskId]: { ...record, ...change(record) } } }
}

type By = Pick<RecordMetadata, 'recordedAt' | 'actor'>

type Change = { [T in CareEvent['type']]: (state: CareVehicle, data: CareDataOf<T>, by: By) => CareVehicle }

const changes: Change = {
  VehicleHandedOver: (state, data, { recordedAt }) => ({
    ...state,
    plans: [...state.plans, { ...data, recordedAt, erasedAt: null }],
  }),
  VisitRecorded: (state, { customer: _, subjectId: __, ...visit }, { recordedAt }) => ({
    ...state,
    visits: [...state.visits, { ...visit, recordedAt }],
  }),
  CareAttempted: (state, { taskId, ...attempt }, { recordedAt: at, actor }) =>
    withRecord(state, taskId, ({ attempts }) => ({
      attempts: [...attempts, { ...attempt, at, by: actor.id }],
    })),
  CareDismissed: (state, { taskId, text }, { recordedAt: at }) =>
    withRecord(state, taskId, () => ({ dismissed: { at, text } })),
  CareBecameComplaint: (state, { taskId, ...asked }) =>
    withRecord(state, taskId, () => ({ complaint: { asked, ticketNo: null, outcome: null } })),
  CareTicketNamed: (state, { taskId, ticketNo, outcome }) =>
    withRecord(state, taskId, ({ complaint }) => ({
      complaint: complaint && { ...complaint, ticketNo, outcome },
    })),
  CareReopened: (state, { taskId }) => withRecord(state, taskId, () => ({ complaint: null })),
}

/** Folds one event into a vehicle; never throws. */
export const evolveVehicle = (state: CareVehicle | null, event: CareEvent, by: By): CareVehicle => {
  const change = changes[event.type] as (state: CareVehicle, data: unknown, by: By) => CareVehicle
  const known = state ?? empty
  // an import adds what happened before
  const lastAt = by.recordedAt > known.lastAt ? by.recordedAt : known.lastAt
  return { ...change(known, event.data, by), lastAt }
}

/** The vehicle once the customers of handovers are erased: their plans end then. `erasedAt`: of a plan; `null`: it is not. */
export const withErased = (state: CareVehicle, erasedAt: (plan: Plan) => Instant | null): CareVehicle => {
  const plans = state.plans.map((plan): Plan => {
    const at = plan.erasedAt ?? erasedAt(plan)
    return at === plan.erasedAt ? plan : { ...plan, erasedAt: at }
  })
  return plans.every((plan, place) => plan === state.plans[place]) ? state : { ...state, plans }
}

/** The handover of a task; `undefined`: the vehicle has none like it. */
export const planOfTask = ({ plans }: CareVehicle, taskId: TaskId): Plan | undefined =>
  plans.find(({ handoverId }) => handoverId === handoverOfTask(taskId))
