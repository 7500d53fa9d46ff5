/** When complaints come in: hours of the day by days of the week, in Shanghai. */
import type { StatisticsAnswer } from '../../../reports/statisticsSchemas.ts'
import { asData, say, type Words } from '../core/words.ts'
import { Figure } from './Figure.tsx'

const words = {
  title: { en: 'Complaints by hour and day of the week', zh: '投诉时段分布（小时 × 星期）' },
  hour: { en: 'Hour', zh: '时段' },
  all: { en: 'All', zh: '合计' },
  cell: { en: '{day} {hour}:00: {count}', zh: '{day} {hour}:00：{count}' },
  scale: { en: '0 to {most} complaints in each hour of the week', zh: '每时段 0 至 {most} 件' },
} as const satisfies Record<string, Words>

const days: readonly Words[] = [
  { en: 'Mon', zh: '周一' },
  { en: 'Tue', zh: '周二' },
  { en: 'Wed', zh: '周三' },
  { en: 'Thu', zh: '周四' },
  { en: 'Fri', zh: '周五' },
  { en: 'Sat', zh: '周六' },
  { en: 'Sun', zh: '周日' },
]
const hours = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'))

type Rows = Pick<StatisticsAnswer['rows'][number], 'keys' | 'complaints'>[]

const left = 52
const top = 4
const cellWidth = 24
const cellHeight = 22
const gap = 2
/** Steps of the scale, the first for none: numbers near each other look alike, so the table has them. */
const steps = 6

const stepOf = (count: number, most: number): number =>
  count === 0 ? 0 : Math.max(1, Math.ceil((count / most) * (steps - 1)))

const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0)

export const HeatMap = ({ rows }: { rows: Rows }) => {
  const found = new Map(rows.map(({ keys, complaints }) => [`${keys.weekday} ${keys.hour}`, complaints]))
  const countOf = (day: number, hour: string): number => found.get(`${day + 1} ${hour}`) ?? 0
  const most = Math.max(0, ...found.values())
  const title = say(words.title)
  const numbered = hours.map((hour) => ({ hour, counts: days.map((_, day) => countOf(day, hour)) }))
  return (
    <Figure
      title={title}
      heads={[say(words.hour), ...days.map((day) => say(day)), say(words.all)]}
      rows={numbered.map(({ hour, counts }) => ({
        name: `${hour}:00`,
        cells: [...counts, sum(counts)].map(String),
      }))}
    >
      <svg
        class="heat"
        viewBox={`0 0 ${left + hours.length * cellWidth} ${top + days.length * cellHeight + 20}`}
        role="img"
        aria-label={title}
      >
        {days.map((day, row) => (
          <g key={day.en}>
            <text class="axis" x={left - 8} y={top + row * cellHeight + 16} text-anchor="end">
              {say(day)}
            </text>
            {hours.map((hour, column) => {
              const count = countOf(row, hour)
              return (
                <rect
                  key={hour}
                  class={`heat-${stepOf(count, most)}`}
                  x={left + column * cellWidth}
                  y={top + row * cellHeight}
                  width={cellWidth - gap}
                  height={cellHeight - gap}
                >
                  <title>{say(words.cell, { day: say(day), hour, count })}</title>
                </rect>
              )
            })}
          </g>
        ))}
        {hours.map((hour, column) =>
          column % 3 === 0 ? (
            <text
              key={hour}
              class="axis"
              x={left + column * cellWidth}
              y={top + days.length * cellHeight + 14}
              {...asData}
            >
              {hour}
            </text>
          ) : null,
        )}
      </svg>
      <p class="legend">
        <svg viewBox={`0 0 ${steps * 18} 12`} width={steps * 18} height={12} aria-hidden="true">
          {Array.from({ length: steps }, (_, step) => (
            <rect key={step} class={`heat-${step}`} x={step * 18} width={16} height={12} />
          ))}
        </svg>
        {say(words.scale, { most })}
      </p>
    </Figure>
  )
}
