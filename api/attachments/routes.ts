/** Attachments of tickets, inquiries and sheets of customer voice: upload, list, download, removal (rulebook §14). */
import multipart from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { attachmentIdSchema, findAttachment } from '../../domain/attachments/attachments.ts'
import { Refusal } from '../../domain/refusal.ts'
import { filledText } from '../commands/fields.ts'
import type { Deps, Http, Routes } from '../http/deps.ts'
import { keyedCommandId } from '../http/idempotency.ts'
import { sendWritten } from '../http/written.ts'
import { readersFor } from '../tickets/requestContext.ts'
import { rangeOf, sendContent } from './content.ts'
import { multipartOptions, requireForm, uploadForm } from './form.ts'
import {
  type Owner,
  type OwnerKind,
  ofInquiries,
  ofSheets,
  ofTickets,
  requireMayOn,
  requireTakesOne,
} from './owners.ts'
import { attachmentAnswer, attachmentsAnswer, presentAttachment } from './present.ts'
import { type AttachmentResult, addOnce, removeOnce } from './writes.ts'

const ofUploads = [
  'too_many_attachments',
  'customer_erased',
  'malformed_multipart',
  'attachment_too_large',
  'attachment_empty',
  'attachment_type_not_allowed',
  'attachment_expands_too_far',
  'attachment_infected',
  'scanner_unavailable',
  'attachments_unavailable',
] as const
const ofDownloads = [
  'attachment_not_found',
  'attachment_damaged',
  'attachment_on_other_node',
  'attachments_unavailable',
  'customer_erased',
  'range_not_satisfiable',
] as const

const removeBody = z
  .strictObject({ reason: filledText(2_000) })
  .meta({ id: 'AttachmentRemoval', examples: [{ reason: '附错了工单。' }] })

const binary = {
  description: 'The content, as a download; 206 with one range of it.',
  content: { 'application/octet-stream': { schema: z.any() } },
}

/** The owner with its attachments, to a caller who sees its customer. @throws Refusal */
const seen = async (deps: Deps, request: FastifyRequest, kind: OwnerKind): Promise<Owner> => {
  const owner = await kind.find(deps, request)
  requireMayOn(request, kind.sees, owner)
  return owner
}

const presentFor = (deps: Deps, request: FastifyRequest, kind: OwnerKind, { place, no }: Owner) => {
  const reader = readersFor(deps, request, kind.sees)(place, kind === ofSheets ? null : no, no)
  return (attachment: Owner['attachments'][number]) => presentAttachment(attachment, reader)
}

const sendAdded = async (
  deps: Deps,
  http: Http,
  kind: OwnerKind,
  { answer, replayed }: { answer: AttachmentResult; replayed: boolean },
) => {
  const { request, reply } = http
  const owner = await kind.find(deps, request)
  sendWritten(reply, { ...answer, replayed })
  const path = (request.url.split('?', 1)[0] as string).replace(/\/+$/, '')
  reply.code(201).header('location', `${path}/${answer.attachment.attachmentId}`)
  return presentFor(deps, request, kind, owner)(answer.attachment)
}

const deskOf = ({ desk }: OwnerKind) => (desk === undefined ? {} : { desk })

const uploads =
  (deps: Deps, kind: OwnerKind): ReturnType<Routes> =>
  async (plugin) => {
    plugin.removeAllContentTypeParsers()
    await plugin.register(multipart, multipartOptions)
    const desk = deskOf(kind)
    plugin.withTypeProvider<ZodTypeProvider>().post(
      `${kind.path}/attachments`,
      {
        config: { ...desk, action: kind.adds, form: uploadForm, refusals: [...kind.refusals, ...ofUploads] },
        // before any of the body is read: limits are judged before anything is taken in
        preParsing: async (request, _reply, payload) => {
          const owner = await kind.find(deps, request)
          requireMayOn(request, [kind.adds], owner)
          requireForm(request)
          const key = keyedCommandId(request)
          if (key === undefined || deps.views.commands.find(key).length === 0) requireTakesOne(owner)
          return payload
        },
        schema: {
          tags: [kind.tag],
          summary: 'Add an attachment: a file of at most 20 MiB, 50 in all',
          description:
            'multipart/form-data. PDF, JPEG, PNG, WebP, TIFF, MP3, M4A, WAV, AMR, TXT, EML, DOCX or XLSX, told by content.',
          consumes: ['multipart/form-data'],
          params: kind.params,
          response: { 201: attachmentAnswer },
        },
      },
      async (request, reply) => sendAdded(deps, { request, reply }, kind, await addOnce(deps, request, kind)),
    )
  }

const others =
  (deps: Deps, kind: OwnerKind): ReturnType<Routes> =>
  async (plugin) => {
    const app = plugin.withTypeProvider<ZodTypeProvider>()
    const params = kind.params.extend({ attachmentId: attachmentIdSchema })
    const tags = [kind.tag]
    const desk = deskOf(kind)
    const idOf = ({ params: path }: FastifyRequest): string => (path as { attachmentId: string }).attachmentId

    app.get(
      `${kind.path}/attachments`,
      {
        config: { ...desk, action: kind.sees, refusals: [kind.absent] },
        schema: {
          tags,
          summary: 'The attachments, oldest first',
          params: kind.params,
          response: { 200: attachmentsAnswer },
        },
      },
      async (request) => {
        const owner = await seen(deps, request, kind)
        return { items: owner.attachments.map(presentFor(deps, request, kind, owner)) }
      },
    )

    app.get(
      `${kind.path}/attachments/:attachmentId`,
      {
        config: { ...desk, action: kind.sees, refusals: [kind.absent, ...ofDownloads] },
        schema: {
          tags,
          summary: 'The content of an attachment, as a download; a single range is answered 206',
          params,
          response: { 200: binary, 206: binary },
        },
      },
      async (request, reply) => {
        const owner = await seen(deps, request, kind)
        const attachment = findAttachment(owner.attachments, idOf(request))
        const { name, mediaType, bytes, attachmentId } = presentFor(deps, request, kind, owner)(attachment)
        if (name === null) throw new Refusal('attachment_not_found', { attachment: attachmentId })
        const range = rangeOf(request, bytes)
        const stored = { subjectId: owner.subjectId, attachmentId, bytes }
        return sendContent(request, reply, { name, mediaType, bytes, range }, (sent) =>
          deps.attachments.read(stored, sent),
        )
      },
    )

    app.post(
      `${kind.path}/attachments/:attachmentId/remove`,
      {
        config: {
          ...desk,
          action: 'remove_attachment',
          refusals: [...kind.refusals, 'attachment_not_found'],
        },
        schema: {
          tags,
          summary: 'Remove an attachment with a reason; its bytes are gone',
          params,
          body: removeBody,
          response: { 200: attachmentsAnswer },
        },
      },
      async (request, reply) => {
        const { reason } = request.body
        const asked = { attachmentId: idOf(request), reason }
        const { answer, replayed } = await removeOnce(deps, request, kind, asked)
        const owner = await kind.find(deps, request)
        sendWritten(reply, { ...answer, replayed })
        return { items: owner.attachments.map(presentFor(deps, request, kind, owner)) }
      },
    )
  }

export const attachmentRoutes: Routes = (deps) => async (app) => {
  for (const kind of [ofTickets, ofInquiries, ofSheets]) {
    app.register(uploads(deps, kind))
    app.register(others(deps, kind))
  }
}
