/** What an engine reports while it is opened and read, as lines of the log. */
import type { Logger } from 'pino'
import type { Metrics } from '../api/http/metrics.ts'
import type { ViewsProgress } from '../projections/views.ts'

/** Logs how far the views are built, every two seconds. */
export const showProgress = (log: Logger) => {
  let shown = 0
  return ({ events, position }: ViewsProgress): void => {
    const now = Date.now()
    if (now - shown < 2_000) return
    shown = now
    log.info({ events, position }, 'views are being built')
  }
}

/** Counts sealed texts that do not open, and says so once in a while. */
export const unreadableTold = (log: Logger, { unreadableTexts }: Metrics): (() => void) => {
  let toldAt = Number.NEGATIVE_INFINITY
  return () => {
    unreadableTexts.inc()
    if (performance.now() - toldAt < 60_000) return
    toldAt = performance.now()
    log.error('a sealed text cannot be opened and is shown as unreadable: "npm run verify" names the event')
  }
}
