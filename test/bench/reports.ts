/** Statistics of a month, the monthly report, and a quarter under a draft: what they cost, and whom they keep waiting. */
import {
  DAY,
  monthBounds,
  monthOf,
  monthsAfter,
  quarterOf,
  toEpoch,
  toInstant,
} from '../../domain/instant.ts'
import type { Dataset } from './dataset/dataset.ts'
import type { Cost, Inside } from './insideServer.ts'
import { median } from './load.ts'
import { measured } from './processes.ts'
import { atMost, type Row, said } from './table.ts'

type CountCosts = { tickets: number; first: Cost; later: Cost }
export type ReportTimes = {
  byOne: CountCosts
  byTwo: CountCosts
  monthly: CountCosts
  asOf: CountCosts
  whatIf: { units: number; later: Cost }
}

const rounds = 9

const medianOf = (costs: readonly Cost[]): Cost => ({
  cpuMs: median(costs.map(({ cpuMs }) => cpuMs)),
  longestMs: median(costs.map(({ longestMs }) => longestMs)),
})

export const reportTimes = async ({ dataset, get, cost }: Inside): Promise<ReportTimes> => {
  const month = monthsAfter(monthOf(dataset.until), -1)
  const { from, to } = monthBounds(month)
  const statistics = (more: string): string => `/v1/reports/statistics?from=${from}&to=${to}${more}`
  const repeated = async (path: string): Promise<CountCosts> => {
    const first = await cost(path)
    const later: Cost[] = []
    for (let round = 0; round < rounds; round++) later.push(await cost(path))
    const { totals } = await get<{ totals: { complaints: number; month: { complaints: number } } }>(path)
    // the first half warms the code up
    return {
      tickets: totals.complaints ?? totals.month.complaints,
      first,
      later: medianOf(later.slice(rounds >> 1)),
    }
  }
  const byOne = await repeated(statistics('&groupBy=dealer'))
  const byTwo = await repeated(statistics('&groupBy=rbo,category'))
  const monthly = await repeated(`/v1/reports/monthly?month=${month}`)
  // what has changed since is folded from the log
  const middle = toInstant((toEpoch(from) + toEpoch(to)) / 2)
  const asOf = await repeated(statistics(`&groupBy=level&asOf=${middle}`))

  const quarter = quarterOf(toInstant(toEpoch(from) - 45 * DAY))
  const path = `/v1/assessments/${quarter}/what-if`
  const tries: Cost[] = []
  for (let round = 0; round < 5; round++)
    tries.push(
      await cost(path, {
        policy: { responseMinutes: { dealer: 60 + round, rbo: 120, se: 120, se_media: 120 } },
        calendars: [{ id: 'CN', opens: '08:30' }],
      }),
    )
  const { totals } = await get<{ totals: { total: number } }>(`/v1/reports/kpi?quarter=${quarter}`)
  return { byOne, byTwo, monthly, asOf, whatIf: { units: totals.total, later: medianOf(tries.slice(1)) } }
}

export const reportRows = async ({ folder, tickets }: Dataset): Promise<Row[]> => {
  const { byOne, byTwo, monthly, asOf, whatIf } = await measured<ReportTimes>('./inside.ts', [
    'reports',
    folder,
  ])
  const of = `over ${tickets.toLocaleString('en')} tickets`
  return [
    said('complaints of the month', byOne.tickets, 'tickets'),
    said('statistics of it by dealer, the first time', byOne.first.cpuMs, 'ms CPU'),
    said('most of it in one go', byOne.first.longestMs, 'ms CPU'),
    atMost(`statistics of a month by dealer ${of}`, byOne.later.cpuMs, 100, 'ms CPU'),
    atMost(`statistics of a month by RBO and category ${of}`, byTwo.later.cpuMs, 100, 'ms CPU'),
    said('the same as of the middle of the month', asOf.later.cpuMs, 'ms CPU'),
    said('monthly report', monthly.later.cpuMs, 'ms CPU'),
    said('units of the quarter', whatIf.units, 'units'),
    atMost(`a quarter under a draft ${of}`, whatIf.later.cpuMs, 5000, 'ms CPU'),
    said('most of it in one go', whatIf.later.longestMs, 'ms CPU'),
  ]
}
