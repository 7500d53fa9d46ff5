/** How many spans stand on each shelf: the next one's number, and which months there are to count. */
import type Database from 'better-sqlite3'
import { placeOfId, shelfOfId, spanId, tierOfShelf } from './kpiSpan.ts'

export type Shelves = {
  /** The number of a new span. */
  nextId(shelf: number): number
  /** The shelves of a tier, in the order of their months. */
  ofTier(tier: number): number[]
  /** Forgets what is held in memory: it is read again when next needed. */
  forget(): void
}

export const createShelves = (db: Database.Database): Shelves => {
  const firstFrom = db
    .prepare<[number], number>('SELECT id FROM kpiSpans WHERE id >= ? ORDER BY id LIMIT 1')
    .pluck()
  const lastBelow = db
    .prepare<[number], number>('SELECT id FROM kpiSpans WHERE id < ? ORDER BY id DESC LIMIT 1')
    .pluck()
  let sizes: Map<number, number> | undefined

  /** Two seeks a shelf, whatever stands on it. */
  const load = (): Map<number, number> => {
    sizes = new Map()
    for (let first = firstFrom.get(0); first !== undefined; ) {
      const shelf = shelfOfId(first)
      const end = spanId(shelf + 1, 0)
      sizes.set(shelf, placeOfId(lastBelow.get(end) as number) + 1)
      first = firstFrom.get(end)
    }
    return sizes
  }

  return {
    nextId: (shelf) => {
      const known = sizes ?? load()
      const place = known.get(shelf) ?? 0
      known.set(shelf, place + 1)
      return spanId(shelf, place)
    },
    ofTier: (tier) =>
      [...(sizes ?? load()).keys()].filter((shelf) => tierOfShelf(shelf) === tier).sort((a, b) => a - b),
    forget: () => {
      sizes = undefined
    },
  }
}
