/** Requests about SMS contacts: the CSC accepts or refuses them, and their list (rulebook §13). */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { smsRequestStatusSchema } from '../../domain/codes.ts'
import { scopesFor } from '../../domain/scope.ts'
import { unitCodeSchema } from '../../domain/unitCode.ts'
import { dealersOf, rbosOf, type Scopes, seesAll } from '../../projections/scope.ts'
import { smsRefusalBody } from '../commands/sms/bodies.ts'
import { decideSmsRequest } from '../commands/sms/smsContacts.ts'
import { listFiles } from '../files/negotiation.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { keyset, sendPage } from '../http/lists.ts'
import { commaList, noBody, pageOf, pageQuery } from '../http/schemas.ts'
import { actOf } from '../tickets/requestContext.ts'
import { presentSmsRequest } from './present.ts'
import { contactReaders, dealerParams, guardsOf, writeContacts } from './requestContext.ts'
import { smsRequestAnswer } from './responseSchemas.ts'

const ofSmsRequest = [
  'dealer_not_found',
  'sms_request_not_found',
  'sms_request_decided',
  'too_many_sms_requests',
] as const

const tags = ['SMS contacts']
const requestParams = dealerParams.extend({ requestId: z.string().min(1).max(100) })
/** Columns of the file of requests. */
const labels = {
  requestId: { zh: '申请编号' },
  action: { zh: '申请类型' },
  contactId: { zh: '联系人编号' },
  mobile: { zh: '手机' },
  duty: { zh: '职责' },
  requestedAt: { zh: '申请时间' },
  requestedBy: { zh: '申请人' },
}

/** The dealers in scope; `undefined`: all of them. */
const dealersSeen = ({ views }: Deps, scopes: Scopes): string[] | undefined => {
  if (seesAll(scopes)) return undefined
  const rbos = rbosOf(scopes)
  const ofRbos =
    rbos.length === 0
      ? []
      : views.master.dealers({ limit: Number.POSITIVE_INFINITY }).filter(({ rbo }) => rbos.includes(rbo))
  return [...dealersOf(scopes), ...ofRbos.map(({ code }) => code)]
}

export const smsRequestRoutes: Routes = (deps) => async (plugin) => {
  const app = plugin.withTypeProvider<ZodTypeProvider>()

  const decideRoute = (
    name: 'accept' | 'refuse',
    summary: string,
    body: typeof noBody | typeof smsRefusalBody,
  ) =>
    app.post(
      `/v1/dealers/:code/sms-contacts/requests/:requestId/${name}`,
      {
        config: { action: 'decide_sms_contact', refusals: ofSmsRequest },
        schema: { tags, summary, params: requestParams, body, response: { 200: smsRequestAnswer } },
      },
      async (request, reply) => {
        const { code, requestId } = request.params
        const { reason = null } = (request.body ?? {}) as { reason?: string }
        return writeContacts(deps, { request, reply }, code, (key) =>
          decideSmsRequest(deps, { dealer: code, requestId }, reason, {
            act: actOf(deps, request, key),
            guards: guardsOf(request),
          }),
        )
      },
    )
  decideRoute('accept', 'Accept a request: the contact is as it asks from now on', noBody)
  decideRoute('refuse', 'Refuse a request, with a reason', smsRefusalBody)

  app.get(
    '/v1/sms-contact-requests',
    {
      config: {
        action: 'read',
        views: ['smsContacts', 'master'],
        files: listFiles(smsRequestAnswer, labels),
        refusals: [],
      },
      schema: {
        tags,
        summary: 'List requests about SMS contacts, the newest first',
        querystring: z.strictObject({
          status: commaList(smsRequestStatusSchema).optional(),
          dealer: commaList(unitCodeSchema).optional(),
          ...pageQuery,
        }),
        response: { 200: pageOf(smsRequestAnswer) },
      },
    },
    (request, reply) => {
      const { status, dealer, limit, cursor } = request.query
      const seen = dealersSeen(deps, scopesFor(request.caller, 'read'))
      const dealers =
        dealer === undefined ? seen : dealer.filter((code) => seen === undefined || seen.includes(code))
      const readerFor = contactReaders(deps, request)
      return sendPage(
        deps,
        { request, reply },
        { list: 'smsContactRequests', filters: { status, dealer }, asked: { limit, cursor } },
        {
          form: keyset,
          find: (page) => deps.views.smsContacts.requests({ status, dealers, ...page }),
          present: (row) => presentSmsRequest(row, readerFor(row.dealer, row.contactId)),
        },
      )
    },
  )
}
