/**
 * Each event of a ticket in both languages: what its type is called, and what happened in one sentence; free text stays in
 * the event's data.
 */
import {
  callbackOutcomes,
  channels,
  letterKinds,
  levels,
  methods,
  objectionDecisions,
  recordKinds,
  remedies,
  severities,
  warningCodes,
} from '../../domain/codes.ts'
import type { DueFact } from '../../domain/dues.ts'
import type { Words } from '../../domain/refusal.ts'
import type { DataOf, TicketEvent, TicketEventType } from '../../domain/ticket/events.ts'
import { routes } from '../../domain/ticket/routing.ts'
import { attachedWords, removedWords } from '../attachments/words.ts'
import { labelOfPath } from '../files/labels.ts'

import type { Language } from '../http/problems.ts'
import { because, clocksOf, label, measuresIn, say, unitOf, wallClock } from './sayings.ts'

type Sentences = { [T in TicketEventType]: (data: DataOf<T>, language: Language) => string }

/** What may stand in a timeline, as `GET /v1/codes` lists it. */
export const timelineTypes: Readonly<Record<TicketEventType | DueFact['type'], Words>> = {
  TicketRegistered: { en: 'Registered', zh: '登记' },
  TicketDispatched: { en: 'Dispatched', zh: '分配' },
  TicketRedispatched: { en: 'Redispatched', zh: '再分配' },
  TicketReclassified: { en: 'Reclassified', zh: '重新分类' },
  ResponseRecorded: { en: 'Response', zh: '响应' },
  WorkRecorded: { en: 'Record of work', zh: '处理记录' },
  ContactLogged: { en: 'Further contact', zh: '客户再次联系' },
  TicketClosed: { en: 'Closed', zh: '封闭' },
  CallbackRecorded: { en: 'Callback', zh: '回访' },
  CallbackWithdrawn: { en: 'Callback that does not count', zh: '回访不计' },
  RepeatLinked: { en: 'Repeat linked', zh: '关联重复投诉' },
  RepeatUnlinked: { en: 'Repeat unlinked', zh: '取消重复关联' },
  BecameRepeat: { en: 'Became a repeat', zh: '成为重复投诉' },
  CeasedToBeRepeat: { en: 'No longer a repeat', zh: '不再是重复投诉' },
  TicketRescinded: { en: 'Rescinded', zh: '撤销' },
  MarkedDuplicate: { en: 'Marked a duplicate', zh: '标记为重复工单' },
  DuplicateAbsorbed: { en: 'Took over a duplicate', zh: '并入重复工单' },
  DuplicateUndone: { en: 'No longer a duplicate', zh: '撤销重复标记' },
  DuplicateReleased: { en: 'Gave back a duplicate', zh: '移出重复工单' },
  FollowUpClosed: { en: 'Nothing left to do on the other ticket', zh: '另一工单无需再处理' },
  ResponsibleDealerNamed: { en: 'Responsible dealer named', zh: '指定责任经销商' },
  ConvertedToC: { en: 'Converted to C', zh: '升级为C类' },
  WarningRaised: { en: 'Early warning raised', zh: '发出升级预警' },
  WarningAcknowledged: { en: 'Early warning acknowledged', zh: '预警确认' },
  WarningResolved: { en: 'Early warning resolved', zh: '预警处理' },
  DeadlinesRecalculated: { en: 'Deadlines recalculated', zh: '重新计算期限' },
  WeightChanged: { en: 'Weight changed', zh: '调整严重程度及诉求' },
  TicketCorrected: { en: 'Customer or vehicle corrected', zh: '更正客户或车辆信息' },
  TicketClaimed: { en: 'Claimed', zh: '领单' },
  TicketReleased: { en: 'Claim released', zh: '释放领单' },
  LetterWritten: { en: 'Letter', zh: '回函' },
  ObjectionRaised: { en: 'Dealer objected to its unit', zh: '经销商提出申诉' },
  ObjectionWithdrawn: { en: 'Objection withdrawn', zh: '申诉已撤回' },
  ObjectionDecided: { en: 'Objection decided by HQ', zh: '申诉已裁定' },
  AttachmentAdded: { en: 'Attachment added', zh: '添加附件' },
  AttachmentRemoved: { en: 'Attachment removed', zh: '移除附件' },
  DuePassed: { en: 'Overdue', zh: '已逾期' },
  DueNear: { en: 'Due soon', zh: '即将到期' },
}

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
      misrouted ? 'Taken from a unit it was misrouted to' : 'Redispatched',
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

/** What happened, as a sentence of the timeline. */
export const wordsOf = (event: TicketEvent, language: Language): string =>
  (sentences[event.type] as (data: unknown, language: Language) => string)(event.data, language)
