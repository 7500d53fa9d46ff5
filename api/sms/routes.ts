/** SMS contacts 工单短信联系人 (rulebook §13): dealers ask, the CSC accepts or refuses. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { type Action, actingRole } from '../../domain/authority.ts'
import { smsRequestStatusSchema } from '../../domain/codes.ts'
import type { StoredEvent } from '../../domain/eventStore.ts'
import { Refusal } from '../../domain/refusal.ts'
import { placeOfDealer, scopesFor, seesDealer } from '../../domain/scope.ts'
import type { SmsDataOf, SmsEvent } from '../../domain/sms/events.ts'
import { type SmsContacts, type SmsRequest, smsAggregate } from '../../domain/sms/smsContacts.ts'
import { eventsOf } from '../../domain/storedEvents.ts'
import { unitCodeSchema } from '../../domain/unitCode.ts'
import { dealersOf, rbosOf, type Scopes, seesAll } from '../../projections/scope.ts'
import type { CommandRow } from '../commands/deps.ts'
import { smsRefusalBody, smsRequestBody } from '../commands/sms/bodies.ts'
import {
  decideSmsRequest,
  readSmsContacts,
  requestSmsContact,
  type SmsDone,
  type SmsGuards,
} from '../commands/sms/smsContacts.ts'
import type { Reader } from '../commands/tickets/personal.ts'
import { listFiles } from '../files/negotiation.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { ifMatch, requireMatch, sendETag } from '../http/etag.ts'
import { type Write, writeOnce } from '../http/idempotency.ts'
import { keyset, sendPage } from '../http/lists.ts'
import { commaList, pageOf, pageQuery } from '../http/schemas.ts'
import { sendWritten } from '../http/written.ts'
import { actOf, readersFor } from '../tickets/requestContext.ts'
import { presentSmsContacts, presentSmsRequest } from './present.ts'
import { smsContactsAnswer, smsRequestAnswer } from './responseSchemas.ts'

const ofSmsRequest = [
  'dealer_not_found',
  'sms_request_not_found',
  'sms_request_decided',
  'too_many_sms_requests',
] as const

const tags = ['SMS contacts']
const dealerParams = z.strictObject({ code: unitCodeSchema })
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
const noBody = z.strictObject({}).nullish()

/** A dealer outside the caller's scope is as good as absent. @throws Refusal `dealer_not_found` */
const requireDealer = ({ views }: Deps, { caller }: FastifyRequest, code: string): void => {
  const dealer = views.master.dealer(code)
  if (dealer === null || !seesDealer(caller, { dealer: code, rbo: dealer.rbo }))
    throw new Refusal('dealer_not_found', { code })
}

/** Opens contacts of a dealer as far as the caller may, each a row of its own in the access log. */
const contactReaders = (deps: Deps, request: FastifyRequest) => {
  const readerAt = readersFor(deps, request)
  return (dealer: string, contactId: string): Reader => {
    const rbo = deps.views.master.dealer(dealer)?.rbo ?? null
    return readerAt(placeOfDealer(dealer, rbo), null, contactId)
  }
}

const guardsOf = (request: FastifyRequest): SmsGuards => {
  const precondition = ifMatch(request)
  return { once: precondition !== undefined, before: ({ version }) => requireMatch(precondition, version) }
}

/** The contacts after their first events, and the event at which a remembered write left them. */
const replayed = async ({ store }: Deps, { stream, fromVersion, toVersion, position }: CommandRow) => {
  const events = eventsOf<SmsEvent>(await store.readStream(stream)).slice(0, toVersion)
  const state = events.reduce<SmsContacts | null>(
    (folding, event) => smsAggregate.evolve(folding, event, event.metadata),
    null,
  )
  const { requestId } = (events[fromVersion - 1] as StoredEvent<SmsEvent>)
    .data as SmsDataOf<'SmsContactAccepted'>
  return { request: state?.requests.get(requestId) as SmsRequest, version: toVersion, position }
}

type Http = { request: FastifyRequest; reply: FastifyReply }

/** Does a write on a dealer's contacts once, and answers with the request. */
const write = async (
  deps: Deps,
  { request, reply }: Http,
  code: string,
  fresh: (write: Write) => Promise<SmsDone>,
) => {
  const written = await writeOnce<SmsDone>(deps, request, {
    fresh: (write) => {
      requireDealer(deps, request, code)
      return fresh(write)
    },
    permit: () => {
      actingRole(request.caller, request.routeOptions.config.action as Action)
      requireDealer(deps, request, code)
    },
    again: ([row]) => replayed(deps, row as CommandRow),
    subjectOf: async ([row]) => (await replayed(deps, row as CommandRow)).request.contactId,
  })
  const { request: asked, version, position } = written.answer
  sendWritten(reply, { version, position, replayed: written.replayed })
  return presentSmsRequest(asked, contactReaders(deps, request)(asked.dealer, asked.contactId))
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
      const answer = await write(deps, { request, reply }, code, (key) =>
        requestSmsContact(deps, code, request.body, {
          act: actOf(deps, request, key),
          guards: guardsOf(request),
        }),
      )
      return reply.code(201).header('location', `/v1/dealers/${code}/sms-contacts`).send(answer)
    },
  )

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
        return write(deps, { request, reply }, code, (key) =>
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
