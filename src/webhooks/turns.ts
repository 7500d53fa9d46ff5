/** Lets commands go before deliveries: a few deliveries are made, then whatever else waits has the event loop. */

/** Deliveries made in a row. */
const mostInARow = 8

/** @param pause settles when no command is in flight, or after some milliseconds. */
export const createTurns = (pause: () => Promise<void>): (() => Promise<void>) => {
  let waiting: (() => void)[] = []
  let isRunning = false

  const run = async (): Promise<void> => {
    isRunning = true
    while (waiting.length > 0) {
      await pause()
      const next = waiting.slice(0, mostInARow)
      waiting = waiting.slice(mostInARow)
      for (const go of next) go()
    }
    isRunning = false
  }

  return () =>
    new Promise((resolve) => {
      waiting.push(resolve)
      if (!isRunning) void run()
    })
}
