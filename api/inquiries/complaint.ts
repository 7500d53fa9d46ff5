/** `POST /v1/inquiries/{inquiryNo}/complaint`: what turned out to be a complaint goes through the same front door. */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { inquiryOfStream } from '../../domain/inquiry/events.ts'
import { Refusal, type RefusalCode } from '../../domain/refusal.ts'
import { Conflict } from '../commands/conflict.ts'
import type { CommandRow } from '../commands/deps.ts'
import { becomeComplaintBody } from '../commands/inquiries/bodies.ts'
import { becomeComplaint, complaintCommandId } from '../commands/inquiries/complaint.ts'
import { readInquiryEvents } from '../commands/inquiries/inquiries.ts'
import { completePendingActs } from '../commands/tickets/followUp.ts'
import { complaintAgain } from '../commands/tickets/replay.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { writeOnce } from '../http/idempotency.ts'
import { ofIntake, onInquiry } from '../http/operationCodes.ts'
import { actOf } from '../tickets/requestContext.ts'
import { complaintAnswers } from '../tickets/responseSchemas.ts'
import { sendIntake } from '../tickets/sendIntake.ts'
import { inquiryParams } from './reads.ts'
import { actSpeakingOf, guardsOfInquiry, requireMayInquiry, subjectOfInquiry } from './writes.ts'

/** What became of the complaint that a command on an inquiry asked for, as it was answered first. */
const takenBy = async (deps: Deps, inquiryNo: string, commandId: string) => {
  const following = complaintCommandId(commandId, inquiryNo)
  const rows = deps.views.commands.find(following).map((row) => ({ ...row, commandId: following }))
  if (rows.length === 0) throw new Error(`the complaint of inquiry ${inquiryNo} is not remembered`)
  return complaintAgain(deps, rows)
}

/**
 * Completes what the command left pending, and says again that it was refused where the inquiry was opened again.
 * @throws Refusal; Conflict `write_conflict`
 */
const requireTaken = async (deps: Deps, { stream, fromVersion }: CommandRow): Promise<void> => {
  const inquiryNo = inquiryOfStream(stream) as string
  const open = deps.views.followUps.open().filter((each) => each.stream === stream)
  const { pending } = await completePendingActs(deps, open)
  if (pending > 0) throw new Conflict('write_conflict')
  const events = await readInquiryEvents(deps, inquiryNo)
  const asked = events[fromVersion - 1]
  const end = events.find(({ metadata }) => metadata.causationId === asked?.id)
  if (end?.type !== 'InquiryReopened') return
  const { code, params, pointer } = end.data.refused
  throw new Refusal(code as RefusalCode, params, pointer ?? undefined)
}

export const inquiryComplaintRoutes: Routes = (deps) => async (plugin) => {
  plugin.withTypeProvider<ZodTypeProvider>().post(
    '/v1/inquiries/:inquiryNo/complaint',
    {
      config: { action: 'take_inquiry', refusals: [...onInquiry, ...ofIntake, 'inquiry_without_customer'] },
      schema: {
        tags: ['inquiries'],
        summary: 'Register the complaint that the inquiry turned out to be',
        description: 'As POST /v1/complaints, for the customer of the inquiry; the question is the content.',
        params: inquiryParams,
        body: becomeComplaintBody,
        response: complaintAnswers,
      },
    },
    async (request, reply) => {
      const { inquiryNo } = request.params
      const { dealerCode: dealer, ...asked } = request.body
      const { answer, replayed } = await writeOnce(deps, request, {
        fresh: async (write) => {
          const act = await actSpeakingOf(deps, inquiryNo, actOf(deps, request, write))
          const guards = guardsOfInquiry(request, inquiryNo)
          const { position } = await becomeComplaint(deps, inquiryNo, { ...asked, dealer }, { act, guards })
          return { ...(await takenBy(deps, inquiryNo, act.commandId)), position }
        },
        permit: () => requireMayInquiry(deps, request, inquiryNo, ['take_inquiry']),
        again: async ([row]) => {
          await requireTaken(deps, row as CommandRow)
          return takenBy(deps, inquiryNo, (row as CommandRow).commandId)
        },
        subjectOf: () => subjectOfInquiry(deps, inquiryNo),
      })
      return sendIntake(deps, reply, { ...answer, replayed })
    },
  )
}
