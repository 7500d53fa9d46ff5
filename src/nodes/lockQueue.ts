/** The lock queue: locks taken in the log and not given back, in its order. No I/O, no clock of its own. */
import type { NodeIdentity } from './identity.ts'

/** A lock as the log has it. Locks of earlier versions name no node. */
export type LockEntry = { id: string; keys: readonly string[] } & Partial<NodeIdentity>

export type Turn = LockEntry & {
  /** When this node saw it, milliseconds of a clock that is never set back. */
  seenAt: number
}

/** The queue as this node knows it: every node that has read as far has the same. */
export const createLine = () => {
  const locks = new Map<string, Turn>()
  const byKey = new Map<string, string[]>()

  const remove = (id: string): void => {
    const turn = locks.get(id)
    if (turn === undefined) return
    locks.delete(id)
    for (const key of turn.keys) {
      const left = (byKey.get(key) ?? []).filter((each) => each !== id)
      if (left.length > 0) byKey.set(key, left)
      else byKey.delete(key)
    }
  }

  return {
    /** At the end of the queue; again: no effect. */
    taken: (turn: Turn): void => {
      if (locks.has(turn.id)) return
      locks.set(turn.id, turn)
      for (const key of turn.keys) byKey.set(key, [...(byKey.get(key) ?? []), turn.id])
    },

    /** Given back by its holder, or expired. */
    removed: remove,

    /** A node has started: what its earlier incarnations hold is held by nobody. */
    started: ({ node, incarnation }: NodeIdentity): void => {
      for (const turn of [...locks.values()])
        if (turn.node === node && (turn.incarnation ?? 0) < incarnation) remove(turn.id)
    },

    has: (id: string): boolean => locks.has(id),

    /** Those who came earlier for any of the same keys. */
    before: (id: string): Turn[] => {
      const turn = locks.get(id)
      if (turn === undefined) return []
      const earlier = turn.keys.flatMap((key) => {
        const line = byKey.get(key) ?? []
        return line.slice(0, line.indexOf(id))
      })
      return [...new Set(earlier)].map((each) => locks.get(each) as Turn)
    },

    /** All of it, the oldest first. */
    all: (): Turn[] => [...locks.values()],
  }
}
