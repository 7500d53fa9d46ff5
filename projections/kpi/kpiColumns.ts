/**
 * The spans of whole months in columns, for rates are counted over tens of thousands of them and SQLite takes a
 * hundred times as long. Made from the rows of `kpiSpans` when a month is first asked about, and kept up with every
 * flush.
 */
import type Database from 'better-sqlite3'
import { never } from '../epoch.ts'
import { absent, type Flags, outcomeAt } from './kpiOutcome.ts'
import {
  closeTurning,
  type KpiSpan,
  monthOfShelf,
  placeOfId,
  responseTurning,
  shelfOfId,
  spanId,
} from './kpiSpan.ts'

const instants = [
  'dispatchedAt',
  'knownFrom',
  'knownTo',
  'responseAt',
  'closeAt',
  'firstTimeMetAt',
  'firstTimeFailedAt',
  'settledAt',
] as const
const names = ['unit', 'dealer', 'rbo', 'category', 'level'] as const

export type NameColumn = (typeof names)[number]

/** One month of one tier; a span's place is that of its id. The first `size` places of each column are filled. */
export type Block = {
  /** See `monthIndex`. */
  month: number
  size: number
  /** Epoch ms, `never` for what is not known. From `settledAt` on the outcome is `settled`. */
  instants: Record<(typeof instants)[number], Float64Array>
  /** Numbers of `Names`. */
  names: Record<NameColumn, Int32Array>
  /** See `outcomeAt`. */
  flags: Uint8Array
  settled: Uint8Array
}

const recordOf = <K extends string, V>(keys: readonly K[], make: (key: K) => V): Record<K, V> =>
  Object.fromEntries(keys.map((key) => [key, make(key)])) as Record<K, V>

const emptyBlock = (month: number, room: number): Block => ({
  month,
  size: 0,
  instants: recordOf(instants, () => new Float64Array(room)),
  names: recordOf(names, () => new Int32Array(room)),
  flags: new Uint8Array(room),
  settled: new Uint8Array(room),
})

const roomOf = (block: Block): number => block.flags.length

/** More room, the same contents. */
const grow = (block: Block, room: number): void => {
  const larger = emptyBlock(block.month, room)
  for (const column of instants) larger.instants[column].set(block.instants[column])
  for (const column of names) larger.names[column].set(block.names[column])
  larger.flags.set(block.flags)
  larger.settled.set(block.settled)
  Object.assign(block, { ...larger, size: block.size })
}

type Columned = Omit<KpiSpan, 'ticketNo' | 'turn' | 'newest' | 'tier' | 'named'>

const flagsOf = (span: Columned, meets: { response: boolean; close: boolean }): Flags =>
  (span.kept === 1 ? 1 : 0) | (meets.response ? 2 : 0) | (meets.close ? 4 : 0)

const write = (block: Block, span: Columned): void => {
  const place = placeOfId(span.id)
  if (place >= roomOf(block)) grow(block, 256 + Math.ceil(place * 1.25))
  if (place >= block.size) block.size = place + 1
  const response = responseTurning(span)
  const close = closeTurning(span)
  const { instants, names } = block
  instants.dispatchedAt[place] = span.dispatchedAt
  instants.knownFrom[place] = span.knownFrom ?? never
  instants.knownTo[place] = span.knownTo ?? never
  instants.responseAt[place] = response.at
  instants.closeAt[place] = close.at
  instants.firstTimeMetAt[place] = span.repeatWindowEndsAt ?? never
  instants.firstTimeFailedAt[place] = span.repeatLinkedAt ?? never
  names.unit[place] = span.unit
  names.dealer[place] = span.dealer
  names.rbo[place] = span.rbo
  names.category[place] = span.category
  names.level[place] = span.level
  block.flags[place] = flagsOf(span, { response: response.met, close: close.met })
  settle(block, place)
}

/** What comes of a span when all that is known of it has come about, and from when on: the same for every later instant. */
const settle = (block: Block, place: number): void => {
  const settled = outcomeAt(block, place, never - 1)
  const { knownFrom, knownTo, responseAt, closeAt, firstTimeMetAt, firstTimeFailedAt } = block.instants
  let settledAt = knownFrom[place] as number
  if (settled === absent) settledAt = settledAt === never ? 0 : (knownTo[place] as number)
  else
    for (const column of [responseAt, closeAt, firstTimeMetAt, firstTimeFailedAt]) {
      const at = column[place] as number
      if (at !== never && at > settledAt) settledAt = at
    }
  block.settled[place] = settled
  block.instants.settledAt[place] = settledAt
}

/** Spans kept at a time, with 86 bytes each: 34 MB. A million tickets in five years are 60,000 a quarter. */
const mostSpans = 400_000

export type Columns = {
  /** The spans on a shelf. */
  block(shelf: number): Block
  /** Brings a span that was written up to date. */
  put(span: KpiSpan): void
  /** Forgets what is kept: the rows have changed beneath. */
  forget(): void
}

export const createColumns = (db: Database.Database, most = mostSpans): Columns => {
  /** The one asked for longest ago comes first. */
  const blocks = new Map<number, Block>()
  const select = db.prepare<[number, number], Columned>(
    `SELECT id, dispatchedAt, knownFrom, knownTo, unit, dealer, rbo, category, level, kept, responseDueAt, respondedAt,
       closeDueAt, closedAt, repeatWindowEndsAt, repeatLinkedAt
     FROM kpiSpans WHERE id >= ? AND id < ? ORDER BY id DESC`,
  )
  const load = (shelf: number): Block => {
    const block = emptyBlock(monthOfShelf(shelf), 0)
    // the last place comes first, so that room is made once
    for (const span of select.iterate(spanId(shelf, 0), spanId(shelf + 1, 0))) write(block, span)
    return block
  }
  const dropOldest = (): void => {
    let spans = 0
    for (const block of blocks.values()) spans += roomOf(block)
    for (const [shelf, block] of blocks) {
      if (spans <= most || blocks.size === 1) return
      blocks.delete(shelf)
      spans -= roomOf(block)
    }
  }

  return {
    block: (shelf) => {
      const known = blocks.get(shelf)
      const block = known ?? load(shelf)
      blocks.delete(shelf)
      blocks.set(shelf, block)
      if (known === undefined) dropOldest()
      return block
    },
    put: (span) => {
      const block = blocks.get(shelfOfId(span.id))
      if (block !== undefined) write(block, span)
    },
    forget: () => blocks.clear(),
  }
}
