/** A rate as number, bar and words: met, failed, pending. */
import type { KpiAnswer } from '../../../reports/kpi.ts'
import { say } from '../core/words.ts'
import { reportWords as words } from './words.ts'

type Rate = KpiAnswer['totals']['response']

const width = 120
const height = 8

export const percent = (rate: number | null): string =>
  rate === null ? say(words.noRate) : `${rate.toFixed(2)}%`

/** How many units met it, failed it, are pending. */
export const countsInWords = ({ met, failed, pending }: Rate): string =>
  say(words.counts, { met, failed, pending })

export const RateBar = ({ rate }: { rate: Rate }) => {
  const { met, failed, pending } = rate
  const total = met + failed + pending
  const part = (count: number): number => (total === 0 ? 0 : (count / total) * width)
  return (
    <span class="rate">
      <strong>{percent(rate.rate)}</strong>
      <svg class="bar" viewBox={`0 0 ${width} ${height}`} width={width} height={height} aria-hidden="true">
        <rect class="bar-none" width={width} height={height} />
        <rect class="bar-met" width={part(met)} height={height} />
        <rect class="bar-failed" x={part(met)} width={part(failed)} height={height} />
        <rect class="bar-pending" x={part(met + failed)} width={part(pending)} height={height} />
      </svg>
      <span class="rate-counts">{countsInWords(rate)}</span>
    </span>
  )
}
