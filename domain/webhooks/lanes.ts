/**
 * The open deliveries of one endpoint, in lanes: those of one ticket go one after the other, those of other tickets go
 * on. No I/O, no clock of its own.
 */

export type OpenDelivery = {
  sequence: number
  /** Deliveries with the same lane keep their order. */
  lane: string
  attempts: number
  /** Epoch ms of the first attempt; `null`: none yet. */
  firstAt: number | null
  /** Epoch ms before which it is not tried again. */
  nextAt: number
}

/** The lanes of one endpoint. */
export type Lanes<Delivery extends OpenDelivery> = {
  /** Adds a delivery behind those of its lane. */
  add(delivery: Delivery): void
  /** Adds a delivery before those of its lane that are not being sent. */
  addFirst(delivery: Delivery): void
  /** Takes the earliest delivery that may be sent now and is not being sent; `null`: there is none. */
  take(now: number): Delivery | null
  /** Ends a delivery that was taken: it is delivered, or parked. The next of its lane follows. */
  finish(delivery: Delivery): void
  /** Gives a delivery back that was taken: it is tried again at its `nextAt`. */
  putBack(delivery: Delivery): void
  /** Lets every delivery be tried now. */
  hurry(now: number): void
  find(sequence: number): Delivery | undefined
  /** Every open delivery, those being sent too, by sequence. */
  all(): Delivery[]
  size(): number
  /** Forgets all. */
  clear(): void
}

export const createLanes = <Delivery extends OpenDelivery>(): Lanes<Delivery> => {
  const lanes = new Map<string, Delivery[]>()
  /** First of their lanes, never tried: in the order in which they became first. */
  const fresh = new Set<Delivery>()
  /** First of their lanes, to be tried again at their `nextAt`. */
  const waiting = new Set<Delivery>()
  const open = new Map<number, Delivery>()

  const offer = (delivery: Delivery): void => void (delivery.nextAt <= 0 ? fresh : waiting).add(delivery)

  /** A first attempt in the future was made before the clock was set back: by that clock it would wait for too long. */
  const isDue = ({ nextAt, firstAt }: Delivery, now: number): boolean =>
    nextAt <= now || (firstAt !== null && firstAt > now)

  const dueAmong = (now: number): Delivery | null => {
    let earliest: Delivery | null = null
    for (const each of waiting)
      if (isDue(each, now) && (earliest === null || each.nextAt < earliest.nextAt)) earliest = each
    return earliest
  }

  const add = (delivery: Delivery): void => {
    open.set(delivery.sequence, delivery)
    const lane = lanes.get(delivery.lane)
    if (lane !== undefined) lane.push(delivery)
    else {
      lanes.set(delivery.lane, [delivery])
      offer(delivery)
    }
  }

  return {
    add,
    addFirst: (delivery) => {
      const lane = lanes.get(delivery.lane)
      if (lane === undefined) return add(delivery)
      open.set(delivery.sequence, delivery)
      const first = lane[0] as Delivery
      const isIdle = fresh.delete(first) || waiting.delete(first)
      lane.splice(isIdle ? 0 : 1, 0, delivery)
      if (isIdle) offer(delivery)
    },
    take: (now) => {
      // retries first: whatever waits behind them is older than what is fresh
      const found = (waiting.size > 0 ? dueAmong(now) : null) ?? fresh.values().next().value ?? null
      if (found === null) return null
      fresh.delete(found)
      waiting.delete(found)
      return found
    },
    finish: (delivery) => {
      open.delete(delivery.sequence)
      const lane = lanes.get(delivery.lane)
      // the lanes were cleared while it was being sent
      if (lane?.[0] !== delivery) return
      lane.shift()
      const [next] = lane
      if (next === undefined) lanes.delete(delivery.lane)
      else offer(next)
    },
    putBack: (delivery) => {
      if (lanes.get(delivery.lane)?.[0] === delivery) offer(delivery)
    },
    hurry: (now) => {
      for (const each of open.values()) if (each.nextAt > now) each.nextAt = now
    },
    find: (sequence) => open.get(sequence),
    all: () => [...open.values()].sort((a, b) => a.sequence - b.sequence),
    size: () => open.size,
    clear: () => {
      for (const part of [lanes, fresh, waiting, open]) part.clear()
    },
  }
}
