/** Months of the customer-voice desk: HQ sends sheets, dealers meet, improve and report, HQ judges. */
import { DAY, HOUR, MINUTE, monthOf, monthsAfter, toInstant } from '../../domain/instant.ts'
import { type VoiceSurvey, voiceSurveys } from '../../domain/voice/codes.ts'
import { sheetIdOf } from '../../domain/voice/events.ts'
import { demoDealer } from './client.ts'
import * as words from './data/desks.ts'
import { type CallStep, hq, inOrder } from './deskSteps.ts'
import type { DemoPeriod } from './handovers.ts'
import type { DemoDealer, Network } from './network.ts'
import { createRandom, type Random } from './random.ts'
import { whenAwake } from './times.ts'
import {
  type DemoItem,
  type DemoSheet,
  type Goal,
  goals,
  type SheetPlan,
  sentIn,
  stepDays,
  stepNames,
} from './voiceActs.ts'

/** Sheets of each month. */
const sheetsAMonth = Object.values(goals).reduce((sum, { share }) => sum + share, 0)
/** Dealers whose items HQ has entered and not sent yet. */
const dealersNotSent = 3
/** Dealers with a sheet of the month before as well. */
const twoMonths = 12
/** Dealers with a sheet of the month before the two as well, and an indicator that comes again in each. */
const threeMonths = 4

const survey = (random: Random): VoiceSurvey => random.pick(Object.keys(voiceSurveys) as VoiceSurvey[])

/** Enters the items of a sheet, rewords some and drops some. */
const enterItems = ({
  dealer,
  month,
  random,
  sentAt,
  recurring,
}: SheetPlan): { steps: CallStep[]; items: DemoItem[] } => {
  const by = { about: dealer.code, who: hq }
  const at = whenAwake(sentAt - 30 * HOUR, random)
  const sheetId = sheetIdOf(dealer.code, month)
  const entered = Array.from({ length: random.int(3, 5) }, (_, index) => {
    const of = index === 0 && recurring !== null ? 'SSI' : survey(random)
    const indicator =
      index === 0 && recurring !== null ? recurring : random.pick(Object.keys(words.indicators[of]))
    const text = random.pick(words.indicators[of][indicator] as readonly string[])
    const score = random.chance(0.15) ? null : random.pick([2, 3, 4, 5, 6, 6, 7, 8, 9, 10])
    const externalNo = `${month}-${dealer.code}-${index + 1}`
    return { month, dealerCode: dealer.code, survey: of, indicator, score, text, externalNo }
  })
  const known = entered.map((body, index): DemoItem => ({ ...body, itemId: `${sheetId}.${index + 1}` }))
  const steps: CallStep[] = [{ at, ...by, path: '/v1/voice/items', body: { items: entered } }]
  if (random.chance(0.3)) {
    const text = `（整理）${entered[1]?.text}`
    steps.push({
      at: at + 40 * MINUTE,
      ...by,
      path: `/v1/voice/items/${known[1]?.itemId}/reword`,
      body: { text },
    })
  }
  const isDropped = entered.length > 3 && random.chance(0.5)
  if (isDropped) {
    const reason = random.weighted({ not_dealer: 50, false_report: 30, wrong_data: 20 })
    const path = `/v1/voice/items/${known.at(-1)?.itemId}/drop`
    steps.push({ at: at + 50 * MINUTE, ...by, path, body: { reason } })
  }
  return { steps, items: isDropped ? known.slice(0, -1) : known }
}

/** Everything that is done about one sheet until it is where it is to be. */
const sheetSteps = (planned: SheetPlan, end: number): CallStep[] => {
  const { dealer, month, random, goal, isLate, sentAt, recurring } = planned
  const about = dealer.code
  const { steps, items } = enterItems(planned)
  const sheet: DemoSheet = { ...planned, items }
  const effective = items
    .filter(({ indicator }) => indicator !== recurring && random.chance(0.8))
    .map(({ itemId }) => itemId)
  const sheetId = sheetIdOf(about, month)
  steps.push({ at: sentAt, about, who: hq, path: '/v1/voice/sheets', body: { dealerCode: about, month } })
  const upTo = stepNames.slice(1, stepNames.indexOf(goals[goal].last) + 1)
  let before = sentAt
  for (const [index, step] of upTo.entries()) {
    const delay = stepDays[step] + (isLate ? 3.4 : 0)
    const wanted = whenAwake(sentAt + delay * DAY, random)
    // what is to be done by now is, however late it is
    const at = Math.max(Math.min(wanted, end - (upTo.length - index) * 5 * MINUTE), before + 2 * MINUTE)
    for (const { who, act, body } of sentIn(sheet, step, at, effective))
      steps.push({ at, about, who, path: `/v1/voice/sheets/${sheetId}/${act}`, body })
    before = at
  }
  if (isLate && upTo.includes('reverse') && random.chance(0.5)) {
    const body = { reason: random.pick(words.voiceReversals) }
    steps.push({ at: before, about, who: hq, path: `/v1/voice/ledger/${sheetId}.late/reverse`, body })
  }
  return steps
}

export type VoiceOptions = { network: Network; seed: string; span: DemoPeriod }

/** Goals of the newest month's sheets, one for each dealer that has one. */
const goalsOfMonth = (): Goal[] =>
  (Object.keys(goals) as Goal[]).flatMap((goal) => Array.from({ length: goals[goal].share }, () => goal))

/** The demo's dealer first, which has a sheet of three months. */
const chosen = (random: Random, dealers: readonly DemoDealer[]): DemoDealer[] => {
  const isFirst = ({ code }: DemoDealer): boolean => code === demoDealer
  const left = dealers.filter((dealer) => !isFirst(dealer))
  const others = Array.from(
    { length: sheetsAMonth - 1 },
    () => left.splice(random.int(0, left.length - 1), 1)[0] as DemoDealer,
  )
  return [...dealers.filter(isFirst), ...others]
}

/**
 * Two months of sheets, and one more of a few dealers, in order of time. Those of the newest month are in every state at the
 * end, the others are judged. A few dealers have items that are not sent yet.
 */
export const voiceSteps = ({ network, seed, span: { end } }: VoiceOptions): CallStep[] => {
  const random = createRandom(`${seed} voice`)
  const dealers = chosen(random, network.dealers)
  // over by the time its first sheets are sent
  const newest = monthsAfter(monthOf(toInstant(end - 33 * DAY)), -1)
  const tell = (
    dealer: DemoDealer,
    index: number,
    of: { monthsBack: number; goal: Goal; ageDays: number },
  ) => {
    const month = monthsAfter(newest, -of.monthsBack)
    const own = createRandom(`${seed} voice ${dealer.code} ${of.monthsBack}`)
    const isPast = of.monthsBack > 0
    const planned: SheetPlan = {
      ...{ dealer, month, goal: of.goal, random: own },
      sentAt: whenAwake(end - of.ageDays * DAY - (isPast ? own.int(0, 40) * HOUR : 0), own),
      isSentBack: of.goal === 'sentBack' || (isPast && own.chance(0.2)),
      isLate: isPast && index % 7 === 3,
      recurring: index < threeMonths ? '交车时间' : null,
    }
    return sheetSteps(planned, end)
  }
  const steps = goalsOfMonth().flatMap((goal, place) => {
    // so that those of three months are in different states
    const index = (place * 7) % sheetsAMonth
    const dealer = dealers[index] as DemoDealer
    return [
      ...tell(dealer, index, { monthsBack: 0, goal, ageDays: goals[goal].ageDays }),
      ...(index < twoMonths ? tell(dealer, index, { monthsBack: 1, goal: 'closed', ageDays: 56 }) : []),
      ...(index < threeMonths ? tell(dealer, index, { monthsBack: 2, goal: 'closed', ageDays: 82 }) : []),
    ]
  })
  const notSent = network.dealers
    .filter((dealer) => !dealers.includes(dealer))
    .slice(0, dealersNotSent)
    .flatMap((dealer) => {
      const own = createRandom(`${seed} voice ${dealer.code} items`)
      const planned = { dealer, month: newest, goal: 'sent', random: own, sentAt: end } as const
      return enterItems({ ...planned, isSentBack: false, isLate: false, recurring: null }).steps
    })
  return inOrder([...steps, ...notSent].filter(({ at }) => at < end))
}
