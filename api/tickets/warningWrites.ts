/**
 * Acknowledging and resolving a warning (rulebook §7). The unit it was sent to may do so as long as it is open, also
 * where the ticket has gone out of its scope; then the answer holds nothing but the warning.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { mayAt, placeOf } from '../../domain/scope.ts'
import { isOver, type Ticket } from '../../domain/ticket/state.ts'
import { isSettler } from '../../domain/ticket/warningActs.ts'
import { acknowledgeBody, resolveBody } from '../commands/tickets/bodies.ts'
import { execute, readTicket, type TicketResult } from '../commands/tickets/execute.ts'
import { warningCommand } from '../commands/tickets/warningCommand.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { ifMatch, requireMatch } from '../http/etag.ts'
import { inState, onTicket } from '../http/operationCodes.ts'
import { Problem } from '../http/problems.ts'
import { sendWritten } from '../http/written.ts'
import { warningParams } from './params.ts'
import { presentWarning } from './present.ts'
import { requireInScope, requireMay, sendTicket } from './requestContext.ts'
import { ticketAnswer, ticketWarning } from './responseSchemas.ts'
import { writeOn } from './writes.ts'

const settledAnswer = z
  .object({ ticketNo: z.string(), warnings: z.array(ticketWarning).length(1) })
  .meta({ id: 'SettledWarning', description: 'Where the ticket is outside the scope: the warning alone.' })

const answerSchema = z.union([ticketAnswer, settledAnswer])

const ofWarning = [
  ...onTicket,
  ...inState,
  'warning_not_found',
  'not_the_recipient',
  'warning_already_resolved',
] as const

const warningActs = {
  acknowledge: {
    summary: 'Acknowledge a warning',
    body: acknowledgeBody,
    operationId: 'acknowledgeWarning',
    refusals: [...ofWarning, 'warning_already_acknowledged'],
  },
  resolve: {
    summary: 'Resolve a warning, which acknowledges it',
    body: resolveBody,
    operationId: 'resolveWarning',
    refusals: ofWarning,
  },
} as const

const seesTicket = ({ caller }: FastifyRequest, ticket: Ticket): boolean =>
  mayAt(caller, 'read', placeOf(ticket))

/**
 * The warning, for callers who see the ticket or whose unit it was sent to. Those of a ticket that is over are on the ticket alone.
 * @throws Refusal `ticket_not_found`
 */
const requireWarning = (request: FastifyRequest, ticket: Ticket, warningId: string): void => {
  if (seesTicket(request, ticket)) return
  const warning = ticket.warnings.find((each) => each.warningId === warningId)
  const isTheirs = warning !== undefined && !isOver(ticket) && isSettler(ticket, warning, request.caller)
  if (!isTheirs) requireInScope(request.caller, ticket)
}

const guardsOfWarning = (request: FastifyRequest, warningId: string) => {
  const precondition = ifMatch(request)
  return {
    once: precondition !== undefined,
    before: (ticket: Ticket): void => {
      requireWarning(request, ticket, warningId)
      if (seesTicket(request, ticket)) requireMatch(precondition, ticket.version)
      // the ticket's version is not for them to guess; one from before it left their scope has moved since
      else if (precondition !== undefined && precondition !== 'any') throw new Problem('version_conflict')
    },
  }
}

type WarningResult = TicketResult & { replayed: boolean; warningId: string }

/** Answers with the ticket as far as the caller may see it now. */
const sendSettled = async (
  deps: Deps,
  request: FastifyRequest,
  reply: FastifyReply,
  settled: WarningResult,
) => {
  const { ticket, replayed, warningId } = settled
  const present = replayed ? ((await readTicket(deps, ticket.ticketNo)) ?? ticket) : ticket
  if (seesTicket(request, present)) return sendTicket(deps, request, reply, settled)
  requireWarning(request, present, warningId)
  // without a version, which is not for them to know
  sendWritten(reply, { position: settled.position, replayed })
  const { ticketNo, warnings } = ticket
  return { ticketNo, warnings: warnings.filter((each) => each.warningId === warningId).map(presentWarning) }
}

export const warningWriteRoutes: Routes = (deps) => async (app) => {
  for (const name of Object.keys(warningActs) as (keyof typeof warningActs)[]) {
    const { summary, body, ...operation } = warningActs[name]
    app.withTypeProvider<ZodTypeProvider>().post(
      `/v1/tickets/:ticketNo/warnings/:warningId/${name}`,
      {
        config: { action: 'handle_warning', ...operation },
        schema: { tags: ['warnings'], summary, params: warningParams, body, response: { 200: answerSchema } },
      },
      async (request, reply) => {
        const { ticketNo, warningId } = request.params
        const make = warningCommand(
          deps,
          warningId,
          request.body as { note?: string | null; result?: string },
        )
        const { answer, replayed } = await writeOn(deps, request, ticketNo, {
          permit: (ticket) => {
            requireWarning(request, ticket, warningId)
            if (seesTicket(request, ticket)) requireMay(request.caller, 'handle_warning', ticket)
          },
          doing: (act) =>
            execute(
              deps,
              ticketNo,
              {
                ...guardsOfWarning(request, warningId),
                command: (ticket, now) => make(ticket, now, act.actor),
              },
              act,
            ),
        })
        return sendSettled(deps, request, reply, { ...answer, replayed, warningId })
      },
    )
  }
}
