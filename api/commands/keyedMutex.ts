/** Who holds a key now, as a promise that settles when the last in line is done. */
const lines = new Map<string, Promise<unknown>>()

/**
 * Runs `work` when nothing else runs under any of `keys` in this process, in the order of asking. All keys are
 * taken in one step, so no two callers can wait for each other.
 */
export const exclusively = async <T>(keys: readonly string[], work: () => Promise<T>): Promise<T> => {
  const before = keys.flatMap((key) => lines.get(key) ?? [])
  const turn = before.length === 0 ? work() : Promise.all(before).then(work)
  const settled = turn.catch(() => undefined)
  for (const key of keys) lines.set(key, settled)
  try {
    return await turn
  } finally {
    for (const key of keys) if (lines.get(key) === settled) lines.delete(key)
  }
}
