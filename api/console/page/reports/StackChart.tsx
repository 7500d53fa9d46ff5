/** Counts of several parts a row as one bar each, drawn from the numbers of a table. */

import { say } from '../core/words.ts'
import { ChartName } from './ChartName.tsx'
import { Figure } from './Figure.tsx'
import { reportWords as words } from './words.ts'

type Props = {
  title: string
  /** Head of the column that names the rows. */
  name: string
  /** Names of the parts, as many as there are colours. */
  parts: readonly string[]
  rows: readonly { name: string; values: readonly number[] }[]
}

const width = 640
const nameWidth = 190
const rowHeight = 26
const barHeight = 16
const sumWidth = 48
const barWidth = width - nameWidth - sumWidth

/** A picture has no room for more; the table has all. */
const mostShown = 25

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)

/** Where each part begins and how long it is, of a bar whose longest has the whole width. */
const partsOf = (values: readonly number[], most: number): { x: number; length: number }[] =>
  values.map((value, index) => ({
    x: (sumOf(values.slice(0, index)) / most) * barWidth,
    length: (value / most) * barWidth,
  }))

export const StackChart = ({ title, name, parts, rows }: Props) => {
  const shown = rows.slice(0, mostShown)
  const most = Math.max(1, ...shown.map(({ values }) => sumOf(values)))
  return (
    <Figure
      title={title}
      heads={[name, ...parts]}
      rows={rows.map((row) => ({ name: row.name, cells: row.values.map(String) }))}
    >
      <svg class="stack" viewBox={`0 0 ${width} ${shown.length * rowHeight}`} role="img" aria-label={title}>
        {shown.map((row, index) => (
          <g key={row.name}>
            <ChartName
              name={row.name}
              x={nameWidth - 10}
              y={index * rowHeight + barHeight - 1}
              most={{ wide: 14, narrow: 9 }}
            />
            {partsOf(row.values, most).map(({ x, length }, part) => (
              <rect
                key={parts[part]}
                class={`part-${part}`}
                x={nameWidth + x}
                y={index * rowHeight + 2}
                width={length}
                height={barHeight}
              >
                <title>{`${parts[part]} ${row.values[part]}`}</title>
              </rect>
            ))}
            <text class="axis" x={width} y={index * rowHeight + barHeight - 1} text-anchor="end">
              {sumOf(row.values)}
            </text>
          </g>
        ))}
      </svg>
      <ul class="legend">
        {parts.map((part, index) => (
          <li key={part}>
            <svg viewBox="0 0 16 12" width={16} height={12} aria-hidden="true">
              <rect class={`part-${index}`} width={16} height={12} />
            </svg>
            {part}
          </li>
        ))}
      </ul>
      {shown.length < rows.length && (
        <p class="hint">{say(words.firstShown, { shown: shown.length, all: rows.length })}</p>
      )}
    </Figure>
  )
}
