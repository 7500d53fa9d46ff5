/** The three rates of a quarter by unit, their trend over twelve weeks, and the units behind every number. */

import { useSignal } from '@preact/signals'
import type { KpiAnswer } from '../../../reports/kpi.ts'
import { now } from '../core/clock.ts'
import { say, type Words } from '../core/words.ts'
import { useAnswer } from '../lists/answer.ts'
import { desk } from '../session/desk.ts'
import { Scroll } from '../ui/Scroll.tsx'
import { Choose } from './Choose.tsx'
import { ChooseQuarter } from './ChooseQuarter.tsx'
import { LineChart } from './LineChart.tsx'
import { useNewestFilled } from './newestFilled.ts'
import { mondayBefore, quarterOf, weeksUpTo } from './quarters.ts'
import { RateBar } from './RateBar.tsx'
import { Report } from './Report.tsx'
import { RowKey } from './RowKey.tsx'
import { measureNames, Units } from './Units.tsx'
import { reportWords as shared } from './words.ts'

const words = {
  title: { en: 'The three rates', zh: '三项指标' },
  dealers: { en: 'Dealers', zh: '经销商' },
  rbos: { en: 'RBOs', zh: '品牌营销大区' },
  whose: { en: 'Units of', zh: '考核对象' },
  trend: { en: 'Trend over twelve weeks', zh: '近十二周趋势' },
  empty: { en: 'No unit counts in this quarter.', zh: '本季度没有计入考核的单元。' },
} as const satisfies Record<string, Words>

type Row = KpiAnswer['rows'][number]

/** The twelve weeks up to now, by the week of the dispatch. */
const Trend = ({ tier }: { tier: string }) => {
  const from = mondayBefore(now.value, 11)
  const to = mondayBefore(now.value, -1)
  const { answer } = useAnswer<KpiAnswer>(`/v1/reports/kpi?from=${from}&to=${to}&by=week&tier=${tier}`)
  const rows = answer.value?.rows ?? []
  if (rows.length === 0) return null
  const weeks = weeksUpTo(now.value)
  return (
    <LineChart
      title={say(words.trend)}
      pointName={say(shared.week)}
      points={weeks}
      series={measureNames.map((name) => ({
        name: say(shared[name]),
        values: weeks.map((week) => rows.find(({ key }) => key === week)?.[name].rate ?? null),
      }))}
    />
  )
}

const RateRow = ({ row, isOpen, onOpen }: { row: Row; isOpen: boolean; onOpen(): void }) => (
  <>
    <tr>
      <RowKey
        name={row.name}
        isOpen={isOpen}
        title={say(isOpen ? shared.hideUnits : shared.showUnits)}
        onOpen={onOpen}
      />
      <td>{row.total}</td>
      {measureNames.map((name) => (
        <td key={name}>
          <RateBar rate={row[name]} />
        </td>
      ))}
    </tr>
    {isOpen && (
      <tr class="detail">
        <td colSpan={5}>
          <Units path={row.tickets} />
        </td>
      </tr>
    )}
  </>
)

export const Rates = () => {
  const quarter = useSignal(quarterOf(now.peek()))
  const tier = useSignal('dealer')
  const open = useSignal<string | null>(null)
  const path = `/v1/reports/kpi?quarter=${quarter.value}&by=${tier.value}&tier=${tier.value}`
  const { answer, problem } = useAnswer<KpiAnswer>(path)
  const rows = answer.value?.rows ?? []
  useNewestFilled(quarter, answer.value && rows.length > 0)
  return (
    <Report
      title={say(words.title)}
      problem={problem.value}
      isLoading={answer.value === null}
      head={
        <>
          <ChooseQuarter
            chosen={quarter}
            onChosen={() => {
              open.value = null
            }}
          />
          {desk.value !== 'dealer' && (
            <Choose
              text={say(words.whose)}
              chosen={tier}
              choices={[
                { value: 'dealer', text: say(words.dealers) },
                { value: 'rbo', text: say(words.rbos) },
              ]}
              onChosen={() => {
                open.value = null
              }}
            />
          )}
        </>
      }
    >
      {answer.value !== null && rows.length === 0 && <p class="empty">{say(words.empty)}</p>}
      {rows.length > 0 && (
        <Scroll label={say(words.title)}>
          <table class="numbers rates">
            <thead>
              <tr>
                <th scope="col">{say(shared.unit)}</th>
                <th scope="col">{say(shared.units)}</th>
                {measureNames.map((name) => (
                  <th key={name} scope="col">
                    {say(shared[name])}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <RateRow
                  key={row.key}
                  row={row}
                  isOpen={open.value === row.key}
                  onOpen={() => {
                    open.value = open.value === row.key ? null : row.key
                  }}
                />
              ))}
            </tbody>
            <tfoot>
              <tr>
                <th scope="row">{say(shared.total)}</th>
                <td>{answer.value?.totals.total}</td>
                {measureNames.map((name) => (
                  <td key={name}>{answer.value && <RateBar rate={answer.value.totals[name]} />}</td>
                ))}
              </tr>
            </tfoot>
          </table>
        </Scroll>
      )}
      <Trend tier={tier.value} />
    </Report>
  )
}
