/** What the name of an installation's streams must end with, where several share one server. */
import type { EventStore } from '../domain/eventStore.ts'
import { markStream } from './keys/logMark.ts'
import { migrationStream } from './migrate/target.ts'
import type { EsdbAddress } from './store/esdb/address.ts'

/**
 * A prefix ends with a dot, which no stream's name contains: then no other installation's streams, whose prefix begins
 * with ours, are taken for ours. A log that has begun under another one goes on, and so does the migration to it.
 * @param where what gave the address, as the operator wrote it.
 * @throws Error with a sentence; StoreUnavailable
 */
export const requireSeparator = async (
  where: 'EVENT_STORE' | '--to',
  { prefix }: Pick<EsdbAddress, 'prefix'>,
  store: Pick<EventStore, 'readStream'>,
): Promise<void> => {
  if (prefix.endsWith('.')) return
  for (const stream of [markStream, migrationStream]) if ((await store.readStream(stream)).length > 0) return
  throw new Error(
    `${where} must give a streamPrefix that ends with a dot, like streamPrefix=complaint-tickets.east. for a new log.`,
  )
}
