/**
 * The units of whole months in columns, for rates are counted over tens of thousands of them and SQLite takes ten
 * times as long. Made from the rows of `kpiSpans` when a month is first asked about, and kept up with every flush.
 */
import type Database from 'better-sqlite3'
import { monthBounds, toEpoch } from '../../domain/instant.ts'
import type { KpiSpan } from './ticketTurns.ts'

const instants = [
  'dispatchedAt',
  'knownFrom',
  'knownTo',
  'responseMetAt',
  'responseFailedAt',
  'closeMetAt',
  'closeFailedAt',
  'firstTimeMetAt',
  'firstTimeFailedAt',
] as const
const names = ['unit', 'dealer', 'rbo', 'category', 'level'] as const
const columns = [...instants, ...names, 'onlyResponse', 'ticketNo'] as const

export type NameColumn = (typeof names)[number]

/** One month of one tier. The first `size` places of each column are filled; names are numbers of `Names`. */
export type Block = {
  month: number
  size: number
  instants: Record<(typeof instants)[number], Float64Array>
  names: Record<NameColumn, Int32Array>
  onlyResponse: Uint8Array
}
type Kept = Block & { places: Map<string, number> }

/** Numbers for the names that occur: dealers, regions, categories, levels; `null` has one too. */
export type Names = {
  numberOf(name: string | null): number
  nameOf(number: number): string | null
  count(): number
}

const createNames = (): Names => {
  const numbers = new Map<string | null, number>()
  const list: (string | null)[] = []
  return {
    numberOf: (name) => {
      const known = numbers.get(name)
      if (known !== undefined) return known
      numbers.set(name, list.length)
      return list.push(name) - 1
    },
    nameOf: (number) => list[number] ?? null,
    count: () => list.length,
  }
}

const recordOf = <K extends string, V>(keys: readonly K[], make: (key: K) => V): Record<K, V> =>
  Object.fromEntries(keys.map((key) => [key, make(key)])) as Record<K, V>

const emptyBlock = (month: number, room: number): Kept => ({
  month,
  size: 0,
  instants: recordOf(instants, () => new Float64Array(room)),
  names: recordOf(names, () => new Int32Array(room)),
  onlyResponse: new Uint8Array(room),
  places: new Map(),
})

/** Twice the room, the same contents. */
const grow = (block: Kept): void => {
  const room = Math.max(256, block.onlyResponse.length * 2)
  const larger = emptyBlock(block.month, room)
  for (const column of instants) larger.instants[column].set(block.instants[column])
  for (const column of names) larger.names[column].set(block.names[column])
  larger.onlyResponse.set(block.onlyResponse)
  block.instants = larger.instants
  block.names = larger.names
  block.onlyResponse = larger.onlyResponse
}

/** What tells a row from all others of its month. */
const identityOf = ({ ticketNo, unit, dispatchedAt, knownFrom }: KpiSpan): string =>
  `${ticketNo} ${unit} ${dispatchedAt} ${knownFrom}`

const boundsOf = (month: number): [number, number] => {
  const { from, to } = monthBounds(`${Math.floor(month / 100)}-${String(month % 100).padStart(2, '0')}`)
  return [toEpoch(from), toEpoch(to)]
}

/** Months kept at a time: about 3 MB each where a million tickets fill five years. */
const mostBlocks = 16

export type Columns = {
  names: Names
  /** The month's units; `month` as a number, 202603. */
  block(tier: string, month: number): Block
  /** Epoch ms of the first dispatch to a unit of the tier. */
  firstDispatch(tier: string): number
  put(span: KpiSpan): void
  remove(span: KpiSpan): void
  /** Forgets what is kept: the rows have changed beneath. */
  forget(): void
}

export const createColumns = (db: Database.Database): Columns => {
  const known = createNames()
  const blocks = new Map<string, Kept>()
  const firsts = new Map<string, number>()
  const select = db.prepare<[string, number, number], KpiSpan>(
    `SELECT ${columns.map((column) => `s.${column}`).join(', ')} FROM kpiUnits u
     CROSS JOIN kpiSpans s ON s.tier = u.tier AND s.unit = u.unit
     WHERE u.tier = ? AND s.dispatchedAt >= ? AND s.dispatchedAt < ?`,
  )

  const first = db
    .prepare<[string], number | null>(
      `SELECT min((SELECT min(s.dispatchedAt) FROM kpiSpans s WHERE s.tier = u.tier AND s.unit = u.unit))
       FROM kpiUnits u WHERE u.tier = ?`,
    )
    .pluck()

  const write = (block: Kept, span: KpiSpan): void => {
    const identity = identityOf(span)
    const place = block.places.get(identity) ?? block.size
    if (place === block.onlyResponse.length) grow(block)
    if (place === block.size) {
      block.places.set(identity, place)
      block.size += 1
    }
    for (const column of instants) block.instants[column][place] = span[column]
    for (const column of names) block.names[column][place] = known.numberOf(span[column])
    block.onlyResponse[place] = span.onlyResponse
  }

  const load = (tier: string, month: number): Kept => {
    const block = emptyBlock(month, 256)
    for (const span of select.iterate(tier, ...boundsOf(month))) write(block, span)
    return block
  }

  return {
    names: known,
    block: (tier, month) => {
      const key = `${tier} ${month}`
      const block = blocks.get(key) ?? load(tier, month)
      // a connection that only reads is not told of changes, so it keeps nothing
      if (db.readonly) return block
      blocks.delete(key)
      blocks.set(key, block)
      if (blocks.size > mostBlocks) blocks.delete(blocks.keys().next().value as string)
      return block
    },
    firstDispatch: (tier) => {
      const earliest = firsts.get(tier) ?? first.get(tier) ?? Number.POSITIVE_INFINITY
      if (!db.readonly) firsts.set(tier, earliest)
      return earliest
    },
    put: (span) => {
      const earliest = firsts.get(span.tier)
      if (earliest !== undefined) firsts.set(span.tier, Math.min(earliest, span.dispatchedAt))
      const block = blocks.get(`${span.tier} ${span.month}`)
      if (block !== undefined) write(block, span)
    },
    remove: (span) => {
      const block = blocks.get(`${span.tier} ${span.month}`)
      const place = block?.places.get(identityOf(span))
      // known for no time at all: it stays in its place and counts nowhere
      if (block !== undefined && place !== undefined) block.instants.knownTo[place] = span.knownFrom
    },
    forget: () => {
      blocks.clear()
      firsts.clear()
    },
  }
}
