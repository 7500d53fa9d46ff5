/** What the vendor's client does that would end the process, held back. */
import { type Duplex, finished } from 'node:stream'

/** What the client keeps to itself and has to be held by. */
type Insides = {
  GRPCStreamCreator(
    kind: unknown,
    name: string,
    creator: (client: unknown) => Duplex,
    cache?: unknown,
  ): () => Promise<Duplex>
  handleError(client: unknown, error: Error): Promise<void>
  getChannel(): Promise<{ close(): void }>
}

/** What a listener throws would end the process. */
const silence = (stream: Duplex, event: 'data' | 'error'): void => {
  for (const listener of stream.listeners(event) as ((value: unknown) => void)[]) {
    stream.off(event, listener)
    stream.on(event, (value: unknown) => {
      try {
        listener(value)
      } catch {
        // its append has failed already, and is settled by being sent again
      }
    })
  }
}

/**
 * All appends share one stream, and an answer finds its append in a table that the error of any such stream empties.
 * An answer that comes after that throws where nobody catches; and a write that has to wait for room rejects, when the
 * connection is lost, where nobody listens. Both end the process. So late answers are dropped, and writes never wait:
 * what is in flight is bounded by the adapter.
 */
const guardAppends = (stream: Duplex): Duplex => {
  silence(stream, 'data')
  silence(stream, 'error')
  const write = stream.write.bind(stream) as (chunk: unknown) => boolean
  stream.write = (chunk: unknown) => {
    write(chunk)
    return true
  }
  return stream
}

/** What is done with a client that is thrown away. */
export type Workarounds = { appendsOver(): Promise<void>; closeChannel(): void }

/** Holds the client where it would end the process, and remembers its channel, which it never closes itself. */
export const applyWorkarounds = (client: object): Workarounds => {
  const insides = client as Insides
  const { GRPCStreamCreator: create, handleError, getChannel } = insides
  let channel: Promise<{ close(): void }> | undefined
  const appending = new Set<Promise<void>>()
  const createAppends = (creator: (client: unknown) => Duplex) => (each: unknown) => {
    const stream = guardAppends(creator(each))
    const over = new Promise<void>((resolve) => finished(stream, () => resolve()))
    appending.add(over)
    over.then(() => appending.delete(over))
    return stream
  }
  insides.GRPCStreamCreator = (kind, name, creator, cache) =>
    create(kind, name, name === 'appendToStream' ? createAppends(creator) : creator, cache)
  insides.handleError = (each, error) => handleError(each, error).catch(() => {})
  insides.getChannel = () => {
    channel = getChannel()
    return channel
  }
  return {
    appendsOver: async () => {
      await Promise.all(appending)
    },
    closeChannel: () => {
      channel?.then(
        (open) => open.close(),
        () => {},
      )
    },
  }
}
