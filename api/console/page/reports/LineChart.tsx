/** Percentages over time as lines, drawn from the numbers of a table that one key shows instead. */
import { asData, say } from '../core/words.ts'
import { Figure } from './Figure.tsx'
import { reportWords as words } from './words.ts'

export type Series = { name: string; values: readonly (number | null)[] }
type Props = { title: string; points: readonly string[]; pointName: string; series: readonly Series[] }

const width = 640
const height = 220
const left = 66
const bottom = 24
const top = 16

const xOf = (index: number, count: number): number =>
  left + (count < 2 ? 0 : (index / (count - 1)) * (width - left - 12))
const yOf = (value: number): number => top + (1 - value / 100) * (height - top - bottom)

/** Runs of points that follow each other: a week without units breaks the line. */
const pathOf = (values: readonly (number | null)[]): string =>
  values
    .map((value, index) => {
      if (value === null) return ''
      const before = values[index - 1]
      return `${before == null ? 'M' : 'L'}${xOf(index, values.length).toFixed(1)} ${yOf(value).toFixed(1)}`
    })
    .join('')

const shown = (value: number | null | undefined): string => (value == null ? say(words.noRate) : `${value}%`)

export const LineChart = ({ title, points, pointName, series }: Props) => (
  <Figure
    title={title}
    heads={[pointName, ...series.map(({ name }) => name)]}
    rows={points.map((point, index) => ({
      name: point,
      cells: series.map(({ values }) => shown(values[index])),
    }))}
  >
    <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={title}>
      {[0, 25, 50, 75, 100].map((value) => (
        <g key={value}>
          <line class="grid" x1={left} x2={width - 12} y1={yOf(value)} y2={yOf(value)} />
          <text class="axis" x={left - 6} y={yOf(value) + 4} text-anchor="end">
            {value}%
          </text>
        </g>
      ))}
      {points.map((point, index) =>
        index % 2 === 0 ? (
          <text
            key={point}
            class="axis"
            {...asData}
            x={xOf(index, points.length)}
            y={height - 6}
            text-anchor={index === 0 ? 'start' : index === points.length - 1 ? 'end' : 'middle'}
          >
            {point.replace(/^\d+-/, '')}
          </text>
        ) : null,
      )}
      {series.map(({ name, values }, nth) => (
        <g key={name} class={`line line-${nth}`}>
          <path d={pathOf(values)} />
          {values.map((value, index) =>
            value === null ? null : (
              <circle key={points[index]} cx={xOf(index, values.length)} cy={yOf(value)} r={3} />
            ),
          )}
        </g>
      ))}
    </svg>
    <ul class="legend">
      {series.map(({ name }, nth) => (
        <li key={name}>
          <svg viewBox="0 0 24 8" width={24} height={8} aria-hidden="true" class={`line line-${nth}`}>
            <path d="M0 4L24 4" />
          </svg>
          {name}
        </li>
      ))}
    </ul>
  </Figure>
)
