/**
 * Tells this node's appends from another node's of the same command. Event ids derive from the command, so the server
 * takes the second append of two nodes for a repetition of the first and answers both alike.
 */
import { type EventStore, type NewEvent, type StoredEvent, VersionConflict } from '../../domain/eventStore.ts'

/** What makes two appends of one command different: the instant, and sealed texts, which never come out the same. */
const printOf = ({ data, metadata }: NewEvent): string => JSON.stringify([data, metadata])

export type OwnAppends = {
  /** Told of the events that this node reads from the log. */
  passed(events: readonly StoredEvent[]): void
  /** As the port's `append`, and waits for `reached`. @throws VersionConflict where another node's append is there */
  append(
    store: Pick<EventStore, 'append' | 'readStream'>,
    reached: (position: string) => Promise<unknown>,
    ...append: Parameters<EventStore['append']>
  ): ReturnType<EventStore['append']>
}

export const createOwnAppends = (): OwnAppends => {
  /** By the id of their first event: what was sent, and whether that is what is stored. */
  const sent = new Map<string, { print: string; isStored: boolean | undefined }>()

  return {
    passed: (events) => {
      if (sent.size === 0) return
      for (const event of events) {
        const own = sent.get(event.id)
        if (own !== undefined) own.isStored = printOf(event) === own.print
      }
    },

    append: async (store, reached, stream, expectedVersion, events) => {
      const [first] = events
      // without a caller's key nobody else has the command
      const isShared = first?.metadata.requestDigest !== undefined
      const own = { print: isShared ? printOf(first) : '', isStored: undefined as boolean | undefined }
      if (isShared) sent.set(first.id, own)
      try {
        const appended = await store.append(stream, expectedVersion, events)
        await reached(appended.position)
        if (!isShared) return appended
        // the views were slower than anybody waits: the stream is asked
        const [stored] = own.isStored === undefined ? await store.readStream(stream, expectedVersion) : []
        const isOurs = own.isStored ?? (stored !== undefined && printOf(stored) === own.print)
        if (!isOurs) throw new VersionConflict(stream, expectedVersion, appended.version)
        return appended
      } finally {
        if (isShared) sent.delete(first.id)
      }
    },
  }
}
