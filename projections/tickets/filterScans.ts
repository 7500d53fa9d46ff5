/** Walks over sorted lists of tickets, until a page is full. */
import { firstPlace } from '../../domain/binarySearch.ts'
import type { SortedIds, SortedPlace } from '../columns/sortedIds.ts'

type Lists = readonly SortedIds[]

export type Walk = {
  /** The part of the lists to look at. */
  from: SortedPlace
  to: SortedPlace
  passes: (id: number) => boolean
  /** So many are enough. */
  most: number
}

type KeyOf = (id: number) => number

const isBefore = (keyOf: KeyOf, id: number, place: SortedPlace): boolean => {
  const key = keyOf(id)
  return key < place.key || (key === place.key && id < place.id)
}

/** How many tickets the lists hold there; one that is in several counts for each. */
export const sizeOf = (lists: Lists, { from, to }: Pick<Walk, 'from' | 'to'>): number =>
  lists.reduce((sum, list) => sum + list.between(from, to), 0)

const firstOf = (list: SortedIds, direction: 'up' | 'down', { from, to, passes, most }: Walk): number[] => {
  const isUp = direction === 'up'
  const next = isUp ? list.ascending(from, to) : list.descending(from, to)
  const found: number[] = []
  for (let run = next(); run !== null; run = next()) {
    const { length } = run
    for (let step = 0; step < length; step += 1) {
      const id = run[isUp ? step : length - 1 - step] as number
      if (!passes(id)) continue
      found.push(id)
      if (found.length === most) return found
    }
  }
  return found
}

/** The first that pass, upwards from `from` or downwards from `to`, in the lists' own order, which is by `keyOf`. */
export const walk = (lists: Lists, keyOf: KeyOf, direction: 'up' | 'down', search: Walk): number[] => {
  const sign = direction === 'up' ? 1 : -1
  let found: number[] = []
  let { from, to } = search
  for (const list of lists) {
    const others = firstOf(list, direction, { ...search, from, to })
    found =
      found.length === 0
        ? others
        : [...new Set([...found, ...others])]
            .sort((a, b) => sign * (keyOf(a) - keyOf(b) || a - b))
            .slice(0, search.most)
    const last = found[search.most - 1]
    if (last === undefined) continue
    // what comes after enough that were found need not be looked at
    if (direction === 'up') to = { key: keyOf(last), id: last }
    else from = { key: keyOf(last), id: last + 1 }
  }
  return found
}

/** The first that pass in another order than that of the lists: all are looked at, and the best are kept. */
export const pick = (lists: Lists, keyOf: KeyOf, { from, to, passes, most }: Walk): number[] => {
  const found: number[] = []
  const placeFor = (id: number): number => {
    const place = { key: keyOf(id), id }
    return firstPlace(found.length, (at) => !isBefore(keyOf, found[at] as number, place))
  }
  for (const list of lists) {
    const next = list.ascending(from, to)
    for (let run = next(); run !== null; run = next())
      for (const id of run) {
        if (!passes(id)) continue
        const place = placeFor(id)
        if (place === most || found[place] === id) continue
        found.splice(place, 0, id)
        if (found.length > most) found.pop()
      }
  }
  return found
}
