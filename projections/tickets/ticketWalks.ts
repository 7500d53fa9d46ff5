/** Walks over sorted lists of tickets, until a page is full. */
import type { Place, SortedIds } from './sortedIds.ts'

/** Lists that together hold every ticket that can be found; a ticket may be in several. */
export type Source = readonly SortedIds[]

export type Walk = {
  /** The part of the lists to look at. */
  from: Place
  to: Place
  passes: (id: number) => boolean
  /** So many are enough. */
  most: number
}

type KeyOf = (id: number) => number

const isBefore = (keyOf: KeyOf, id: number, place: Place): boolean => {
  const key = keyOf(id)
  return key < place.key || (key === place.key && id < place.id)
}

/** Several sorted sequences as one, in which nothing comes twice; each time their next ones are compared. */
const merged = (nexts: readonly (() => number)[], comesBefore: (a: number, b: number) => boolean) => {
  if (nexts.length === 1) return nexts[0] as () => number
  const heads = nexts.map((next) => next())
  return (): number => {
    let best = 0
    for (const head of heads) if (head !== 0 && (best === 0 || comesBefore(head, best))) best = head
    for (let each = 0; each < heads.length; each += 1)
      if (best !== 0 && heads[each] === best) heads[each] = (nexts[each] as () => number)()
    return best
  }
}

/** How many steps it takes to walk these lists as one. */
const stepsOf = (source: Source, { from, to }: Pick<Walk, 'from' | 'to'>): number =>
  source.reduce((sum, list) => sum + list.between(from, to), 0) * source.length

/** The source that is walked in the fewest steps. @throws Error where there is none */
export const shortest = (sources: readonly Source[], within: Pick<Walk, 'from' | 'to'>) =>
  sources
    .map((source) => ({ source, steps: stepsOf(source, within) }))
    .reduce((a, b) => (b.steps < a.steps ? b : a))

/** The first that pass, upwards from `from` or downwards from `to`, in the lists' own order, which is by `keyOf`. */
export const walk = (
  source: Source,
  keyOf: KeyOf,
  direction: 'up' | 'down',
  { from, to, passes, most }: Walk,
): number[] => {
  const isUp = direction === 'up'
  const next = merged(
    source.map((list) => (isUp ? list.ascending(from, to) : list.descending(from, to))),
    (a, b) => isBefore(keyOf, a, { key: keyOf(b), id: b }) === isUp,
  )
  const found: number[] = []
  for (let id = next(); id !== 0; id = next()) {
    if (!passes(id)) continue
    found.push(id)
    if (found.length === most) break
  }
  return found
}

/** The first that pass in another order than that of the lists: all are looked at, and the best are kept. */
export const pick = (source: Source, keyOf: KeyOf, { from, to, passes, most }: Walk): number[] => {
  const found: number[] = []
  const placeFor = (id: number): number => {
    const place = { key: keyOf(id), id }
    let [low, high] = [0, found.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (isBefore(keyOf, found[middle] as number, place)) low = middle + 1
      else high = middle
    }
    return low
  }
  for (const list of source) {
    const next = list.ascending(from, to)
    for (let id = next(); id !== 0; id = next()) {
      if (!passes(id)) continue
      const place = placeFor(id)
      if (place === most || found[place] === id) continue
      found.splice(place, 0, id)
      if (found.length > most) found.pop()
    }
  }
  return found
}
