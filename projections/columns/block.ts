/** Blocks of typed columns: many rows side by side, a column an array. What a block holds is in `README.md` here. */

/** The first `size` rows of each column are filled. */
export type Block<I extends string, N extends string, B extends string> = {
  size: number
  /** Epoch ms, `never` for what is not known. */
  instants: Record<I, Float64Array>
  /** Whole numbers, most of them numbers of a dictionary. */
  numbers: Record<N, Int32Array>
  bytes: Record<B, Uint8Array>
}

type ColumnNames<I, N, B> = { instants: readonly I[]; numbers: readonly N[]; bytes: readonly B[] }

const recordOf = <K extends string, V>(keys: readonly K[], make: (key: K) => V): Record<K, V> =>
  Object.fromEntries(keys.map((key) => [key, make(key)])) as Record<K, V>

/** Rows a new block has room for when its first row comes, and how much more room is made where it ends. */
const firstRoom = 256
const growth = 1.25

/** Makes and grows blocks of these columns. */
export const defineBlocks = <I extends string, N extends string, B extends string>(
  columns: ColumnNames<I, N, B>,
) => {
  const empty = (room: number): Block<I, N, B> => ({
    size: 0,
    instants: recordOf(columns.instants, () => new Float64Array(room)),
    numbers: recordOf(columns.numbers, () => new Int32Array(room)),
    bytes: recordOf(columns.bytes, () => new Uint8Array(room)),
  })
  const roomOf = ({ instants }: Block<I, N, B>): number => instants[columns.instants[0] as I].length
  return {
    empty,
    /** Rows there is room for. */
    roomOf,
    /** Makes room for a row, and counts it among those that are filled. */
    take: (block: Block<I, N, B>, row: number): void => {
      if (row >= roomOf(block)) {
        const larger = empty(firstRoom + Math.ceil(row * growth))
        for (const column of columns.instants) larger.instants[column].set(block.instants[column])
        for (const column of columns.numbers) larger.numbers[column].set(block.numbers[column])
        for (const column of columns.bytes) larger.bytes[column].set(block.bytes[column])
        Object.assign(block, { ...larger, size: block.size })
      }
      if (row >= block.size) block.size = row + 1
    },
  }
}

export type BlockCache<Value> = {
  /** The block of a partition, loaded where it is not there; it is then the last to be dropped. */
  get(partition: number): Value
  /** `undefined`: it is not in memory. */
  peek(partition: number): Value | undefined
  /** Drops all: the rows have changed in the file. */
  reload(): void
}

/**
 * Keeps blocks by partition, so many that they have room for `mostRows` together; the one used longest ago is dropped
 * first. A block is loaded again where `countOf` its partition has moved since, see `changeCounts.ts`.
 */
export const createBlockCache = <Value>({
  load,
  roomOf,
  mostRows,
  countOf,
}: {
  load: (partition: number) => Value
  roomOf: (block: Value) => number
  mostRows: number
  /** Left out: the connection writes itself, and keeps its blocks up to date. */
  countOf?: (partition: number) => number
}): BlockCache<Value> => {
  /** The one used longest ago comes first. */
  const blocks = new Map<number, Value>()
  const counts = new Map<number, number>()
  /** Read before the rows: a change on the way is then seen by the next query. */
  const loadCounted = (partition: number): Value => {
    if (countOf !== undefined) counts.set(partition, countOf(partition))
    return load(partition)
  }
  const isOld = (partition: number): boolean =>
    countOf !== undefined && countOf(partition) !== counts.get(partition)
  const dropOldest = (): void => {
    let rows = 0
    for (const block of blocks.values()) rows += roomOf(block)
    for (const [partition, block] of blocks) {
      if (rows <= mostRows || blocks.size === 1) return
      blocks.delete(partition)
      rows -= roomOf(block)
    }
  }
  return {
    get: (partition) => {
      const known = isOld(partition) ? undefined : blocks.get(partition)
      const block = known ?? loadCounted(partition)
      blocks.delete(partition)
      blocks.set(partition, block)
      if (known === undefined) dropOldest()
      return block
    },
    peek: (partition) => blocks.get(partition),
    reload: () => blocks.clear(),
  }
}
