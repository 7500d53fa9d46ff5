/** Texts about times and dues. */
import type { Words } from '../core/words.ts'

export const timeWords = {
  minutes: { en: '{minutes} min', zh: '{minutes} 分钟' },
  hours: { en: '{hours} h', zh: '{hours} 小时' },
  hoursAndMinutes: { en: '{hours} h {minutes} min', zh: '{hours} 小时 {minutes} 分钟' },
  response: { en: 'Respond', zh: '响应' },
  close: { en: 'Close', zh: '封闭' },
  acknowledge: { en: 'Acknowledge', zh: '确认' },
  callback: { en: 'Call back', zh: '回访' },
  answer: { en: 'Answer', zh: '答复' },
  relay: { en: 'Pass on', zh: '回复客户' },
  left: { en: '{time} of service time left', zh: '剩余服务时间 {time}' },
  leftDays: { en: '{days} working days left after today', zh: '今日之后还剩 {days} 个工作日' },
  leftOneDay: { en: '1 working day left after today', zh: '今日之后还剩 1 个工作日' },
  leftNaturalDays: { en: '{days} days left after today', zh: '今日之后还剩 {days} 天' },
  leftOneNaturalDay: { en: '1 day left after today', zh: '今日之后还剩 1 天' },
  daysOver: { en: 'by {days} days', zh: '已超期 {days} 天' },
  oneDayOver: { en: 'by 1 day', zh: '已超期 1 天' },
  lastDay: { en: 'last day today', zh: '今天是最后一天' },
  due: { en: 'due {at}', zh: '{at} 到期' },
  before: { en: 'due before {at}', zh: '{at} 之前到期' },
  overdue: { en: 'overdue since {at}', zh: '已超期，应于 {at} 前完成' },
  workingDays: { en: '{days} working days', zh: '{days} 个工作日' },
  overdueBy: { en: 'by {time} of service time', zh: '已超出服务时间 {time}' },
  standsStill: { en: 'the clock stands still until {at}', zh: '计时暂停，{at} 恢复' },
  noDue: { en: 'no deadline', zh: '无期限' },
  provisional: {
    en: 'provisional: the schedule of that year is not known yet',
    zh: '暂定：该年度放假安排尚未公布',
  },
} as const satisfies Record<string, Words>
