/** What each event makes of the customer voice of one dealer (rulebook §16). */
import type { RecordMetadata } from '../aggregate.ts'
import { withAttachment, withoutAttachment } from '../attachments/attachments.ts'
import type { Instant } from '../instant.ts'
import type { VoiceStep } from './codes.ts'
import {
  dealerOfId,
  monthOfId,
  sheetIdOf,
  type VoiceClock,
  type VoiceDataOf,
  type VoiceEvent,
} from './events.ts'
import { noStanding, type RecurrenceMonths } from './recurrence.ts'
import {
  itemOf,
  monthOf,
  type SheetStep,
  type Stamp,
  type Voice,
  type VoiceItem,
  type VoiceMonth,
  type VoiceSheet,
} from './state.ts'

const nothing: Voice = { months: new Map(), standings: new Map(), ledger: new Map(), lastAt: '' }

type StampAndActor = { stamp: Stamp; actor: RecordMetadata['actor'] }

const withMonth = (voice: Voice, month: string, change: (of: VoiceMonth) => VoiceMonth): Voice => ({
  ...voice,
  months: new Map(voice.months).set(month, change(monthOf(voice, month))),
})

const withItem = (voice: Voice, itemId: string, change: (item: VoiceItem) => VoiceItem): Voice => {
  const item = itemOf(voice, itemId)
  if (item === null) return voice
  return withMonth(voice, item.month, ({ items, sheet }) => ({
    items: new Map(items).set(itemId, change(item)),
    sheet,
  }))
}

const withSheet = (voice: Voice, month: string, change: (sheet: VoiceSheet) => VoiceSheet): Voice =>
  withMonth(voice, month, ({ items, sheet }) => ({
    items,
    sheet: sheet && { ...change(sheet), version: sheet.version + 1 },
  }))

/** The steps after the awaited one is done, and the next one awaited. */
const stepsAfter = (
  { steps }: Pick<VoiceSheet, 'steps'>,
  at: Instant,
  next: { step: VoiceStep; clock: VoiceClock } | null,
): SheetStep[] => [
  ...steps.map((each) => (each.doneAt === null ? { ...each, doneAt: at } : each)),
  ...(next === null ? [] : [{ ...next, openedAt: at, doneAt: null }]),
]

const indicatorsOf = (voice: Voice, itemIds: readonly string[]): Set<string> =>
  new Set(itemIds.flatMap((itemId) => itemOf(voice, itemId)?.indicator ?? []))

const withStandings = (
  voice: Voice,
  indicators: Iterable<string>,
  change: (standing: RecurrenceMonths) => RecurrenceMonths,
): Voice => {
  const standings = new Map(voice.standings)
  for (const indicator of indicators) standings.set(indicator, change(standings.get(indicator) ?? noStanding))
  return { ...voice, standings }
}

const sent = (voice: Voice, data: VoiceDataOf<'VoiceSheetSent'>, stamp: Stamp): Voice => {
  const { month, rbo, subjectId, itemIds, clock } = data
  const dealer = dealerOfId(itemIds[0] ?? '')
  const sheet: VoiceSheet = {
    ...{ sheetId: sheetIdOf(dealer, month), dealer, month, rbo, subjectId, itemIds },
    ...{ version: 1, status: 'sent', sent: stamp, meeting: null, plans: [], returns: [], followUps: [] },
    ...{ report: null, closedAt: null, attachments: [], lateBooked: false },
    steps: [{ step: 'meeting', clock, openedAt: stamp.at, doneAt: null }],
  }
  const marked = withMonth(voice, month, ({ items }) => ({
    items: new Map(
      [...items].map(([id, item]) => [
        id,
        itemIds.includes(id) ? { ...item, status: 'sent' as const } : item,
      ]),
    ),
    sheet,
  }))
  return withStandings(marked, indicatorsOf(voice, itemIds), ({ months, booked }) => ({
    months: [...months, month],
    booked,
  }))
}

type Changes = {
  [T in VoiceEvent['type']]: (voice: Voice, data: VoiceDataOf<T>, noted: StampAndActor) => Voice
}

const ofItems = {
  VoiceItemEntered: (voice, { text, ...data }, { stamp }) =>
    withMonth(voice, data.month, ({ items, sheet }) => ({
      items: new Map(items).set(data.itemId, {
        ...data,
        ...{ status: 'open', dropReason: null, enteredText: text, text, entered: stamp },
        ...{ judged: null, published: null },
      }),
      sheet,
    })),
  VoiceItemReworded: (voice, { itemId, text }) => withItem(voice, itemId, (item) => ({ ...item, text })),
  VoiceItemDropped: (voice, { itemId, reason }) =>
    withItem(voice, itemId, (item) => ({ ...item, status: 'dropped', dropReason: reason })),
} as const satisfies Partial<Changes>

const ofSheets = {
  VoiceSheetSent: (voice, data, { stamp }) => sent(voice, data, stamp),
  VoiceMeetingRecorded: (voice, { month, heldAt, plans, text, clock }, { stamp }) =>
    withSheet(voice, month, (sheet) => ({
      ...sheet,
      status: 'met',
      meeting: { ...stamp, heldAt, text },
      plans: plans.map((plan) => ({
        itemId: plan.itemId,
        endsOn: plan.endsOn,
        texts: [{ ...stamp, text: plan.text }],
      })),
      steps: stepsAfter(sheet, stamp.at, { step: 'return', clock }),
    })),
  VoiceSheetReturned: (voice, { month, attachmentIds, text, clock }, { stamp }) =>
    withSheet(voice, month, (sheet) => ({
      ...sheet,
      status: 'returned',
      returns: [...sheet.returns, { ...stamp, attachmentIds, text, audit: null }],
      steps: stepsAfter(sheet, stamp.at, { step: 'audit', clock }),
    })),
  VoiceSheetAudited: (voice, { month, decision, text, clock }, { stamp }) =>
    withSheet(voice, month, (sheet) => {
      const isAccepted = decision === 'accepted'
      return {
        ...sheet,
        status: isAccepted ? 'running' : 'sent_back',
        returns: sheet.returns.map((each, index) =>
          index === sheet.returns.length - 1 ? { ...each, audit: { ...stamp, decision, text } } : each,
        ),
        steps: stepsAfter(sheet, stamp.at, { step: isAccepted ? 'report' : 'return', clock }),
      }
    }),
  VoiceFollowedUp: (voice, { month, text }, { stamp }) =>
    withSheet(voice, month, (sheet) => ({ ...sheet, followUps: [...sheet.followUps, { ...stamp, text }] })),
  VoicePlanChanged: (voice, { month, itemId, endsOn, text, clock }, { stamp }) =>
    withSheet(voice, month, (sheet) => ({
      ...sheet,
      plans: sheet.plans.map((plan) =>
        plan.itemId === itemId ? { ...plan, endsOn, texts: [...plan.texts, { ...stamp, text }] } : plan,
      ),
      steps:
        clock === null
          ? sheet.steps
          : sheet.steps.map((each) => (each.doneAt === null ? { ...each, clock } : each)),
    })),
  VoiceResultReported: (voice, { month, text }, { stamp }) =>
    withSheet(voice, month, (sheet) => ({
      ...sheet,
      status: 'reported',
      report: { ...stamp, text },
      steps: stepsAfter(sheet, stamp.at, null),
    })),
  VoiceAttachmentAdded: (voice, { month, ...data }, { stamp, actor }) =>
    withSheet(voice, month, (sheet) => ({
      ...sheet,
      attachments: withAttachment(sheet.attachments, data, { recordedAt: stamp.at, actor }),
    })),
  VoiceAttachmentRemoved: (voice, { month, ...data }) =>
    withSheet(voice, month, (sheet) => ({
      ...sheet,
      attachments: withoutAttachment(sheet.attachments, data),
    })),
} as const satisfies Partial<Changes>

const judged = (
  voice: Voice,
  { itemId, effective, text }: VoiceDataOf<'VoiceItemJudged'>,
  stamp: Stamp,
): Voice => {
  const after = withItem(voice, itemId, (item) => ({ ...item, judged: { ...stamp, effective, text } }))
  const closing = withSheet(after, monthOfId(itemId), (sheet) => {
    const isClosed = sheet.itemIds.every((each) => itemOf(after, each)?.judged != null)
    return isClosed ? { ...sheet, status: 'closed', closedAt: stamp.at } : sheet
  })
  return effective ? withStandings(closing, indicatorsOf(voice, [itemId]), () => noStanding) : closing
}

const ofJudgement = {
  VoiceItemJudged: (voice, data, { stamp }) => judged(voice, data, stamp),
  VoiceCasePublished: (voice, { itemId, amount, text }, { stamp }) =>
    withSheet(
      withItem(voice, itemId, (item) => ({ ...item, published: { ...stamp, amount, text } })),
      monthOfId(itemId),
      (sheet) => sheet,
    ),
  VoiceEntryBooked: (voice, data, { stamp }) => {
    const ledger = new Map(voice.ledger).set(data.entryId, { ...data, booked: stamp, reversed: null })
    const booked = withSheet({ ...voice, ledger }, data.month, (sheet) => ({
      ...sheet,
      lateBooked: sheet.lateBooked || data.kind === 'late',
    }))
    if (data.kind !== 'recurrence' || data.indicator === null) return booked
    return withStandings(booked, [data.indicator], (standing) => ({
      ...standing,
      booked: [...standing.booked, data.month],
    }))
  },
  VoiceEntryReversed: (voice, { entryId, text }, { stamp }) => {
    const entry = voice.ledger.get(entryId)
    if (entry === undefined) return voice
    const ledger = new Map(voice.ledger).set(entryId, { ...entry, reversed: { ...stamp, text } })
    return withSheet({ ...voice, ledger }, entry.month, (sheet) => sheet)
  },
} as const satisfies Partial<Changes>

const changes: Changes = { ...ofItems, ...ofSheets, ...ofJudgement }

/** Folds one event into a dealer's customer voice; never throws. */
export const evolveVoice = (
  state: Voice | null,
  event: VoiceEvent,
  { recordedAt, actor }: Pick<RecordMetadata, 'recordedAt' | 'actor'>,
): Voice => {
  const change = changes[event.type] as (voice: Voice, data: unknown, noted: StampAndActor) => Voice
  const stamp = { at: recordedAt, by: actor.id }
  return {
    ...change(state ?? nothing, event.data, { stamp, actor }),
    lastAt: recordedAt,
  }
}
