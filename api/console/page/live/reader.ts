/** Reads the stream with `fetch`, because an `EventSource` cannot send a token. */
import { createParser } from 'eventsource-parser'
import type { StreamItem } from '../../../live/schemas.ts'
import { fetchAnswer } from '../core/api.ts'
import { silenceMs } from './connection.ts'

export type { StreamItem } from '../../../live/schemas.ts'

type ReaderOptions = {
  /** Where to go on; `null`: only what happens from now on. */
  after: string | null
  signal: AbortSignal
  onOpen(): void
  onItem(item: StreamItem): void
  /** The position of everything up to here. */
  onPosition(position: string): void
}

const path = '/v1/stream?topics=tickets,warnings,desk,care'

/**
 * Reads until the stream ends, or nothing has come for too long.
 * @throws ApiProblem `position_unknown` where `after` is none of the log; as `fetchAnswer`
 */
export const readStream = async ({
  after,
  signal,
  onOpen,
  onItem,
  onPosition,
}: ReaderOptions): Promise<void> => {
  const silence = new AbortController()
  let timer = setTimeout(() => silence.abort(), silenceMs)
  const heard = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => silence.abort(), silenceMs)
  }
  try {
    const answer = await fetchAnswer(path, {
      accept: 'text/event-stream',
      signal: AbortSignal.any([signal, silence.signal]),
      ...(after !== null && { lastEventId: after }),
    })
    onOpen()
    const parser = createParser({
      onEvent: ({ id, data }) => {
        if (data !== '') onItem(JSON.parse(data) as StreamItem)
        if (id !== undefined) onPosition(id)
      },
    })
    const reader = (answer.body as ReadableStream<Uint8Array>)
      .pipeThrough(new TextDecoderStream() as never)
      .getReader()
    for (;;) {
      const { done, value } = await (reader.read() as Promise<ReadableStreamReadResult<string>>)
      if (done) return
      heard()
      parser.feed(value)
    }
  } finally {
    clearTimeout(timer)
  }
}
