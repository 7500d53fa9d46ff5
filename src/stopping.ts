/** How the process ends: with exit code 0 and within 10 seconds of the signal, whatever callers, disk or readers do. */
import type { Logger } from 'pino'
import { describeError } from '../api/commands/describeError.ts'
import type { LogOutput } from './logOutput.ts'

/** From the signal until the process exits even where something is still open, milliseconds. */
const hardStopMs = 8_000

/** For the reader of the last log lines, milliseconds. */
const flushMs = 300

type EndOptions = { log: Logger; output: Pick<LogOutput, 'flushed'>; exit?: (code: number) => void }

/**
 * Ends the process at SIGTERM or SIGINT. `stopWith` says how a service that has started closes; before that there is
 * nothing to finish. What was acknowledged is on the disk, so that even a forced end loses nothing.
 */
export const endOnSignal = ({ log, output, exit = process.exit }: EndOptions) => {
  let close: () => Promise<void> = async () => undefined
  let isStopping = false

  const end = (): void => {
    output.flushed(flushMs).then(() => exit(0))
  }
  const stop = (signal: NodeJS.Signals): void => {
    if (isStopping) return
    isStopping = true
    log.info({ signal }, 'draining')
    const force = setTimeout(() => {
      log.warn({ afterMs: hardStopMs }, 'stopped by force: something did not end in time')
      end()
    }, hardStopMs)
    close()
      .then(
        () => log.info('stopped'),
        (error: unknown) => log.error({ error: describeError(error) }, 'stopped, but not cleanly'),
      )
      .finally(() => {
        clearTimeout(force)
        end()
      })
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop(signal))
  return {
    stopWith: (closing: () => Promise<void>): void => {
      close = closing
    },
  }
}
