/** `POST /v1/complaints`: the front door. `POST /v1/complaints/candidates`: what the agent sees before saving. */
import type { FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Actor } from '../../domain/authority.ts'
import { actingRole } from '../../domain/authority.ts'
import { Refusal } from '../../domain/refusal.ts'
import { type ComplaintBody, complaintBody } from '../commands/tickets/bodies.ts'
import { notBefore } from '../commands/tickets/execute.ts'
import { type Complaint, type Taken, takeComplaint } from '../commands/tickets/intake.ts'
import { noVehicle, toSeal } from '../commands/tickets/personal.ts'
import { complaintAgain, subjectOfComplaint } from '../commands/tickets/replay.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { writeOnce } from '../http/idempotency.ts'
import { candidatesAnswer, complaintAnswers } from './answers.ts'
import { actOf, readerFor, sendWritten, type Written } from './asking.ts'
import { candidatesBody, candidatesFor } from './candidates.ts'
import { presentTaken } from './present.ts'

/**
 * A complaint as its body has it.
 * @throws Refusal `role_not_allowed` (B4), `source_required`, `source_not_wanted`, `instant_not_allowed`, …
 */
export const complaintOf = (deps: Pick<Deps, 'sealing'>, body: ComplaintBody, actor: Actor): Complaint => {
  const { customer, vehicle, content, initialCause, receivedAt, category, source, ...rest } = body
  if (category === 'C4') throw new Refusal('category_not_for_intake', { category }, '#/category')
  if (category === 'B4') actingRole(actor, 'register_media')
  if (category === 'B4' && source === null) throw new Refusal('source_required', {}, '#/source')
  if (category !== 'B4' && source !== null) throw new Refusal('source_not_wanted', {}, '#/source')
  const maySayWhen =
    actor.anyUnit || actor.roles.some((role) => role === 'csc_system' || role === 'csr_media')
  if (receivedAt !== null && !maySayWhen)
    throw new Refusal('instant_not_allowed', { roles: 'csc_system, csr_media' }, '#/receivedAt')
  const person = { customer, vehicle: vehicle ?? noVehicle }
  return {
    ...rest,
    category,
    source,
    receivedAt,
    person,
    customer: (subject) => deps.sealing.seal(subject, toSeal(person)),
    text: (subject) => deps.sealing.seal(subject, { content, initialCause }),
  }
}

const take = (deps: Deps, request: FastifyRequest, body: ComplaintBody) =>
  writeOnce<Pick<Taken, 'outcome'> & Written>(deps, request, {
    fresh: async (write) => {
      const act = actOf(deps, request, write)
      const taken = await takeComplaint(deps, complaintOf(deps, body, request.caller), act)
      return { ...taken, now: notBefore(act.now, taken.ticket) }
    },
    again: (rows) => complaintAgain(deps, rows),
    subjectOf: (rows) => subjectOfComplaint(deps, rows),
  })

export const complaintRoutes: Routes = (deps) => async (plugin) => {
  const app = plugin.withTypeProvider<ZodTypeProvider>()

  app.post(
    '/v1/complaints',
    {
      config: { action: 'register' },
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
      const { answer, replayed } = await take(deps, request, request.body)
      sendWritten(reply, answer.position, replayed)
      const taken = presentTaken(answer)
      if (taken.outcome === 'contact_logged') return reply.code(200).send(taken)
      return reply.code(201).header('location', `/v1/tickets/${taken.ticketNo}`).send(taken)
    },
  )

  app.post(
    '/v1/complaints/candidates',
    {
      config: { action: 'look_for_candidates' },
      schema: {
        tags: ['complaints'],
        summary: "Look for a customer's open and recent tickets before saving",
        body: candidatesBody,
        response: { 200: candidatesAnswer },
      },
    },
    (request) => candidatesFor(deps, request.body, readerFor(deps, request)),
  )
}
