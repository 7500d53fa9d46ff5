/** What the view should answer, made of recounted units. */
import { monthOf, toEpoch } from '../../domain/instant.ts'
import { countedBy, type periods } from '../../domain/statistics.ts'
import type { KpiBy, KpiUnit } from '../../projections/kpi/query.ts'
import type { RecountedUnit } from './kpiRecount.ts'

/** Everything units are counted by. */
export const everyBy: readonly KpiBy[] = countedBy

/** The ISO week of a Shanghai day, counted by the days themselves. */
const isoWeekOf = (instant: string): string => {
  const day = new Date(toEpoch(instant) + 8 * 3_600_000)
  day.setUTCHours(0, 0, 0, 0)
  while (day.getUTCDay() !== 4)
    day.setUTCDate(day.getUTCDate() + (day.getUTCDay() === 0 ? -1 : day.getUTCDay() < 4 ? 1 : -1))
  const year = day.getUTCFullYear()
  let week = 0
  for (const each = new Date(day); each.getUTCFullYear() === year; each.setUTCDate(each.getUTCDate() - 7))
    week++
  return `${year}-W${String(week).padStart(2, '0')}`
}

/** Shanghai's clock as the UTC parts of a date. */
const wallClock = (instant: string): Date => new Date(toEpoch(instant) + 8 * 3_600_000)

/** Every period that rows are counted by, of one instant. Monday is 1. */
export const periodKeys = (instant: string): Record<(typeof periods)[number], string> => ({
  month: monthOf(instant),
  week: isoWeekOf(instant),
  weekday: String(wallClock(instant).getUTCDay() || 7),
  hour: wallClock(instant).toISOString().slice(11, 13),
})

const keyOf: Record<KpiBy, (unit: RecountedUnit) => string> = {
  dealer: (unit) => String(unit.dealer),
  rbo: (unit) => String(unit.rbo),
  category: (unit) => unit.category,
  level: (unit) => unit.level,
  month: (unit) => periodKeys(unit.dispatchedAt).month,
  week: (unit) => periodKeys(unit.dispatchedAt).week,
  weekday: (unit) => periodKeys(unit.dispatchedAt).weekday,
  hour: (unit) => periodKeys(unit.dispatchedAt).hour,
  tier: (unit) => unit.tier,
  channel: (unit) => String(unit.channel),
  source: (unit) => unit.source ?? '',
}

const countsOf = (units: RecountedUnit[], measure: 'response' | 'close' | 'firstTime') => ({
  met: units.filter((unit) => unit[measure] === 'met').length,
  failed: units.filter((unit) => unit[measure] === 'failed').length,
  pending: units.filter((unit) => unit[measure] === 'pending').length,
})

export const ratesOf = (units: RecountedUnit[]) => ({
  total: units.length,
  response: countsOf(units, 'response'),
  close: countsOf(units, 'close'),
  firstTime: countsOf(units, 'firstTime'),
})

export const rowsBy = (units: RecountedUnit[], by: KpiBy) =>
  [...Map.groupBy(units, keyOf[by])]
    .map(([key, ofKey]) => ({ key, ...ratesOf(ofKey) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))

export const verdicts = ({ ticketNo, unit, dispatchedAt, response, close, firstTime }: KpiUnit) => ({
  ticketNo,
  unit,
  dispatchedAt,
  response: response.verdict,
  close: close.verdict,
  firstTime: firstTime.verdict,
})

export const inOrder = (units: RecountedUnit[]) =>
  units
    .map(({ ticketNo, unit, dispatchedAt, response, close, firstTime }) => ({
      ticketNo,
      unit,
      dispatchedAt,
      response,
      close,
      firstTime,
    }))
    .sort((a, b) => {
      const [left, right] = [a, b].map((each) => `${each.dispatchedAt} ${each.ticketNo} ${each.unit}`)
      return (left as string) < (right as string) ? -1 : 1
    })
