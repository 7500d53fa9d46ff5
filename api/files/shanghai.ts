import { HOUR, type Instant, toEpoch } from '../../domain/instant.ts'

/** From this hour of UTC on it is tomorrow in Shanghai. */
const lastHourOfDay = 15

/** An instant as Shanghai's clock shows it, to the millisecond: `2026-03-02 10:00:00.000`. */
export const shanghaiTime = (instant: Instant): string => {
  const hour = Number(instant.slice(11, 13))
  // a file has millions of these, and most need no date to be made
  if (hour <= lastHourOfDay)
    return `${instant.slice(0, 10)} ${String(hour + 8).padStart(2, '0')}${instant.slice(13, -1)}`
  return new Date(toEpoch(instant) + 8 * HOUR).toISOString().slice(0, -1).replace('T', ' ')
}

/** The minute of an instant in Shanghai, fit for the name of a file: `2026-03-02-1000`. */
export const shanghaiMinute = (instant: Instant): string =>
  shanghaiTime(instant).slice(0, 16).replace(' ', '-').replace(':', '')
