/** Sheets: the list, one sheet, sending one, and the acts on it (rulebook §16). */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { type Action, actingRole } from '../../domain/authority.ts'
import type { RefusalCode } from '../../domain/refusal.ts'
import { scopesFor } from '../../domain/scope.ts'
import { unitCodeSchema } from '../../domain/unitCode.ts'
import { voiceSheetStatusSchema, voiceStepSchema } from '../../domain/voice/codes.ts'
import {
  dealerOfId,
  itemIdSchema,
  sheetIdOf,
  sheetOfEvent,
  voiceMonthSchema,
} from '../../domain/voice/events.ts'
import { sheetSorts } from '../../projections/voice/voiceQueries.ts'
import type { CommandRow } from '../commands/deps.ts'
import {
  planBody,
  type SheetActBody,
  type SheetActName,
  sheetActBodies,
  sheetBody,
} from '../commands/voice/bodies.ts'
import { send } from '../commands/voice/send.ts'
import { actOnSheet, changePlan, readVoice, readVoiceEvents } from '../commands/voice/voice.ts'
import { listFiles } from '../files/negotiation.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { sendETag } from '../http/etag.ts'
import { writeOnce } from '../http/idempotency.ts'
import { keyset, sendPage } from '../http/lists.ts'
import { commaList, pageQuery } from '../http/schemas.ts'
import { actOf } from '../tickets/requestContext.ts'
import { timelineAnswer } from '../tickets/responseSchemas.ts'
import { timelineOf } from '../tickets/timeline.ts'
import { voiceLabels } from './labels.ts'
import { presentSheetRow } from './present.ts'
import {
  requireSeenSheet,
  sendSheet,
  sheetFor,
  sheetParams,
  subjectOfFirst,
  toldAgain,
  toldOf,
  type VoiceResult,
  voiceReaders,
  writeOnSheet,
} from './requestContext.ts'
import { voiceSheetAnswer, voiceSheetPageAnswer, voiceSheetRowAnswer } from './responseSchemas.ts'
import { voiceWordsOf } from './timelineWords.ts'

const tags = ['customer voice']
const planParams = sheetParams.extend({ itemId: itemIdSchema })

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

const summaries: Record<SheetActName, string> = {
  meeting: 'Record the improvement meeting, with a plan for each item',
  return: 'Return the sheet, signed by the general manager',
  audit: 'Accept a returned sheet, or send it back with a reason',
  'follow-ups': 'Record a follow-up of the RBO',
  report: 'Report the result',
  judge: 'Judge an item, once',
  publish: 'Publish an effective item as a good case',
}

const actionOf: Record<SheetActName, Action> = {
  meeting: 'improve_voice',
  return: 'improve_voice',
  audit: 'keep_voice',
  'follow-ups': 'follow_voice',
  report: 'improve_voice',
  judge: 'keep_voice',
  publish: 'keep_voice',
}

const onSheet = ['voice_sheet_not_found', 'voice_wrong_status'] as const

const refusalsOf: Record<SheetActName, readonly RefusalCode[]> = {
  meeting: [
    ...onSheet,
    'future_instant',
    'voice_meeting_before_sheet',
    'voice_item_not_on_sheet',
    'voice_plan_twice',
    'voice_plan_missing',
    'voice_plan_end_too_late',
    'voice_plan_end_too_early',
  ],
  return: [...onSheet, 'voice_unknown_attachment'],
  audit: [...onSheet, 'voice_reason_required'],
  'follow-ups': onSheet,
  report: [...onSheet, 'voice_item_not_on_sheet', 'voice_result_twice', 'voice_result_missing'],
  judge: [...onSheet, 'voice_item_not_on_sheet', 'voice_already_judged'],
  publish: [
    ...onSheet,
    'voice_item_not_on_sheet',
    'voice_not_effective',
    'voice_already_published',
    'voice_amount_outside_range',
  ],
}

const actRoute = (deps: Deps, app: Parameters<ReturnType<Routes>>[0], name: SheetActName): void => {
  app.withTypeProvider<ZodTypeProvider>().post(
    `/v1/voice/sheets/:id/${name}`,
    {
      config: { desk: 'voice', action: actionOf[name], refusals: refusalsOf[name] },
      schema: {
        tags,
        summary: summaries[name],
        params: sheetParams,
        body: sheetActBodies[name],
        response: { 200: voiceSheetAnswer },
      },
    },
    async (request, reply) => {
      const sheetId = request.params.id
      const body = request.body as SheetActBody<typeof name>
      const written = await writeOnSheet(deps, request, { sheetId, action: actionOf[name] }, (writing) =>
        actOnSheet(deps, sheetId, { name, body }, writing),
      )
      return sendSheet(deps, { request, reply }, written, sheetId)
    },
  )
}

export const voiceSheetRoutes: Routes = (deps) => async (plugin) => {
  const app = plugin.withTypeProvider<ZodTypeProvider>()

  app.post(
    '/v1/voice/sheets',
    {
      config: {
        desk: 'voice',
        action: 'keep_voice',
        refusals: ['unknown_dealer', 'inactive_dealer', 'voice_sheet_exists', 'voice_no_items'],
        operationId: 'sendVoiceSheet',
      },
      schema: {
        tags,
        summary: 'Send a dealer the sheet of a month: all its items that were not dropped',
        body: sheetBody,
        response: { 201: voiceSheetAnswer },
      },
    },
    async (request, reply) => {
      const { dealerCode: dealer, month } = request.body
      const written = await writeOnce<VoiceResult>(deps, request, {
        fresh: async (write) => {
          const writing = { act: actOf(deps, request, write), guards: { before: () => {} } }
          return toldOf(deps, await send(deps, { dealer, month }, writing))
        },
        permit: () => void actingRole(request.caller, 'keep_voice'),
        again: ([row]) => toldAgain(deps, row as CommandRow),
        subjectOf: ([row]) => subjectOfFirst(deps, row as CommandRow),
      })
      const sheetId = sheetIdOf(dealer, month)
      const answer = sendSheet(deps, { request, reply }, written, sheetId)
      return reply.code(201).header('location', `/v1/voice/sheets/${sheetId}`).send(answer)
    },
  )

  for (const name of Object.keys(sheetActBodies) as SheetActName[]) actRoute(deps, plugin, name)

  app.post(
    '/v1/voice/sheets/:id/plans/:itemId',
    {
      config: {
        desk: 'voice',
        action: 'improve_voice',
        refusals: [
          ...onSheet,
          'voice_item_not_found',
          'voice_plan_end_too_late',
          'voice_plan_end_too_early',
          'voice_plans_ended',
        ],
      },
      schema: {
        tags,
        summary: 'Change the plan of an item, with a note',
        params: planParams,
        body: planBody,
        response: { 200: voiceSheetAnswer },
      },
    },
    async (request, reply) => {
      const { id: sheetId, itemId } = request.params
      const written = await writeOnSheet(deps, request, { sheetId, action: 'improve_voice' }, (writing) =>
        changePlan(deps, { sheetId, itemId }, request.body, writing),
      )
      return sendSheet(deps, { request, reply }, written, sheetId)
    },
  )

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

const beforeSending: ReadonlySet<string> = new Set([
  'VoiceItemEntered',
  'VoiceItemReworded',
  'VoiceItemDropped',
])
