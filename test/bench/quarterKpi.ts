/** A quarter's KPI by dealer, as it is and as it was known at an instant. */
import { DAY, HOUR, quarterBounds, quarterOf, toEpoch, toInstant } from '../../domain/instant.ts'
import type { KpiQueries } from '../../projections/kpi/query.ts'
import type { Dataset } from './dataset/dataset.ts'
import type { Inside } from './insideServer.ts'
import { median } from './load.ts'
import { measured } from './processes.ts'
import { atMost, type Row, said } from './table.ts'

/** Milliseconds of the query alone, and of the whole answer with its 600 rows. */
type Times = { units: number; live: Cost; asOf: Cost }
type Cost = { queryMs: number; answerMs: number }
type QuarterQuery = { quarter: string; asOf?: string }

const timesEach = 12
/** Time for what a quarter dispatched last to be closed, and for its repeats. */
const settledAfter = 10 * DAY

/** The last quarters that are over, newest first. */
export const quartersBefore = (until: string): string[] => {
  const quarters: string[] = []
  for (let at = toEpoch(until) - settledAfter; quarters.length < 4; ) {
    const { from } = quarterBounds(quarterOf(toInstant(at)))
    const before = quarterOf(toInstant(toEpoch(from) - 1))
    quarters.push(before)
    at = toEpoch(from) - 1
  }
  return quarters
}

const pathOf = ({ quarter, asOf }: QuarterQuery): string =>
  `/v1/reports/kpi?by=dealer&quarter=${quarter}${asOf === undefined ? '' : `&asOf=${asOf}`}`

/** Median of the query alone; without an instant it is as of now. */
const queryMs = (kpi: KpiQueries, wanted: readonly QuarterQuery[]): number =>
  median(
    wanted.map(({ quarter, asOf = toInstant(Date.now()) }) => {
      const bounds = quarterBounds(quarter)
      const started = performance.now()
      kpi.rates({ ...bounds, by: 'dealer', tier: 'dealer', asOf, scope: [{ kind: 'all' }] })
      return performance.now() - started
    }),
  )

export const quarterTimes = async ({ dataset, kpi, get, time }: Inside): Promise<Times> => {
  const quarters = quartersBefore(dataset.until)
  // of another instant each time, as a report asked for once
  const asOf = (quarter: string, round: number): string =>
    toInstant(toEpoch(quarterBounds(quarter).to) + settledAfter - round * HOUR)
  const rounds = Array.from({ length: timesEach }, (_, round) => round)
  const live = rounds.flatMap(() => quarters.map((quarter): QuarterQuery => ({ quarter })))
  const known = rounds.flatMap((round) =>
    quarters.map((quarter): QuarterQuery => ({ quarter, asOf: asOf(quarter, round) })),
  )
  const cost = async (wanted: readonly QuarterQuery[]): Promise<Cost> => ({
    queryMs: queryMs(kpi, wanted),
    answerMs: await time(wanted.map(pathOf)),
  })
  // so that neither is measured on code that has hardly run
  await cost([...live, ...known])
  const { totals } = await get<{ totals: { total: number } }>(pathOf(live[0] as QuarterQuery))
  return { units: totals.total, live: await cost(live), asOf: await cost(known) }
}

export const kpiRows = async ({ folder, tickets }: Dataset): Promise<Row[]> => {
  const { units, live, asOf } = await measured<Times>('./inside.ts', ['kpi', folder])
  const name = `quarter KPI by dealer over ${tickets.toLocaleString('en')} tickets`
  return [
    said('units of the newest quarter', units, 'units'),
    atMost(`${name}, live`, live.queryMs, 1, 'ms'),
    atMost(`${name}, asOf`, asOf.queryMs, 20, 'ms'),
    said('the whole answer, live', live.answerMs, 'ms'),
    said('the whole answer, asOf', asOf.answerMs, 'ms'),
  ]
}
