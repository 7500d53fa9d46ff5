/** Writes at the end of a file of the access log. */
import { writeSync } from 'node:fs'

/**
 * Writes a text at the end of a file that has `bytes`. One that was cut off by a full disk is overwritten by the next.
 * @returns its bytes. @throws Error where the disk takes less.
 */
export const writeAt = (fd: number, text: string, bytes: number): number => {
  const length = Buffer.byteLength(text)
  if (writeSync(fd, text, bytes) < length) throw new Error('the disk is full')
  return length
}
