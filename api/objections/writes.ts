/** Objections 申诉 (rulebook §14): a dealer objects to measures of its unit, HQ decides. */
import type { FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { attachmentIdSchema, mostAttachments } from '../../domain/attachments/attachments.ts'
import { type Actor, actingRole } from '../../domain/authority.ts'
import { measureSchema, objectionDecisionSchema } from '../../domain/codes.ts'
import { Refusal } from '../../domain/refusal.ts'
import { mayAt, placeOf } from '../../domain/scope.ts'
import { findObjection, unitOfDealer } from '../../domain/ticket/objections.ts'
import type { Objection, Ticket } from '../../domain/ticket/state.ts'
import { filledText } from '../commands/fields.ts'
import { decideOn, raise, withdraw } from '../commands/objections/objections.ts'
import type { TicketResult } from '../commands/tickets/execute.ts'
import type { Deps, Http, Routes } from '../http/deps.ts'
import { ifMatch, requireMatch } from '../http/etag.ts'
import { noBody } from '../http/schemas.ts'
import { sendWritten } from '../http/written.ts'
import { ticketParams } from '../tickets/params.ts'
import { requireMay } from '../tickets/requestContext.ts'
import { writeOn } from '../tickets/writes.ts'
import { objectionAnswer, presentObjection } from './present.ts'
import { readersOfReasons } from './reads.ts'

const onObjection = [
  'ticket_not_found',
  'ticket_is_over',
  'too_many_contacts',
  'objection_not_found',
  'objection_not_open',
] as const

const tags = ['objections']
const objectionParams = ticketParams.extend({ objectionId: z.string().min(1).max(100) })
const reason = filledText(2_000)
const raiseBody = z
  .strictObject({
    measures: z
      .array(measureSchema)
      .min(1)
      .max(3)
      .describe('In which the unit is not to count; in all three it leaves total.'),
    attachmentIds: z
      .array(attachmentIdSchema)
      .max(mostAttachments)
      .default([])
      .describe('Attachments of this ticket that the reason refers to.'),
    reason,
  })
  .meta({
    id: 'ObjectionBody',
    examples: [{ measures: ['response'], reason: '当日全区停电，系统无法使用。' }],
  })
const decideBody = z.strictObject({ decision: objectionDecisionSchema, reason }).meta({
  id: 'ObjectionDecisionBody',
  examples: [{ decision: 'upheld', reason: '停电属实。' }],
})

/**
 * A ticket that the caller sees, or at which its dealer has a unit: a former holder that keeps one may object to it
 * (rulebook §2, §8). @throws Refusal `ticket_not_found`
 */
const requireConcerned = (caller: Actor, ticket: Ticket): void => {
  if (mayAt(caller, 'read', placeOf(ticket))) return
  const { dealer } = caller
  const isConcerned =
    caller.roles.includes('dealer') &&
    dealer !== undefined &&
    (unitOfDealer(ticket, dealer) !== null || ticket.objections.some((each) => each.dealer === dealer))
  if (!isConcerned) throw new Refusal('ticket_not_found', { ticketNo: ticket.ticketNo })
}

const guardsOf = (request: FastifyRequest) => {
  const precondition = ifMatch(request)
  return {
    once: precondition !== undefined,
    before: (ticket: Ticket): void => {
      requireConcerned(request.caller, ticket)
      requireMatch(precondition, ticket.version)
    },
  }
}

const answerWith = (
  deps: Deps,
  { request, reply }: Http,
  { answer, replayed }: { answer: TicketResult; replayed: boolean },
  objection: Objection,
) => {
  const { ticket, position } = answer
  sendWritten(reply, { version: ticket.version, position, replayed })
  const reader = readersOfReasons(deps, request)(ticket.ticketNo, objection)
  return presentObjection(ticket.ticketNo, objection, reader)
}

export const objectionWriteRoutes: Routes = (deps) => async (plugin) => {
  const app = plugin.withTypeProvider<ZodTypeProvider>()

  app.post(
    '/v1/tickets/:ticketNo/objections',
    {
      config: {
        action: 'raise_objection',
        refusals: [
          'ticket_not_found',
          'ticket_is_over',
          'too_many_contacts',
          'not_this_dealer',
          'no_unit_of_dealer',
          'quarter_is_frozen',
          'already_objected',
          'measure_not_counted',
          'unknown_attachment',
        ],
      },
      schema: {
        tags,
        summary: 'Object to measures of the dealer’s unit, until its quarter is frozen',
        params: ticketParams,
        body: raiseBody,
        response: { 201: objectionAnswer },
      },
    },
    async (request, reply) => {
      const { ticketNo } = request.params
      const { caller, body } = request
      const written = await writeOn(deps, request, ticketNo, {
        permit: (ticket) => {
          actingRole(caller, 'raise_objection')
          requireConcerned(caller, ticket)
        },
        doing: (act) =>
          raise(deps, ticketNo, { ...body, dealer: caller.dealer ?? '' }, { ...guardsOf(request), act }),
      })
      const objection = written.answer.ticket.objections.at(-1) as Objection
      const answer = answerWith(deps, { request, reply }, written, objection)
      return reply.code(201).header('location', '/v1/objections').send(answer)
    },
  )

  app.post(
    '/v1/tickets/:ticketNo/objections/:objectionId/withdraw',
    {
      config: { action: 'raise_objection', refusals: [...onObjection, 'not_this_dealer'] },
      schema: {
        tags,
        summary: 'Withdraw an objection that is not decided',
        params: objectionParams,
        body: noBody,
        response: { 200: objectionAnswer },
      },
    },
    async (request, reply) => {
      const { ticketNo, objectionId } = request.params
      const { caller } = request
      const written = await writeOn(deps, request, ticketNo, {
        permit: (ticket) => {
          actingRole(caller, 'raise_objection')
          requireConcerned(caller, ticket)
        },
        doing: (act) => withdraw(deps, { ticketNo, objectionId }, { ...guardsOf(request), act }),
      })
      const objection = findObjection(written.answer.ticket, objectionId)
      return answerWith(deps, { request, reply }, written, objection)
    },
  )

  app.post(
    '/v1/tickets/:ticketNo/objections/:objectionId/decide',
    {
      config: { action: 'decide_objection', refusals: onObjection },
      schema: {
        tags,
        summary: 'Uphold an objection, so that the unit does not count in its measures, or reject it',
        description: 'A frozen quarter shows the decision only in its next revision.',
        params: objectionParams,
        body: decideBody,
        response: { 200: objectionAnswer },
      },
    },
    async (request, reply) => {
      const { ticketNo, objectionId } = request.params
      const written = await writeOn(deps, request, ticketNo, {
        permit: (ticket) => requireMay(request.caller, 'decide_objection', ticket),
        doing: (act) =>
          decideOn(deps, { ticketNo, objectionId }, request.body, { ...guardsOf(request), act }),
      })
      const objection = findObjection(written.answer.ticket, objectionId)
      return answerWith(deps, { request, reply }, written, objection)
    },
  )
}
