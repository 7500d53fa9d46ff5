/** Counts over time as bars, drawn from the numbers of a table. */
import { asData } from '../core/words.ts'
import { Figure } from './Figure.tsx'

type Props = {
  title: string
  pointName: string
  valueName: string
  points: readonly { name: string; value: number }[]
}

const width = 640
const height = 180
const top = 28
const bottom = 22

export const BarChart = ({ title, pointName, valueName, points }: Props) => {
  const most = Math.max(1, ...points.map(({ value }) => value))
  const step = width / Math.max(points.length, 1)
  const heightOf = (value: number): number => (value / most) * (height - top - bottom)
  return (
    <Figure
      title={title}
      heads={[pointName, valueName]}
      rows={points.map(({ name, value }) => ({ name, cells: [String(value)] }))}
    >
      <svg class="columns" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={title}>
        {points.map(({ name, value }, index) => (
          <g key={name}>
            <rect
              x={index * step + step * 0.2}
              y={height - bottom - heightOf(value)}
              width={step * 0.6}
              height={heightOf(value)}
            />
            <text
              class="axis"
              x={index * step + step / 2}
              y={height - bottom - heightOf(value) - 5}
              text-anchor="middle"
            >
              {value}
            </text>
            <text class="axis" x={index * step + step / 2} y={height - 6} text-anchor="middle" {...asData}>
              {name.replace(/^\d+-/, '')}
            </text>
          </g>
        ))}
      </svg>
    </Figure>
  )
}
