/** The scores of an RBO's dealers as bars, with the limit under which a dealer pays; the table below has the numbers. */
import { ChartName } from '../reports/ChartName.tsx'
import type { DealerRow } from './assessment.ts'

const rowHeight = 22
const nameWidth = 290
const width = 700
const barWidth = width - nameWidth - 84

type Props = { title: string; dealers: readonly DealerRow[]; penaltyBelow: number }

export const ScoreChart = ({ title, dealers, penaltyBelow }: Props) => {
  const ranked = dealers.filter(({ score }) => score !== null)
  if (ranked.length === 0) return null
  const height = ranked.length * rowHeight + 4
  const xOf = (score: number): number => nameWidth + (score / 100) * barWidth
  return (
    <svg class="scores" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={title}>
      {ranked.map(({ dealer, name, score, outcome }, index) => (
        <g key={dealer} class={`score score-${outcome}`}>
          <ChartName
            name={name}
            x={nameWidth - 8}
            y={index * rowHeight + 16}
            most={{ wide: 22, narrow: 13 }}
          />
          <rect x={nameWidth} y={index * rowHeight + 5} width={xOf(score ?? 0) - nameWidth} height={14} />
          <text class="axis" x={xOf(score ?? 0) + 6} y={index * rowHeight + 16}>
            {score?.toFixed(2)}
          </text>
        </g>
      ))}
      <line class="limit" x1={xOf(penaltyBelow)} x2={xOf(penaltyBelow)} y1={0} y2={height} />
    </svg>
  )
}
