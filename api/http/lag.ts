/** How far views are behind the log: in events where positions are numbers, and in seconds on any engine. */
import type { EventStore, Position } from '../../domain/eventStore.ts'

/** How many events lie between two positions, where they are numbers. */
export const lagOf = (position: Position | null, head: Position | null | undefined): number | null => {
  const [from, to] = [position ?? '0', head ?? '0']
  return /^\d+$/.test(from) && /^\d+$/.test(to) ? Math.max(0, Number(to) - Number(from)) : null
}

/** A store that takes longer than this to name its newest event is as good as gone. */
const storeTimeoutMs = 2_000

/** How often the end of the log is looked at where nobody asks. */
const lookEveryMs = 2_000

/** Samples kept; above that every second one is dropped, which costs precision and no memory. */
const mostSamples = 256

/** Looks at the end of the log, and remembers when it was where: one store call a look, whatever the lag. */
export type HeadWatch = {
  /** The newest position now; `undefined` where the store does not say within 2 seconds. All who ask at once share a call. */
  look(): Promise<Position | null | undefined>
  /** For how many seconds the log has been known to go on after `position`; 0 where it does not. */
  secondsBehind(position: Position | null): number
  stop(): void
}

/** @param clock milliseconds that are never set back; tests set it. */
export const watchHead = (
  { head, comparePositions }: Pick<EventStore, 'head' | 'comparePositions'>,
  clock: () => number = () => performance.now(),
): HeadWatch => {
  let samples: { position: Position; at: number }[] = []
  type Look = Promise<Position | null | undefined>
  let looking: Look | undefined
  let next: Look | undefined

  const note = (position: Position | null): void => {
    const last = samples.at(-1)
    if (position === null || (last !== undefined && comparePositions(position, last.position) <= 0)) return
    samples.push({ position, at: clock() })
    if (samples.length > mostSamples) samples = samples.filter((_, index) => index % 2 === 0)
  }

  const ask = async (): Promise<Position | null | undefined> => {
    let timer: NodeJS.Timeout | undefined
    const timeout = new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, storeTimeoutMs, undefined)
    })
    try {
      const position = await Promise.race([head(), timeout])
      if (position !== undefined) note(position)
      return position
    } catch {
      return undefined
    } finally {
      clearTimeout(timer)
    }
  }

  const begin = (): Look => {
    next = undefined
    looking = ask().finally(() => {
      looking = undefined
    })
    return looking
  }
  // an answer must not be older than its question, so that who asks meanwhile shares the next look
  const look = (): Look => {
    if (looking === undefined) return begin()
    next ??= looking.then(begin)
    return next
  }

  const timer = setInterval(look, lookEveryMs)
  timer.unref()

  return {
    look,
    secondsBehind: (position) => {
      const first = samples.find((each) => position === null || comparePositions(each.position, position) > 0)
      return first === undefined ? 0 : (clock() - first.at) / 1_000
    },
    stop: () => clearInterval(timer),
  }
}
