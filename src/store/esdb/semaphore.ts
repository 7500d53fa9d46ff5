/** Lets so many at a time do something; the others wait in the order in which they came. */
export const createGate = (limit: number) => {
  const waiting: (() => void)[] = []
  let inside = 0
  return async <T>(work: () => Promise<T>): Promise<T> => {
    // who leaves hands over its place, so nobody who comes meanwhile takes it
    if (inside >= limit) await new Promise<void>((resolve) => waiting.push(resolve))
    else inside += 1
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) inside -= 1
      else next()
    }
  }
}
