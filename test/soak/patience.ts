/** Waiting for what goes on, however busy the machine is. */
import { setTimeout as sleep } from 'node:timers/promises'

const lookEveryMs = 50
/** For anything, however it moves. */
const longestMs = 5 * 60_000

/** Until it is done, or `ms` after `count` has changed for the last time. @returns whether it is done */
export const whileItMoves = async (
  isDone: () => boolean,
  count: () => number,
  ms: number,
): Promise<boolean> => {
  const began = Date.now()
  let last = count()
  for (let movedAt = began; !isDone(); await sleep(lookEveryMs)) {
    const now = count()
    if (now !== last) movedAt = Date.now()
    if (Date.now() > Math.min(movedAt + ms, began + longestMs)) return false
    last = now
  }
  return true
}
