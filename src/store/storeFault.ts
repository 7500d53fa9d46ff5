/** Faults of a disk in the words of the store's port. */
import { StoreUnavailable } from '../../domain/eventStore.ts'
import { isStorageFault } from '../../projections/storageFault.ts'

/** Does it. @throws StoreUnavailable where SQLite fails for what is around it */
export const orUnavailable = <T>(work: () => T): T => {
  try {
    return work()
  } catch (error) {
    throw isStorageFault(error) ? new StoreUnavailable(error) : error
  }
}
