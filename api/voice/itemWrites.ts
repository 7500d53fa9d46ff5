/** What HQ does with an item before it is sent: reword it, or drop it (rulebook §16). */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { actingRole } from '../../domain/authority.ts'
import { dealerOfId, itemIdSchema } from '../../domain/voice/events.ts'
import type { CommandRow } from '../commands/deps.ts'
import { dropBody, rewordBody } from '../commands/voice/bodies.ts'
import {
  drop,
  readVoice,
  requireItem,
  reword,
  type VoiceDone,
  type VoiceWrite,
} from '../commands/voice/voice.ts'
import type { Deps, Http, Routes } from '../http/deps.ts'
import { writeOnce } from '../http/idempotency.ts'
import { sendWritten } from '../http/written.ts'
import { actOf } from '../tickets/requestContext.ts'
import { presentItem } from './present.ts'
import { toldAgain, toldOf, type VoiceResult, voiceReaders } from './requestContext.ts'
import { voiceItemAnswer } from './responseSchemas.ts'

const tags = ['customer voice']
const onItems = ['voice_item_not_found', 'voice_sheet_already_sent', 'voice_item_dropped'] as const
const itemParams = z.strictObject({ id: itemIdSchema })

/** Does a write on an item once, and answers with the item. */
const onItem = async (
  deps: Deps,
  { request, reply }: Http,
  itemId: string,
  doing: (writing: VoiceWrite) => Promise<VoiceDone>,
) => {
  const { answer, replayed } = await writeOnce<VoiceResult>(deps, request, {
    fresh: async (write) =>
      toldOf(deps, await doing({ act: actOf(deps, request, write), guards: { before: () => {} } })),
    permit: () => void actingRole(request.caller, 'keep_voice'),
    again: ([row]) => toldAgain(deps, row as CommandRow),
    subjectOf: async () => requireItem((await readVoice(deps, dealerOfId(itemId))).state, itemId).subjectId,
  })
  sendWritten(reply, { position: answer.position, replayed })
  const item = requireItem(answer.voice, itemId)
  return presentItem(item, voiceReaders(deps, request).ofItem(dealerOfId(itemId), null, itemId))
}

export const voiceItemWriteRoutes: Routes = (deps) => async (plugin) => {
  const app = plugin.withTypeProvider<ZodTypeProvider>()

  app.post(
    '/v1/voice/items/:id/reword',
    {
      config: { desk: 'voice', action: 'keep_voice', refusals: onItems },
      schema: {
        tags,
        summary: 'Reword an item that is on no sheet yet',
        params: itemParams,
        body: rewordBody,
        response: { 200: voiceItemAnswer },
      },
    },
    (request, reply) => {
      const { id } = request.params
      return onItem(deps, { request, reply }, id, (writing) => reword(deps, id, request.body.text, writing))
    },
  )

  app.post(
    '/v1/voice/items/:id/drop',
    {
      config: { desk: 'voice', action: 'keep_voice', refusals: onItems },
      schema: {
        tags,
        summary: 'Drop an item that is on no sheet yet',
        params: itemParams,
        body: dropBody,
        response: { 200: voiceItemAnswer },
      },
    },
    (request, reply) => {
      const { id } = request.params
      return onItem(deps, { request, reply }, id, (writing) => drop(deps, id, request.body.reason, writing))
    },
  )
}
