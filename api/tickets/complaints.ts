/** `POST /v1/complaints`: the front door. `POST /v1/complaints/candidates`: what the agent sees before saving. */
import type { FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Action } from '../../domain/authority.ts'
import { stampAfter } from '../../domain/stamp.ts'
import { type ComplaintBody, complaintBody } from '../commands/tickets/bodies.ts'
import { complaintOf } from '../commands/tickets/complaint.ts'
import type { TicketResult } from '../commands/tickets/execute.ts'
import { type IntakeResult, takeComplaint } from '../commands/tickets/intake.ts'
import { complaintAgain, subjectOfComplaint, ticketOfComplaint } from '../commands/tickets/replay.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { writeOnce } from '../http/idempotency.ts'
import { ofIntake } from '../http/operationCodes.ts'
import { candidatesBody, candidatesFor } from './candidates.ts'
import { actOf, readersFor, requireMay } from './requestContext.ts'
import { candidatesAnswer, complaintAnswers } from './responseSchemas.ts'
import { sendIntake } from './sendIntake.ts'

/** What the route takes of any complaint, and of one that came to the media desk. */
const actionOf = ({ category }: ComplaintBody): Action => (category === 'B4' ? 'register_media' : 'register')

/** Takes the complaint in once, or answers as the first time. */
const takeOnce = (deps: Deps, request: FastifyRequest, body: ComplaintBody) =>
  writeOnce<Pick<IntakeResult, 'outcome'> & TicketResult>(deps, request, {
    fresh: async (write) => {
      const act = actOf(deps, request, write)
      const taken = await takeComplaint(deps, complaintOf(deps, body, request.caller), act)
      return { ...taken, now: stampAfter(act.now, taken.ticket.lastAt) }
    },
    permit: async (rows) => requireMay(request.caller, actionOf(body), await ticketOfComplaint(deps, rows)),
    again: (rows) => complaintAgain(deps, rows),
    subjectOf: (rows) => subjectOfComplaint(deps, rows),
  })

export const complaintRoutes: Routes = (deps) => async (plugin) => {
  const app = plugin.withTypeProvider<ZodTypeProvider>()

  app.post(
    '/v1/complaints',
    {
      config: {
        action: 'register',
        refusals: ofIntake,
        operationId: 'registerComplaint',
        example: {
          body: {
            channel: 'phone',
            category: 'A4a',
            dealerCode: 'D001',
            customer: { name: '王芳', phone: '13800000000' },
            content: '预约的试驾一直没有人联系。',
          },
        },
      },
      schema: {
        tags: ['complaints'],
        summary: 'Take a complaint in',
        description:
          'Decides by itself whether this is a new ticket, a call on an open one, or an escalation (rulebook §6).',
        body: complaintBody,
        response: complaintAnswers,
      },
    },
    async (request, reply) => {
      const { answer, replayed } = await takeOnce(deps, request, request.body)
      return sendIntake(deps, reply, { ...answer, replayed })
    },
  )

  app.post(
    '/v1/complaints/candidates',
    {
      config: {
        action: 'look_for_candidates',
        refusals: [],
        operationId: 'findCandidates',
        example: { body: { phone: '13800000000', category: 'A4a' } },
      },
      schema: {
        tags: ['complaints'],
        summary: "Look for a customer's open and recent tickets before saving",
        body: candidatesBody,
        response: { 200: candidatesAnswer },
      },
    },
    (request) => candidatesFor(deps, request.body, readersFor(deps, request)),
  )
}
