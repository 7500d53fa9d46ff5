/** The digest of a log with one more event, see `domain/logDigest.ts`. */
import { hash } from 'node:crypto'
import { type ChainedEvent, chainHead } from '../../domain/logDigest.ts'

/** Bytes of UTF-8 that a character of a string can become at most. */
const mostBytesEach = 3

let bytes = Buffer.allocUnsafe(64 * 1024)

/**
 * The SHA-256, in hex, of the text that `domain/logDigest.ts` defines. Its parts are written into one buffer that is
 * used again and again: joining them to a string first costs twice as much, several updates of a hash four times.
 * `data` and `metadata` are JSON as stored.
 */
export const chainDigest = (before: string, place: ChainedEvent, data: string, metadata: string): string => {
  const head = chainHead(before, place)
  const most = (head.length + data.length + metadata.length + 2) * mostBytesEach
  if (most > bytes.length) bytes = Buffer.allocUnsafe(most)
  let end = bytes.write(head, 0)
  end += bytes.write(data, end)
  end += bytes.write(',', end)
  end += bytes.write(metadata, end)
  end += bytes.write(']', end)
  return hash('sha256', bytes.subarray(0, end), 'hex')
}
