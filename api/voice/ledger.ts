/** The ledger of the customer-voice desk (rulebook §16): the list, and taking an entry back. */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { quarterBounds, quarterSchema } from '../../domain/instant.ts'
import { Refusal } from '../../domain/refusal.ts'
import { scopesFor } from '../../domain/scope.ts'
import { unitCodeSchema } from '../../domain/unitCode.ts'
import { voiceLedgerKindSchema } from '../../domain/voice/codes.ts'
import { dealerOfId, entryIdSchema, monthOfId, sheetIdOf } from '../../domain/voice/events.ts'
import type { VoiceEntry } from '../../domain/voice/state.ts'
import { reverseBody } from '../commands/voice/bodies.ts'
import { readVoice, requireSheet, reverse } from '../commands/voice/voice.ts'
import { listFiles } from '../files/negotiation.ts'
import type { Routes } from '../http/deps.ts'
import { keyset, sendPage } from '../http/lists.ts'
import { commaList, pageQuery } from '../http/schemas.ts'
import { sendWritten } from '../http/written.ts'
import { ledgerLabels } from './labels.ts'
import { presentEntry, presentEntryRow } from './present.ts'
import { voiceReaders, writeOnSheet } from './requestContext.ts'
import { type VoiceEntryAnswer, voiceEntryAnswer, voiceLedgerPageAnswer } from './responseSchemas.ts'

const tags = ['customer voice']

const listQuery = z.strictObject({
  quarter: quarterSchema.optional().meta({ description: 'In which it was booked, 2026Q1.' }),
  dealer: commaList(unitCodeSchema).optional(),
  rbo: commaList(unitCodeSchema).optional(),
  kind: commaList(voiceLedgerKindSchema).optional(),
  ...pageQuery,
})

export const voiceLedgerRoutes: Routes = (deps) => async (plugin) => {
  const app = plugin.withTypeProvider<ZodTypeProvider>()

  app.get(
    '/v1/voice/ledger',
    {
      config: {
        desk: 'voice',
        action: 'read',
        views: ['voice'],
        files: listFiles(voiceEntryAnswer, ledgerLabels),
        refusals: [],
      },
      schema: {
        tags,
        summary: 'The ledger: penalties, published cases and reversals, the newest first',
        querystring: listQuery,
        response: { 200: voiceLedgerPageAnswer },
      },
    },
    (request, reply) => {
      const { limit, cursor, ...filters } = request.query
      const { quarter, ...more } = filters
      const booked = quarter === undefined ? undefined : quarterBounds(quarter)
      const scope = scopesFor(request.caller, 'read')
      const { ofSheet } = voiceReaders(deps, request)
      return sendPage(
        deps,
        { request, reply },
        { list: 'voiceLedger', filters, asked: { limit, cursor } },
        {
          form: keyset,
          find: (page) => deps.views.voice.ledger({ ...more, booked, scope, ...page }),
          present: (row) => presentEntryRow(row, ofSheet(row)),
        },
      )
    },
  )

  app.post(
    '/v1/voice/ledger/:entryId/reverse',
    {
      config: {
        desk: 'voice',
        action: 'keep_voice',
        refusals: [
          'voice_sheet_not_found',
          'voice_entry_not_found',
          'voice_entry_is_reversal',
          'voice_entry_reversed',
        ],
      },
      schema: {
        tags,
        summary: 'Take an entry back, with a reason: a reversal is booked; answers the entry',
        params: z.strictObject({ entryId: entryIdSchema }),
        body: reverseBody,
        response: { 200: voiceEntryAnswer },
      },
    },
    async (request, reply) => {
      const { entryId } = request.params
      const sheetId = sheetIdOf(dealerOfId(entryId), monthOfId(entryId))
      const { state } = await readVoice(deps, dealerOfId(entryId))
      if (!state?.ledger.has(entryId.replace(/\.reversal$/, '')))
        throw new Refusal('voice_entry_not_found', { entryId })
      const { answer, replayed } = await writeOnSheet(
        deps,
        request,
        { sheetId, action: 'keep_voice' },
        (writing) => reverse(deps, entryId, request.body.reason, writing),
      )
      sendWritten(reply, { position: answer.position, replayed })
      const sheet = requireSheet(answer.voice, sheetId)
      const entry = answer.voice.ledger.get(entryId) as VoiceEntry
      const [reversed] = presentEntry(entry, sheet, voiceReaders(deps, request).ofSheet(sheet))
      return reversed as VoiceEntryAnswer
    },
  )
}
