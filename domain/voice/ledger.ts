/** What is booked, and when (rulebook §16): each entry beside the event that it comes from. Whole CNY, penalties negative. */
import type { Context } from '../context.ts'
import { isDeskOpen } from '../desk.ts'
import { Refusal } from '../refusal.ts'
import type { VoiceCommandOf } from './commands.ts'
import type { VoiceEvent } from './events.ts'
import { isRecurrence, noStanding } from './recurrence.ts'
import { isLate, openStep, sheetOf, type Voice, type VoiceItem, type VoiceSheet } from './state.ts'

const booked = (
  { master: { policy } }: Context,
  data: Omit<Extract<VoiceEvent, { type: 'VoiceEntryBooked' }>['data'], 'policyVersion'>,
): VoiceEvent => ({ type: 'VoiceEntryBooked', data: { ...data, policyVersion: policy.version } })

/** The penalty of a meeting or return that was not done in time, once a sheet; to be asked while the step is awaited. */
export const lateEntries = (sheet: VoiceSheet, context: Context): VoiceEvent[] => {
  const step = openStep(sheet)
  if (step === null || (step.step !== 'meeting' && step.step !== 'return')) return []
  if (sheet.lateBooked || !isLate(step, context.now)) return []
  const { sheetId, month } = sheet
  return [
    booked(context, {
      entryId: `${sheetId}.late`,
      ...{ month, kind: 'late', itemId: null, indicator: null },
      late: { step: step.step, dueAt: step.clock.dueAt },
      amount: -context.master.policy.values.voice.lateAmount,
    }),
  ]
}

/** The penalties of a sheet that is sent now: one for each indicator whose run of months it completes. */
export const recurrenceEntries = (
  voice: Voice,
  items: readonly VoiceItem[],
  context: Context,
): VoiceEvent[] => {
  const { recurrenceMonths, recurrenceAmount } = context.master.policy.values.voice
  const firsts = items.filter(
    ({ indicator }, index) => items.findIndex((each) => each.indicator === indicator) === index,
  )
  return firsts
    .filter(({ indicator, month }) =>
      isRecurrence(voice.standings.get(indicator) ?? noStanding, month, recurrenceMonths),
    )
    .map(({ itemId, indicator, month }) =>
      booked(context, {
        entryId: `${itemId}.recurrence`,
        ...{ month, kind: 'recurrence', itemId, indicator, late: null },
        amount: -recurrenceAmount,
      }),
    )
}

/**
 * What a published case is worth. @throws Refusal `voice_amount_outside_range`
 */
export const publishedEntry = (
  { itemId, indicator, month }: VoiceItem,
  amount: number,
  context: Context,
): VoiceEvent => {
  const { publishedFrom, publishedTo } = context.master.policy.values.voice
  if (amount < publishedFrom || amount > publishedTo)
    throw new Refusal('voice_amount_outside_range', { from: publishedFrom, to: publishedTo }, '#/amount')
  return booked(context, {
    entryId: `${itemId}.published`,
    ...{ month, kind: 'published', itemId, indicator, late: null, amount },
  })
}

/** By the service itself, once the due is a fact; `[]` where it was done in time after all, or is booked. */
export const bookLateStep = (
  voice: Voice | null,
  { month }: VoiceCommandOf<'BookLateStep'>,
  context: Context,
): VoiceEvent[] => {
  const sheet = sheetOf(voice, month)
  return sheet === null || !isDeskOpen(context.master.policy.values, 'voice')
    ? []
    : lateEntries(sheet, context)
}

/** @throws Refusal `voice_entry_not_found`, `voice_entry_is_reversal`, `voice_entry_reversed` */
export const reverseEntry = (
  voice: Voice | null,
  { entryId, text }: VoiceCommandOf<'ReverseEntry'>,
): VoiceEvent[] => {
  const original = entryId.replace(/\.reversal$/, '')
  const entry = voice?.ledger.get(original)
  if (entry === undefined || (original !== entryId && entry.reversed === null))
    throw new Refusal('voice_entry_not_found', { entryId })
  if (original !== entryId) throw new Refusal('voice_entry_is_reversal')
  if (entry.reversed !== null) throw new Refusal('voice_entry_reversed', { entryId })
  return [{ type: 'VoiceEntryReversed', data: { entryId, text } }]
}
