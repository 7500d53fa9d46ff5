/** Whether the disk under a file has the room that a write needs. */
import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * The room a write needs, bytes: the largest group of appends with its index and digests, a new pool of keys, and the
 * rows of the views. With less no write begins, so that none is cut off between these files.
 */
export const leastRoomBytes = 2 * 1024 * 1024

/** Free bytes for this user on the disk of a file; of a file system that does not say, endlessly many. */
export const freeBytesOf = (file: string): (() => number) => {
  const dir = dirname(file)
  return () => {
    try {
      const { bavail, bsize, blocks } = statfsSync(dir)
      return blocks === 0 ? Number.POSITIVE_INFINITY : bavail * bsize
    } catch {
      return Number.POSITIVE_INFINITY
    }
  }
}
