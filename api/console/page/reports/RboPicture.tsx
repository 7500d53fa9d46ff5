/** A quarter in one picture: the three rates of each RBO's dealers, side by side. */
import type { KpiAnswer } from '../../../reports/kpi.ts'
import { say, type Words } from '../core/words.ts'
import { ChartName } from './ChartName.tsx'
import { Figure } from './Figure.tsx'
import { countsInWords, percent } from './RateBar.tsx'
import { measureNames } from './Units.tsx'
import { reportWords } from './words.ts'

const words = {
  title: { en: 'The quarter by RBO: rates of its dealers', zh: '本季度各品牌营销大区经销商三项指标' },
  counts: { en: '{name}: {rate}, {counts}', zh: '{name}：{rate}，{counts}' },
} as const satisfies Record<string, Words>

const width = 640
const nameWidth = 150
const barHeight = 18
const groupHeight = measureNames.length * (barHeight + 3) + 14
const barWidth = width - nameWidth - 78

/** A quarter may have more regions than a picture has room for; the table has all. */
const mostShown = 20

export const RboPicture = ({ rows }: { rows: KpiAnswer['rows'] }) => {
  const title = say(words.title)
  const shown = rows.slice(0, mostShown)
  return (
    <Figure
      title={title}
      heads={[
        say(reportWords.rbo),
        say(reportWords.units),
        ...measureNames.flatMap((name) => [
          say(reportWords[name]),
          say(reportWords.countsOf, { measure: say(reportWords[name]) }),
        ]),
      ]}
      rows={rows.map((row) => ({
        name: row.name,
        cells: [
          String(row.total),
          ...measureNames.flatMap((name) => [percent(row[name].rate), countsInWords(row[name])]),
        ],
      }))}
    >
      <svg
        class="rates-of-rbos"
        viewBox={`0 0 ${width} ${shown.length * groupHeight}`}
        role="img"
        aria-label={title}
      >
        {shown.map((row, group) => (
          <g key={row.key}>
            <ChartName
              name={row.name}
              x={nameWidth - 10}
              y={group * groupHeight + 2 * barHeight + 2}
              most={{ wide: 10, narrow: 7 }}
            />
            {measureNames.map((name, index) => {
              const { rate } = row[name]
              const y = group * groupHeight + index * (barHeight + 3)
              return (
                <g key={name} class={`bar-of bar-of-${index}`}>
                  <rect class="bar-none" x={nameWidth} y={y} width={barWidth} height={barHeight} />
                  <rect x={nameWidth} y={y} width={((rate ?? 0) / 100) * barWidth} height={barHeight}>
                    <title>
                      {say(words.counts, {
                        name: say(reportWords[name]),
                        rate: percent(rate),
                        counts: countsInWords(row[name]),
                      })}
                    </title>
                  </rect>
                  <text class="axis" x={width} y={y + barHeight - 2} text-anchor="end">
                    {percent(rate)}
                  </text>
                </g>
              )
            })}
          </g>
        ))}
      </svg>
      <ul class="legend">
        {measureNames.map((name, index) => (
          <li key={name}>
            <svg
              viewBox="0 0 16 12"
              width={16}
              height={12}
              aria-hidden="true"
              class={`bar-of bar-of-${index}`}
            >
              <rect width={16} height={12} />
            </svg>
            {say(reportWords[name])}
          </li>
        ))}
      </ul>
    </Figure>
  )
}
