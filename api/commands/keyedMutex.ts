/** A keyed mutex: work under one key runs one after the other in this process, in the order of asking. */

export type KeyedMutex = {
  /**
   * Runs `work` when nothing else runs under any of `keys`. All keys are taken in one step, so two callers never wait
   * for each other. Work that takes keys itself must take them in the order of `api/commands/tickets/queues.ts`.
   * @throws what `work` throws; the next in the queue runs all the same
   */
  run<T>(keys: readonly string[], work: () => Promise<T>): Promise<T>
}

/** One for each service: it is part of `Deps`. */
export const createKeyedMutex = (): KeyedMutex => {
  /** The last in the queue of each key, as a promise that settles when it is done. */
  const queues = new Map<string, Promise<unknown>>()

  return {
    run: async (keys, work) => {
      const before = keys.flatMap((key) => queues.get(key) ?? [])
      const own = before.length === 0 ? work() : Promise.all(before).then(work)
      const settled = own.catch(() => undefined)
      for (const key of keys) queues.set(key, settled)
      try {
        return await own
      } finally {
        for (const key of keys) if (queues.get(key) === settled) queues.delete(key)
      }
    },
  }
}
