/** Letters 回函 of a ticket: writing, the list, one, and its page for the printer (rulebook §14). */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Action } from '../../domain/authority.ts'
import type { LetterKind } from '../../domain/codes.ts'
import { letterBody } from '../commands/tickets/bodies.ts'
import { execute } from '../commands/tickets/execute.ts'
import { unitNameIn } from '../forms/caseFile.ts'
import { pageAnswer, sendPage } from '../forms/routes.ts'
import type { Routes } from '../http/deps.ts'
import { byHolder } from '../http/operationCodes.ts'
import { digits } from '../http/schemas.ts'
import { sendWritten } from '../http/written.ts'
import { ticketParams } from '../tickets/params.ts'
import { guardsOf, requireMay } from '../tickets/requestContext.ts'
import { writeOn } from '../tickets/writes.ts'
import { letterAnswer, letterOf, letterRowAnswer, lettersFor } from './letters.ts'
import { letterPage, letterPolicy } from './page.ts'

const letterParams = ticketParams.extend({ number: digits(z.int().min(1).max(100_000)) })

const actionOf = (kind: LetterKind): Action =>
  kind === 'customer' ? 'write_letter' : 'write_official_letter'

const tags = ['letters']

export const letterRoutes: Routes = (deps) => async (plugin) => {
  const app = plugin.withTypeProvider<ZodTypeProvider>()

  app.post(
    '/v1/tickets/:ticketNo/letters',
    {
      config: { action: ['write_letter', 'write_official_letter'], refusals: byHolder },
      schema: {
        tags,
        summary: 'Write a letter: the holder to the customer, the brand to a medium or an authority',
        params: ticketParams,
        body: letterBody,
        response: { 201: letterAnswer },
      },
    },
    async (request, reply) => {
      const { ticketNo } = request.params
      const { kind, ...words } = request.body
      const { answer, replayed } = await writeOn(deps, request, ticketNo, {
        permit: (ticket) => requireMay(request.caller, actionOf(kind), ticket),
        doing: (act) =>
          execute(
            deps,
            ticketNo,
            {
              ...guardsOf(request),
              command: ({ subjectId }, now) => ({
                type: 'WriteLetter',
                now,
                actor: act.actor,
                kind,
                text: deps.sealing.seal(subjectId, words),
              }),
            },
            act,
          ),
      })
      const { ticket, position } = answer
      const letter = letterOf(await lettersFor(deps, request, ticketNo), ticket.letters)
      sendWritten(reply, { version: ticket.version, position, replayed })
      return reply
        .code(201)
        .header('location', `/v1/tickets/${ticketNo}/letters/${letter.number}`)
        .send(letter)
    },
  )

  app.get(
    '/v1/tickets/:ticketNo/letters',
    {
      config: { action: 'read', refusals: ['ticket_not_found'] },
      schema: {
        tags,
        summary: 'The letters of the ticket, oldest first',
        params: ticketParams,
        response: { 200: z.object({ items: z.array(letterRowAnswer) }).meta({ id: 'Letters' }) },
      },
    },
    async (request) => {
      const { letters } = await lettersFor(deps, request, request.params.ticketNo)
      return { items: letters.map((open) => open()).map(({ body: _, ...row }) => row) }
    },
  )

  app.get(
    '/v1/tickets/:ticketNo/letters/:number',
    {
      config: { action: 'read', refusals: ['ticket_not_found', 'letter_not_found'] },
      schema: { tags, summary: 'One letter', params: letterParams, response: { 200: letterAnswer } },
    },
    async (request) => {
      const { ticketNo, number } = request.params
      return letterOf(await lettersFor(deps, request, ticketNo), number)
    },
  )

  app.get(
    '/v1/tickets/:ticketNo/letters/:number/print',
    {
      config: { action: 'read', refusals: ['ticket_not_found', 'letter_not_found'] },
      schema: {
        tags,
        summary: 'The letter as a page for the printer',
        params: letterParams,
        response: { 200: pageAnswer },
      },
    },
    async (request, reply) => {
      const { ticketNo, number } = request.params
      const found = await lettersFor(deps, request, ticketNo)
      const letter = letterOf(found, number)
      const signedBy = unitNameIn(deps.views.master.at(letter.writtenAt), letter.from)
      return sendPage(reply, letterPage(letter, { signedBy, masked: found.reader.masks }), letterPolicy)
    },
  )
}
