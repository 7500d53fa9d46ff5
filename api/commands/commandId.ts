import { createHash, randomUUID } from 'node:crypto'

/**
 * A fresh command id: UUIDv7, so that ids are ordered by time, its last twelve bits zero as `eventId` of
 * `domain/eventStore.ts` needs them.
 */
export const newCommandId = (): string => {
  const time = Date.now().toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15, -3)}000`
}

/**
 * The command id those parts always have: UUIDv8 from their SHA-256, its last twelve bits zero. A write with an
 * `Idempotency-Key`, a line of an import and the second half of an act on two tickets have theirs from here, so that
 * doing them twice is doing them once.
 */
export const commandIdOf = (...parts: string[]): string => {
  // As JSON, for the parts' borders must count: `a`, `bc` is not `ab`, `c`.
  const hex = createHash('sha256').update(JSON.stringify(parts)).digest('hex')
  const variant = ((Number.parseInt(hex[16]!, 16) & 0x3) | 0x8).toString(16)
  const head = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}`
  return `${head}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 29)}000`
}
