/** Work on many readers in slices, between which everything else that waits has its turn. */
import { yieldToEventLoop } from '../commands/inFlight.ts'

/** A slice ends after so many milliseconds, or readers: the system's part of a write comes after the step that asks for it. */
const sliceMs = 2
const sliceReaders = 100

/** Begins a slice. `elapsed`: milliseconds of a clock that nobody sets */
export const createSlices = (elapsed: () => number) => {
  let [since, readers] = [elapsed(), 0]
  return {
    /** A reader was written to. */
    count: (): void => {
      readers += 1
    },
    isOver: (): boolean => readers >= sliceReaders || elapsed() - since >= sliceMs,
    /** Lets others go, then begins the next slice. */
    next: async (): Promise<void> => {
      await yieldToEventLoop()
      ;[since, readers] = [elapsed(), 0]
    },
  }
}
