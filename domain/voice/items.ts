/** Entering and cleaning items, and sending the sheet of a month (rulebook §16). */
import type { Context } from '../context.ts'
import { monthOf as monthOfInstant } from '../instant.ts'
import { Refusal } from '../refusal.ts'
import { clockFrom } from './clocks.ts'
import type { VoiceCommandOf } from './commands.ts'
import { monthOfId, sheetIdOf, type VoiceEvent } from './events.ts'
import { recurrenceEntries } from './ledger.ts'
import { itemOf, monthOf, sheetOf, type Voice, type VoiceItem } from './state.ts'

/** Items of one dealer and month. */
export const mostItems = 1_000

const keyOf = ({ call }: Pick<VoiceItem, 'call'>): string => `${call.commandId} ${call.index}`

/** A month as items are entered for it one after the other. */
type MonthContents = { sheetId: string | null; count: number; keys: ReadonlySet<string> }

const enteringOf = (voice: Voice | null, month: string): MonthContents => {
  const { items, sheet } = monthOf(voice, month)
  return {
    sheetId: sheet?.sheetId ?? null,
    count: items.size,
    keys: new Set([...items.values()].map(keyOf)),
  }
}

/**
 * Enters items of one dealer; those that the same call has entered already are left out.
 * @throws Refusal `unknown_dealer`, `voice_month_in_future`, `voice_sheet_already_sent`, `voice_too_many_items`
 */
export const enterItems = (
  voice: Voice | null,
  { dealer, items }: VoiceCommandOf<'EnterItems'>,
  { master, now }: Context,
): VoiceEvent[] => {
  const months = new Map<string, MonthContents>()
  return items.flatMap(({ pointer, ...item }): VoiceEvent[] => {
    const { month } = item
    if (master.dealer(dealer) === null)
      throw new Refusal('unknown_dealer', { code: dealer }, `${pointer}/dealerCode`)
    if (month > monthOfInstant(now)) throw new Refusal('voice_month_in_future', { month }, `${pointer}/month`)
    const entering = months.get(month) ?? enteringOf(voice, month)
    months.set(month, entering)
    if (entering.keys.has(keyOf(item))) return []
    if (entering.sheetId !== null)
      throw new Refusal('voice_sheet_already_sent', { sheetId: entering.sheetId }, pointer)
    if (entering.count === mostItems)
      throw new Refusal('voice_too_many_items', { most: mostItems, month }, pointer)
    entering.count += 1
    const itemId = `${sheetIdOf(dealer, month)}.${entering.count}`
    return [{ type: 'VoiceItemEntered', data: { ...item, itemId } }]
  })
}

/** @throws Refusal `voice_item_not_found`, `voice_sheet_already_sent`, `voice_item_dropped` */
const openItem = (voice: Voice | null, itemId: string): VoiceItem => {
  const item = itemOf(voice, itemId)
  if (item === null) throw new Refusal('voice_item_not_found', { itemId })
  const sheet = sheetOf(voice, monthOfId(itemId))
  if (sheet !== null) throw new Refusal('voice_sheet_already_sent', { sheetId: sheet.sheetId })
  if (item.status === 'dropped') throw new Refusal('voice_item_dropped', { itemId })
  return item
}

/** @throws Refusal, see `openItem` */
export const rewordItem = (
  voice: Voice | null,
  { itemId, text }: VoiceCommandOf<'RewordItem'>,
): VoiceEvent[] => {
  openItem(voice, itemId)
  return [{ type: 'VoiceItemReworded', data: { itemId, text } }]
}

/** @throws Refusal, see `openItem` */
export const dropItem = (
  voice: Voice | null,
  { itemId, reason }: VoiceCommandOf<'DropItem'>,
): VoiceEvent[] => {
  openItem(voice, itemId)
  return [{ type: 'VoiceItemDropped', data: { itemId, reason } }]
}

/**
 * Sends what was entered for a dealer and month and not dropped; books recurrence.
 * @throws Refusal `unknown_dealer`, `inactive_dealer`, `voice_sheet_exists`, `voice_no_items`
 */
export const sendSheet = (
  voice: Voice | null,
  { dealer, month, subjectId }: VoiceCommandOf<'SendSheet'>,
  context: Context,
): VoiceEvent[] => {
  const known = context.master.dealer(dealer)
  if (known === null) throw new Refusal('unknown_dealer', { code: dealer }, '#/dealerCode')
  const { items, sheet } = monthOf(voice, month)
  if (sheet !== null) throw new Refusal('voice_sheet_exists', { sheetId: sheet.sheetId })
  if (!known.active) throw new Refusal('inactive_dealer', { code: dealer }, '#/dealerCode')
  const cleaned = [...items.values()].filter(({ status }) => status === 'open')
  if (voice === null || cleaned.length === 0) throw new Refusal('voice_no_items', { code: dealer, month })
  return [
    {
      type: 'VoiceSheetSent',
      data: {
        month,
        subjectId,
        rbo: known.rbo,
        itemIds: cleaned.map(({ itemId }) => itemId),
        clock: clockFrom(context, context.now, 'meetingDays'),
      },
    },
    ...recurrenceEntries(voice, cleaned, context),
  ]
}
