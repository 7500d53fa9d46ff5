/** Long reads on the main thread: a few rows, then the commands that wait. */

/** The commands in flight, and how to wait for a moment without any. */
export type InFlight = {
  begin(): void
  end(): void
  /** Settles in a later turn of the event loop, when none is in flight or some milliseconds are over; for one caller each turn. */
  pause(): Promise<void>
}

/** Where commands never cease, a slice of work is done so often all the same. */
const longestPauseMs = 4

/** Lets everything else that waits run. */
export const yieldToEventLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

export const createInFlight = (): InFlight => {
  let commands = 0
  let wake: (() => void) | undefined
  let last = Promise.resolve()

  const noneInFlight = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, longestPauseMs)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  const pauseNow = async (): Promise<void> => {
    await yieldToEventLoop()
    if (commands > 0) await noneInFlight()
  }
  return {
    begin: () => {
      commands += 1
    },
    end: () => {
      commands -= 1
      if (commands === 0) wake?.()
    },
    pause: () => {
      // one after the other, so that ten files hold up a command no longer than one
      last = last.then(pauseNow)
      return last
    },
  }
}
