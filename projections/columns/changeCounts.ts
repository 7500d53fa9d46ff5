/**
 * How often the rows of each partition have changed, in memory that threads share: a connection that only reads keeps a
 * block until its count moves, instead of loading it for every query.
 */

/** Counters a structure has; partitions further apart than this share one, which only means a block is loaded again. */
const counters = 1024

/** The structures that count. */
const structures = ['kpi', 'ticketMonths'] as const
export type Structure = (typeof structures)[number]

/** Memory for the counts of all structures, to be given to the thread that writes and to those that read. */
export const createChangeMemory = (): SharedArrayBuffer =>
  new SharedArrayBuffer(structures.length * counters * Int32Array.BYTES_PER_ELEMENT)

export type ChangeCounts = {
  /** Changes of a partition that are in the file; not a number if nobody counts. */
  of(partition: number): number
  /** The rows of a partition are about to change. */
  note(partition: number): void
  /** What was noted is in the file: readers that load a block from now on see it. */
  committed(): void
}

/** The counts of one structure; without memory nobody counts. */
export const createChangeCounts = (
  memory: SharedArrayBuffer | undefined,
  structure: Structure,
): ChangeCounts => {
  if (memory === undefined) return { of: () => Number.NaN, note: () => {}, committed: () => {} }
  const counts = new Int32Array(memory)
  const first = structures.indexOf(structure) * counters
  const place = (partition: number): number => first + (partition % counters)
  const noted = new Set<number>()
  return {
    of: (partition) => Atomics.load(counts, place(partition)),
    note: (partition) => noted.add(place(partition)),
    committed: () => {
      for (const each of noted) Atomics.add(counts, each, 1)
      noted.clear()
    },
  }
}
