/** What was used lately, by key. */
export type Recent<K, V> = {
  get(key: K): V | undefined
  put(key: K, value: V): void
  drop(key: K): void
  /** Drops all that are so. Looks at every entry. */
  dropWhere(isSo: (value: V) => boolean): void
}

/**
 * Keeps about `limit` entries at most, in two generations of which the older is dropped when the younger is full.
 * Every step costs the same, which a map that loses its oldest entry one by one does not.
 */
export const createRecent = <K, V>(limit: number): Recent<K, V> => {
  let young = new Map<K, V>()
  let old = new Map<K, V>()
  const put = (key: K, value: V): void => {
    if (young.size >= limit / 2) {
      old = young
      young = new Map()
    }
    young.set(key, value)
  }
  return {
    put,
    get: (key) => {
      const recent = young.get(key)
      if (recent !== undefined) return recent
      const value = old.get(key)
      if (value !== undefined) put(key, value)
      return value
    },
    drop: (key) => {
      young.delete(key)
      old.delete(key)
    },
    dropWhere: (isSo) => {
      for (const entries of [young, old])
        for (const [key, value] of entries) if (isSo(value)) entries.delete(key)
    },
  }
}
