/** Counts and digests of a log by stream, and one of its order, to compare two logs. */
import { createHash } from 'node:crypto'
import type { StoredEvent } from '../../domain/eventStore.ts'

const sha = (text: string): string => createHash('sha256').update(text).digest('base64').slice(0, 22)

type Stream = { count: number; digest: string }

export type Digests = {
  add(events: readonly StoredEvent[]): void
  events(): number
  streams: ReadonlyMap<string, Stream>
  order(): string
}

/** Ids, types, data and metadata by stream; the order across streams by itself. */
export const createDigests = (): Digests => {
  const streams = new Map<string, Stream>()
  let order = createHash('sha256')
  let events = 0
  return {
    add: (page) => {
      for (const { stream, version, id, type, data, metadata } of page) {
        const before = streams.get(stream) ?? { count: 0, digest: '' }
        streams.set(stream, {
          count: before.count + 1,
          digest: sha(before.digest + JSON.stringify([id, version, type, data, metadata])),
        })
        order = order.update(id)
        events += 1
      }
    },
    events: () => events,
    streams,
    order: () => order.copy().digest('hex'),
  }
}

/** What differs, a sentence a stream; none where nothing does. */
export const differences = (source: Digests, target: Digests): string[] => {
  const found: string[] = []
  for (const [stream, { count, digest }] of source.streams) {
    const there = target.streams.get(stream)
    if (there?.count !== count)
      found.push(`Stream ${stream} has ${there?.count ?? 0} events instead of ${count}.`)
    else if (there.digest !== digest) found.push(`Stream ${stream} has other events than the source.`)
  }
  for (const stream of target.streams.keys())
    if (!source.streams.has(stream)) found.push(`Stream ${stream} is not in the source.`)
  if (found.length === 0 && source.order() !== target.order())
    found.push('The events are not in the order of the source.')
  return found
}
