/** One reader of the stream: a cursor on the log. Behind, it reads pages; at the head it is a member of its class. */
import { type Position, StoreUnavailable } from '../../domain/eventStore.ts'
import { describeError } from '../commands/describeError.ts'
import type { Deps } from '../http/deps.ts'
import type { Member } from './classes.ts'
import type { Hub } from './hub.ts'
import type { Audience } from './messages.ts'
import { createOutput, type StreamResponse } from './output.ts'
import { sleep } from './slices.ts'

/** It ends where nothing drains for so long, milliseconds. */
const drainMs = 30_000
const heartbeatMs = 15_000
/** How often the token is verified again: its key may have been withdrawn. */
const verifyMs = 60_000
const storeAwayMs = 1_000

/** What the time limits of a reader are measured by. */
export type Clock = {
  /** Epoch ms: what a token's expiry is in. */
  epoch(): number
  /** Milliseconds of a clock that nobody sets. */
  elapsed(): number
}

export type ReaderOptions = {
  deps: Deps
  hub: Hub
  response: StreamResponse
  clock: Clock
  audience: Audience
  /** Epoch ms. */
  expiresAt: number
  /** Where to go on; `null`: only what happens from now on. */
  after: Position | null
  /** Whether the token counts still. */
  verify(): Promise<boolean>
}

/** Writes the stream until the token, the reader or the service ends. The headers are out. */
export const startReader = (reading: ReaderOptions): Member => {
  const { deps, hub, response, clock, audience, expiresAt } = reading
  const { store, log, metrics } = deps
  let cursor = reading.after
  let isEnded = false
  let verifiedAt = clock.elapsed()
  const output = createOutput(response, clock.elapsed, (bytes) => metrics.live.bytes.inc(bytes))

  const end = (): void => {
    if (isEnded) return
    isEnded = true
    hub.exit(member)
    response.end()
  }
  const drop = (): void => {
    if (isEnded) return
    metrics.live.dropped.inc()
    isEnded = true
    hub.exit(member)
    response.destroy()
  }

  const hasExpired = (): boolean => clock.epoch() >= expiresAt

  /** Reads until the cursor is the head, and joins the class in that step. */
  const catchUp = async (): Promise<void> => {
    while (!isEnded) {
      await output.drained()
      if (isEnded) return
      const target = hub.head()
      cursor ??= target
      const order = cursor === null || target === null ? 0 : store.comparePositions(cursor, target)
      if (order === 0 && hub.join(member)) return
      // a window is being written, of which it knows nothing yet, or all
      if (order >= 0) await hub.nextWindow()
      else {
        const { bytes, upTo } = await hub.after(audience, cursor as Position, () => isEnded)
        if (isEnded) return
        if (hasExpired()) return end()
        output.write(bytes)
        cursor = upTo
      }
    }
  }
  const run = async (): Promise<void> => {
    while (!isEnded) {
      try {
        return await catchUp()
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) {
          log.error({ error: describeError(error) }, 'a stream was ended')
          return end()
        }
        await sleep(storeAwayMs)
      }
    }
  }

  const verifyAgain = (now: number): void => {
    verifiedAt = now
    reading.verify().then(
      (counts) => {
        if (!counts) end()
      },
      () => end(),
    )
  }

  const member: Member = {
    audience,
    take: (bytes, upTo) => {
      if (bytes.length > 0 && hasExpired()) return end()
      cursor = upTo
      // most windows have nothing for most readers
      if (bytes.length === 0) return
      output.write(bytes)
      if (!output.isFull()) return
      hub.leave(member)
      metrics.live.left.inc()
      void run()
    },
    tick: () => {
      const now = clock.elapsed()
      const slowSince = output.slowSince()
      if (hasExpired()) return end()
      if (slowSince !== null && now - slowSince >= drainMs) return drop()
      if (now - verifiedAt >= verifyMs) verifyAgain(now)
      // the id: what was passed over need not be read again
      if (slowSince === null && now - output.writtenAt() >= heartbeatMs)
        output.write(cursor === null ? ': heartbeat\n\n' : `: heartbeat\nid: ${cursor}\n\n`)
    },
    end,
  }
  response.once('close', () => {
    isEnded = true
    hub.exit(member)
  })
  const begin = async (): Promise<void> => {
    await hub.enter(member)
    if (isEnded) return hub.exit(member)
    cursor ??= hub.head()
    output.write(`retry: 2000\n${cursor === null ? '' : `id: ${cursor}\n`}\n`)
    await run()
  }
  if (response.destroyed) isEnded = true
  else begin().catch(() => end())
  return member
}
