/** Looks every second for dues that have passed or come near, and records them as facts (design: Time). */
import type { Logger } from 'pino'
import type { CommandDeps } from '../../api/commands/deps.ts'
import { latenessOf, recordDues } from '../../api/commands/dues/recordDues.ts'
import { bookLateSteps } from '../../api/commands/voice/bookLate.ts'
import type { DueFact } from '../../domain/dues.ts'
import { StoreUnavailable } from '../../domain/eventStore.ts'
import { type Instant, MINUTE, toEpoch } from '../../domain/instant.ts'

/** A wall clock that runs so far ahead of the monotonic one is believed by nobody. */
const longestJumpMs = 5 * MINUTE

/** Every so often all open dues are looked through: one can be set to an instant that was looked at already. */
const wholeLookEveryMs = MINUTE

export type DuesTimerDeps = Pick<CommandDeps, 'store' | 'views' | 'folded' | 'now' | 'log'> & {
  /** Milliseconds of a clock that nobody sets. */
  monotonic: () => number
  graceMs: number
  /** False while the views are not up to date, or the service ends. */
  mayRecord: () => boolean
  /** Told of each batch, and how late its newest due was recorded. */
  onRecorded: (facts: readonly DueFact[], latenessMs: number) => void
}

export type DuesTimer = {
  /** One look; two never run at the same time. */
  look(): Promise<void>
  /** Why nothing is recorded; `null`: the clock is believed. */
  held(): string | null
  start(everyMs: number): void
  stop(): Promise<void>
}

const heldSentence =
  'the wall clock has jumped ahead by more than 5 minutes; no due is recorded until it is back, or the service is restarted'

export const createDuesTimer = (deps: DuesTimerDeps): DuesTimer => {
  let running: Promise<void> | null = null
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  /** When the last look was that ended; before the first, or after one that did not end, `null`. */
  let since: Instant | null = null
  let wholeLookAt = Number.NEGATIVE_INFINITY
  /** How far the wall clock was ahead of the monotonic one at most, while it was believed. */
  let ahead: number | null = null
  let isHeld = false

  /**
   * A step back is followed: dues are then recorded when the clock comes to them again. It may step forward again to
   * where it would be without that step.
   */
  const isBelieved = (now: Instant): boolean => {
    const offset = toEpoch(now) - deps.monotonic()
    const jumps = ahead !== null && offset - ahead > longestJumpMs
    if (jumps !== isHeld) log(deps.log, jumps)
    isHeld = jumps
    if (!jumps) ahead = Math.max(ahead ?? offset, offset)
    return !jumps
  }

  const lookOnce = async (): Promise<void> => {
    if (!deps.mayRecord()) return
    const now = deps.now()
    if (!isBelieved(now)) return
    const at = deps.monotonic()
    const isWhole = since === null || at - wholeLookAt >= wholeLookEveryMs
    const from = isWhole ? null : since
    since = null
    const isDone = await recordDues(deps, {
      now,
      since: from,
      graceMs: deps.graceMs,
      mayGoOn: () => !isStopped && deps.mayRecord(),
      onRecorded: (facts) => deps.onRecorded(facts, Math.min(...facts.map((fact) => latenessOf(fact, now)))),
    })
    if (!isDone) return
    // by the facts there are now
    await bookLateSteps(deps, now)
    if (isWhole) wholeLookAt = at
    since = now
  }

  const look = (): Promise<void> => {
    running ??= lookOnce().finally(() => {
      running = null
    })
    return running
  }

  return {
    look,
    held: () => (isHeld ? heldSentence : null),
    start: (everyMs) => {
      timer = setInterval(() => {
        look().catch((error: unknown) => {
          // the store is away: the same dues are found at the next look
          if (!(error instanceof StoreUnavailable))
            deps.log.error({ error: String(error) }, 'dues could not be recorded')
        })
      }, everyMs)
      timer.unref()
    },
    stop: async () => {
      isStopped = true
      clearInterval(timer)
      await running?.catch(() => undefined)
    },
  }
}

const log = (logger: Logger, jumps: boolean): void => {
  if (jumps) logger.warn(heldSentence)
  else logger.info('the wall clock is believed again; dues are recorded')
}
