/** The SMS contacts 工单短信联系人 of a dealer, and what it asks for (rulebook §13). */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { smsRequestBody } from '../commands/sms/bodies.ts'
import { readSmsContacts, requestSmsContact } from '../commands/sms/smsContacts.ts'
import type { Routes } from '../http/deps.ts'
import { sendETag } from '../http/etag.ts'
import { actOf } from '../tickets/requestContext.ts'
import { presentSmsContacts } from './present.ts'
import { contactReaders, dealerParams, guardsOf, requireDealer, writeContacts } from './requestContext.ts'
import { smsContactsAnswer, smsRequestAnswer } from './responseSchemas.ts'

const tags = ['SMS contacts']

export const smsContactRoutes: Routes = (deps) => async (plugin) => {
  const app = plugin.withTypeProvider<ZodTypeProvider>()

  app.get(
    '/v1/dealers/:code/sms-contacts',
    {
      config: { action: 'read', refusals: ['dealer_not_found'] },
      schema: {
        tags,
        summary: 'The SMS contacts of a dealer, and what it asked for',
        params: dealerParams,
        response: { 200: smsContactsAnswer },
      },
    },
    async (request, reply) => {
      const { code } = request.params
      requireDealer(deps, request, code)
      const { state, version } = await readSmsContacts(deps, code)
      sendETag(reply, version)
      const readerFor = contactReaders(deps, request)
      return presentSmsContacts(state, (contactId) => readerFor(code, contactId))
    },
  )

  app.post(
    '/v1/dealers/:code/sms-contacts',
    {
      config: {
        action: 'request_sms_contact',
        refusals: [
          'dealer_not_found',
          'not_this_dealer',
          'unknown_sms_contact',
          'sms_request_open',
          'sms_field_required',
          'sms_field_not_wanted',
          'too_many_sms_requests',
        ],
        example: { body: { action: 'add', name: '钱经理', mobile: '13900001234', duty: 'handler' } },
      },
      schema: {
        tags,
        summary: 'Ask for an SMS contact: a new one, a change, or a deletion',
        params: dealerParams,
        body: smsRequestBody,
        response: { 201: smsRequestAnswer },
      },
    },
    async (request, reply) => {
      const { code } = request.params
      const answer = await writeContacts(deps, { request, reply }, code, (key) =>
        requestSmsContact(deps, code, request.body, {
          act: actOf(deps, request, key),
          guards: guardsOf(request),
        }),
      )
      return reply.code(201).header('location', `/v1/dealers/${code}/sms-contacts`).send(answer)
    },
  )
}
