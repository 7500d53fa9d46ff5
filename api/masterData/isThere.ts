import type { EventStore } from '../../domain/eventStore.ts'

/** Whether a stream has been begun: asked of the log itself, which no view lags behind. */
export const isThere = async (store: Pick<EventStore, 'readStream'>, stream: string): Promise<boolean> =>
  (await store.readStream(stream)).length > 0
