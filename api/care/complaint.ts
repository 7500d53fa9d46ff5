/** `POST /v1/care/tasks/{taskId}/complaint`: what a call brought up goes through the same front door. */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { vehicleOfStream } from '../../domain/care/events.ts'
import { speakingOf } from '../commands/act.ts'
import { careComplaintBody } from '../commands/care/bodies.ts'
import { planFor } from '../commands/care/care.ts'
import { careComplaintId, complainOfTask } from '../commands/care/complaint.ts'
import type { CommandRow } from '../commands/deps.ts'
import type { Routes } from '../http/deps.ts'
import { writeOnce } from '../http/idempotency.ts'
import { ofIntake } from '../http/operationCodes.ts'
import { askedComplaint, requireTaken } from '../tickets/askedComplaint.ts'
import { actOf } from '../tickets/requestContext.ts'
import { complaintAnswers } from '../tickets/responseSchemas.ts'
import { sendIntake } from '../tickets/sendIntake.ts'
import { guardsOfTask, onCareTask, readTaskVehicle, requireMayTask, taskParams } from './requestContext.ts'

export const careComplaintRoutes: Routes = (deps) => async (plugin) => {
  plugin.withTypeProvider<ZodTypeProvider>().post(
    '/v1/care/tasks/:taskId/complaint',
    {
      config: {
        desk: 'care',
        action: 'judge_care',
        refusals: [...onCareTask, ...ofIntake, 'care_not_in_triage'],
      },
      schema: {
        tags: ['care'],
        summary: 'Register the complaint of a dissatisfied customer',
        description: 'As POST /v1/complaints, for the customer of the handover; the feedback is the content.',
        params: taskParams,
        body: careComplaintBody,
        response: complaintAnswers,
      },
    },
    async (request, reply) => {
      const { taskId } = request.params
      const permit = async () =>
        requireMayTask(deps, request, {
          taskId,
          action: 'judge_care',
          state: (await readTaskVehicle(deps, taskId)).state,
        })
      const { answer, replayed } = await writeOnce(deps, request, {
        fresh: async (write) => {
          await permit()
          const { plan } = await planFor(deps, taskId)
          const act = speakingOf(actOf(deps, request, write), plan.subjectId)
          const guards = guardsOfTask(deps, request, taskId, 'judge_care')
          const { position } = await complainOfTask(deps, { taskId, ...request.body }, { act, guards })
          return { ...(await askedComplaint(deps, careComplaintId(act.commandId, taskId))), position }
        },
        permit,
        again: async ([row]) => {
          await requireTaken(deps, row as CommandRow, 'CareReopened')
          return askedComplaint(deps, careComplaintId((row as CommandRow).commandId, taskId))
        },
        subjectOf: async (rows) =>
          vehicleOfStream((rows[0] as CommandRow).stream) === null
            ? null
            : (await planFor(deps, taskId)).plan.subjectId,
      })
      return sendIntake(deps, reply, { ...answer, replayed })
    },
  )
}
