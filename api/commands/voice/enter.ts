/**
 * Entering items (rulebook §16): one call for up to 1,000, of many dealers. All are judged before any is appended, and the
 * command is remembered by the last append: a call that was interrupted and is sent again with its key goes on.
 */
import type { Position } from '../../../domain/eventStore.ts'
import { Refusal } from '../../../domain/refusal.ts'
import type { NewVoiceItem, VoiceCommandOf } from '../../../domain/voice/commands.ts'
import { dealerOfId } from '../../../domain/voice/events.ts'
import { monthOf, type VoiceItem } from '../../../domain/voice/state.ts'
import { voiceAggregate } from '../../../domain/voice/voice.ts'
import { type Act, speakingOf } from '../act.ts'
import type { CommandDeps } from '../deps.ts'
import { commandOf } from '../tickets/customerQueue.ts'
import type { VoiceItemBody } from './bodies.ts'
import { withVoiceLock } from './lock.ts'
import { giveVoice, readVoice, requireItem } from './voice.ts'

/** `isNew`: entered by this call; else its external number was known. */
export type EnteredItem = { item: VoiceItem; isNew: boolean }

/** Items of one append: the store takes a megabyte. */
const itemsAtOnce = 50

type Given = { body: VoiceItemBody; index: number; pointer: string }

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
const unknownOf = async (deps: CommandDeps, given: readonly Given[], commandId: string): Promise<Given[]> => {
  const unknown: Given[] = []
  const byNumber = new Map<string, Given>()
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

const commandFor = async (
  deps: CommandDeps,
  dealer: string,
  { given, commandId }: { given: readonly Given[]; commandId: string },
): Promise<VoiceCommandOf<'EnterItems'>> => {
  const items: NewVoiceItem[] = []
  for (const { body, index, pointer } of given) {
    const { dealerCode: _, text, ...data } = body
    const subjectId = await deps.subjects.create()
    const sealed = deps.sealing.seal(subjectId, { text })
    items.push({ ...data, subjectId, text: sealed, call: { commandId, index }, pointer })
  }
  return { type: 'EnterItems', dealer, items }
}

/** What is appended together: items of one dealer. */
type Portion = { dealer: string; given: readonly Given[] }

const portionsOf = (given: readonly Given[]): Portion[] =>
  [...Map.groupBy(given, ({ body }) => body.dealerCode)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([dealer, all]) =>
      Array.from({ length: Math.ceil(all.length / itemsAtOnce) }, (_, at) => ({
        dealer,
        given: all.slice(at * itemsAtOnce, (at + 1) * itemsAtOnce),
      })),
    )

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
    const portions = portionsOf(await unknownOf(deps, given, commandId))
    const commands: VoiceCommandOf<'EnterItems'>[] = []
    for (const portion of portions)
      commands.push(await commandFor(deps, portion.dealer, { given: portion.given, commandId }))
    await requireAllTaken(deps, commands, act)
    let position: Position | null = null
    for (const [at, command] of commands.entries()) {
      const isLast = at === commands.length - 1
      const { digestOf: _, ...unremembered } = act
      const first = command.items[0] as NewVoiceItem
      const own = isLast
        ? speakingOf(act, first.subjectId)
        : { ...unremembered, commandId: deps.newCommandId() }
      position = (await giveVoice(deps, command.dealer, () => command, { act: own })).position
    }
    return { items: await itemsOfCall(deps, bodies, commandId), position }
  })
