/** `POST /v1/care/tasks/{taskId}/complaint`: what a call brought up goes through the same front door. */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { type CareEvent, vehicleOfStream } from '../../domain/care/events.ts'
import { Refusal, type RefusalCode } from '../../domain/refusal.ts'
import { eventsOf } from '../../domain/storedEvents.ts'
import { speakingOf } from '../commands/act.ts'
import { careComplaintBody } from '../commands/care/bodies.ts'
import { planFor } from '../commands/care/care.ts'
import { careComplaintId, complainOfTask } from '../commands/care/complaint.ts'
import { Conflict } from '../commands/conflict.ts'
import type { CommandRow } from '../commands/deps.ts'
import { completePendingActs } from '../commands/tickets/followUp.ts'
import { complaintAgain } from '../commands/tickets/replay.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { writeOnce } from '../http/idempotency.ts'
import { ofIntake } from '../http/operationCodes.ts'
import { actOf } from '../tickets/requestContext.ts'
import { complaintAnswers } from '../tickets/responseSchemas.ts'
import { sendIntake } from '../tickets/sendIntake.ts'
import { guardsOfTask, readTaskVehicle, requireMayTask } from './requestContext.ts'
import { onCareTask, taskParams } from './writes.ts'

/** What became of the complaint, as it was answered first. */
const takenBy = async (deps: Deps, taskId: string, commandId: string) => {
  const following = careComplaintId(commandId, taskId)
  const rows = deps.views.commands.find(following).map((row) => ({ ...row, commandId: following }))
  if (rows.length === 0) throw new Error(`the complaint of care task ${taskId} is not remembered`)
  return complaintAgain(deps, rows)
}

/**
 * Completes what the command left pending, and says again that it was refused where the task is on the list again.
 * @throws Refusal; Conflict `write_conflict`
 */
const requireTaken = async (deps: Deps, { stream, fromVersion }: CommandRow): Promise<void> => {
  const open = deps.views.followUps.open().filter((each) => each.stream === stream)
  const { pending } = await completePendingActs(deps, open)
  if (pending > 0) throw new Conflict('write_conflict')
  const events = eventsOf<CareEvent & { type: CareEvent['type'] }>(await deps.store.readStream(stream))
  const asked = events[fromVersion - 1]
  const end = events.find(({ metadata }) => metadata.causationId === asked?.id)
  if (end?.type !== 'CareReopened') return
  const { code, params, pointer } = (end.data as Extract<CareEvent, { type: 'CareReopened' }>['data']).refused
  throw new Refusal(code as RefusalCode, params, pointer ?? undefined)
}

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
          return { ...(await takenBy(deps, taskId, act.commandId)), position }
        },
        permit,
        again: async ([row]) => {
          await requireTaken(deps, row as CommandRow)
          return takenBy(deps, taskId, (row as CommandRow).commandId)
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
