/** Values by name as bars to the right, and to the left where they are less than nothing; drawn from a table's numbers. */
import { ChartName } from '../reports/ChartName.tsx'
import { Figure } from '../reports/Figure.tsx'

type Row = { name: string; value: number; text: string }
type Props = { title: string; nameHead: string; valueHead: string; rows: readonly Row[] }

const width = 640
const nameWidth = 210
const rowHeight = 26
const barHeight = 16
/** Room for the number at the end of a bar. */
const textWidth = 120
const barWidth = width - nameWidth - textWidth

/** A picture has no room for more; the table has all. */
const mostShown = 25

export const RankChart = ({ title, nameHead, valueHead, rows }: Props) => {
  const shown = rows.slice(0, mostShown)
  const least = Math.min(0, ...shown.map(({ value }) => value))
  const most = Math.max(0, ...shown.map(({ value }) => value))
  const span = Math.max(most - least, 1)
  const xOf = (value: number): number => nameWidth + ((value - least) / span) * barWidth
  return (
    <Figure
      title={title}
      heads={[nameHead, valueHead]}
      rows={rows.map(({ name, text }) => ({ name, cells: [text] }))}
    >
      <svg class="ranks" viewBox={`0 0 ${width} ${shown.length * rowHeight}`} role="img" aria-label={title}>
        <line class="grid" x1={xOf(0)} x2={xOf(0)} y1={0} y2={shown.length * rowHeight} />
        {shown.map(({ name, value, text }, index) => (
          <g key={name} class={value < 0 ? 'rank-less' : 'rank'}>
            <ChartName
              name={name}
              x={nameWidth - 10}
              y={index * rowHeight + barHeight - 1}
              most={{ wide: 16, narrow: 10 }}
            />
            <rect
              x={xOf(Math.min(value, 0))}
              y={index * rowHeight + 2}
              width={xOf(Math.max(value, 0)) - xOf(Math.min(value, 0))}
              height={barHeight}
            />
            <text class="axis" x={xOf(Math.max(value, 0)) + 6} y={index * rowHeight + barHeight - 1}>
              {text}
            </text>
          </g>
        ))}
      </svg>
    </Figure>
  )
}
