/** How Shanghai's clock shows instants and days: in files to the second, on forms and in sentences as people write. */
import { DateTime } from 'luxon'
import { type Day, type Instant, shanghaiOffset, toEpoch, toInstant } from './instant.ts'

/** To the second, what is below it left out: `2026-03-02 10:00:00`. */
export const shanghaiTime = (instant: Instant): string =>
  toInstant(toEpoch(instant) + shanghaiOffset)
    .slice(0, 19)
    .replace('T', ' ')

/** The minute, fit for the name of a file: `2026-03-02-1000`. */
export const shanghaiMinute = (instant: Instant): string =>
  shanghaiTime(instant).slice(0, 16).replace(' ', '-').replace(':', '')

const inShanghai = (instant: Instant): DateTime => DateTime.fromISO(instant, { zone: 'Asia/Shanghai' })

/** `2026年3月2日 10:00` */
export const timeOf = (instant: Instant): string => inShanghai(instant).toFormat('yyyy年M月d日 HH:mm')

/** `2026年3月2日`, of the Shanghai day that holds the instant. */
export const dateOf = (instant: Instant): string => inShanghai(instant).toFormat('yyyy年M月d日')

/** `2026年3月2日`, of a calendar day. */
export const dayInWords = (day: Day): string => DateTime.fromISO(day).toFormat('yyyy年M月d日')
