/**
 * Entering items (rulebook §16): one call for up to 1,000, of many dealers. All are judged before any is appended; what
 * takes more than one append is kept whole first, see `batch.ts`.
 */
import type { Position } from '../../../domain/eventStore.ts'
import { Refusal } from '../../../domain/refusal.ts'
import type { VoiceCommandOf } from '../../../domain/voice/commands.ts'
import { dealerOfId } from '../../../domain/voice/events.ts'
import { monthOf, type VoiceItem } from '../../../domain/voice/state.ts'
import { voiceAggregate } from '../../../domain/voice/voice.ts'
import { type Act, speakingOf } from '../act.ts'
import type { CommandDeps } from '../deps.ts'
import { commandOf } from '../tickets/customerQueue.ts'
import { completeVoiceBatches, enterBatch } from './batch.ts'
import type { VoiceItemBody } from './bodies.ts'
import { withVoiceLock } from './lock.ts'
import { commandsFor, type NewEntry } from './portions.ts'
import { giveVoice, readVoice, requireItem } from './voice.ts'

/** `isNew`: entered by this call; else its external number was known. */
export type EnteredItem = { item: VoiceItem; isNew: boolean }

type SubmittedItem = { body: VoiceItemBody; index: number; pointer: string }

/** Whether a known item says what this body says; of one that was erased nobody can tell any more. */
const saysTheSame = async (deps: CommandDeps, itemId: string, body: VoiceItemBody): Promise<boolean> => {
  const item = requireItem((await readVoice(deps, dealerOfId(itemId))).state, itemId)
  const opened = deps.sealing.open(item.enteredText) as { text?: string } | null
  return (
    dealerOfId(itemId) === body.dealerCode &&
    item.month === body.month &&
    item.survey === body.survey &&
    item.indicator === body.indicator &&
    item.score === body.score &&
    (opened === null || opened.text === body.text)
  )
}

const isSameBody = (a: VoiceItemBody, b: VoiceItemBody): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Those that are not known by their external number. @throws Refusal `voice_external_no_taken` */
const unknownOf = async (
  deps: CommandDeps,
  given: readonly SubmittedItem[],
  commandId: string,
): Promise<SubmittedItem[]> => {
  const unknown: SubmittedItem[] = []
  const byNumber = new Map<string, SubmittedItem>()
  for (const each of given) {
    const { externalNo } = each.body
    const taken = (itemId: string): Refusal =>
      new Refusal(
        'voice_external_no_taken',
        { externalNo: externalNo as string, itemId },
        `${each.pointer}/externalNo`,
      )
    const before = externalNo === null ? undefined : byNumber.get(externalNo)
    if (before !== undefined) {
      if (!isSameBody(before.body, each.body)) throw taken(before.pointer)
      continue
    }
    if (externalNo !== null) byNumber.set(externalNo, each)
    const known = externalNo === null ? null : deps.views.voice.itemByExternalNo(externalNo)
    if (known === null) {
      unknown.push(each)
      continue
    }
    if (!(await saysTheSame(deps, known.itemId, each.body))) throw taken(known.itemId)
    const { call } = requireItem((await readVoice(deps, known.dealer)).state, known.itemId)
    // this very call, interrupted: the decision leaves it out, and remembers the command
    if (call.commandId === commandId) unknown.push(each)
  }
  return unknown
}

/** Judges all, so that a call with one bad item writes nothing. @throws Refusal, see `enterItems` */
const requireAllTaken = async (
  deps: CommandDeps,
  commands: readonly VoiceCommandOf<'EnterItems'>[],
  act: Act,
): Promise<void> => {
  const context = { now: act.now, master: deps.views.master.at(act.now) }
  for (const [dealer, ofDealer] of Map.groupBy(commands, (command) => command.dealer)) {
    const { state } = await readVoice(deps, dealer)
    const command = {
      ...(ofDealer[0] as VoiceCommandOf<'EnterItems'>),
      items: ofDealer.flatMap(({ items }) => items),
    }
    voiceAggregate.authorise(state, command, act.actor)
    voiceAggregate.decide(state, command, context)
  }
}

/** Enters what takes one append; `undefined`: all items are known. */
const enterOne = async (
  deps: CommandDeps,
  command: VoiceCommandOf<'EnterItems'> | undefined,
  act: Act,
): Promise<Position | null> => {
  const [first] = command?.items ?? []
  if (command === undefined || first === undefined) return null
  const own = speakingOf(act, first.subjectId)
  return (await giveVoice(deps, command.dealer, () => command, { act: own })).position
}

/** The items of a call as they were entered, in the order of its body. */
export const itemsOfCall = async (
  deps: Pick<CommandDeps, 'store' | 'folded'>,
  bodies: readonly VoiceItemBody[],
  commandId: string,
): Promise<EnteredItem[]> => {
  const byIndex = new Map<number, VoiceItem>()
  const byNumber = new Map<string, VoiceItem>()
  for (const { dealerCode, month } of distinct(bodies, ({ dealerCode, month }) => `${dealerCode} ${month}`))
    for (const item of monthOf((await readVoice(deps, dealerCode)).state, month).items.values()) {
      if (item.call.commandId === commandId) byIndex.set(item.call.index, item)
      if (item.externalNo !== null) byNumber.set(item.externalNo, item)
    }
  return bodies.map(({ externalNo }, index) => {
    const own = byIndex.get(index)
    return { item: (own ?? byNumber.get(externalNo ?? '')) as VoiceItem, isNew: own !== undefined }
  })
}

const distinct = <T>(all: readonly T[], keyOf: (each: T) => string): T[] => [
  ...new Map(all.map((each) => [keyOf(each), each])).values(),
]

/**
 * Enters items; those whose external number is known, with the same data, stay as they are.
 * @throws Refusal, see `enterItems`, and `voice_external_no_taken`; Conflict, see `handle`
 */
export const enter = (
  deps: CommandDeps,
  bodies: readonly VoiceItemBody[],
  { act, isOne }: { act: Act; isOne: boolean },
): Promise<{ items: EnteredItem[]; position: Position | null }> =>
  withVoiceLock(deps, commandOf(act), async () => {
    const { commandId } = act
    const given = bodies.map((body, index) => ({ body, index, pointer: isOne ? '#' : `#/items/${index}` }))
    await completeVoiceBatches(deps)
    const entries: NewEntry[] = []
    for (const each of await unknownOf(deps, given, commandId))
      entries.push({ ...each, subjectId: await deps.subjects.create() })
    const commands = commandsFor(deps, entries, commandId)
    await requireAllTaken(deps, commands, act)
    const position =
      commands.length > 1 ? await enterBatch(deps, entries, act) : await enterOne(deps, commands[0], act)
    return { items: await itemsOfCall(deps, bodies, commandId), position }
  })
