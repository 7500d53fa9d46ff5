/** Rows that stay where they are while somebody points at them: pure functions. */

export type ShownRow<T> = { key: string; row: T; isGone: boolean }

export type HeldRows<T> = {
  rows: ShownRow<T>[]
  /** Rows that wait to be shown. */
  fresh: number
  /** Whether showing them would also move or remove rows. */
  isMoved: boolean
}

/** All rows as they come. */
export const freeRows = <T>(next: readonly T[], keyOf: (row: T) => string): HeldRows<T> => ({
  rows: next.map((row) => ({ key: keyOf(row), row, isGone: false })),
  fresh: 0,
  isMoved: false,
})

/**
 * The rows of `before` in their places, each with its newest content; one that left the list stays and is marked. Rows
 * that came wait.
 */
export const heldRows = <T>(
  before: readonly ShownRow<T>[],
  next: readonly T[],
  keyOf: (row: T) => string,
): HeldRows<T> => {
  const newest = new Map(next.map((row) => [keyOf(row), row]))
  const places = new Set(before.map(({ key }) => key))
  const rows = before.map(({ key, row }) => {
    const now = newest.get(key)
    return now === undefined ? { key, row, isGone: true } : { key, row: now, isGone: false }
  })
  const kept = rows.filter(({ isGone }) => !isGone).map(({ key }) => key)
  const order = [...newest.keys()].filter((key) => places.has(key))
  return {
    rows,
    fresh: [...newest.keys()].filter((key) => !places.has(key)).length,
    isMoved: kept.length < rows.length || kept.some((key, index) => key !== order[index]),
  }
}
