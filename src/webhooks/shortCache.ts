/** Values that are made once for all who need the same one at nearly the same time. */

/** Forgets everything each `ms`, so that no value is older. `elapsed`: milliseconds of a clock that nobody sets. */
export const createShortCache = <T = string>(ms: number, elapsed: () => number) => {
  let values = new Map<string, T>()
  let since = elapsed()
  return (key: string, make: () => T): T => {
    if (elapsed() - since >= ms) {
      values = new Map()
      since = elapsed()
    }
    const value = values.get(key) ?? make()
    values.set(key, value)
    return value
  }
}
