import type { EventStore } from '../../domain/eventStore.ts'

/** What an engine gives the suite: an empty log, the same log opened again, and what clears it away. */
export type OpenedStore = {
  store: EventStore
  /** Closes the store and opens the same log again. */
  reopen: () => Promise<EventStore>
  cleanUp: () => Promise<void>
}
