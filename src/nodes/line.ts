/** Who is before whom: the turns taken in the log and not given back, in its order. Values in, values out. */
import type { Position } from '../../domain/eventStore.ts'

export type Turn = {
  id: string
  keys: readonly string[]
  /** A position before it in the log; `null` is the start. */
  after: Position | null
  /** When this node saw it, milliseconds of a clock that is never set back. */
  seenAt: number
}

/** The line as this node knows it. */
export const createLine = () => {
  const turns = new Map<string, Turn>()
  const byKey = new Map<string, string[]>()

  return {
    /** At the end of the line; again: no effect. */
    taken: (turn: Turn): void => {
      if (turns.has(turn.id)) return
      turns.set(turn.id, turn)
      for (const key of turn.keys) byKey.set(key, [...(byKey.get(key) ?? []), turn.id])
    },

    givenBack: (id: string): void => {
      const turn = turns.get(id)
      if (turn === undefined) return
      turns.delete(id)
      for (const key of turn.keys) {
        const left = (byKey.get(key) ?? []).filter((each) => each !== id)
        if (left.length > 0) byKey.set(key, left)
        else byKey.delete(key)
      }
    },

    /** Those who came earlier for any of the same keys. */
    before: (id: string): Turn[] => {
      const turn = turns.get(id)
      if (turn === undefined) return []
      const earlier = turn.keys.flatMap((key) => {
        const line = byKey.get(key) ?? []
        return line.slice(0, line.indexOf(id))
      })
      return [...new Set(earlier)].map((each) => turns.get(each) as Turn)
    },

    /** The one that has been in the line for longest. */
    oldest: (): Turn | undefined => turns.values().next().value,
  }
}
