/** One subscription of the client, drained in batches. */
import type { Readable } from 'node:stream'
import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { DamagedEvent, type StoredEvent } from '../../../domain/eventStore.ts'
import type { Feed, FeedBatch, LogPosition } from './wire.ts'

/** A subscription as the client makes it: a stream of events that also says how far it has looked. */
type Subscription<E> = Readable & {
  unsubscribe(): Promise<void>
  on(event: 'caughtUp' | 'fellBehind', listener: () => void): unknown
  push(chunk: { event?: E } | Mark): boolean
}

/** Put among the events, for the client tells of these ahead of events that nobody has read yet. */
type Mark = { mark: 'caughtUp' | 'fellBehind' } | { mark: 'checkpoint'; place: LogPosition }

type EventRules<E> = { toStored(event: E): StoredEvent; isOurs(event: E): boolean }

/** Events handed over at a time. */
const mostAtOnce = 500

/**
 * Opens a subscription and reads it batch by batch; what nobody asks for stays in the stream, which holds up the
 * server. A subscription that ends or fails fails the next `next`, for it never comes back by itself.
 */
export const openFeed = <E extends { position?: LogPosition }>(
  open: (checkpointReached: (_: unknown, place: LogPosition) => void) => Subscription<E>,
  { toStored, isOurs }: EventRules<E>,
  onClosed: () => void,
): Feed & { fail(error: Error): void } => {
  let failure: Error | undefined
  let isLive = false
  let wake: (() => void) | undefined
  const stir = (): void => {
    wake?.()
    wake = undefined
  }
  const fail = (error: Error): void => {
    failure ??= error
    stir()
  }
  // a checkpoint that throws or waits would stall the stream for ever
  const subscription: Subscription<E> = open((_, place) => {
    subscription.push({ mark: 'checkpoint', place })
  })
  for (const mark of ['caughtUp', 'fellBehind'] as const)
    subscription.on(mark, () => subscription.push({ mark }))
  subscription.on('readable', stir)
  subscription.on('error', fail)
  subscription.on('end', () => fail(new Error('the server ended the subscription')))
  subscription.on('close', () => fail(new Error('the subscription was closed')))

  const drain = (): FeedBatch | null => {
    const events: StoredEvent[] = []
    let reached: LogPosition | null = null
    const wasLive = isLive
    while (events.length < mostAtOnce) {
      const item = subscription.read() as { event?: E } | Mark | null
      if (item === null) break
      if ('mark' in item) {
        if (item.mark === 'checkpoint') reached = item.place
        else isLive = item.mark === 'caughtUp'
        continue
      }
      const { event } = item
      if (event?.position === undefined) continue
      if (isOurs(event)) {
        try {
          events.push(toStored(event))
        } catch (error) {
          if (!(error instanceof DamagedEvent)) throw error
          // those before it are handed over first
          failure ??= error
          break
        }
      }
      reached = event.position
    }
    return reached === null && isLive === wasLive ? null : { events, reached, isLive }
  }

  return {
    next: async () => {
      for (;;) {
        const fed = failure === undefined ? drain() : null
        if (fed !== null) return fed
        if (failure !== undefined) throw failure
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        // events come one by one, a tick each: those that have arrived together are taken together
        await yieldToEventLoop()
      }
    },
    fail,
    close: () => {
      fail(new Error('the subscription was closed'))
      onClosed()
      // leaving it alone would leave the call open
      subscription.unsubscribe().catch(() => {})
      subscription.resume()
    },
  }
}
