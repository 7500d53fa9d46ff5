/** Handovers, visits, and what is done on a care task (rulebook §15). */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { type Action, actingRole } from '../../domain/authority.ts'
import { type CareEvent, handoverIdSchema, taskIdSchema, vehicleOfStream } from '../../domain/care/events.ts'
import { type CareVehicle, evolveVehicle } from '../../domain/care/state.ts'
import type { Position } from '../../domain/eventStore.ts'
import { Refusal } from '../../domain/refusal.ts'
import { mayAt } from '../../domain/scope.ts'
import { eventsOf } from '../../domain/storedEvents.ts'
import { speakingOf } from '../commands/act.ts'
import { attemptBody, dismissBody, handoverBody, visitBody } from '../commands/care/bodies.ts'
import {
  type CareDone,
  dismissTask,
  planFor,
  recordAttempt,
  recordHandover,
  recordVisit,
} from '../commands/care/care.ts'
import type { CommandRow } from '../commands/deps.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { writeOnce } from '../http/idempotency.ts'
import { sendWritten } from '../http/written.ts'
import { actOf, readersFor } from '../tickets/requestContext.ts'
import { placeOfCare, presentHandover, presentTask, presentVisit } from './present.ts'
import {
  guardsOfTask,
  readTaskVehicle,
  requireMayTask,
  requireSeenTask,
  vehicleNow,
} from './requestContext.ts'
import { careTaskAnswer, handoverAnswer, visitAnswer } from './responseSchemas.ts'

const tags = ['care']
/** What every write on a task may refuse. */
export const onCareTask = ['care_task_not_found', 'too_many_care_acts'] as const
export const taskParams = z.strictObject({ taskId: taskIdSchema })
export const handoverParams = z.strictObject({ handoverId: handoverIdSchema })

/** A vehicle at a version, where that is in the log, and the event that the write made. */
type CareResult = {
  vehicleId: string
  vehicle: CareVehicle
  version: number
  position: Position | null
  made: CareEvent
}

const toldOf = ({ vehicleId, vehicle, version, position, events }: CareDone): CareResult => ({
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

const handoverMade = ({ vehicle, made }: CareResult) => {
  const { handoverId } = made.data as { handoverId: string }
  return vehicle.plans.find((plan) => plan.handoverId === handoverId) as CareVehicle['plans'][number]
}

/** Whoever recorded it may have it answered again, as long as it sees the dealer. @throws Refusal */
const requireMayRecord = (request: FastifyRequest, unit: { dealer: string; rbo: string }): void => {
  actingRole(request.caller, 'record_handover')
  if (!mayAt(request.caller, 'record_handover', placeOfCare(unit)))
    throw new Refusal('not_this_dealer', { code: unit.dealer })
}

export const careWriteRoutes: Routes = (deps) => async (plugin) => {
  const app = plugin.withTypeProvider<ZodTypeProvider>()

  app.post(
    '/v1/handovers',
    {
      config: {
        desk: 'care',
        action: 'record_handover',
        refusals: [
          'unknown_dealer',
          'future_instant',
          'not_this_dealer',
          'handover_external_no_taken',
          'too_many_care_acts',
        ],
        example: {
          body: {
            dealerCode: 'D001',
            handedOverAt: '2026-03-01T10:00:00+08:00',
            vin: 'LSVAA4187E2000001',
            customer: { name: '王先生', phone: '13800000000' },
          },
        },
      },
      schema: {
        tags,
        summary: 'Record a handover; it starts the plan of care calls',
        body: handoverBody,
        response: { 201: handoverAnswer },
      },
    },
    async (request, reply) => {
      const again = ([row]: readonly CommandRow[]) => toldAgain(deps, row as CommandRow)
      const { answer, replayed } = await writeOnce<CareResult>(deps, request, {
        fresh: async (write) => toldOf(await recordHandover(deps, request.body, actOf(deps, request, write))),
        permit: async (rows) => requireMayRecord(request, handoverMade(await again(rows))),
        again,
        subjectOf: async (rows) => handoverMade(await again(rows)).subjectId,
      })
      const { handoverId } = handoverMade(answer)
      const vehicle = vehicleNow(deps, answer.vehicle)
      const plan = handoverMade({ ...answer, vehicle })
      const reader = readersFor(deps, request)(placeOfCare(plan), handoverId)
      sendWritten(reply, { version: answer.version, position: answer.position, replayed })
      return reply
        .code(201)
        .header('location', `/v1/handovers/${handoverId}`)
        .send(presentHandover({ ...answer, vehicle, plan }, reader, deps.now()))
    },
  )

  app.post(
    '/v1/visits',
    {
      config: {
        desk: 'care',
        action: 'record_handover',
        refusals: ['unknown_dealer', 'future_instant', 'not_this_dealer', 'too_many_care_acts'],
        example: {
          body: {
            vin: 'LSVAA4187E2000001',
            dealerCode: 'D001',
            visitedAt: '2026-03-01T10:00:00+08:00',
            kind: 'service',
          },
        },
      },
      schema: {
        tags,
        summary: 'Record a visit of a vehicle to a dealer',
        description:
          'One before the handover, or of a vehicle that is not known, is kept and changes nothing.',
        body: visitBody,
        response: { 201: visitAnswer },
      },
    },
    async (request, reply) => {
      const again = ([row]: readonly CommandRow[]) => toldAgain(deps, row as CommandRow)
      const visitOf = ({ vehicle, made }: CareResult) =>
        vehicle.visits.findLast(
          ({ visitedAt, dealer }) =>
            visitedAt === (made.data as { visitedAt: string }).visitedAt &&
            dealer === (made.data as { dealer: string }).dealer,
        ) as CareVehicle['visits'][number]
      const { answer, replayed } = await writeOnce<CareResult>(deps, request, {
        fresh: async (write) => toldOf(await recordVisit(deps, request.body, actOf(deps, request, write))),
        permit: async (rows) => requireMayRecord(request, visitOf(await again(rows))),
        again,
      })
      sendWritten(reply, { version: answer.version, position: answer.position, replayed })
      return reply.code(201).send(presentVisit(answer.vehicleId, visitOf(answer)))
    },
  )

  /** What is done on one task and answers it. */
  const onTask = async (
    { request, reply }: { request: FastifyRequest; reply: FastifyReply },
    { taskId, action }: { taskId: string; action: Action },
    fresh: (doing: {
      act: ReturnType<typeof actOf>
      guards: ReturnType<typeof guardsOfTask>
    }) => Promise<CareDone>,
  ) => {
    const permit = async () =>
      requireMayTask(deps, request, { taskId, action, state: (await readTaskVehicle(deps, taskId)).state })
    const { answer, replayed } = await writeOnce<CareResult>(deps, request, {
      fresh: async (write) => {
        await permit()
        const { plan } = await planFor(deps, taskId)
        const act = speakingOf(actOf(deps, request, write), plan.subjectId)
        return toldOf(await fresh({ act, guards: guardsOfTask(deps, request, taskId, action) }))
      },
      permit,
      again: ([row]) => toldAgain(deps, row as CommandRow),
      subjectOf: async () => (await planFor(deps, taskId)).plan.subjectId,
    })
    const { version, position, vehicle } = answer
    const known = requireSeenTask(deps, request, taskId, vehicle)
    const reader = readersFor(deps, request)(placeOfCare(known.task), known.plan.handoverId)
    sendWritten(reply, { version, position, replayed })
    return presentTask({ ...known, version }, reader, deps.now())
  }

  app.post(
    '/v1/care/tasks/:taskId/attempts',
    {
      config: {
        desk: 'care',
        action: 'call_customer',
        refusals: [
          ...onCareTask,
          'care_task_not_open',
          'care_task_ended',
          'care_call_before_task',
          'care_attempts_of_day',
          'care_outcome_required',
          'care_outcome_not_wanted',
          'care_feedback_required',
          'future_instant',
        ],
      },
      schema: {
        tags,
        summary: 'Record a call to the customer, or an attempt at one',
        params: taskParams,
        body: attemptBody,
        response: { 200: careTaskAnswer },
      },
    },
    (request, reply) => {
      const { taskId } = request.params
      return onTask({ request, reply }, { taskId, action: 'call_customer' }, (doing) =>
        recordAttempt(deps, taskId, request.body, doing),
      )
    },
  )

  app.post(
    '/v1/care/tasks/:taskId/dismiss',
    {
      config: { desk: 'care', action: 'judge_care', refusals: [...onCareTask, 'care_not_in_triage'] },
      schema: {
        tags,
        summary: 'Dismiss what is on the triage list',
        params: taskParams,
        body: dismissBody,
        response: { 200: careTaskAnswer },
      },
    },
    (request, reply) => {
      const { taskId } = request.params
      return onTask({ request, reply }, { taskId, action: 'judge_care' }, (doing) =>
        dismissTask(deps, taskId, request.body.reason, doing),
      )
    },
  )
}
