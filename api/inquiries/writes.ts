/** Registering an inquiry, and the acts on it. */
import type { FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { type Action, actingRole, permissions } from '../../domain/authority.ts'
import type { Position } from '../../domain/eventStore.ts'
import { type InquiryNo, inquiryOfStream } from '../../domain/inquiry/events.ts'
import { type Inquiry, placeOfInquiry } from '../../domain/inquiry/state.ts'
import { Refusal } from '../../domain/refusal.ts'
import { mayAt } from '../../domain/scope.ts'
import type { Act } from '../commands/act.ts'
import { speakingOf } from '../commands/act.ts'
import type { CommandRow } from '../commands/deps.ts'
import {
  type InquiryActBody,
  type InquiryActName,
  inquiryActBodies,
  inquiryBody,
} from '../commands/inquiries/bodies.ts'
import {
  actOnInquiry,
  type Guards,
  type InquiryDone,
  inquiryAfter,
  readInquiry,
  readInquiryEvents,
  registerInquiry,
  requireInquiry,
} from '../commands/inquiries/inquiries.ts'
import type { Deps, Http, Routes } from '../http/deps.ts'
import { ifMatch, requireMatch } from '../http/etag.ts'
import { writeOnce } from '../http/idempotency.ts'
import { onInquiry } from '../http/operationCodes.ts'
import { sendWritten } from '../http/written.ts'
import { actOf } from '../tickets/requestContext.ts'
import { inquiryFor, inquiryParams, requireSeen } from './reads.ts'
import { inquiryAnswer } from './responseSchemas.ts'

/** An inquiry at a version, and where that is in the log. */
type InquiryResult = { inquiry: Inquiry; version: number; position: Position | null }

/** Scope and `If-Match` of a write on an inquiry. */
export const guardsOfInquiry = (request: FastifyRequest, inquiryNo: InquiryNo): Guards => {
  const precondition = ifMatch(request)
  return {
    once: precondition !== undefined,
    before: ({ state, version }) => {
      requireSeen(request, inquiryNo, state)
      requireMatch(precondition, version)
    },
  }
}

/** The inquiry as a remembered write left it. */
const toldAgain = async (deps: Deps, { stream, toVersion, position }: CommandRow): Promise<InquiryResult> => {
  const events = await readInquiryEvents(deps, inquiryOfStream(stream) as InquiryNo)
  return { inquiry: inquiryAfter(events.slice(0, toVersion)) as Inquiry, version: toVersion, position }
}

/**
 * What a write's first answer may be sent again for: an inquiry the caller sees now, by a role that takes the act.
 * @throws Refusal
 */
export const requireMayInquiry = async (
  deps: Deps,
  request: FastifyRequest,
  inquiryNo: InquiryNo,
  actions: readonly Action[],
): Promise<void> => {
  const inquiry = requireSeen(request, inquiryNo, (await readInquiry(deps, inquiryNo)).state)
  if (!actions.some((action) => mayAt(request.caller, action, placeOfInquiry(inquiry))))
    throw new Refusal('role_not_allowed', {
      roles: actions.flatMap((action) => permissions[action]).join(', '),
    })
}

/** The act a request asks for, its digest keyed by the inquiry's subject; only a key's needs it ahead of the command. */
export const actSpeakingOf = async (deps: Deps, inquiryNo: InquiryNo, act: Act): Promise<Act> => {
  if (act.digestOf === undefined) return act
  const { state } = await readInquiry(deps, inquiryNo)
  return state === null ? act : speakingOf(act, state.subjectId)
}

export const subjectOfInquiry = async (deps: Deps, inquiryNo: InquiryNo) =>
  requireInquiry(inquiryNo, (await readInquiry(deps, inquiryNo)).state).subjectId

const send = (deps: Deps, http: Http, { answer, replayed }: { answer: InquiryResult; replayed: boolean }) => {
  sendWritten(http.reply, { ...answer, replayed })
  return inquiryFor(deps, http.request, answer.inquiry, answer.version)
}

/** Where there was nothing to do, what stands was there by the newest event. */
const toldOf = async (deps: Deps, { inquiry, version, position }: InquiryDone): Promise<InquiryResult> => ({
  inquiry,
  version,
  position: position ?? (await deps.store.head()),
})

const summaries: Record<InquiryActName, string> = {
  forward: 'Forward the inquiry to the SE',
  answer: 'Answer: the CSC what is open, the SE what was forwarded',
  relay: 'Pass the answer on to the customer',
  withdraw: 'Withdraw the inquiry',
}

/** Which actions an act takes, of several one will do. */
const actionsOf: Record<InquiryActName, readonly Action[]> = {
  forward: ['take_inquiry'],
  answer: ['take_inquiry', 'answer_inquiry'],
  relay: ['take_inquiry'],
  withdraw: ['withdraw_inquiry'],
}

const actRoute = (deps: Deps, app: Parameters<ReturnType<Routes>>[0], name: InquiryActName): void => {
  app.withTypeProvider<ZodTypeProvider>().post(
    `/v1/inquiries/:inquiryNo/${name}`,
    {
      config: { action: actionsOf[name], refusals: onInquiry },
      schema: {
        tags: ['inquiries'],
        summary: summaries[name],
        params: inquiryParams,
        body: inquiryActBodies[name],
        response: { 200: inquiryAnswer },
      },
    },
    async (request, reply) => {
      const { inquiryNo } = request.params
      const body = request.body as InquiryActBody<typeof name>
      const written = await writeOnce<InquiryResult>(deps, request, {
        fresh: async (write) => {
          const act = await actSpeakingOf(deps, inquiryNo, actOf(deps, request, write))
          const guards = guardsOfInquiry(request, inquiryNo)
          return toldOf(deps, await actOnInquiry(deps, inquiryNo, { name, body }, { act, guards }))
        },
        permit: () => requireMayInquiry(deps, request, inquiryNo, actionsOf[name]),
        again: ([row]) => toldAgain(deps, row as CommandRow),
        subjectOf: () => subjectOfInquiry(deps, inquiryNo),
      })
      return send(deps, { request, reply }, written)
    },
  )
}

export const inquiryWriteRoutes: Routes = (deps) => async (plugin) => {
  const app = plugin.withTypeProvider<ZodTypeProvider>()

  app.post(
    '/v1/inquiries',
    {
      config: {
        action: 'take_inquiry',
        refusals: [
          'unknown_dealer',
          'unknown_topic',
          'inquiry_external_no_taken',
          'inquiry_not_found',
          'inquiry_wrong_state',
          'subject_erased',
        ],
        example: {
          body: {
            channel: 'phone',
            topic: 'product',
            question: '这款车有几种颜色？',
            answer: '有六种颜色。',
          },
        },
      },
      schema: {
        tags: ['inquiries'],
        summary: 'Register an inquiry; with an answer it is answered at once',
        body: inquiryBody,
        response: { 201: inquiryAnswer },
      },
    },
    async (request, reply) => {
      const inquiryOf = (rows: readonly CommandRow[]) =>
        inquiryOfStream((rows[0] as CommandRow).stream) as InquiryNo
      const written = await writeOnce<InquiryResult>(deps, request, {
        fresh: async (write) =>
          toldOf(deps, await registerInquiry(deps, request.body, actOf(deps, request, write))),
        permit: (rows) => {
          actingRole(request.caller, 'take_inquiry')
          return requireMayInquiry(deps, request, inquiryOf(rows), ['take_inquiry'])
        },
        again: ([row]) => toldAgain(deps, row as CommandRow),
        subjectOf: (rows) => subjectOfInquiry(deps, inquiryOf(rows)),
      })
      const { inquiryNo } = written.answer.inquiry
      return reply
        .code(201)
        .header('location', `/v1/inquiries/${inquiryNo}`)
        .send(send(deps, { request, reply }, written))
    },
  )

  for (const name of Object.keys(inquiryActBodies) as InquiryActName[]) actRoute(deps, plugin, name)
}
