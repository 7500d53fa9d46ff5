/** The steps of one sheet of customer voice, and what is sent in each. */
import { dayNumber, dayOf, HOUR, toInstant } from '../../domain/instant.ts'
import type { VoiceSurvey } from '../../domain/voice/codes.ts'
import { dealerPeople, rboPeople, type Who } from './client.ts'
import * as words from './data/desks.ts'
import { hq } from './deskSteps.ts'
import type { DemoDealer } from './network.ts'
import type { Random } from './random.ts'

/** Where a sheet is to be at the end, and how many days before it was sent. */
export const goals = {
  sent: { share: 2, ageDays: 0.8, last: 'send' },
  late: { share: 2, ageDays: 6, last: 'send' },
  met: { share: 2, ageDays: 2.3, last: 'meeting' },
  returned: { share: 2, ageDays: 4, last: 'return' },
  sentBack: { share: 2, ageDays: 5.5, last: 'audit' },
  running: { share: 4, ageDays: 16, last: 'plan' },
  overdue: { share: 1, ageDays: 31, last: 'audit' },
  reported: { share: 2, ageDays: 27, last: 'report' },
  closed: { share: 3, ageDays: 33, last: 'reverse' },
} as const
export type Goal = keyof typeof goals

/** Days after the sending at which each step happens, in their order. */
export const stepDays = {
  send: 0,
  meeting: 1.4,
  return: 2.6,
  audit: 4.4,
  returnAgain: 5.4,
  auditAgain: 7,
  followUp: 8,
  plan: 9,
  report: 25,
  judge: 27,
  publish: 28,
  reverse: 29,
} as const
export type StepName = keyof typeof stepDays
export const stepNames = Object.keys(stepDays) as StepName[]

export type DemoItem = { itemId: string; survey: VoiceSurvey; indicator: string }

export type SheetPlan = {
  dealer: DemoDealer
  month: string
  goal: Goal
  /** Epoch ms. */
  sentAt: number
  random: Random
  isSentBack: boolean
  isLate: boolean
  /** An indicator that comes again each month. */
  recurring: string | null
}

/** `items`: those that are sent. */
export type DemoSheet = SheetPlan & { items: readonly DemoItem[] }

/** What is sent in a step: by whom, to which path under the sheet, with what. */
type SheetCall = { who: Who; act: string; body: object }

const plannedDays = (random: Random): number => random.int(9, 20)

/** The last day a plan of these sheets may be moved to: a month after the meeting is never reached. */
const movedDays = 24

const meeting = ({ items, random }: DemoSheet, at: number): object => ({
  heldAt: toInstant(at - HOUR),
  attendees: words.voiceAttendees.slice(0, random.int(3, words.voiceAttendees.length)),
  plans: items.map(({ itemId }) => ({
    itemId,
    measure: random.pick(words.voiceMeasures),
    person: random.pick(words.voicePeople),
    endsOn: dayOf(dayNumber(at) + plannedDays(random)),
  })),
})

const judgements = (sheet: DemoSheet, effective: readonly string[]): SheetCall[] =>
  sheet.items.map(({ itemId }) => {
    const isEffective = effective.includes(itemId)
    const note = sheet.random.pick(words.voiceJudgements[`${isEffective}`])
    return { who: hq, act: 'judge', body: { itemId, effective: isEffective, note } }
  })

/** What comes of each step; some sheets go without some. */
export const sentIn = (
  sheet: DemoSheet,
  step: StepName,
  at: number,
  effective: readonly string[],
): SheetCall[] => {
  const { random, items, dealer, isSentBack } = sheet
  const people = dealerPeople(dealer.code)
  const signed = { who: people, act: 'return', body: { signedBy: random.pick(words.voiceGeneralManagers) } }
  const accepted = { who: hq, act: 'audit', body: { decision: 'accepted' } }
  const [first] = items as [DemoItem, ...DemoItem[]]
  switch (step) {
    case 'send':
    case 'reverse':
      return []
    case 'meeting':
      return [{ who: people, act: 'meeting', body: meeting(sheet, at) }]
    case 'return':
      return [signed]
    case 'audit':
      if (!isSentBack) return [accepted]
      return [
        { who: hq, act: 'audit', body: { decision: 'sent_back', reason: random.pick(words.voiceSendBacks) } },
      ]
    case 'returnAgain':
      return isSentBack ? [signed] : []
    case 'auditAgain':
      return isSentBack ? [accepted] : []
    case 'followUp':
      return random.chance(0.8)
        ? [
            {
              who: rboPeople(dealer.rbo.code),
              act: 'follow-ups',
              body: { note: random.pick(words.voiceFollowUps) },
            },
          ]
        : []
    case 'plan': {
      if (!random.chance(0.3)) return []
      const body = {
        note: random.pick(words.voicePlanNotes),
        person: random.pick(words.voicePeople),
        endsOn: dayOf(dayNumber(sheet.sentAt) + movedDays),
      }
      return [{ who: people, act: `plans/${first.itemId}`, body }]
    }
    case 'report':
      return [
        {
          who: people,
          act: 'report',
          body: { results: items.map(({ itemId }) => ({ itemId, result: random.pick(words.voiceResults) })) },
        },
      ]
    case 'judge':
      return judgements(sheet, effective)
    case 'publish': {
      const [itemId] = effective
      if (itemId === undefined || (sheet.goal !== 'closed' && !random.chance(0.25))) return []
      const amount = random.pick([500, 600, 800, 1_000])
      return [{ who: hq, act: 'publish', body: { itemId, title: random.pick(words.voiceCases), amount } }]
    }
  }
}
