/** The acts of the customer-voice desk (rulebook §16): what is locked, sealed and appended. */
import type { NewEvent, Position } from '../../../domain/eventStore.ts'
import type { Instant } from '../../../domain/instant.ts'
import { Refusal } from '../../../domain/refusal.ts'
import type { SealedText } from '../../../domain/sealed.ts'
import { stampAfter } from '../../../domain/stamp.ts'
import { eventsOf } from '../../../domain/storedEvents.ts'
import type { VoiceDropReason } from '../../../domain/voice/codes.ts'
import type { VoiceCommand } from '../../../domain/voice/commands.ts'
import { dealerOfId, monthOfId, type VoiceEvent, voiceStream } from '../../../domain/voice/events.ts'
import { evolveVoice } from '../../../domain/voice/evolve.ts'
import { itemOf, sheetOf, type Voice, type VoiceItem, type VoiceSheet } from '../../../domain/voice/state.ts'
import { voiceAggregate } from '../../../domain/voice/voice.ts'
import { type Act, speakingOf } from '../act.ts'
import type { CommandDeps } from '../deps.ts'
import { type FoldedStream, readFound } from '../folded.ts'
import { handle } from '../handle.ts'
import type { Text } from '../tickets/personal.ts'
import type { PlanBody, SheetActBody, SheetActName } from './bodies.ts'

/** A dealer's customer voice after an act, and where the act is in the log. */
export type VoiceDone = {
  voice: Voice
  version: number
  position: Position | null
  events: NewEvent<VoiceEvent>[]
}

/** What a write rests on beside its command: scope, role, `If-Match`. */
export type VoiceGuards = { before(found: FoldedStream<Voice>): void }

export type VoiceWrite = { act: Act; guards: VoiceGuards }

type Readable = Pick<CommandDeps, 'store' | 'folded'>

export const readVoice = (deps: Readable, dealer: string): Promise<FoldedStream<Voice>> =>
  readFound(deps, voiceAggregate, dealer)

/** What happened to a dealer's customer voice, oldest first. */
export const readVoiceEvents = async ({ store }: Pick<CommandDeps, 'store'>, dealer: string) =>
  eventsOf<VoiceEvent>(await store.readStream(voiceStream(dealer)))

/** A dealer's customer voice after its first events. */
export const voiceAfter = (events: Awaited<ReturnType<typeof readVoiceEvents>>): Voice | null =>
  events.reduce<Voice | null>((state, event) => evolveVoice(state, event, event.metadata), null)

/** @throws Refusal `voice_sheet_not_found` */
export const requireSheet = (voice: Voice | null, sheetId: string): VoiceSheet => {
  const sheet = sheetOf(voice, monthOfId(sheetId))
  if (sheet === null) throw new Refusal('voice_sheet_not_found', { sheetId })
  return sheet
}

/** @throws Refusal `voice_item_not_found` */
export const requireItem = (voice: Voice | null, itemId: string): VoiceItem => {
  const item = itemOf(voice, itemId)
  if (item === null) throw new Refusal('voice_item_not_found', { itemId })
  return item
}

/** After a small step back of the clock facts do not go backwards. */
const stamp =
  (act: Act) =>
  (voice: Voice | null): Instant =>
    voice === null ? act.now : stampAfter(act.now, voice.lastAt)

export const giveVoice = async (
  deps: CommandDeps,
  dealer: string,
  make: (voice: Voice | null) => VoiceCommand,
  { act, guards }: { act: Act; guards?: VoiceGuards },
): Promise<VoiceDone> => {
  const { state, version, position, events } = await handle(deps, voiceAggregate, dealer, {
    act,
    ...(guards && { before: guards.before }),
    at: stamp(act),
    command: ({ state: found }) => make(found),
  })
  return { voice: state as Voice, version, position, events }
}

/** Rewords an item that is on no sheet yet. @throws Refusal, see `rewordItem`; Conflict, see `handle` */
export const reword = async (
  deps: CommandDeps,
  itemId: string,
  text: string,
  { act, guards }: VoiceWrite,
): Promise<VoiceDone> => {
  const dealer = dealerOfId(itemId)
  const { subjectId } = requireItem((await readVoice(deps, dealer)).state, itemId)
  const sealed = deps.sealing.seal(subjectId, { text })
  return giveVoice(deps, dealer, () => ({ type: 'RewordItem', itemId, text: sealed }), {
    act: speakingOf(act, subjectId),
    guards,
  })
}

/** Drops an item that is on no sheet yet. @throws Refusal, see `dropItem`; Conflict, see `handle` */
export const drop = async (
  deps: CommandDeps,
  itemId: string,
  reason: VoiceDropReason,
  { act, guards }: VoiceWrite,
): Promise<VoiceDone> => {
  const dealer = dealerOfId(itemId)
  const { subjectId } = requireItem((await readVoice(deps, dealer)).state, itemId)
  return giveVoice(deps, dealer, () => ({ type: 'DropItem', itemId, reason }), {
    act: speakingOf(act, subjectId),
    guards,
  })
}

type SheetCommandInputs = { sheet: VoiceSheet; seal: (text: Text) => SealedText }
type Make<N extends SheetActName> = (body: SheetActBody<N>, making: SheetCommandInputs) => VoiceCommand

/** How each body becomes a command. */
const makers: { [N in SheetActName]: Make<N> } = {
  meeting: ({ heldAt, attendees, plans }, { sheet: { month }, seal }) => ({
    type: 'RecordMeeting',
    month,
    heldAt,
    plans: plans.map(({ itemId, endsOn, measure, person }) => ({
      itemId,
      endsOn,
      text: seal({ measure, person }),
    })),
    text: seal({ attendees: typeof attendees === 'string' ? attendees : attendees.join('\n') }),
  }),
  return: ({ signedBy, attachmentIds }, { sheet: { month }, seal }) => ({
    type: 'ReturnSheet',
    month,
    attachmentIds: [...new Set(attachmentIds)],
    text: seal({ signedBy }),
  }),
  audit: ({ decision, reason }, { sheet: { month }, seal }) => ({
    type: 'AuditSheet',
    month,
    decision,
    text: reason === null ? null : seal({ reason }),
  }),
  'follow-ups': ({ note }, { sheet: { month }, seal }) => ({ type: 'FollowUp', month, text: seal({ note }) }),
  report: ({ results }, { sheet: { month }, seal }) =>
    typeof results === 'string'
      ? { type: 'ReportResult', month, itemIds: null, text: seal({ summary: results }) }
      : {
          type: 'ReportResult',
          month,
          itemIds: results.map(({ itemId }) => itemId),
          text: seal(Object.fromEntries(results.map(({ itemId, result }) => [itemId, result]))),
        },
  judge: ({ itemId, effective, note }, { sheet: { month }, seal }) => ({
    type: 'JudgeItem',
    month,
    itemId,
    effective,
    text: note === null ? null : seal({ note }),
  }),
  publish: ({ itemId, title, amount }, { sheet: { month }, seal }) => ({
    type: 'PublishCase',
    month,
    itemId,
    amount,
    text: seal({ title }),
  }),
}

/** Gives a sheet a command that is made for the sheet as it is. @throws Refusal; Conflict, see `handle` */
export const giveSheet = async (
  deps: CommandDeps,
  sheetId: string,
  make: (making: SheetCommandInputs) => VoiceCommand,
  { act, guards }: VoiceWrite,
): Promise<VoiceDone> => {
  const dealer = dealerOfId(sheetId)
  const { subjectId } = requireSheet((await readVoice(deps, dealer)).state, sheetId)
  const seal = (text: Text): SealedText => deps.sealing.seal(subjectId, text)
  return giveVoice(deps, dealer, (voice) => make({ sheet: requireSheet(voice, sheetId), seal }), {
    act: speakingOf(act, subjectId),
    guards,
  })
}

/** Does one of the acts of `sheetActBodies`. @throws Refusal, see `sheets.ts`; Conflict, see `handle` */
export const actOnSheet = <N extends SheetActName>(
  deps: CommandDeps,
  sheetId: string,
  { name, body }: { name: N; body: SheetActBody<N> },
  writing: VoiceWrite,
): Promise<VoiceDone> =>
  giveSheet(deps, sheetId, (making) => (makers[name] as Make<N>)(body, making), writing)

/** Changes the plan of an item. @throws Refusal, see `sheets.ts`; Conflict, see `handle` */
export const changePlan = (
  deps: CommandDeps,
  { sheetId, itemId }: { sheetId: string; itemId: string },
  { measure, person, endsOn, note }: PlanBody,
  writing: VoiceWrite,
): Promise<VoiceDone> =>
  giveSheet(
    deps,
    sheetId,
    ({ sheet: { month }, seal }) => ({
      type: 'ChangePlan',
      month,
      itemId,
      endsOn,
      text: seal({ ...(measure !== null && { measure }), ...(person !== null && { person }), note }),
    }),
    writing,
  )

/** Takes an entry of the ledger back. @throws Refusal, see `reverseEntry`; Conflict, see `handle` */
export const reverse = (
  deps: CommandDeps,
  entryId: string,
  reason: string,
  writing: VoiceWrite,
): Promise<VoiceDone> =>
  giveSheet(
    deps,
    entryId.split('.').slice(0, 2).join('.'),
    ({ seal }) => ({ type: 'ReverseEntry', entryId, text: seal({ reason }) }),
    writing,
  )
