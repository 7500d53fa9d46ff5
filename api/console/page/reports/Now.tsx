/** Counts of now: what there is to do, in all and by who holds it. */
import { say, type Words } from '../core/words.ts'
import { useAnswer } from '../lists/answer.ts'
import { Scroll } from '../ui/Scroll.tsx'

const words = {
  title: { en: 'Now', zh: '当前' },
  unhandled: { en: 'unhandled', zh: '未处理' },
  inProgress: { en: 'in progress', zh: '处理中' },
  overdue: { en: 'overdue', zh: '已超期' },
  dueSoon: { en: 'due within {hours} h', zh: '{hours} 小时内到期' },
  openWarnings: { en: 'open warnings', zh: '未处理预警' },
  holder: { en: 'Held by', zh: '当前处理单位' },
  rbo: { en: 'RBO', zh: '品牌营销大区' },
  none: { en: 'none', zh: '无' },
} as const satisfies Record<string, Words>

const names = ['unhandled', 'inProgress', 'overdue', 'dueSoon', 'openWarnings'] as const
type Counts = Record<(typeof names)[number], number>
type Row = Counts & {
  dimension: 'holder' | 'rbo' | 'category'
  tier: string | null
  key: string | null
  name: string
}
type Answer = { dueSoonMinutes: number; rows: Row[]; totals: Counts }

const heading = (name: (typeof names)[number], { dueSoonMinutes }: Answer): string =>
  say(words[name], { hours: dueSoonMinutes / 60 })

/** `by`: what the table below the sums is counted by; no table where it is left out. */
export const Now = ({ by }: { by?: 'holder' | 'rbo' }) => {
  const { answer } = useAnswer<Answer>('/v1/reports/now')
  const shown = answer.value
  if (shown === null) return null
  const rows = shown.rows.filter(({ dimension }) => dimension === by)
  return (
    <section class="now" aria-label={say(words.title)}>
      <dl class="counts">
        {names.map((name) => (
          <div key={name} class={`count-of count-${name}${shown.totals[name] > 0 ? '' : ' count-zero'}`}>
            <dt>{heading(name, shown)}</dt>
            <dd translate={false}>{shown.totals[name]}</dd>
          </div>
        ))}
      </dl>
      {by !== undefined && rows.length > 1 && (
        <Scroll label={say(words.title)}>
          <table class="numbers cards">
            <thead>
              <tr>
                <th scope="col">{say(words[by])}</th>
                {names.map((name) => (
                  <th key={name} scope="col">
                    {heading(name, shown)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={`${row.tier} ${row.key}`}>
                  <th scope="row" translate={false}>
                    {row.key === null ? say(words.none) : row.name}
                  </th>
                  {names.map((name) => (
                    <td key={name} data-head={heading(name, shown)}>
                      {row[name]}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </section>
  )
}
