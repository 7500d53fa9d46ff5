/** The clocks of a ticket in words: why each ran, stood still, and how it ended. */
import type { Words } from '../core/words.ts'

export const clockNames = {
  registration: { en: 'Registration of papers', zh: '资料登记' },
  response: { en: 'Response', zh: '响应' },
  close: { en: 'Closing', zh: '封闭' },
  consumer_notice: { en: 'Notice to the consumer', zh: '告知消费者' },
  acknowledge: { en: 'Acknowledging a warning', zh: '预警确认' },
} as const satisfies Record<string, Words>

export const reasons = {
  open: { en: 'counted: open', zh: '计入：工作时间' },
  make_up_day: { en: 'counted: make-up working day', zh: '计入：调休工作日' },
  closed_hours: { en: 'stood still: outside hours', zh: '暂停：非工作时间' },
  weekend: { en: 'stood still: weekend', zh: '暂停：周末' },
  holiday: { en: 'stood still: holiday', zh: '暂停：节假日' },
} as const satisfies Record<string, Words>

export const clockWords = {
  ran: { en: 'ran from {from}', zh: '自 {from} 起计时' },
  target: { en: 'target {time} of service time', zh: '时限：服务时间 {time}' },
  targetDays: { en: 'target: {days} working day(s)', zh: '时限：{days} 个工作日' },
  used: { en: '{time} used', zh: '已用 {time}' },
  done: { en: 'done {at}', zh: '{at} 完成' },
  ended: { en: 'taken away {at}', zh: '{at} 转出' },
  calendar: { en: 'calendar {calendar}', zh: '日历 {calendar}' },
  noDue: { en: 'no deadline', zh: '无期限' },
} as const satisfies Record<string, Words>
