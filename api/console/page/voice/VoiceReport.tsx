/** The report on customer voice: scores, steps in time and the ledger, by dealer, indicator or month (rulebook §16). */
import { useSignal } from '@preact/signals'
import type { KpiAnswer } from '../../../reports/kpi.ts'
import { now } from '../core/clock.ts'
import { say, type Words } from '../core/words.ts'
import { useAnswer } from '../lists/answer.ts'
import { Choose } from '../reports/Choose.tsx'
import { ChooseQuarter } from '../reports/ChooseQuarter.tsx'
import { GroupTable } from '../reports/GroupTable.tsx'
import { useNewestFilled } from '../reports/newestFilled.ts'
import { boundsOf, quarterOf } from '../reports/quarters.ts'
import { RateBar } from '../reports/RateBar.tsx'
import { Report } from '../reports/Report.tsx'
import { desk } from '../session/desk.ts'
import { ChooseDealer, queryOf } from './Filters.tsx'
import { RankChart } from './RankChart.tsx'
import { voiceWords } from './words.ts'

const words = {
  lead: {
    en: 'Items on sheets of the survey months of a quarter; the ledger by the day of booking.',
    zh: '按季度内的调查月份统计已下发条目；台账按记账日期统计。',
  },
  by: { en: 'By', zh: '分组' },
  dealer: { en: 'Dealer', zh: '经销商' },
  indicator: { en: 'Indicator', zh: '指标' },
  month: { en: 'Month', zh: '月份' },
  items: { en: 'Items', zh: '条目' },
  mean: { en: 'Mean score', zh: '平均分' },
  promoters: { en: 'Promoters (9–10)', zh: '推荐者（9–10 分）' },
  detractors: { en: 'Detractors (1–6)', zh: '贬损者（1–6 分）' },
  net: { en: 'Promoters less detractors', zh: '净推荐值' },
  netHint: { en: 'Promoters less detractors, in percent', zh: '净推荐值（推荐者占比减贬损者占比，%）' },
  effective: { en: 'Effective', zh: '有效' },
  ineffective: { en: 'Not effective', zh: '无效' },
  steps: { en: 'Steps in time', zh: '环节按时率' },
  late: { en: 'Late (CNY)', zh: '超期（元）' },
  recurrence: { en: 'Recurrence (CNY)', zh: '连续出现（元）' },
  published: { en: 'Cases (CNY)', zh: '案例（元）' },
  reversal: { en: 'Reversals (CNY)', zh: '冲销（元）' },
  sum: { en: 'Ledger (CNY)', zh: '台账合计（元）' },
  named: { en: 'Ten indicators named most', zh: '提及最多的十项指标' },
  empty: {
    en: 'No sheet of this quarter was sent, and nothing was booked.',
    zh: '本季度没有下发改进单，也没有记账。',
  },
} as const satisfies Record<string, Words>

type Counts = {
  items: number
  meanScore: number | null
  promoters: number
  detractors: number
  netPromoters: number | null
  effective: number
  ineffective: number
  steps: KpiAnswer['totals']['response']
  ledger: Record<(typeof ledgerNames)[number], number>
}
type Answer = {
  topIndicators: { indicator: string; items: number }[]
  rows: (Counts & { key: string | null; name: string })[]
  totals: Counts
}

const ledgerNames = ['late', 'recurrence', 'published', 'reversal', 'sum'] as const

const groupings = ['dealer', 'indicator', 'month'] as const

const orNone = (value: number | null): string => (value === null ? '–' : value.toFixed(2))

const netText = (net: number | null): string =>
  net === null ? '–' : `${net > 0 ? '+' : ''}${net.toFixed(2)}%`

const columns: readonly { words: Words; cell(counts: Counts): string | number }[] = [
  { words: words.items, cell: ({ items }) => items },
  { words: words.mean, cell: ({ meanScore }) => orNone(meanScore) },
  { words: words.promoters, cell: ({ promoters }) => promoters },
  { words: words.detractors, cell: ({ detractors }) => detractors },
  { words: words.net, cell: ({ netPromoters }) => netText(netPromoters) },
  { words: words.effective, cell: ({ effective }) => effective },
  { words: words.ineffective, cell: ({ ineffective }) => ineffective },
]

const Cells = ({ counts }: { counts: Counts }) => (
  <>
    {columns.map((column) => (
      <td key={column.words.en}>{column.cell(counts)}</td>
    ))}
    <td>
      <RateBar rate={counts.steps} />
    </td>
    {ledgerNames.map((name) => (
      <td key={name}>{counts.ledger[name]}</td>
    ))}
  </>
)

const Charts = ({ answer, grouping }: { answer: Answer; grouping: string }) => {
  const scored = answer.rows.filter(({ netPromoters }) => netPromoters !== null)
  if (scored.length === 0 && answer.topIndicators.length === 0) return null
  return (
    <div class="pictures">
      {scored.length > 0 && (
        <RankChart
          title={say(words.netHint)}
          nameHead={grouping}
          valueHead={say(words.net)}
          rows={scored.map(({ name, netPromoters }) => ({
            name,
            value: netPromoters ?? 0,
            text: netText(netPromoters),
          }))}
        />
      )}
      {answer.topIndicators.length > 0 && (
        <RankChart
          title={say(words.named)}
          nameHead={say(words.indicator)}
          valueHead={say(words.items)}
          rows={answer.topIndicators.map(({ indicator, items }) => ({
            name: indicator,
            value: items,
            text: String(items),
          }))}
        />
      )}
    </div>
  )
}

export const VoiceReport = () => {
  const quarter = useSignal(quarterOf(now.peek()))
  const by = useSignal<string>(desk.value === 'dealer' ? 'indicator' : 'dealer')
  const dealer = useSignal('')
  const query = queryOf({ ...boundsOf(quarter.value), by: by.value, dealer: dealer.value })
  const { answer, problem } = useAnswer<Answer>(`/v1/reports/voice${query}`)
  const shown = answer.value
  useNewestFilled(quarter, shown && shown.rows.length > 0)
  const grouping = say(words[by.value as (typeof groupings)[number]])
  return (
    <Report
      title={say(voiceWords.report)}
      hint={say(words.lead)}
      problem={problem.value}
      isLoading={shown === null}
      head={
        <>
          <ChooseQuarter chosen={quarter} />
          <Choose
            text={say(words.by)}
            chosen={by}
            choices={groupings
              .filter((each) => desk.value !== 'dealer' || each !== 'dealer')
              .map((each) => ({ value: each, text: say(words[each]) }))}
          />
          <ChooseDealer chosen={dealer} />
        </>
      }
    >
      {shown !== null && shown.rows.length === 0 && <p class="empty">{say(words.empty)}</p>}
      {shown !== null && shown.rows.length > 0 && (
        <>
          <Charts answer={shown} grouping={grouping} />
          <GroupTable
            label={say(voiceWords.report)}
            grouping={grouping}
            heads={[
              ...columns.map((column) => say(column.words)),
              say(words.steps),
              ...ledgerNames.map((name) => say(words[name])),
            ]}
            answer={shown}
            cells={(counts) => <Cells counts={counts} />}
          />
        </>
      )}
    </Report>
  )
}
