/** A quarter's KPI by dealer, as it is and as it was known at an instant. */
import { DAY, HOUR, quarterBounds, quarterOf, toEpoch, toInstant } from '../../domain/instant.ts'
import type { Dataset } from './dataset/dataset.ts'
import type { Inside } from './inside.ts'
import { measured } from './processes.ts'
import { atMost, type Row, said } from './table.ts'

type Times = { units: number; liveMs: number; asOfMs: number }

const rounds = 12
/** Time for what a quarter dispatched last to be closed, and for its repeats. */
const settledAfter = 10 * DAY

/** The last quarters that are over, newest first. */
const quartersBefore = (until: string): string[] => {
  const quarters: string[] = []
  for (let at = toEpoch(until) - settledAfter; quarters.length < 4; ) {
    const { from } = quarterBounds(quarterOf(toInstant(at)))
    const before = quarterOf(toInstant(toEpoch(from) - 1))
    quarters.push(before)
    at = toEpoch(from) - 1
  }
  return quarters
}

export const quarterTimes = async ({ dataset, get, time }: Inside): Promise<Times> => {
  const quarters = quartersBefore(dataset.until)
  const report = (quarter: string): string => `/v1/reports/kpi?by=dealer&quarter=${quarter}`
  const again = Array.from({ length: rounds }, (_, round) => round)
  // of another instant each time, as a report asked for once
  const asOf = (quarter: string, round: number): string =>
    toInstant(toEpoch(quarterBounds(quarter).to) + settledAfter - round * HOUR)
  const { totals } = await get<{ totals: { total: number } }>(report(quarters[0] as string))
  return {
    units: totals.total,
    liveMs: await time(again.flatMap(() => quarters.map(report))),
    asOfMs: await time(
      again.flatMap((round) => quarters.map((quarter) => `${report(quarter)}&asOf=${asOf(quarter, round)}`)),
    ),
  }
}

export const kpiRows = async ({ folder, tickets }: Dataset): Promise<Row[]> => {
  const { units, liveMs, asOfMs } = await measured<Times>('./inside.ts', ['kpi', folder])
  const name = `quarter KPI by dealer over ${tickets.toLocaleString('en')} tickets`
  return [
    said('units of the newest quarter', units, 'units'),
    atMost(`${name}, live`, liveMs, 1, 'ms'),
    atMost(`${name}, asOf`, asOfMs, 20, 'ms'),
  ]
}
