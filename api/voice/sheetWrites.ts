/** Sending a sheet, and the acts on it (rulebook §16). */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { type Action, actingRole } from '../../domain/authority.ts'
import type { RefusalCode } from '../../domain/refusal.ts'
import { itemIdSchema, sheetIdOf } from '../../domain/voice/events.ts'
import type { CommandRow } from '../commands/deps.ts'
import {
  planBody,
  type SheetActBody,
  type SheetActName,
  sheetActBodies,
  sheetBody,
} from '../commands/voice/bodies.ts'
import { send } from '../commands/voice/send.ts'
import { actOnSheet, changePlan } from '../commands/voice/voice.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { writeOnce } from '../http/idempotency.ts'
import { actOf } from '../tickets/requestContext.ts'
import {
  sendSheet,
  sheetParams,
  subjectOfFirst,
  toldAgain,
  toldOf,
  type VoiceResult,
  writeOnSheet,
} from './requestContext.ts'
import { voiceSheetAnswer } from './responseSchemas.ts'

const tags = ['customer voice']
const planParams = sheetParams.extend({ itemId: itemIdSchema })

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

export const voiceSheetWriteRoutes: Routes = (deps) => async (plugin) => {
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
}
