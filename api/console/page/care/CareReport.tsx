/** The care report: tasks due in a quarter and what became of them, by dealer, kind, RBO or month (rulebook §15). */
import { useSignal } from '@preact/signals'
import { now } from '../core/clock.ts'
import { say } from '../core/words.ts'
import { useAnswer } from '../lists/answer.ts'
import { Choose } from '../reports/Choose.tsx'
import { ChooseQuarter } from '../reports/ChooseQuarter.tsx'
import { GroupTable } from '../reports/GroupTable.tsx'
import { useNewestFilled } from '../reports/newestFilled.ts'
import { quarterOf } from '../reports/quarters.ts'
import { percent } from '../reports/RateBar.tsx'
import { Report } from '../reports/Report.tsx'
import { StackChart } from '../reports/StackChart.tsx'
import { desk } from '../session/desk.ts'
import { careWords as words } from './words.ts'

/** What became of a task that is due in the quarter, as the answer and the chart have it. */
const outcomes = ['doneInTime', 'doneLate', 'failedCalls', 'overdueCalls', 'openCalls'] as const

type Counts = Record<(typeof outcomes)[number] | 'due' | 'notNeeded', number> & {
  satisfactionRate: number | null
}
type Answer = { rows: (Counts & { key: string; name: string })[]; totals: Counts }

const columns = ['due', ...outcomes, 'notNeeded'] as const

const groupings = ['dealer', 'kind', 'rbo', 'month'] as const

const Cells = ({ counts }: { counts: Counts }) => (
  <>
    {columns.map((name) => (
      <td key={name}>{counts[name]}</td>
    ))}
    <td>{percent(counts.satisfactionRate)}</td>
  </>
)

export const CareReport = () => {
  const quarter = useSignal(quarterOf(now.peek()))
  const by = useSignal<string>(desk.value === 'dealer' ? 'kind' : 'dealer')
  const path = `/v1/reports/care?quarter=${quarter.value}&by=${by.value}`
  const { answer, problem } = useAnswer<Answer>(path)
  const shown = answer.value
  const rows = shown?.rows ?? []
  useNewestFilled(quarter, shown && rows.length > 0)
  const grouping = say(words[by.value as (typeof groupings)[number]])
  return (
    <Report
      title={say(words.report)}
      hint={say(words.reportLead)}
      problem={problem.value}
      isLoading={shown === null}
      head={
        <>
          <ChooseQuarter chosen={quarter} />
          <Choose
            text={say(words.by)}
            chosen={by}
            choices={groupings
              .filter((each) => desk.value !== 'dealer' || each === 'kind' || each === 'month')
              .map((each) => ({ value: each, text: say(words[each]) }))}
          />
        </>
      }
    >
      {shown !== null && rows.length === 0 && <p class="empty">{say(words.nothingDue)}</p>}
      {shown !== null && rows.length > 0 && (
        <>
          <StackChart
            title={say(words.chart)}
            name={grouping}
            parts={outcomes.map((name) => say(words[name]))}
            rows={rows.map((row) => ({ name: row.name, values: outcomes.map((name) => row[name]) }))}
          />
          <GroupTable
            label={say(words.report)}
            grouping={grouping}
            heads={[
              ...columns.map((name) => say(name === 'due' ? words.dueTasks : words[name])),
              say(words.satisfied),
            ]}
            answer={shown}
            cells={(counts) => <Cells counts={counts} />}
          />
        </>
      )}
    </Report>
  )
}
