/** The quarter's results, read from the service's reports and set as tables. */
import type { Quarter } from '../../domain/instant.ts'
import { type TableColumn, table } from '../cli/table.ts'
import { type Client, sa } from './client.ts'

type Rate = { rate: number | null }
type Kpi = { rows: { name: string; total: number; response: Rate; close: Rate; firstTime: Rate }[] }
type DealerResult = {
  dealer: string
  name: string
  total: number
  responseRate: number | null
  closeRate: number | null
  firstTimeResolutionRate: number | null
  score: number | null
  outcome: string
}
type Assessment = { rbos: { rbo: string; dealers: DealerResult[] }[] }

const percent = (rate: number | null): string => (rate === null ? '–' : rate.toFixed(2))

const right = (...titles: string[]): TableColumn[] => titles.map((title) => ({ title, right: true }))
const rates = right('tickets', 'answered', 'closed', 'first time')

/** The three rates of each region's dealers. */
export const ratesByRbo = async (client: Client, quarter: Quarter): Promise<string> => {
  const path = `/v1/reports/kpi?quarter=${quarter}&by=rbo`
  const { rows } = await client.call<Kpi>(sa, 'GET', path)
  return table(
    [{ title: 'region' }, ...rates],
    rows.map(({ name, total, response, close, firstTime }) => [
      name,
      String(total),
      ...[response, close, firstTime].map(({ rate }) => percent(rate)),
    ]),
  )
}

/** The dealers with the lowest scores of all regions. */
export const worstDealers = async (client: Client, quarter: Quarter, count: number): Promise<string> => {
  const { rbos } = await client.call<Assessment>(sa, 'GET', `/v1/assessments/${quarter}`)
  const worst = rbos
    .flatMap(({ dealers }) => dealers)
    .filter(({ score }) => score !== null)
    .sort((a, b) => a.score! - b.score!)
    .slice(0, count)
  return table(
    [{ title: 'code' }, { title: 'dealer' }, ...rates, ...right('score'), { title: 'outcome' }],
    worst.map((each) => [
      each.dealer,
      each.name,
      String(each.total),
      ...[each.responseRate, each.closeRate, each.firstTimeResolutionRate, each.score].map(percent),
      each.outcome === 'none' ? '' : each.outcome,
    ]),
  )
}
