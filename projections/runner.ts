/** Leads the log into the views, from where they are to the end and then for as long as the service runs. */
import { setTimeout as sleep, setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { DamagedEvent, type EventStore, type Position, type Subscription } from '../domain/eventStore.ts'
import type { Queries } from './allProjections.ts'
import type { Views } from './views.ts'

/** Events read at a time while a view is rebuilt. */
const pageSize = 2_000

/** How long to wait before following a store again that has failed. */
const retryMs = 1_000

/**
 * Builds some of the views up to a position in a file of their own, while the others are built here. `null` where it
 * would not be worth it. What comes of it is the same with and without.
 */
export type ViewsHelper = (
  upTo: Position,
  signal: AbortSignal,
) => {
  names: readonly (keyof Queries)[]
  /** The file; `null` where it could not be built or the signal came. Never rejects. */
  done: Promise<string | null>
  /** Ends it where it is still at work, and removes the file. */
  clear(): void | Promise<void>
} | null

export type RunningViews = {
  /** Resolves when the views have what was in the log at the start. Rejects where the store cannot be read. */
  ready: Promise<void>
  stop(): Promise<void>
}

type CatchingUp = { signal: AbortSignal; helper: ViewsHelper | undefined }

/** Brings the views that are behind to where the others are; with none ahead, to the end of the log. */
const catchUp = async (views: Views, store: EventStore, { signal, helper }: CatchingUp): Promise<void> => {
  const inBulk = views.sortOut(false).lead === null
  let events = 0
  const readOn = async (): Promise<void> => {
    for (;;) {
      const behind = views.behind()
      if (behind === null || signal.aborted) return
      const lead = views.lead() ?? undefined
      const page = await store.readAll(behind.after, pageSize)
      // Requests for the status are answered between two pages.
      await yieldToEventLoop()
      if (signal.aborted) return
      // the others may be ahead of the last event, where the log goes on with what is none of ours
      views.rebuild(page, !inBulk && page.length < pageSize ? lead : undefined)
      events += page.length
      views.onProgress({ events, position: page.at(-1)?.position ?? behind.after })
      // What has joined the others meanwhile is followed with them.
      if (!inBulk || page.length < pageSize) views.sortOut(true)
    }
  }
  if (!inBulk) return readOn()
  views.setBulk(true)
  const head = await store.head()
  const help = head === null || signal.aborted ? null : (helper?.(head, signal) ?? null)
  try {
    if (head === null || help === null) return await readOn()
    views.buildElsewhere(help.names)
    await readOn()
    if (signal.aborted) return
    const built = await help.done
    views.adopt(built, help.names, head)
    await readOn()
  } finally {
    await help?.clear()
    views.setBulk(false)
  }
}

/**
 * Follows the store for the views: what this process appends to the embedded engine is in the rows before the append
 * returns. Views that are ahead go on while others are rebuilt beside them. Where the disk took no row they go back
 * to what is in the file and read on from there, again and again until it takes it.
 */
export const startViews = (views: Views, store: EventStore, helper?: ViewsHelper): RunningViews => {
  let following: Subscription | undefined
  let resuming: Promise<void> | undefined
  const aborted = new AbortController()
  const { signal } = aborted

  const follow = (after: Position | null): void => {
    if (signal.aborted) return
    const mine = store.follow(
      after,
      (events, reached) => views.apply(events, reached),
      (error) => {
        // no later try would read it either, and nothing after it may be folded without it
        if (error instanceof DamagedEvent) {
          views.stopAll(error)
          return
        }
        sleep(retryMs, undefined, { signal }).then(
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
    while (!signal.aborted && !views.isInterrupted())
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

  const build = async (): Promise<Position | null> => {
    const head = await store.head()
    const { lead } = views.sortOut(false)
    if (lead !== null) follow(lead)
    await catchUp(views, store, { signal, helper })
    if (lead === null) follow(views.sortOut(true).lead)
    return head
  }
  const built = build()
  const run = async (): Promise<void> => {
    const head = await built
    if (head !== null && !signal.aborted) await views.reached(head, 2 ** 31 - 1)
  }

  return {
    ready: run(),
    stop: async () => {
      clearInterval(look)
      aborted.abort()
      // a page that is being folded is finished first
      await built.catch(() => {})
      await resuming
      await following?.stop()
    },
  }
}
