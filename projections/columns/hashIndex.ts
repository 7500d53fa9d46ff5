/** An index in memory: the numbers 0, 1, 2 … in the order they come, by a tag of 32 random bits each. */

export type HashIndex = {
  /** Gives the next number a tag, or none, so that nothing finds it. */
  add(tag: number | null): void
  /** Gives a number that is there another tag, or none. */
  set(number: number, tag: number | null): void
  /** The numbers with that tag, and hardly any other, the greatest first. */
  withTag(tag: number): number[]
}

const tagsInAll = 2 ** 32

/** Numbers an empty index has room for. */
const firstRoom = 1_024

/** How much more room is made where it ends; 9 bytes for each number of it. */
const growth = 1.5

/** Room for what comes after those expected. */
const spare = 1.2

/** Numbers to a bucket: looking at four costs less than the memory of a bucket for each. */
const numbersPerBucket = 4

/**
 * Chains of numbers, a bucket each, the newest first: adding costs the same however often a tag comes. Only as many
 * bits of memory as whole numbers need, for there may be millions.
 * `expected`: how many will come at once, so that room is made once.
 */
export const createHashIndex = (expected = 0): HashIndex => {
  let count = 0
  let room = Math.max(firstRoom, Math.ceil(expected * spare))
  /** 0 is no tag; the tag 0 counts as 1, for a tag only says where to look. */
  let tags = new Uint32Array(room)
  /** Number + 1 of the newest in each bucket, and of the one before each; 0 ends the chain. */
  const emptyBuckets = (): Uint32Array => new Uint32Array(Math.ceil(room / numbersPerBucket))
  let newest = emptyBuckets()
  let before = new Uint32Array(room)
  /** By the upper bits, for a remainder of whole numbers above 2^31 takes ten times as long. */
  const bucketOf = (tag: number): number => Math.floor((tag / tagsInAll) * newest.length)
  const link = (number: number): void => {
    const bucket = bucketOf(tags[number]!)
    before[number] = newest[bucket]!
    newest[bucket] = number + 1
  }
  /** The number before which `number` stands in its bucket's chain, greatest first; 0: at its beginning. */
  const followerOf = (number: number): number => {
    let follower = 0
    for (let at = newest[bucketOf(tags[number]!)]!; at > number + 1; at = before[at - 1]!) follower = at
    return follower
  }
  const linkBehind = (follower: number, number: number, next: number): void => {
    if (follower === 0) newest[bucketOf(tags[number]!)] = next
    else before[follower - 1] = next
  }
  const grow = (): void => {
    room = Math.ceil(room * growth)
    const old = tags
    tags = new Uint32Array(room)
    tags.set(old)
    newest = emptyBuckets()
    before = new Uint32Array(room)
    for (let number = 0; number < count; number++) if (tags[number] !== 0) link(number)
  }

  return {
    add: (tag) => {
      if (count === room) grow()
      if (tag !== null) {
        tags[count] = tag || 1
        link(count)
      }
      count += 1
    },
    set: (number, tag) => {
      if (tags[number] !== 0) linkBehind(followerOf(number), number, before[number]!)
      tags[number] = tag === null ? 0 : tag || 1
      if (tag === null) return
      const follower = followerOf(number)
      before[number] = follower === 0 ? newest[bucketOf(tags[number]!)]! : before[follower - 1]!
      linkBehind(follower, number, number + 1)
    },
    withTag: (tag) => {
      const found: number[] = []
      const wanted = tag || 1
      for (let at = newest[bucketOf(wanted)]!; at > 0; at = before[at - 1]!)
        if (tags[at - 1] === wanted) found.push(at - 1)
      return found
    },
  }
}
