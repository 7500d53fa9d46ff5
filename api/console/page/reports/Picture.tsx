/** The state of things in pictures: counts of now, the quarter by RBO, when complaints come, and how many a week. */
import { type Signal, useSignal } from '@preact/signals'
import type { KpiAnswer } from '../../../reports/kpi.ts'
import type { StatisticsAnswer } from '../../../reports/statisticsSchemas.ts'
import { now } from '../core/clock.ts'
import { say, type Words } from '../core/words.ts'
import { useAnswer } from '../lists/answer.ts'
import { BarChart } from './BarChart.tsx'
import { ChooseQuarter } from './ChooseQuarter.tsx'
import { HeatMap } from './HeatMap.tsx'
import { Now } from './Now.tsx'
import { useNewestFilled } from './newestFilled.ts'
import { boundsOf, mondayBefore, quarterOf, weeksUpTo } from './quarters.ts'
import { RboPicture } from './RboPicture.tsx'
import { Report } from './Report.tsx'
import { reportWords } from './words.ts'

const words = {
  title: { en: 'Overview of the quarter', zh: '季度概览' },
  empty: { en: 'No unit counts in this quarter.', zh: '本季度没有计入考核的单元。' },
  weekly: { en: 'Complaints in the last twelve weeks', zh: '近十二周投诉量' },
} as const satisfies Record<string, Words>

type Statistics = Pick<StatisticsAnswer, 'rows'>

const OfQuarter = ({ chosen }: { chosen: Signal<string> }) => {
  const quarter = chosen.value
  const rates = useAnswer<KpiAnswer>(`/v1/reports/kpi?quarter=${quarter}&by=rbo&tier=dealer`)
  const { from, to } = boundsOf(quarter)
  const times = useAnswer<Statistics>(`/v1/reports/statistics?from=${from}&to=${to}&groupBy=weekday,hour`)
  const rows = rates.answer.value?.rows ?? []
  useNewestFilled(chosen, rates.answer.value && rows.length > 0)
  return (
    <>
      {rates.answer.value !== null && rows.length === 0 && <p class="empty">{say(words.empty)}</p>}
      {rows.length > 0 && <RboPicture rows={rows} />}
      {times.answer.value !== null && <HeatMap rows={times.answer.value.rows} />}
    </>
  )
}

const Weekly = () => {
  const from = mondayBefore(now.value, 11)
  const to = mondayBefore(now.value, -1)
  const { answer } = useAnswer<Statistics>(`/v1/reports/statistics?from=${from}&to=${to}&groupBy=week`)
  if (answer.value === null) return null
  const { rows } = answer.value
  return (
    <BarChart
      title={say(words.weekly)}
      pointName={say(reportWords.week)}
      valueName={say(reportWords.complaints)}
      points={weeksUpTo(now.value).map((week) => ({
        name: week,
        value: rows.find(({ keys }) => keys.week === week)?.complaints ?? 0,
      }))}
    />
  )
}

export const Picture = () => {
  const quarter = useSignal(quarterOf(now.peek()))
  return (
    <Report title={say(words.title)} head={<ChooseQuarter chosen={quarter} />}>
      <Now by="rbo" />
      <div class="pictures">
        <OfQuarter chosen={quarter} />
        <Weekly />
      </div>
    </Report>
  )
}
