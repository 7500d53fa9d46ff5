/** Texts that are made once for all who need the same one at nearly the same time. */

/** Forgets everything each `ms`, so that no text is older. `elapsed`: milliseconds of a clock that nobody sets. */
export const createShortCache = (ms: number, elapsed: () => number) => {
  let texts = new Map<string, string>()
  let since = elapsed()
  return (key: string, make: () => string): string => {
    if (elapsed() - since >= ms) {
      texts = new Map()
      since = elapsed()
    }
    const text = texts.get(key) ?? make()
    texts.set(key, text)
    return text
  }
}
