/** A lock that is held for longer than one piece of work: renewed until it is released or lost. */

/** Of its time: after so much a held lock is renewed, and after so much of it without that it counts as lost. */
const renewAfter = 1 / 3
const lostAfter = 5 / 6

export type Lease = {
  /** Whether no other node can have it, by the clock of this one. */
  isHeld(): boolean
  release(): void
}

type Parts = {
  /** Milliseconds after which a lock that is not renewed expires. */
  leaseMs: number
  /** When it was asked for, milliseconds of a clock that is never set back. */
  takenAt: number
  isInQueue(): boolean
  /** @throws where it could not be recorded that the lock is held on */
  renew(): Promise<void>
  giveBack(): void
  /** It could not be renewed in time. */
  onLost(): void
}

export const keepLease = ({ leaseMs, takenAt, isInQueue, renew, giveBack, onLost }: Parts): Lease => {
  let confirmedAt = takenAt
  let isOver = false
  const isHeld = (): boolean =>
    !isOver && isInQueue() && performance.now() - confirmedAt < leaseMs * lostAfter
  const end = (): void => {
    isOver = true
    clearInterval(renewing)
    clearInterval(watching)
    giveBack()
  }
  const renewing = setInterval(() => {
    const askedAt = performance.now()
    renew().then(
      () => {
        confirmedAt = askedAt
      },
      // the next one may succeed; if none does, the lock is lost
      () => undefined,
    )
  }, leaseMs * renewAfter)
  const watching = setInterval(
    () => {
      if (isHeld()) return
      end()
      onLost()
    },
    Math.min(500, leaseMs / 10),
  )
  renewing.unref()
  watching.unref()
  return { isHeld, release: () => void (isOver || end()) }
}
