/** Instants and days as Chinese forms write them, on Shanghai's clock. */
import { DateTime } from 'luxon'
import type { Day, Instant } from '../../domain/instant.ts'

const inShanghai = (instant: Instant): DateTime => DateTime.fromISO(instant, { zone: 'Asia/Shanghai' })

/** `2026年3月2日 10:00` */
export const timeOf = (instant: Instant): string => inShanghai(instant).toFormat('yyyy年M月d日 HH:mm')

/** `2026年3月2日`, of the Shanghai day that holds the instant. */
export const dateOf = (instant: Instant): string => inShanghai(instant).toFormat('yyyy年M月d日')

/** `2026年3月2日`, of a calendar day. */
export const dayInWords = (day: Day): string => DateTime.fromISO(day).toFormat('yyyy年M月d日')
