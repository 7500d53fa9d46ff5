/** What all routes of the care desk share: who sees what, and what a write rests on. */
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type Action, actingRole, permissions } from '../../domain/authority.ts'
import {
  type CareEvent,
  type HandoverId,
  handoverIdSchema,
  handoverOfTask,
  type TaskId,
  taskIdSchema,
  vehicleOfHandover,
  vehicleOfStream,
} from '../../domain/care/events.ts'
import {
  type CareVehicle,
  evolveVehicle,
  type Plan,
  planOfTask,
  withErased,
} from '../../domain/care/state.ts'
import { type CareTask, tasksOfPlan } from '../../domain/care/tasks.ts'
import type { Position } from '../../domain/eventStore.ts'
import { Refusal } from '../../domain/refusal.ts'
import { mayAt } from '../../domain/scope.ts'
import { eventsOf } from '../../domain/storedEvents.ts'
import { type CareDone, type CareGuards, isErased, readVehicle } from '../commands/care/care.ts'
import type { CommandRow } from '../commands/deps.ts'
import type { FoldedStream } from '../commands/folded.ts'
import type { Deps } from '../http/deps.ts'
import { ifMatch, requireMatch } from '../http/etag.ts'
import { placeOfCare, plannedUntil } from './present.ts'

/** What every write on a task may refuse. */
export const onCareTask = ['care_task_not_found', 'too_many_care_acts'] as const
export const taskParams = z.strictObject({ taskId: taskIdSchema })
export const handoverParams = z.strictObject({ handoverId: handoverIdSchema })

/** The vehicle as it is now: the plans of erased customers have ended. */
export const vehicleNow = (deps: Deps, vehicle: CareVehicle): CareVehicle =>
  withErased(vehicle, ({ subjectId, handoverId }) =>
    isErased(deps, subjectId) ? (deps.views.care.handover(handoverId)?.erasedAt ?? deps.now()) : null,
  )

/** A task with its handover. `null`: there is none like it. */
export const taskIn = (
  deps: Deps,
  found: CareVehicle | null,
  taskId: TaskId,
): { task: CareTask; plan: Plan } | null => {
  if (found === null) return null
  const vehicle = vehicleNow(deps, found)
  const plan = planOfTask(vehicle, taskId)
  if (plan === undefined) return null
  const task = tasksOfPlan(vehicle, plan, plannedUntil(deps.now())).find((each) => each.taskId === taskId)
  return task === undefined ? null : { task, plan }
}

/** A task outside the caller's scope is as good as absent (rulebook §2). @throws Refusal `care_task_not_found` */
export const requireSeenTask = (
  deps: Deps,
  request: FastifyRequest,
  taskId: TaskId,
  found: CareVehicle | null,
): { task: CareTask; plan: Plan } => {
  const known = taskIn(deps, found, taskId)
  if (known === null || !mayAt(request.caller, 'read', placeOfCare(known.task)))
    throw new Refusal('care_task_not_found', { taskId })
  return known
}

/** Scope, role and `If-Match` of a write on a task. */
export const guardsOfTask = (
  deps: Deps,
  request: FastifyRequest,
  taskId: TaskId,
  action: Action,
): CareGuards => {
  const precondition = ifMatch(request)
  return {
    once: precondition !== undefined,
    before: ({ state, version }: FoldedStream<CareVehicle>) => {
      requireMayTask(deps, request, { taskId, action, state })
      requireMatch(precondition, version)
    },
  }
}

/** @throws Refusal `care_task_not_found`, `role_not_allowed` */
export const requireMayTask = (
  deps: Deps,
  request: FastifyRequest,
  { taskId, action, state }: { taskId: TaskId; action: Action; state: CareVehicle | null },
): void => {
  actingRole(request.caller, action)
  const { task } = requireSeenTask(deps, request, taskId, state)
  if (!mayAt(request.caller, action, placeOfCare(task)))
    throw new Refusal('role_not_allowed', { roles: permissions[action].join(', ') })
}

export const readTaskVehicle = (deps: Deps, taskId: TaskId): Promise<FoldedStream<CareVehicle>> =>
  readVehicle(deps, vehicleOfHandover(handoverOfTask(taskId)))

/** A handover that the caller sees. @throws Refusal `handover_not_found` */
export const seenHandover = async (deps: Deps, request: FastifyRequest, handoverId: HandoverId) => {
  const vehicleId = vehicleOfHandover(handoverId)
  const { state, version } = await readVehicle(deps, vehicleId)
  const vehicle = state === null ? null : vehicleNow(deps, state)
  const plan = vehicle?.plans.find((each) => each.handoverId === handoverId)
  if (vehicle === null || plan === undefined || !mayAt(request.caller, 'read', placeOfCare(plan)))
    throw new Refusal('handover_not_found', { handoverId })
  return { vehicleId, vehicle, plan, version }
}

/** A vehicle at a version, where that is in the log, and the event that the write made. */
export type CareResult = {
  vehicleId: string
  vehicle: CareVehicle
  version: number
  position: Position | null
  made: CareEvent
}

export const toldOf = ({ vehicleId, vehicle, version, position, events }: CareDone): CareResult => ({
  vehicleId,
  vehicle,
  version,
  position,
  made: events[0] as CareEvent,
})

/** The vehicle as a remembered write left it. */
export const toldAgain = async (
  deps: Pick<Deps, 'store'>,
  { stream, fromVersion, toVersion, position }: CommandRow,
): Promise<CareResult> => {
  const events = eventsOf<CareEvent & { type: CareEvent['type'] }>(await deps.store.readStream(stream))
  const state = events
    .slice(0, toVersion)
    .reduce<CareVehicle | null>((vehicle, event) => evolveVehicle(vehicle, event, event.metadata), null)
  return {
    vehicleId: vehicleOfStream(stream) as string,
    vehicle: state as CareVehicle,
    version: toVersion,
    position,
    made: events[fromVersion - 1] as CareEvent,
  }
}
