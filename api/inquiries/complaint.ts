/** `POST /v1/inquiries/{inquiryNo}/complaint`: what turned out to be a complaint goes through the same front door. */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { CommandRow } from '../commands/deps.ts'
import { becomeComplaintBody } from '../commands/inquiries/bodies.ts'
import { becomeComplaint, complaintCommandId } from '../commands/inquiries/complaint.ts'
import type { Routes } from '../http/deps.ts'
import { writeOnce } from '../http/idempotency.ts'
import { ofIntake, onInquiry } from '../http/operationCodes.ts'
import { askedComplaint, requireTaken } from '../tickets/askedComplaint.ts'
import { actOf } from '../tickets/requestContext.ts'
import { complaintAnswers } from '../tickets/responseSchemas.ts'
import { sendIntake } from '../tickets/sendIntake.ts'
import { inquiryParams } from './reads.ts'
import { actSpeakingOf, guardsOfInquiry, requireMayInquiry, subjectOfInquiry } from './writes.ts'

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
          return { ...(await askedComplaint(deps, complaintCommandId(act.commandId, inquiryNo))), position }
        },
        permit: () => requireMayInquiry(deps, request, inquiryNo, ['take_inquiry']),
        again: async ([row]) => {
          await requireTaken(deps, row as CommandRow, 'InquiryReopened')
          return askedComplaint(deps, complaintCommandId((row as CommandRow).commandId, inquiryNo))
        },
        subjectOf: () => subjectOfInquiry(deps, inquiryNo),
      })
      return sendIntake(deps, reply, { ...answer, replayed })
    },
  )
}
