/** What all routes of the customer-voice desk share: who sees what, and what a write rests on. */
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type Action, actingRole, permissions } from '../../domain/authority.ts'
import type { Position } from '../../domain/eventStore.ts'
import { Refusal } from '../../domain/refusal.ts'
import { mayAt, placeOfDealer } from '../../domain/scope.ts'
import type { SubjectId } from '../../domain/subjectKeys.ts'
import { dealerOfId, dealerOfVoiceStream, sheetIdSchema } from '../../domain/voice/events.ts'
import {
  itemOf,
  placeOfSheet,
  type Voice,
  type VoiceItem,
  type VoiceSheet,
} from '../../domain/voice/state.ts'
import type { Act } from '../commands/act.ts'
import type { CommandRow } from '../commands/deps.ts'
import {
  readVoice,
  readVoiceEvents,
  requireSheet,
  type VoiceDone,
  type VoiceGuards,
  type VoiceWrite,
  voiceAfter,
} from '../commands/voice/voice.ts'
import type { Deps, Http } from '../http/deps.ts'
import { ifMatch, requireMatch } from '../http/etag.ts'
import { writeOnce } from '../http/idempotency.ts'
import { sendWritten } from '../http/written.ts'
import { actOf, readersFor } from '../tickets/requestContext.ts'
import { presentSheet } from './present.ts'

export const sheetParams = z.strictObject({ id: sheetIdSchema })

/** Whoever sees personal data there sees what customers and dealers wrote, and so does HQ, which keeps the desk. */
export const opening: readonly Action[] = ['see_personal_data', 'keep_voice']

export const voiceReaders = (deps: Deps, request: FastifyRequest) => {
  const readerAt = readersFor(deps, request, opening)
  return {
    ofItem: (dealer: string, rbo: string | null, itemId: string) =>
      readerAt(placeOfDealer(dealer, rbo), null, itemId),
    ofSheet: (sheet: Pick<VoiceSheet, 'dealer' | 'rbo' | 'sheetId'>) =>
      readerAt(placeOfSheet(sheet), null, sheet.sheetId),
  }
}

/** Whether the caller sees what was written on a sheet. */
export const mayOpen = (request: FastifyRequest, sheet: Pick<VoiceSheet, 'dealer' | 'rbo'>): boolean =>
  opening.some((action) => mayAt(request.caller, action, placeOfSheet(sheet)))

/** A sheet outside the caller's scope is as good as absent (rulebook §2). @throws Refusal `voice_sheet_not_found` */
export const requireSeenSheet = (
  request: FastifyRequest,
  voice: Voice | null,
  sheetId: string,
): VoiceSheet => {
  const sheet = requireSheet(voice, sheetId)
  if (!mayAt(request.caller, 'read', placeOfSheet(sheet)))
    throw new Refusal('voice_sheet_not_found', { sheetId })
  return sheet
}

/** @throws Refusal `voice_sheet_not_found`, `role_not_allowed` */
export const requireMaySheet = (
  request: FastifyRequest,
  action: Action,
  { voice, sheetId }: { voice: Voice | null; sheetId: string },
): VoiceSheet => {
  const sheet = requireSeenSheet(request, voice, sheetId)
  actingRole(request.caller, action)
  if (!mayAt(request.caller, action, placeOfSheet(sheet)))
    throw new Refusal('role_not_allowed', { roles: permissions[action].join(', ') })
  return sheet
}

/** Scope, role and `If-Match` of a write on a sheet; its version counts what happened to that sheet alone. */
export const guardsOfSheet = (request: FastifyRequest, action: Action, sheetId: string): VoiceGuards => {
  const precondition = ifMatch(request)
  return {
    before: ({ state }) => {
      const { version } = requireMaySheet(request, action, { voice: state, sheetId })
      requireMatch(precondition, version)
    },
  }
}

/** A sheet with the customer voice it is part of, and where that is in the log. */
export type VoiceResult = { voice: Voice; position: Position | null }

/** Where there was nothing to do, what there is was there by the newest event. */
export const toldOf = async (deps: Deps, { voice, position }: VoiceDone): Promise<VoiceResult> => ({
  voice,
  position: position ?? (await deps.store.head()),
})

/** The customer voice as a remembered write left it. */
export const toldAgain = async (
  deps: Deps,
  { stream, toVersion, position }: CommandRow,
): Promise<VoiceResult> => {
  const events = await readVoiceEvents(deps, dealerOfVoiceStream(stream) as string)
  return { voice: voiceAfter(events.slice(0, toVersion)) as Voice, position }
}

/** The subject that the first event to name one of a remembered write names: whose key its digest was made with. */
export const subjectOfFirst = async (
  { store }: Deps,
  { stream, fromVersion, toVersion }: CommandRow,
): Promise<SubjectId | null> => {
  const events = (await store.readStream(stream, fromVersion - 1)).slice(0, toVersion - fromVersion + 1)
  return events.flatMap(({ data }) => (data as { subjectId?: SubjectId }).subjectId ?? [])[0] ?? null
}

/** A sheet as the caller may see it. */
export const sheetFor = (deps: Deps, request: FastifyRequest, voice: Voice, sheetId: string) => {
  const sheet = requireSheet(voice, sheetId)
  const readers = voiceReaders(deps, request)
  const items = sheet.itemIds.flatMap((itemId) => itemOf(voice, itemId) ?? [])
  const ledger = [...voice.ledger.values()].filter(({ month }) => month === sheet.month)
  return presentSheet(
    sheet,
    { items, ledger },
    {
      ofItem: ({ itemId }: VoiceItem) => readers.ofItem(sheet.dealer, sheet.rbo, itemId),
      ofSheet: readers.ofSheet(sheet),
      now: deps.now(),
    },
  )
}

export const sendSheet = (
  deps: Deps,
  { request, reply }: Http,
  { answer, replayed }: { answer: VoiceResult; replayed: boolean },
  sheetId: string,
) => {
  const { version } = requireSheet(answer.voice, sheetId)
  sendWritten(reply, { version, position: answer.position, replayed })
  return sheetFor(deps, request, answer.voice, sheetId)
}

/** Does a write on a sheet once, and says what it left. @throws Refusal `voice_sheet_not_found`; see `writeOnce` */
export const writeOnSheet = async (
  deps: Deps,
  request: FastifyRequest,
  { sheetId, action }: { sheetId: string; action: Action },
  doing: (writing: VoiceWrite) => Promise<VoiceDone>,
): Promise<{ answer: VoiceResult; replayed: boolean }> => {
  const now = async (): Promise<VoiceSheet> => {
    const { state } = await readVoice(deps, dealerOfId(sheetId))
    return requireMaySheet(request, action, { voice: state, sheetId })
  }
  return writeOnce<VoiceResult>(deps, request, {
    fresh: async (write) => {
      await now()
      const act: Act = actOf(deps, request, write)
      return toldOf(deps, await doing({ act, guards: guardsOfSheet(request, action, sheetId) }))
    },
    permit: async () => void (await now()),
    again: ([row]) => toldAgain(deps, row as CommandRow),
    subjectOf: async () => (await now()).subjectId,
  })
}
