/** Views made of a whole log in one go, in a file of their own. */
import type { EventStore } from '../domain/eventStore.ts'
import type { Sealer } from '../domain/sealing.ts'
import { startViews, type ViewsHelper } from '../projections/runner.ts'
import { openViews, type ViewsProgress } from '../projections/views.ts'

export type BuildParts = { store: EventStore; sealing: Sealer; helper?: ViewsHelper; logId?: string }

/**
 * Builds all views of `store` into `file`, which must not be there yet, up to where the log's head is now; a `helper`
 * builds its share in a thread of its own.
 * @throws Error with a sentence where a view stops on the way.
 */
export const buildViews = async (
  file: string,
  { store, sealing, helper, logId }: BuildParts,
  onProgress: (progress: ViewsProgress) => void,
): Promise<void> => {
  const head = await store.head()
  const { comparePositions } = store
  const views = openViews({
    file,
    sealing,
    comparePositions,
    onProgress,
    ...(logId !== undefined && { logId }),
  })
  try {
    const running = startViews(views, store, helper)
    await running.ready
    await running.stop()
    const incomplete = views.status().find(({ state, position }) => state !== 'ready' || position !== head)
    if (incomplete !== undefined) {
      const { name, position, error = 'it did not reach the end of the log' } = incomplete
      throw new Error(`The view ${name} stopped after event ${position ?? 0}: ${error}`)
    }
  } finally {
    views.close()
  }
}
