/** Sheets: the list, one sheet and its timeline (rulebook §16). */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { scopesFor } from '../../domain/scope.ts'
import { unitCodeSchema } from '../../domain/unitCode.ts'
import { voiceSheetStatusSchema, voiceStepSchema } from '../../domain/voice/codes.ts'
import { dealerOfId, sheetOfEvent, voiceMonthSchema } from '../../domain/voice/events.ts'
import { sheetSorts } from '../../projections/voice/voiceQueries.ts'
import { readVoice, readVoiceEvents } from '../commands/voice/voice.ts'
import { listFiles } from '../files/negotiation.ts'
import type { Routes } from '../http/deps.ts'
import { sendETag } from '../http/etag.ts'
import { keyset, sendPage } from '../http/lists.ts'
import { commaList, pageQuery } from '../http/schemas.ts'
import { timelineAnswer } from '../tickets/responseSchemas.ts'
import { timelineOf } from '../tickets/timeline.ts'
import { voiceLabels } from './labels.ts'
import { presentSheetRow } from './present.ts'
import { requireSeenSheet, sheetFor, sheetParams, voiceReaders } from './requestContext.ts'
import { voiceSheetAnswer, voiceSheetPageAnswer, voiceSheetRowAnswer } from './responseSchemas.ts'
import { voiceWordsOf } from './timelineWords.ts'

const tags = ['customer voice']

const listQuery = z.strictObject({
  dealer: commaList(unitCodeSchema).optional(),
  rbo: commaList(unitCodeSchema).optional(),
  month: commaList(voiceMonthSchema).optional(),
  status: commaList(voiceSheetStatusSchema).optional(),
  overdue: commaList(voiceStepSchema)
    .optional()
    .meta({ description: 'Only what awaits one of these steps past its due, separated by commas.' }),
  sort: z.enum(sheetSorts).optional().meta({
    description: 'By the due of the step that is awaited, or the newest first (the default).',
  }),
  ...pageQuery,
})

const beforeSending: ReadonlySet<string> = new Set([
  'VoiceItemEntered',
  'VoiceItemReworded',
  'VoiceItemDropped',
])

export const voiceSheetRoutes: Routes = (deps) => async (plugin) => {
  const app = plugin.withTypeProvider<ZodTypeProvider>()

  app.get(
    '/v1/voice/sheets',
    {
      config: {
        desk: 'voice',
        action: 'read',
        views: ['voice'],
        files: listFiles(voiceSheetRowAnswer, voiceLabels),
        refusals: [],
      },
      schema: {
        tags,
        summary: 'List sheets, the newest first or by their dues',
        querystring: listQuery,
        response: { 200: voiceSheetPageAnswer },
      },
    },
    (request, reply) => {
      const { limit, cursor, ...filters } = request.query
      const scope = scopesFor(request.caller, 'read')
      const now = deps.now()
      return sendPage(
        deps,
        { request, reply },
        { list: 'voiceSheets', filters, asked: { limit, cursor } },
        {
          form: keyset,
          find: (page) => deps.views.voice.sheets({ ...filters, scope, now, ...page }),
          present: presentSheetRow,
        },
      )
    },
  )

  app.get(
    '/v1/voice/sheets/:id',
    {
      config: { desk: 'voice', action: 'read', refusals: ['voice_sheet_not_found'] },
      schema: { tags, summary: 'One sheet', params: sheetParams, response: { 200: voiceSheetAnswer } },
    },
    async (request, reply) => {
      const { id } = request.params
      const { state } = await readVoice(deps, dealerOfId(id))
      const sheet = requireSeenSheet(request, state, id)
      sendETag(reply, sheet.version)
      return sheetFor(deps, request, state as NonNullable<typeof state>, id)
    },
  )

  app.get(
    '/v1/voice/sheets/:id/timeline',
    {
      config: { desk: 'voice', action: 'read', refusals: ['voice_sheet_not_found'] },
      schema: {
        tags,
        summary: 'Everything that happened to the sheet, in words and data',
        params: sheetParams,
        response: { 200: timelineAnswer },
      },
    },
    async (request) => {
      const { id } = request.params
      const sheet = requireSeenSheet(request, (await readVoice(deps, dealerOfId(id))).state, id)
      const events = await readVoiceEvents(deps, sheet.dealer)
      return timelineOf(request, deps.store, {
        // what was entered and cleaned before it was sent is HQ's alone
        events: events
          .filter((event) => sheetOfEvent(event) === id && !beforeSending.has(event.type))
          // the version is the sheet's, as its ETag has it, and not that of all the dealer's sheets
          .map((event, index) => ({ ...event, version: index + 1 })),
        facts: deps.views.dues.factsOf(id),
        reader: voiceReaders(deps, request).ofSheet(sheet),
        wordsOf: voiceWordsOf,
      })
    },
  )
}
