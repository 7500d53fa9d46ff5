/** Leads the log into the views, from where they are to the end and then for as long as the service runs. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { EventStore, Position, Subscription } from '../domain/eventStore.ts'
import type { Views } from './views.ts'

/** Events read at a time while a view is rebuilt. */
const pageSize = 2_000

/** How long to wait before following a store again that has failed. */
const retryMs = 1_000

export type RunningViews = {
  /** Resolves when the views have what was in the log at the start. Rejects where the store cannot be read. */
  ready: Promise<void>
  stop(): Promise<void>
}

/** Brings the views that are behind to where the others are; with none ahead, to the end of the log. */
const catchUp = async (views: Views, store: EventStore, isStopped: () => boolean): Promise<void> => {
  const inBulk = views.sortOut(false).lead === null
  let events = 0
  if (inBulk) views.setBulk(true)
  try {
    for (;;) {
      const behind = views.behind()
      if (behind === null || isStopped()) return
      const page = await store.readAll(behind.after, pageSize)
      if (isStopped()) return
      views.rebuild(page)
      events += page.length
      views.onProgress({ events, position: page.at(-1)?.position ?? behind.after })
      // What has joined the others meanwhile is followed with them.
      if (!inBulk || page.length < pageSize) views.sortOut(true)
    }
  } finally {
    if (inBulk) views.setBulk(false)
  }
}

/**
 * Follows the store for the views: what this process appends to the embedded engine is in the rows before the append
 * returns. Views that are ahead go on while others are rebuilt beside them. Where the disk took no row they go back
 * to what is in the file and read on from there, again and again until it takes it.
 */
export const startViews = (views: Views, store: EventStore): RunningViews => {
  let stopped = false
  let following: Subscription | undefined
  let resuming: Promise<void> | undefined
  const aborted = new AbortController()

  const follow = (after: Position | null): void => {
    if (stopped) return
    const mine = store.follow(
      after,
      (events) => views.apply(events),
      () => {
        sleep(retryMs, undefined, { signal: aborted.signal }).then(
          () => {
            if (following === mine) follow(views.sortOut(true).lead)
          },
          () => {},
        )
      },
    )
    following = mine
  }

  const resume = async (): Promise<void> => {
    await following?.stop()
    const head = await store.head()
    views.resume(false)
    follow(views.sortOut(true).lead)
    while (!stopped && !views.isInterrupted())
      if (head === null || (await views.reached(head, retryMs))) return views.resume(true)
  }

  const look = setInterval(() => {
    if (!views.isInterrupted()) return
    // a store that cannot be read either is asked again the next time
    resuming ??= resume()
      .catch(() => {})
      .finally(() => {
        resuming = undefined
      })
  }, retryMs)
  look.unref()

  const run = async (): Promise<void> => {
    const head = await store.head()
    const { lead } = views.sortOut(false)
    if (lead !== null) follow(lead)
    await catchUp(views, store, () => stopped)
    if (lead === null) follow(views.sortOut(true).lead)
    if (head !== null && !stopped) await views.reached(head, 2 ** 31 - 1)
  }

  return {
    ready: run(),
    stop: async () => {
      stopped = true
      clearInterval(look)
      aborted.abort()
      await resuming
      await following?.stop()
    },
  }
}
