/** Items: HQ enters what customers said, and the list of it (rulebook §16). */
import type { FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { actingRole } from '../../domain/authority.ts'
import type { Position } from '../../domain/eventStore.ts'
import { lineOf } from '../../domain/plainText.ts'
import { scopesFor } from '../../domain/scope.ts'
import { unitCodeSchema } from '../../domain/unitCode.ts'
import { isVoiceBatchStream } from '../../domain/voice/batch.ts'
import { voiceItemStatusSchema, voiceSurveySchema } from '../../domain/voice/codes.ts'
import { dealerOfId, voiceMonthSchema } from '../../domain/voice/events.ts'
import type { CommandRow } from '../commands/deps.ts'
import { text } from '../commands/fields.ts'
import { externalNoSchema } from '../commands/tickets/bodies.ts'
import { completeVoiceBatches } from '../commands/voice/batch.ts'
import { type VoiceItemBody, type VoiceItemsBody, voiceItemsBody } from '../commands/voice/bodies.ts'
import { type EnteredItem, enter, itemsOfCall } from '../commands/voice/enter.ts'
import { withVoiceLock } from '../commands/voice/lock.ts'
import { listFiles } from '../files/negotiation.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { writeOnce } from '../http/idempotency.ts'
import { keyset, sendPage } from '../http/lists.ts'
import { commaList, pageQuery } from '../http/schemas.ts'
import { sendWritten } from '../http/written.ts'
import { actOf } from '../tickets/requestContext.ts'
import { voiceLabels } from './labels.ts'
import { presentEntered, presentItemRow } from './present.ts'
import { subjectOfFirst, voiceReaders } from './requestContext.ts'
import { voiceItemAnswer, voiceItemPageAnswer, voiceItemsEnteredAnswer } from './responseSchemas.ts'

const tags = ['customer voice']

const listQuery = z.strictObject({
  dealer: commaList(unitCodeSchema).optional(),
  rbo: commaList(unitCodeSchema).optional(),
  month: commaList(voiceMonthSchema).optional(),
  status: commaList(voiceItemStatusSchema).optional(),
  survey: commaList(voiceSurveySchema).optional(),
  indicator: text(100, 1).transform(lineOf).optional(),
  externalNo: externalNoSchema.optional(),
  ...pageQuery,
})

const bodiesOf = (body: VoiceItemsBody): readonly VoiceItemBody[] => ('items' in body ? body.items : [body])

type EntryResult = { items: EnteredItem[]; position: Position | null }

const enterOnce = (deps: Deps, request: FastifyRequest, body: VoiceItemsBody) => {
  const bodies = bodiesOf(body)
  return writeOnce<EntryResult>(deps, request, {
    fresh: (write) => enter(deps, bodies, { act: actOf(deps, request, write), isOne: !('items' in body) }),
    permit: () => void actingRole(request.caller, 'keep_voice'),
    again: async (rows) => {
      const { commandId, position, stream } = rows.at(-1) as CommandRow
      const isBatch = isVoiceBatchStream(stream)
      if (isBatch) await withVoiceLock(deps, null, () => completeVoiceBatches(deps))
      const items = await itemsOfCall(deps, bodies, commandId)
      return { items, position: isBatch ? await deps.store.head() : position }
    },
    subjectOf: (rows) => subjectOfFirst(deps, rows.at(-1) as CommandRow),
  })
}

export const voiceItemRoutes: Routes = (deps) => async (plugin) => {
  const app = plugin.withTypeProvider<ZodTypeProvider>()

  app.post(
    '/v1/voice/items',
    {
      config: {
        desk: 'voice',
        action: 'keep_voice',
        refusals: [
          'unknown_dealer',
          'voice_month_in_future',
          'voice_sheet_already_sent',
          'voice_too_many_items',
          'voice_external_no_taken',
        ],
        operationId: 'enterVoiceItems',
      },
      schema: {
        tags,
        summary: 'Enter what a customer said in a survey, one item or up to 1,000',
        description: 'All of them or, where one is refused, none.',
        body: voiceItemsBody,
        response: { 201: voiceItemsEnteredAnswer },
      },
    },
    async (request, reply) => {
      const { body } = request
      const { answer, replayed } = await enterOnce(deps, request, body)
      sendWritten(reply, { position: answer.position ?? (await deps.store.head()), replayed })
      const { ofItem } = voiceReaders(deps, request)
      const items = answer.items.map(({ item }) =>
        presentEntered(item, ofItem(dealerOfId(item.itemId), null, item.itemId)),
      )
      return reply
        .code(201)
        .header('location', '/v1/voice/items')
        .send('items' in body ? { items } : (items[0] as (typeof items)[number]))
    },
  )

  app.get(
    '/v1/voice/items',
    {
      config: {
        desk: 'voice',
        action: 'read',
        views: ['voice'],
        files: listFiles(voiceItemAnswer, voiceLabels),
        refusals: [],
      },
      schema: {
        tags,
        summary: 'List items, the newest first; a dealer and an RBO see those that were sent',
        querystring: listQuery,
        response: { 200: voiceItemPageAnswer },
      },
    },
    (request, reply) => {
      const { limit, cursor, ...filters } = request.query
      const scope = scopesFor(request.caller, 'read')
      const keeps = scopesFor(request.caller, 'keep_voice').length > 0
      const { ofItem } = voiceReaders(deps, request)
      return sendPage(
        deps,
        { request, reply },
        { list: 'voiceItems', filters, asked: { limit, cursor } },
        {
          form: keyset,
          find: (page) => deps.views.voice.items({ ...filters, scope, ...page }),
          present: (row) => presentItemRow(row, ofItem(row.dealer, row.rbo, row.itemId), keeps),
        },
      )
    },
  )
}
