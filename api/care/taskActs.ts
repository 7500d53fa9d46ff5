/** What is done on a care task: a call, and dismissing what is on the triage list (rulebook §15). */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Action } from '../../domain/authority.ts'
import { speakingOf } from '../commands/act.ts'
import { attemptBody, dismissBody } from '../commands/care/bodies.ts'
import { type CareDone, dismissTask, planFor, recordAttempt } from '../commands/care/care.ts'
import type { CommandRow } from '../commands/deps.ts'
import type { Deps, Http, Routes } from '../http/deps.ts'
import { writeOnce } from '../http/idempotency.ts'
import { sendWritten } from '../http/written.ts'
import { actOf, readersFor } from '../tickets/requestContext.ts'
import { placeOfCare, presentTask } from './present.ts'
import {
  type CareResult,
  guardsOfTask,
  onCareTask,
  readTaskVehicle,
  requireMayTask,
  requireSeenTask,
  taskParams,
  toldAgain,
  toldOf,
} from './requestContext.ts'
import { careTaskAnswer } from './responseSchemas.ts'

const tags = ['care']

/** What is done on one task and answers it. */
const onTask = async (
  deps: Deps,
  { request, reply }: Http,
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

export const careTaskActRoutes: Routes = (deps) => async (plugin) => {
  const app = plugin.withTypeProvider<ZodTypeProvider>()

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
      return onTask(deps, { request, reply }, { taskId, action: 'call_customer' }, (doing) =>
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
      return onTask(deps, { request, reply }, { taskId, action: 'judge_care' }, (doing) =>
        dismissTask(deps, taskId, request.body.reason, doing),
      )
    },
  )
}
