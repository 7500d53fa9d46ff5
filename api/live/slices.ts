/** Work on many readers in slices, between which commands and everything else that waits have their turn. */
import { type InFlight, yieldToEventLoop } from '../commands/inFlight.ts'

/** A slice ends after so many milliseconds, or readers: the system's part of a write comes after the step that asks for it. */
const sliceMs = 1
const sliceReaders = 20
/** So long commands go first, milliseconds in all; where they never cease, slices follow each other then. */
const mostPausesMs = 40

/** Settles after so many milliseconds, at least one. */
export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Begins the first slice. `elapsed`: milliseconds of a clock that nobody sets */
export const createSlices = (inFlight: Pick<InFlight, 'pause'>, elapsed: () => number) => {
  let [since, readers, pausedMs] = [elapsed(), 0, 0]
  return {
    /** A reader was written to. */
    count: (): void => {
      readers += 1
    },
    isOver: (): boolean => readers >= sliceReaders || elapsed() - since >= sliceMs,
    /** Lets others go, then begins the next slice. */
    next: async (): Promise<void> => {
      const before = elapsed()
      await (pausedMs < mostPausesMs ? inFlight.pause() : yieldToEventLoop())
      ;[since, readers] = [elapsed(), 0]
      pausedMs += since - before
    },
  }
}
