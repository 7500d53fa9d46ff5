/** Each event of a ticket in one sentence, in both languages; free text stays in the event's data. */
import {
  callbackOutcomes,
  channels,
  letterKinds,
  levels,
  measures,
  methods,
  objectionDecisions,
  recordKinds,
  remedies,
  severities,
  tiers,
  warningCodes,
} from '../../domain/codes.ts'
import { type DueFact, dueClocks } from '../../domain/dues.ts'
import type { Instant } from '../../domain/instant.ts'
import type { Words } from '../../domain/refusal.ts'
import { shanghaiTime } from '../../domain/shanghaiTime.ts'
import type { DataOf, Refused, TicketEvent, TicketEventType, Unit } from '../../domain/ticket/events.ts'
import type { MeasureName } from '../../domain/ticket/measures.ts'
import { routes } from '../../domain/ticket/routing.ts'
import { attachedWords, removedWords } from '../attachments/words.ts'
import { labelOfPath } from '../files/labels.ts'

type Language = 'en' | 'zh'
type Sentences = { [T in TicketEventType]: (data: DataOf<T>, language: Language) => string }

/** `2026-03-02 10:00` */
const wallClock = (instant: Instant): string => shanghaiTime(instant).slice(0, 16)

/** The measures of an objection by their names. */
const measuresIn = (names: readonly MeasureName[], to: Language): string =>
  names.map((name) => measures[name][to]).join(to === 'en' ? ', ' : '、')

const say = (language: Language, en: string, zh: string): string => (language === 'en' ? en : zh)
const label = (words: Words, language: Language): string => words[language]
const unitOf = ({ tier, unit }: Unit, language: Language): string => `${label(tiers[tier], language)} ${unit}`

const clocksOf = (clocks: DataOf<'TicketDispatched'>['clocks'], language: Language): string => {
  const close = clocks.closeDueAt === null ? say(language, 'no limit', '不限') : wallClock(clocks.closeDueAt)
  return say(
    language,
    `respond by ${wallClock(clocks.responseDueAt)}, close before ${close}`,
    `响应期限 ${wallClock(clocks.responseDueAt)}，封闭期限 ${close}`,
  )
}

/** Why it was taken back by itself; nothing where somebody took it back. */
const because = (refused: Refused | undefined, language: Language): string =>
  refused === undefined
    ? ''
    : say(language, `: the other ticket refused it (${refused.code})`, `：另一工单未接受（${refused.code}）`)

const sentences: Sentences = {
  TicketRegistered: ({ category, channel, ordinal, escalatedFrom }, to) => {
    const from =
      escalatedFrom === null ? '' : say(to, `, repeating ${escalatedFrom}`, `，由 ${escalatedFrom} 升级`)
    const what = `${category} ${label(routes[category].label, to)}`
    return say(
      to,
      `Complaint no. ${ordinal} on this problem registered (${what}, by ${label(channels[channel], to)})${from}`,
      `登记第${ordinal}次投诉（${what}，${label(channels[channel], to)}）${from}`,
    )
  },
  TicketDispatched: ({ tier, unit, clocks }, to) =>
    say(
      to,
      `Dispatched to ${unitOf({ tier, unit }, to)}: ${clocksOf(clocks, to)}`,
      `分配给${unitOf({ tier, unit }, to)}：${clocksOf(clocks, to)}`,
    ),
  TicketRedispatched: ({ misrouted }, to) =>
    say(
      to,
      misrouted ? 'IntakeResult from a unit it was misrouted to' : 'Redispatched',
      misrouted ? '误分配，再分配' : '再分配',
    ),
  TicketReclassified: ({ from, category }, to) =>
    say(to, `Reclassified from ${from} to ${category}`, `由 ${from} 重新分类为 ${category}`),
  ResponseRecorded: ({ unit, method, reached, countsFor }, to) => {
    const how = label(methods[method], to)
    const further = countsFor === null ? say(to, ' (a further one)', '（后续）') : ''
    return say(
      to,
      `${unit} responded by ${how}, customer ${reached ? 'reached' : 'not reached'}${further}`,
      `${unit} 已响应（${how}，${reached ? '已联系到客户' : '未联系到客户'}）${further}`,
    )
  },
  WorkRecorded: ({ kind }, to) =>
    say(to, `Work recorded: ${recordKinds[kind].en}`, `处理记录：${recordKinds[kind].zh}`),
  ContactLogged: ({ channel }, to) =>
    say(
      to,
      `Customer made contact again by ${channels[channel].en}`,
      `客户再次联系（${channels[channel].zh}）`,
    ),
  TicketClosed: (_data, to) => say(to, 'Closed', '封闭（处理完成）'),
  CallbackRecorded: ({ outcome }, to) =>
    say(to, `Called back: ${callbackOutcomes[outcome].en}`, `回访：${callbackOutcomes[outcome].zh}`),
  CallbackWithdrawn: ({ at, refused }, to) =>
    say(
      to,
      `The callback of ${wallClock(at)} does not count: its complaint was refused (${refused.code})`,
      `${wallClock(at)} 的回访不计：其投诉未被受理（${refused.code}）`,
    ),
  RepeatLinked: ({ repeat, ordinal }, to) =>
    say(to, `Repeated by ${repeat}, complaint no. ${ordinal}`, `关联第${ordinal}次投诉 ${repeat}`),
  RepeatUnlinked: ({ repeat, refused }, to) =>
    say(
      to,
      `No longer repeated by ${repeat}${because(refused, to)}`,
      `取消与 ${repeat} 的重复关联${because(refused, to)}`,
    ),
  BecameRepeat: ({ of, ordinal }, to) =>
    say(to, `Became complaint no. ${ordinal}, repeating ${of}`, `成为 ${of} 的第${ordinal}次投诉`),
  CeasedToBeRepeat: ({ of }, to) => say(to, `No longer the repeat of ${of}`, `不再是 ${of} 的重复投诉`),
  TicketRescinded: (_data, to) => say(to, 'Rescinded', '已撤销'),
  MarkedDuplicate: ({ of }, to) => say(to, `Marked a duplicate of ${of}`, `标记为 ${of} 的重复工单`),
  DuplicateAbsorbed: ({ duplicate, calls }, to) =>
    say(
      to,
      `Took over ${duplicate} with ${calls} phone calls`,
      `并入重复工单 ${duplicate}（来电 ${calls} 次）`,
    ),
  DuplicateUndone: ({ of, refused }, to) =>
    say(
      to,
      `No longer a duplicate of ${of}${because(refused, to)}`,
      `撤销与 ${of} 的重复标记${because(refused, to)}`,
    ),
  DuplicateReleased: ({ duplicate, calls, refused }, to) =>
    say(
      to,
      `Gave back ${duplicate} with ${calls} phone calls${because(refused, to)}`,
      `移出重复工单 ${duplicate}（来电 ${calls} 次）${because(refused, to)}`,
    ),
  FollowUpClosed: (_data, to) => say(to, 'Nothing left to do on the other ticket', '另一工单无需再处理'),
  ResponsibleDealerNamed: ({ dealer, clocks }, to) =>
    say(
      to,
      `Dealer ${dealer} named responsible: ${clocksOf(clocks, to)}`,
      `指定责任经销商 ${dealer}：${clocksOf(clocks, to)}`,
    ),
  ConvertedToC: (_data, to) => say(to, `Converted to ${levels.C.en}`, `升级为${levels.C.zh}`),
  WarningRaised: ({ code, sentTo }, to) =>
    say(
      to,
      `Early warning ${code} (${warningCodes[code].en}) to ${unitOf(sentTo, to)}`,
      `发出升级预警 ${code}（${warningCodes[code].zh}），接收：${unitOf(sentTo, to)}`,
    ),
  WarningAcknowledged: ({ warningId }, to) =>
    say(to, `Warning ${warningId} acknowledged`, `预警 ${warningId} 已确认`),
  WarningResolved: ({ warningId }, to) =>
    say(to, `Warning ${warningId} resolved`, `预警 ${warningId} 已处理`),
  WeightChanged: ({ severity, safety, remedy, hasRemedyText }, to) => {
    const none = say(to, 'none', '无')
    const parts = [
      severity === undefined
        ? null
        : say(to, 'severity ', '严重程度 ') + (severity === null ? none : severities[severity][to]),
      safety === undefined
        ? null
        : safety
          ? say(to, 'a danger to people is claimed', '涉及人身安全')
          : say(to, 'no danger to people', '不涉及人身安全'),
      remedy === undefined
        ? null
        : say(to, 'remedy sought ', '诉求 ') + (remedy === null ? none : remedies[remedy][to]),
      hasRemedyText ? say(to, 'remedy in words', '诉求说明') : null,
    ].filter((part) => part !== null)
    return say(to, `Weight changed: ${parts.join(', ')}`, `调整严重程度及诉求：${parts.join('，')}`)
  },
  TicketCorrected: ({ fields }, to) =>
    say(
      to,
      `Customer or vehicle data corrected: ${fields.join(', ')}`,
      `更正客户或车辆信息：${fields.map((field) => labelOfPath(field).zh).join('、')}`,
    ),
  ObjectionRaised: ({ dealer, measures: named }, to) =>
    say(to, `${dealer} objected: ${measuresIn(named, to)}`, `${dealer} 提出申诉：${measuresIn(named, to)}`),
  ObjectionWithdrawn: ({ objectionId }, to) =>
    say(to, `Objection ${objectionId} withdrawn`, `申诉 ${objectionId} 已撤回`),
  ObjectionDecided: ({ dealer, decision, measures: named }, to) =>
    say(
      to,
      `Objection of ${dealer} ${objectionDecisions[decision].en}: ${measuresIn(named, to)}`,
      `${dealer} ${objectionDecisions[decision].zh}：${measuresIn(named, to)}`,
    ),
  TicketClaimed: ({ assignee }, to) => say(to, `Claimed by ${assignee}`, `领单：${assignee}`),
  TicketReleased: (_data, to) => say(to, 'Claim released', '释放领单'),
  AttachmentAdded: ({ mediaType, bytes }, to) => attachedWords({ mediaType, bytes })[to],
  AttachmentRemoved: (_data, to) => removedWords[to],
  LetterWritten: ({ number, kind, from }, to) =>
    say(
      to,
      `Letter ${number} written, ${letterKinds[kind].en}, signed by ${unitOf(from, to)}`,
      `第${number}号回函：${letterKinds[kind].zh}，落款 ${unitOf(from, to)}`,
    ),
  DeadlinesRecalculated: ({ holder }, to) =>
    say(to, `Deadlines recalculated: ${clocksOf(holder, to)}`, `期限已重新计算：${clocksOf(holder, to)}`),
}

const whose = (unit: string | null, to: Language): string =>
  unit === null ? '' : say(to, ` (${unit})`, `（${unit}）`)

const factSentences: Record<DueFact['type'], (due: DueFact['data'], language: Language) => string> = {
  DuePassed: ({ clock, dueAt, unit }, to) =>
    say(
      to,
      `Overdue: ${dueClocks[clock].en}${whose(unit, to)}, due ${wallClock(dueAt)}`,
      `已逾期：${dueClocks[clock].zh}${whose(unit, to)}，期限 ${wallClock(dueAt)}`,
    ),
  DueNear: ({ clock, dueAt, unit }, to) =>
    say(
      to,
      `Due soon: ${dueClocks[clock].en}${whose(unit, to)}, by ${wallClock(dueAt)}`,
      `即将到期：${dueClocks[clock].zh}${whose(unit, to)}，期限 ${wallClock(dueAt)}`,
    ),
}

/** A due that passed or comes near, as a sentence of the timeline. */
export const wordsOfFact = ({ type, data }: DueFact, language: Language): string =>
  factSentences[type](data, language)

/** What happened, as a sentence of the timeline. */
export const wordsOf = (event: TicketEvent, language: Language): string =>
  (sentences[event.type] as (data: unknown, language: Language) => string)(event.data, language)
