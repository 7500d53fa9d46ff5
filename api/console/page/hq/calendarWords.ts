/** Texts of the calendars. */
import type { Words } from '../core/words.ts'

export const calendarWords = {
  title: { en: 'Calendars', zh: '工作日历' },
  lead: {
    en: 'A change moves no deadline that is running.',
    zh: '修改不会改变已经开始的时限。',
  },
  calendar: { en: 'Calendar', zh: '日历' },
  year: { en: 'Year', zh: '年度' },
  hours: { en: 'Hours', zh: '工作时间' },
  opens: { en: 'Opens (HH:MM)', zh: '开始（HH:MM）' },
  closes: { en: 'Closes (HH:MM, 24:00 at most)', zh: '结束（HH:MM，最晚 24:00）' },
  daysOf: { en: 'Takes the years it lacks from', zh: '未设年度沿用日历' },
  schedule: { en: 'Days of {year}', zh: '{year} 年放假安排' },
  off: { en: 'Days off', zh: '放假日' },
  work: { en: 'Weekend days that are worked', zh: '调休工作日' },
  days: { en: 'One day a line: YYYY-MM-DD', zh: '每行一日：YYYY-MM-DD' },
  source: { en: 'Source', zh: '依据' },
  borrowed: { en: 'This year is taken from {calendar}.', zh: '本年度沿用日历 {calendar}。' },
  none: {
    en: 'This year has no schedule yet: Monday to Friday count.',
    zh: '本年度尚无安排，按周一至周五计算。',
  },
  notATime: { en: 'This must be a time, HH:MM.', zh: '应为时间 HH:MM。' },
  notDays: { en: 'Each line must be a day of {year}.', zh: '每行应为该年度的日期。' },
  saved: {
    en: 'Calendar {calendar} is saved, version {version}.',
    zh: '已保存日历 {calendar}，第 {version} 版。',
  },
  entered: { en: 'Version {version}, {at}, by {who}: {what}', zh: '第 {version} 版，{at}，{who}：{what}' },
  isNew: { en: 'There is no such calendar yet: sending enters it.', zh: '该日历尚不存在，提交后新建。' },
  other: { en: 'Another calendar', zh: '其他日历' },
  open: { en: 'Open', zh: '打开' },
  versions: { en: 'What was entered', zh: '修改记录' },
} as const satisfies Record<string, Words>
