/** The runners of a node: one for each endpoint there is, so that a slow receiver holds up nobody else. */
import type { CommandDeps } from '../../api/commands/deps.ts'
import { type EventStore, type StoredEvent, StoreUnavailable } from '../../domain/eventStore.ts'
import { loadEndpoint } from './loadEndpoint.ts'
import type { RunnerDeps } from './parts.ts'
import { createRunner, type Runner } from './runner.ts'

const viewsTimeoutMs = 5_000

export type RunnersDeps = Omit<RunnerDeps, 'reached'> & Pick<CommandDeps, 'views' | 'subjects'>

/** Endpoints at the head of the log ask for the same page: it is read once. */
const readShared = ({ readAll }: Pick<EventStore, 'readAll'>): EventStore['readAll'] => {
  const pages = new Map<string, Promise<StoredEvent[]>>()
  return (after, limit) => {
    const key = `${limit} ${after}`
    const page = pages.get(key) ?? readAll(after, limit).finally(() => pages.delete(key))
    pages.set(key, page)
    return page
  }
}

/** `mayBegin`: false once the service ends. */
export const createRunners = (deps: RunnersDeps, mayBegin: () => boolean) => {
  const { store, views, deliveries } = deps
  const runners = new Map<string, Runner>()
  const runnerDeps: RunnerDeps = {
    ...deps,
    store: { ...store, readAll: readShared(store) },
    reached: (position, timeoutMs) => views.reached(position, timeoutMs),
  }
  /** An endpoint was made or deleted. */
  let isListChanged = true
  /** How often all were dropped: what was being loaded then belongs to another node by now. */
  let drops = 0

  const begin = async (id: string): Promise<void> => {
    const before = drops
    const loaded = await loadEndpoint({ store, webhooks: views.webhooks }, id)
    if (loaded !== null && drops === before && !runners.has(id) && mayBegin())
      runners.set(id, createRunner(runnerDeps, id, loaded))
  }

  const end = (id: string): void => {
    runners.get(id)?.abort()
    runners.delete(id)
    deliveries.forget(id)
  }

  return {
    get: (id: string): Runner | undefined => runners.get(id),
    all: (): Runner[] => [...runners.values()],
    isListChanged: (): boolean => isListChanged,
    /** Endpoints may have been made or deleted. */
    listChanged: (): void => {
      isListChanged = true
    },
    /**
     * Begins runners for the endpoints there are, where the list has changed, ends the others, and destroys the keys of
     * those that were deleted. @throws StoreUnavailable
     */
    followList: async (): Promise<void> => {
      if (!isListChanged) return
      isListChanged = false
      try {
        const head = await store.head()
        if (head !== null && !(await views.reached(head, viewsTimeoutMs, ['webhooks'])))
          throw new StoreUnavailable(new Error('the views are behind'))
        const ids = new Set(views.webhooks.all().map(({ id }) => id))
        for (const id of [...runners.keys()]) if (!ids.has(id)) end(id)
        for (const id of ids) if (!runners.has(id)) await begin(id)
        for (const { subjectId, secret } of views.webhooks.deleted())
          if (deps.sealing.open(secret) !== null) await deps.subjects.destroy(subjectId)
      } catch (error) {
        isListChanged = true
        throw error
      }
    },
    /** Ends all at once; another node goes on. */
    drop: (): void => {
      drops += 1
      for (const runner of runners.values()) runner.abort()
      runners.clear()
    },
  }
}
