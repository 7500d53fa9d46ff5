/** What operators watch of the business: complaints taken, what is open now, refusals. */
import { Counter, Gauge, type Registry } from 'prom-client'
import type { NowCounts } from '../../projections/tickets/countsOfNow.ts'

export type BusinessMetrics = {
  /** Complaints taken, by what came of them; a replayed answer is none. */
  complaints: Counter<'outcome'>
  /** Refused requests, by the code of the problem. */
  refusals: Counter<'code'>
  /** Tokens that do not count, and roles that may not. */
  authFailures: Counter<'code'>
  /** Reads what is open at every scrape from now on; `null`: the view is not ready. */
  watchNow(counts: () => NowCounts | null): void
}

const gauges = {
  complaints_unhandled: ['Open complaints that nobody has responded to', 'unhandled'],
  complaints_in_progress: ['Open complaints that were responded to', 'inProgress'],
  complaints_overdue: ['Open complaints whose response or closing is past its due', 'overdue'],
  complaints_due_soon: ['Open complaints that are due within two hours', 'dueSoon'],
  warnings_open: ['Early warnings that are not resolved', 'openWarnings'],
} as const satisfies Record<string, readonly [string, keyof NowCounts]>

export const createBusinessMetrics = (registry: Registry): BusinessMetrics => {
  const registers = [registry]
  const counter = <L extends string>(name: string, help: string, label: L): Counter<L> =>
    new Counter({ name, help, labelNames: [label], registers })
  const complaints = counter('complaints_total', 'Complaints taken, by what came of them', 'outcome')
  for (const outcome of ['registered', 'escalated', 'contact_logged']) complaints.inc({ outcome }, 0)
  return {
    complaints,
    refusals: counter('refusals_total', 'Refused requests, by the code of the problem', 'code'),
    authFailures: counter('auth_failures_total', 'Refused tokens and roles, by code', 'code'),
    watchNow: (count) => {
      let counted: { counts: NowCounts | null } | null = null
      /** All gauges of a scrape are read in one synchronous step, and share one count. */
      const counts = (): NowCounts | null => {
        if (counted === null) {
          counted = { counts: count() }
          queueMicrotask(() => {
            counted = null
          })
        }
        return counted.counts
      }
      for (const [name, [help, field]] of Object.entries(gauges))
        new Gauge({
          name,
          help,
          registers,
          collect() {
            const now = counts()
            // without the view nothing is known, and zero would say that all is well
            if (now === null) this.remove()
            else this.set(now[field])
          },
        })
    },
  }
}
