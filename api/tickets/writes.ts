/** The writes on a ticket: one route an act, from one table. */
import type { FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { CommandRow } from '../commands/deps.ts'
import { actOn, acts } from '../commands/tickets/acts.ts'
import {
  type ActName,
  acknowledgeBody,
  actBodies,
  type BodyOf,
  resolveBody,
} from '../commands/tickets/bodies.ts'
import {
  type Act,
  execute,
  followingCommandId,
  notBefore,
  readTicket,
  speakingOf,
  type Written,
} from '../commands/tickets/execute.ts'
import { complaintAgain, subjectOfTicket, ticketAgain } from '../commands/tickets/replay.ts'
import { warningCommand } from '../commands/tickets/warningCommand.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { writeOnce } from '../http/idempotency.ts'
import { repeatAnswer, ticketAnswer } from './answers.ts'
import { actOf, guardsOf, sendTicket, sendWritten } from './asking.ts'
import { ticketParams, warningParams } from './params.ts'
import { presentTaken } from './present.ts'

const summaries: Record<ActName, string> = {
  contacts: 'Log a further contact of the customer',
  redispatch: 'Dispatch to another unit',
  'repeat-link': 'Link a repeat by hand: the path names the earlier ticket, the body the repeat',
  'repeat-unlink': 'Withdraw a link made in error',
  callbacks:
    'Record an attempt to call back; dissatisfied on the same problem registers the repeat complaint',
  reclassify: 'Change the category',
  rescind: 'Rescind the ticket',
  'duplicate-of': 'Mark the ticket a duplicate of another, which survives',
  recalculate: "Recalculate the current assignment's deadlines by today's calendar and policy",
  responses: 'Record the response to the customer',
  records: 'Record work on the ticket',
  close: 'Close: the complaint is handled',
  'responsible-dealer': 'Name the dealer a B ticket counts for',
  'convert-to-c': 'Convert a B ticket past its deadline to C',
  warnings: 'Raise an early warning by hand',
}

type Doing = (act: Act) => Promise<Omit<Written, 'now'>>

/** Does a write on the ticket of the path once; replays it where its key was seen. */
const writeOn = (deps: Deps, request: FastifyRequest, ticketNo: string, doing: Doing) =>
  writeOnce<Written & { commandId: string }>(deps, request, {
    fresh: async (write) => {
      const act = actOf(deps, request, write)
      // only a key's digest needs the subject ahead of the command
      const before = write.digestOf === undefined ? null : await readTicket(deps, ticketNo)
      const speaking = before === null ? act : speakingOf(act, before.subjectId)
      const { ticket, position } = await doing(speaking)
      // where there was nothing to do, what stands was there by the newest event
      const place = position ?? (await deps.store.head())
      return { ticket, position: place, now: notBefore(act.now, ticket), commandId: act.commandId }
    },
    again: async (rows) => ({
      ...(await ticketAgain(deps, ticketNo, rows)),
      commandId: (rows[0] as CommandRow).commandId,
    }),
    subjectOf: () => subjectOfTicket(deps, ticketNo),
  })

/** The act with a digest, a key's or else any: only what has one is remembered, and `repeatOf` looks there. */
const remembered = (act: Act): Act => ({ requestDigest: act.commandId, ...act })

/** What became of the complaint that a callback registered; `null` where it registered none. */
const repeatOf = async (deps: Deps, ticketNo: string, commandId: string) => {
  const following = followingCommandId(commandId, ticketNo)
  const rows = deps.views.commands.find(following).map((row) => ({ ...row, commandId: following }))
  return rows.length === 0 ? null : presentTaken(await complaintAgain(deps, rows))
}

const actRoute = (deps: Deps, app: Parameters<ReturnType<Routes>>[0], name: ActName): void => {
  const answer = name === 'callbacks' ? ticketAnswer.extend({ repeat: repeatAnswer }) : ticketAnswer
  app.withTypeProvider<ZodTypeProvider>().post(
    `/v1/tickets/:ticketNo/${name}`,
    {
      config: { action: acts[name].action },
      schema: {
        tags: ['tickets'],
        summary: summaries[name],
        params: ticketParams,
        body: actBodies[name],
        response: { 200: answer },
      },
    },
    async (request, reply) => {
      const { ticketNo } = request.params
      const asked = { name, body: request.body as BodyOf<ActName> }
      const { answer, replayed } = await writeOn(deps, request, ticketNo, (act) =>
        actOn(deps, ticketNo, asked, {
          act: name === 'callbacks' ? remembered(act) : act,
          ...guardsOf(request),
        }),
      )
      sendWritten(reply, answer.position, replayed)
      const ticket = sendTicket(deps, request, reply, answer)
      if (name !== 'callbacks') return ticket
      return { ...ticket, repeat: await repeatOf(deps, ticketNo, answer.commandId) }
    },
  )
}

const warningActs = {
  acknowledge: { summary: 'Acknowledge a warning', body: acknowledgeBody },
  resolve: { summary: 'Resolve a warning, which acknowledges it', body: resolveBody },
} as const

export const ticketWriteRoutes: Routes = (deps) => async (app) => {
  for (const name of Object.keys(actBodies) as ActName[]) actRoute(deps, app, name)

  for (const name of Object.keys(warningActs) as (keyof typeof warningActs)[]) {
    const { summary, body } = warningActs[name]
    app.withTypeProvider<ZodTypeProvider>().post(
      `/v1/tickets/:ticketNo/warnings/:warningId/${name}`,
      {
        config: { action: 'handle_warning' },
        schema: { tags: ['warnings'], summary, params: warningParams, body, response: { 200: ticketAnswer } },
      },
      async (request, reply) => {
        const { ticketNo, warningId } = request.params
        const make = warningCommand(
          deps,
          warningId,
          request.body as { note?: string | null; result?: string },
        )
        const { answer, replayed } = await writeOn(deps, request, ticketNo, (act) =>
          execute(
            deps,
            ticketNo,
            { ...guardsOf(request), command: (ticket, now) => make(ticket, now, act.actor) },
            act,
          ),
        )
        sendWritten(reply, answer.position, replayed)
        return sendTicket(deps, request, reply, answer)
      },
    )
  }
}
