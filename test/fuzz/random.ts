/** Chance that can be had again: the same seed gives the same requests. */
export type Random = {
  /** From 0 up to, not including, 1. */
  real(): number
  /** A whole number from `min` to `max`, both included. */
  whole(min: number, max: number): number
  chance(probability: number): boolean
  /** @throws Error where there is nothing to choose from */
  pick<T>(list: readonly T[]): T
}

/** Mulberry32: small, and good enough to choose with. */
export const seeded = (seed: number): Random => {
  let state = seed >>> 0
  const real = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const whole = (min: number, max: number): number => min + Math.floor(real() * (max - min + 1))
  return {
    real,
    whole,
    chance: (probability) => real() < probability,
    pick: (list) => {
      if (list.length === 0) throw new Error('nothing to choose from')
      return list[whole(0, list.length - 1)]!
    },
  }
}
