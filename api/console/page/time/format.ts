/** Instants and spans in words; always Shanghai time. */
import { serviceNow } from '../core/clock.ts'
import { language, say } from '../core/words.ts'
import { timeWords as words } from './words.ts'

const zone = { timeZone: 'Asia/Shanghai', hourCycle: 'h23' } as const
const clockParts = { hour: '2-digit', minute: '2-digit' } as const

const forms = {
  en: {
    short: new Intl.DateTimeFormat('en-GB', { ...zone, day: 'numeric', month: 'short', ...clockParts }),
    long: new Intl.DateTimeFormat('en-GB', {
      ...zone,
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      ...clockParts,
    }),
    time: new Intl.DateTimeFormat('en-GB', { ...zone, ...clockParts }),
    weekday: new Intl.DateTimeFormat('en-GB', { ...zone, weekday: 'short', ...clockParts }),
  },
  zh: {
    short: new Intl.DateTimeFormat('zh-CN', { ...zone, day: 'numeric', month: 'long', ...clockParts }),
    long: new Intl.DateTimeFormat('zh-CN', {
      ...zone,
      day: 'numeric',
      month: 'long',
      year: 'numeric',
      ...clockParts,
    }),
    time: new Intl.DateTimeFormat('zh-CN', { ...zone, ...clockParts }),
    weekday: new Intl.DateTimeFormat('zh-CN', { ...zone, weekday: 'short', ...clockParts }),
  },
} as const

const yearOf = (epochMs: number): number => new Date(epochMs + 8 * 3_600_000).getUTCFullYear()

/** An instant; `form`: `short` without the year unless it is another than now, `time` without the day. */
export const instant = (at: string | number, form: keyof (typeof forms)['en'] = 'short'): string => {
  const date = new Date(at)
  const isOtherYear = form === 'short' && yearOf(date.getTime()) !== yearOf(serviceNow())
  return forms[language.value][isOtherYear ? 'long' : form].format(date).replace(',', '')
}

/** Whole minutes as hours and minutes: `1 h 20 min`. */
export const duration = (ms: number): string => {
  const minutes = Math.floor(ms / 60_000)
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  if (hours === 0) return say(words.minutes, { minutes })
  return rest === 0 ? say(words.hours, { hours }) : say(words.hoursAndMinutes, { hours, minutes: rest })
}

/** The wall clock of a field as an instant: it is Shanghai's. */
export const instantOf = (local: string): string => `${local}:00+08:00`
