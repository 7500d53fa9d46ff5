/** The digest of a log: a chain over all its events, by which anybody can tell later that none of them was changed. */
import { z } from 'zod'
import type { NewEvent, StoredEvent } from './eventStore.ts'

/** The log up to an event: its position, how many events there are up to it, and their digest, SHA-256 in hex. */
export const logDigestSchema = z.strictObject({
  position: z.string(),
  events: z.int().min(1),
  digest: z.string().regex(/^[\da-f]{64}$/),
})
export type LogDigest = z.infer<typeof logDigestSchema>

/** The digest of a log without events. */
export const emptyLogDigest = '0'.repeat(64)

export type ChainedEvent = Pick<StoredEvent, 'stream' | 'version'> & Pick<NewEvent, 'id' | 'type'>

/**
 * The beginning of the text whose SHA-256 is the digest of a log with one more event: the digest before it, and the
 * event as the JSON array `[version, id, stream, type, data, metadata]`. `data` and `metadata` follow as JSON as stored,
 * with a comma between them and `]` at the end. Positions are left out, so that a log has the same digests on both
 * engines.
 */
export const chainHead = (before: string, { version, id, stream, type }: ChainedEvent): string =>
  `${before}[${version},"${id}",${JSON.stringify(stream)},${JSON.stringify(type)},`
