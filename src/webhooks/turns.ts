/** Lets commands go before deliveries: a few deliveries are made, then whatever else waits has the event loop. */

/** Deliveries made in a row while no command is in flight, and while commands never cease. */
const whileIdle = 8
const whileBusy = 2
/** A pause that took so long, in milliseconds, was ended by its time limit and not by the last command. */
const busyMs = 3

/**
 * @param pause settles when no command is in flight, or after some milliseconds.
 * @param elapsed milliseconds of a clock that nobody sets
 */
export const createTurns = (pause: () => Promise<void>, elapsed: () => number): (() => Promise<void>) => {
  let waiting: (() => void)[] = []
  let isRunning = false

  const run = async (): Promise<void> => {
    isRunning = true
    while (waiting.length > 0) {
      const began = elapsed()
      await pause()
      const count = elapsed() - began >= busyMs ? whileBusy : whileIdle
      const next = waiting.slice(0, count)
      waiting = waiting.slice(count)
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
