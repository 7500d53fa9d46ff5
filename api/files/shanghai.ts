import { type Instant, shanghaiOffset, toEpoch, toInstant } from '../../domain/instant.ts'

/** An instant as Shanghai's clock shows it, to the millisecond: `2026-03-02 10:00:00.000`. */
export const shanghaiTime = (instant: Instant): string =>
  toInstant(toEpoch(instant) + shanghaiOffset)
    .slice(0, 23)
    .replace('T', ' ')

/** The minute of an instant in Shanghai, fit for the name of a file: `2026-03-02-1000`. */
export const shanghaiMinute = (instant: Instant): string =>
  shanghaiTime(instant).slice(0, 16).replace(' ', '-').replace(':', '')
