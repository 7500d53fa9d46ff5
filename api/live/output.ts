/** The response of a reader: what is written to it, and how far the client has taken it. */
import type { FastifyReply } from 'fastify'

/** With more unread bytes a reader leaves its class. */
const mostBufferedBytes = 1024 * 1024
/** One that reads by itself waits until it has less. */
const enoughBytes = 256 * 1024

export type StreamResponse = Pick<
  FastifyReply['raw'],
  'write' | 'end' | 'destroy' | 'destroyed' | 'writableLength' | 'on' | 'once' | 'off'
>

/**
 * @param elapsed milliseconds of a clock that nobody sets
 * @param count told of the bytes written
 */
export const createOutput = (
  response: StreamResponse,
  elapsed: () => number,
  count: (bytes: number) => void,
) => {
  let writtenAt = elapsed()
  let slowSince: number | null = null
  return {
    write: (bytes: Buffer | string): void => {
      if (bytes.length === 0) return
      count(bytes.length)
      writtenAt = elapsed()
      response.write(bytes)
    },
    /** When something was written last, by `elapsed`. */
    writtenAt: (): number => writtenAt,
    /** Whether more is unread than a reader at the head may leave. */
    isFull: (): boolean => response.writableLength > mostBufferedBytes,
    /** Since when `drained` waits, by `elapsed`; `null`: it does not. */
    slowSince: (): number | null => slowSince,
    /** Settles when enough of what was written is gone, or the client is. */
    drained: async (): Promise<void> => {
      if (response.writableLength <= enoughBytes) return
      slowSince = elapsed()
      await new Promise<void>((resolve) => {
        const settle = (): void => {
          response.off('drain', settle)
          response.off('close', settle)
          resolve()
        }
        response.on('drain', settle)
        response.on('close', settle)
      })
      slowSince = null
    },
  }
}
