import { DAY, type Instant } from '../../domain/instant.ts'

/** The days after those that came up lately; a file has the same ones over and over. */
const following = new Map<string, string>()
const mostDays = 10_000
const dayAfter = (day: string): string => {
  const known = following.get(day)
  if (known !== undefined) return known
  if (following.size >= mostDays) following.clear()
  const next = new Date(Date.parse(day) + DAY).toISOString().slice(0, 10)
  following.set(day, next)
  return next
}

/** An instant as Shanghai's clock shows it, to the millisecond: `2026-03-02 10:00:00.000`. */
export const shanghaiTime = (instant: Instant): string => {
  const day = instant.slice(0, 10)
  const hour = Number(instant.slice(11, 13)) + 8
  const rest = instant.slice(13, 23)
  if (hour < 24) return `${day} ${hour < 10 ? '0' : ''}${hour}${rest}`
  return `${dayAfter(day)} 0${hour - 24}${rest}`
}

/** The minute of an instant in Shanghai, fit for the name of a file: `2026-03-02-1000`. */
export const shanghaiMinute = (instant: Instant): string =>
  shanghaiTime(instant).slice(0, 16).replace(' ', '-').replace(':', '')
