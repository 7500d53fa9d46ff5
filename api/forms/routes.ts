/** The printable forms of a ticket (rulebook §10): whole pages, for a browser and its printer. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Instant } from '../../domain/instant.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Ticket } from '../../domain/ticket/state.ts'
import { findWarning } from '../../domain/ticket/warningActs.ts'
import { asOfQuery } from '../http/asOf.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { ticketParams, warningParams } from '../tickets/params.ts'
import { ticketAt } from '../tickets/requestContext.ts'
import { caseFileOf } from './caseFile.ts'
import { handlingForm } from './handling.ts'
import { contentSecurityPolicy } from './page.ts'
import { warningForm } from './warning.ts'

const query = z.strictObject({ asOf: asOfQuery })

export const pageAnswer = {
  description: 'A page in Chinese that prints on A4.',
  content: { 'text/html': { schema: z.string() } },
}

export const sendPage = (
  reply: FastifyReply,
  page: string,
  policy: string = contentSecurityPolicy,
): FastifyReply =>
  reply
    .header('content-language', 'zh-CN')
    .header('content-security-policy', policy)
    .header('x-content-type-options', 'nosniff')
    .type('text/html; charset=utf-8')
    .send(page)

/**
 * When the customer first complained of the problem: the first ticket of the chain says so. `null` where that way
 * leads out of the caller's scope, for such a ticket is as good as absent (rulebook §2).
 */
const firstComplainedAt = async (
  deps: Deps,
  request: FastifyRequest,
  { ticket, asOf }: { ticket: Ticket; asOf: Instant | undefined },
): Promise<Instant | null> => {
  let first = ticket
  while (first.escalatedFrom !== null) {
    const earlier = await ticketAt(deps, request, first.escalatedFrom, asOf).catch(absent)
    if (earlier === null) return null
    first = earlier.ticket
  }
  return first.receivedAt
}

const absent = (error: unknown): null => {
  if (error instanceof Refusal && error.code === 'ticket_not_found') return null
  throw error
}

export const formRoutes: Routes = (deps) => async (plugin) => {
  const app = plugin.withTypeProvider<ZodTypeProvider>()

  app.get(
    '/v1/tickets/:ticketNo/forms/handling',
    {
      config: { action: 'read', refusals: ['ticket_not_found'], operationId: 'getHandlingForm' },
      schema: {
        tags: ['forms'],
        summary: 'The complaint handling form 客户抱怨/投诉处理表, filled from the ticket',
        params: ticketParams,
        querystring: query,
        response: { 200: pageAnswer },
      },
    },
    async (request, reply) => {
      const asked = { ...request.params, asOf: request.query.asOf }
      return sendPage(reply, handlingForm(await caseFileOf(deps, request, asked)))
    },
  )

  app.get(
    '/v1/tickets/:ticketNo/forms/warning/:warningId',
    {
      config: {
        action: 'read',
        refusals: ['ticket_not_found', 'warning_not_found'],
        operationId: 'getWarningForm',
      },
      schema: {
        tags: ['forms'],
        summary: 'The early-warning form 客户投诉升级预警单 of one warning of the ticket',
        params: warningParams,
        querystring: query,
        response: { 200: pageAnswer },
      },
    },
    async (request, reply) => {
      const { ticketNo, warningId } = request.params
      const { asOf } = request.query
      const file = await caseFileOf(deps, request, { ticketNo, asOf })
      const warning = findWarning(file.ticket, warningId)
      const first = await firstComplainedAt(deps, request, { ticket: file.ticket, asOf })
      return sendPage(reply, warningForm(file, warning, first))
    },
  )
}
