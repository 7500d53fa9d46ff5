/** The writes on a ticket: one route an act, from one table. */
import type { FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Action } from '../../domain/authority.ts'
import { stampAfter } from '../../domain/stamp.ts'
import { actionOfRecord } from '../../domain/ticket/handling.ts'
import type { Ticket } from '../../domain/ticket/state.ts'
import { type Act, speakingOf } from '../commands/act.ts'
import type { CommandRow } from '../commands/deps.ts'
import { actOn } from '../commands/tickets/actOn.ts'
import { readTicket, type TicketResult } from '../commands/tickets/execute.ts'
import {
  commandsAfterCallback,
  complaintAgain,
  subjectOfTicket,
  ticketAgain,
} from '../commands/tickets/replay.ts'
import { type ActName, acts, type BodyOf } from '../commands/tickets/ticketCommands.ts'
import { requireAccessLog } from '../http/access.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { writeOnce } from '../http/idempotency.ts'
import { operations } from './operations.ts'
import { ticketParams } from './params.ts'
import { presentIntake } from './present.ts'
import { actOf, guardsOf, requireMay, sendTicket } from './requestContext.ts'
import { repeatAnswer, ticketAnswer } from './responseSchemas.ts'

type TicketWrite = {
  doing(act: Act): Promise<Omit<TicketResult, 'now'>>
  /** Refuses to tell a caller again who has no right to the act on the ticket by now. */
  permit(ticket: Ticket): void
}

/** Does a write on the ticket of the path once; replays it where its key was seen. */
export const writeOn = (
  deps: Deps,
  request: FastifyRequest,
  ticketNo: string,
  { doing, permit }: TicketWrite,
) =>
  writeOnce<TicketResult & { commandId: string }>(deps, request, {
    permit: async () => permit((await readTicket(deps, ticketNo)) as Ticket),
    fresh: async (write) => {
      requireAccessLog(deps)
      const act = actOf(deps, request, write)
      // only a key's digest needs the subject ahead of the command
      const before = write.digestOf === undefined ? null : await readTicket(deps, ticketNo)
      const speaking = before === null ? act : speakingOf(act, before.subjectId)
      const { ticket, position } = await doing(speaking)
      // where there was nothing to do, what stands was there by the newest event
      const place = position ?? (await deps.store.head())
      return { ticket, position: place, now: stampAfter(act.now, ticket.lastAt), commandId: act.commandId }
    },
    again: async (rows) => ({
      ...(await ticketAgain(deps, ticketNo, rows)),
      commandId: (rows[0] as CommandRow).commandId,
    }),
    subjectOf: () => subjectOfTicket(deps, ticketNo),
  })

/** What the act is in the table of permissions, of records by their kind. */
const actionOf = ({ name, body }: { name: ActName; body: BodyOf<ActName> }): Action =>
  name === 'records' ? actionOfRecord((body as BodyOf<'records'>).kind) : acts[name].action

/** The act with a digest, a key's or else any: only what has one is remembered, and `repeatOf` looks there. */
const remembered = (act: Act): Act => ({ requestDigest: act.commandId, ...act })

/** What became of the complaint that a callback registered; `null` where it registered none. */
const repeatOf = async (deps: Deps, ticketNo: string, commandId: string) => {
  const rows = await commandsAfterCallback(deps, ticketNo, commandId)
  return rows.length === 0 ? null : presentIntake(await complaintAgain(deps, rows))
}

const actRoute = (deps: Deps, app: Parameters<ReturnType<Routes>>[0], name: ActName): void => {
  const { summary, ...operation } = operations[name]
  const answer = name === 'callbacks' ? ticketAnswer.extend({ repeat: repeatAnswer }) : ticketAnswer
  app.withTypeProvider<ZodTypeProvider>().post(
    `/v1/tickets/:ticketNo/${name}`,
    {
      config: { action: acts[name].action, ...operation },
      schema: {
        tags: ['tickets'],
        summary,
        params: ticketParams,
        body: acts[name].body,
        response: { 200: answer },
      },
    },
    async (request, reply) => {
      const { ticketNo } = request.params
      const asked = { name, body: request.body as BodyOf<ActName> }
      const { answer, replayed } = await writeOn(deps, request, ticketNo, {
        permit: (ticket) => requireMay(request.caller, actionOf(asked), ticket),
        doing: (act) =>
          actOn(deps, ticketNo, asked, {
            act: name === 'callbacks' ? remembered(act) : act,
            ...guardsOf(request),
          }),
      })
      const ticket = await sendTicket(deps, request, reply, { ...answer, replayed })
      if (name !== 'callbacks') return ticket
      return { ...ticket, repeat: await repeatOf(deps, ticketNo, answer.commandId) }
    },
  )
}

export const ticketWriteRoutes: Routes = (deps) => async (app) => {
  for (const name of Object.keys(acts) as ActName[]) actRoute(deps, app, name)
}
