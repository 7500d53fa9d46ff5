/** The names of events as streams, feeds and webhooks know them, with their topics and their words. */
import { codesOf } from './codeList.ts'
import type { Words } from './refusal.ts'

export const topics = {
  tickets: { en: 'tickets', zh: '工单' },
  warnings: { en: 'warnings', zh: '预警' },
  desk: { en: 'desks of HQ', zh: '总部工作台' },
  care: { en: 'care calls and customer voice', zh: '关怀回访与客户声音' },
} as const satisfies Record<string, Words>
export type Topic = keyof typeof topics

/**
 * What the data of an event has: a ticket, beside it the facts of a due, of a warning, or of both; an inquiry; a request
 * about an SMS contact; a care task; or a sheet of customer voice, beside it the facts of a due. Who sees these sees the event; `warning`: the unit that it was sent to does too (rulebook §7),
 * `objection`: the dealer that raised it.
 */
export type About =
  | 'ticket'
  | 'due'
  | 'warning'
  | 'warningDue'
  | 'inquiry'
  | 'smsContact'
  | 'objection'
  | 'careTask'
  | 'voiceSheet'
  | 'voiceDue'

/** Every name, with its topic, what it is about and what it says. */
export const announcedEvents = {
  'ticket.registered': {
    topic: 'tickets',
    about: 'ticket',
    en: 'a complaint was registered',
    zh: '投诉已登记',
  },
  'ticket.dispatched': { topic: 'tickets', about: 'ticket', en: 'a unit got the ticket', zh: '工单已分配' },
  'ticket.responded': {
    topic: 'tickets',
    about: 'ticket',
    en: 'the customer was met or not reached',
    zh: '已响应',
  },
  'ticket.closed': { topic: 'tickets', about: 'ticket', en: 'the ticket was closed', zh: '工单已封闭' },
  'ticket.escalated': {
    topic: 'tickets',
    about: 'ticket',
    en: 'a repeat followed, or B became C',
    zh: '投诉已升级',
  },
  'ticket.due_soon': { topic: 'tickets', about: 'due', en: 'a deadline comes near', zh: '即将到期' },
  'ticket.overdue': { topic: 'tickets', about: 'due', en: 'a deadline has passed', zh: '已超期' },
  'ticket.corrected': {
    topic: 'tickets',
    about: 'ticket',
    en: 'data of the customer or the vehicle was corrected',
    zh: '客户或车辆信息已更正',
  },
  'ticket.changed': {
    topic: 'tickets',
    about: 'ticket',
    en: 'anything else changed on the ticket',
    zh: '工单有变更',
  },
  'callback.due': { topic: 'tickets', about: 'due', en: 'a callback is due', zh: '回访到期' },
  'consumer_notice.due': {
    topic: 'tickets',
    about: 'due',
    en: 'the notice to the consumer is due',
    zh: '告知消费者到期',
  },
  'warning.raised': { topic: 'warnings', about: 'warning', en: 'a warning was raised', zh: '预警已发出' },
  'warning.acknowledged': {
    topic: 'warnings',
    about: 'warning',
    en: 'a warning was acknowledged',
    zh: '预警已确认',
  },
  'warning.resolved': { topic: 'warnings', about: 'warning', en: 'a warning was resolved', zh: '预警已处理' },
  'warning.overdue': {
    topic: 'warnings',
    about: 'warningDue',
    en: 'nobody acknowledged a warning in time',
    zh: '预警逾期未确认',
  },
  'inquiry.forwarded': {
    topic: 'desk',
    about: 'inquiry',
    en: 'an inquiry was forwarded to the SE',
    zh: '咨询已转交 SE',
  },
  'inquiry.answered': { topic: 'desk', about: 'inquiry', en: 'an inquiry was answered', zh: '咨询已答复' },
  'objection.raised': {
    topic: 'desk',
    about: 'objection',
    en: 'a dealer objected to a unit',
    zh: '经销商已提出申诉',
  },
  'objection.decided': { topic: 'desk', about: 'objection', en: 'HQ decided an objection', zh: '申诉已裁定' },
  'voice.sheet_sent': {
    topic: 'care',
    about: 'voiceSheet',
    en: 'a dealer was sent a sheet of customer voice',
    zh: '客户声音改进单已下发',
  },
  'voice.changed': {
    topic: 'care',
    about: 'voiceSheet',
    en: 'a sheet of customer voice is a step further, or has another plan, file or entry',
    zh: '客户声音改进单有变更',
  },
  'voice.overdue': {
    topic: 'care',
    about: 'voiceDue',
    en: 'a step of a sheet of customer voice was not done in time',
    zh: '客户声音改进单环节已逾期',
  },
  'sms_contact.changed': {
    topic: 'desk',
    about: 'smsContact',
    en: 'an SMS contact of a dealer was added, changed or deleted',
    zh: '经销商短信联系人已变更',
  },
  'care.triage': {
    topic: 'care',
    about: 'careTask',
    en: 'a customer was dissatisfied, and the CSC judges it',
    zh: '客户不满意，待客服中心处理',
  },
} as const satisfies Record<string, Words & { topic: Topic; about: About }>
export type AnnouncedName = keyof typeof announcedEvents

/** What a stream and a feed say in place of any event that took a ticket out of the reader's scope: its number only. */
export const removedName = 'ticket.removed'
export const removedWords: Words & { topic: Topic } = {
  topic: 'tickets',
  en: 'the ticket has left the scope of the reader',
  zh: '工单已移出查看范围',
}

export const announcedNames = codesOf(announcedEvents)
