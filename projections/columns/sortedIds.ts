/** Ids in an order, in pieces: what comes last is appended, and what comes between moves one piece at most. */
import { firstPlace } from '../../domain/binarySearch.ts'

/** A place in the order: before the first id whose key and id are not less. */
export type SortedPlace = { key: number; id: number }

export const first: SortedPlace = { key: Number.NEGATIVE_INFINITY, id: 0 }
export const end: SortedPlace = { key: Number.POSITIVE_INFINITY, id: 0 }

export type SortedIds = {
  readonly length: number
  add(id: number): void
  /** By the key it was added with, so call it before that changes. Does nothing where it is not in the list. */
  remove(id: number): void
  /** How many there are from one place up to another. */
  between(from: SortedPlace, to: SortedPlace): number
  /** Gives the ids between the places in runs, one after the other, then `null`. The list must not change meanwhile. */
  ascending(from: SortedPlace, to: SortedPlace): () => Uint32Array | null
  /** The same with the last run first; within a run they ascend all the same. */
  descending(from: SortedPlace, to: SortedPlace): () => Uint32Array | null
}

const pieceSize = 1024
const smallestPiece = 16

/** One piece of the list; the first `length` places of `ids` are filled, at least one. */
type Piece = { ids: Uint32Array; length: number }

const none = new Uint32Array(0)

const enlarge = (piece: Piece): void => {
  const larger = new Uint32Array(Math.min(pieceSize, piece.ids.length * 2))
  larger.set(piece.ids)
  piece.ids = larger
}

const insert = (piece: Piece, at: number, id: number): void => {
  if (piece.length === piece.ids.length) enlarge(piece)
  piece.ids.copyWithin(at + 1, at, piece.length)
  piece.ids[at] = id
  piece.length += 1
}

/** Puts an id behind all others. */
const append = (pieces: Piece[], id: number): void => {
  let last = pieces[pieces.length - 1]
  if (last === undefined || last.length === pieceSize) {
    last = { ids: new Uint32Array(last === undefined ? smallestPiece : pieceSize), length: 0 }
    pieces.push(last)
  } else if (last.length === last.ids.length) enlarge(last)
  last.ids[last.length] = id
  last.length += 1
}

/** Makes two pieces of a full one. */
const split = (pieces: Piece[], index: number): void => {
  const piece = pieces[index] as Piece
  const upper = new Uint32Array(pieceSize)
  const half = pieceSize / 2
  upper.set(piece.ids.subarray(half))
  piece.length = half
  pieces.splice(index + 1, 0, { ids: upper, length: half })
}

/** Pieces that have become sparse are put together, so that a queue many have passed through stays small. */
const join = (pieces: Piece[], index: number): void => {
  const [lower, upper] = [pieces[index], pieces[index + 1]]
  if (lower === undefined || upper === undefined || lower.length + upper.length > pieceSize / 2) return
  for (let at = 0; at < upper.length; at += 1) insert(lower, lower.length, upper.ids[at] as number)
  pieces.splice(index + 1, 1)
}

/** A place in a list: the number of a piece, and the place in it. */
type PiecePlace = { index: number; at: number }

/** The runs from one place up to another, the first one first. */
const runsUp = (pieces: readonly Piece[], low: PiecePlace, high: PiecePlace) => {
  let { index, at } = low
  return (): Uint32Array | null => {
    for (;;) {
      if (index > high.index || index >= pieces.length) return null
      const { ids, length } = pieces[index] as Piece
      const run = ids.subarray(at, index === high.index ? high.at : length)
      index += 1
      at = 0
      if (run.length > 0) return run
    }
  }
}

/** The same, the last one first. */
const runsDown = (pieces: readonly Piece[], low: PiecePlace, high: PiecePlace) => {
  let { index } = high
  return (): Uint32Array | null => {
    for (;;) {
      if (index < low.index || pieces.length === 0) return null
      const { ids, length } = pieces[index] as Piece
      const run = ids.subarray(index === low.index ? low.at : 0, index === high.index ? high.at : length)
      index -= 1
      if (run.length > 0) return run
    }
  }
}

/**
 * A list in the order of (`keyOf(id)`, id); ids are whole numbers from 1 on.
 * @param ids what is in it at the beginning, in that order; they are copied
 */
export const createSortedIds = (keyOf: (id: number) => number, ids = none): SortedIds => {
  const pieces: Piece[] = []
  for (let at = 0; at < ids.length; at += pieceSize) {
    const piece = ids.slice(at, at + pieceSize)
    pieces.push({ ids: piece, length: piece.length })
  }
  let total = ids.length

  const isBefore = (id: number, place: SortedPlace): boolean => {
    const key = keyOf(id)
    return key < place.key || (key === place.key && id < place.id)
  }
  const pieceAt = (index: number): Piece => pieces[index] as Piece

  /** The last piece that begins before the place, or the first one. */
  const pieceFor = (place: SortedPlace): number => {
    const after = firstPlace(pieces.length, (index) => !isBefore(pieceAt(index).ids[0] as number, place))
    return Math.max(0, after - 1)
  }
  const indexIn = ({ ids, length }: Piece, place: SortedPlace): number =>
    firstPlace(length, (at) => !isBefore(ids[at] as number, place))
  const find = (place: SortedPlace): PiecePlace => {
    if (pieces.length === 0) return { index: 0, at: 0 }
    const index = pieceFor(place)
    return { index, at: indexIn(pieceAt(index), place) }
  }

  return {
    get length() {
      return total
    },
    add: (id) => {
      const last = pieces[pieces.length - 1]
      const place = { key: keyOf(id), id }
      total += 1
      if (last === undefined || isBefore(last.ids[last.length - 1] as number, place)) {
        append(pieces, id)
        return
      }
      const { index, at } = find(place)
      if (pieceAt(index).length < pieceSize) {
        insert(pieceAt(index), at, id)
        return
      }
      split(pieces, index)
      const half = pieceAt(index).length
      if (at <= half) insert(pieceAt(index), at, id)
      else insert(pieceAt(index + 1), at - half, id)
    },
    remove: (id) => {
      const { index, at } = find({ key: keyOf(id), id })
      // the place itself may be the first of the next piece
      const [found, position] = pieces[index]?.length === at ? [index + 1, 0] : [index, at]
      const piece = pieces[found]
      if (piece === undefined || piece.ids[position] !== id) return
      total -= 1
      piece.ids.copyWithin(position, position + 1, piece.length)
      piece.length -= 1
      if (piece.length === 0) pieces.splice(found, 1)
      else {
        join(pieces, found)
        join(pieces, found - 1)
      }
    },
    between: (from, to) => {
      const [low, high] = [find(from), find(to)]
      if (low.index > high.index) return 0
      let count = high.at - low.at
      for (let index = low.index; index < high.index; index += 1) count += pieceAt(index).length
      return Math.max(0, count)
    },
    ascending: (from, to) => runsUp(pieces, find(from), find(to)),
    descending: (from, to) => runsDown(pieces, find(from), find(to)),
  }
}
