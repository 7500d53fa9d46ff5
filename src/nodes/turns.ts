/**
 * One after the other across nodes: who wants to do something alone says so in the log, and waits for those who said
 * so earlier. See `docs/adr/0015-eventstoredb.md` for why nobody can go on past the end of his turn.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import type { Turns } from '../../api/commands/deps.ts'
import {
  type EventStore,
  type Position,
  type StoredEvent,
  StoreUnavailable,
} from '../../domain/eventStore.ts'
import { createAnnouncer, type TakenTurn } from './announcer.ts'
import { createLine } from './line.ts'

/** Milliseconds: after `lease` others go past a turn; after `work` its holder begins no append any more. */
export type TurnTimes = { lease: number; work: number; patience: number }

/** An append that was begun is over, one way or another, 20 seconds later: so long do tries and their deadline last. */
const defaultTimes: TurnTimes = { lease: 30_000, work: 10_000, patience: 8_000 }

type Parts = {
  store: Pick<EventStore, 'append'>
  /** Waits until commands can rest on what the views say up to a position. */
  reached(position: Position): Promise<boolean>
  times?: TurnTimes
}

export type LogTurns = Turns & {
  heard(events: readonly StoredEvent[], reached: Position | null): void
  /** After which position the log must be read again for the line to be known after a restart. */
  readAgainAfter(): Position | null
  /** @throws StoreUnavailable in a turn that has lasted too long to append in. */
  requireTurn(): void
  close(): Promise<void>
}

export const createTurns = ({ store, reached, times = defaultTimes }: Parts): LogTurns => {
  const line = createLine()
  const announcer = createAnnouncer(store)
  const current = new AsyncLocalStorage<{ saidAt: number }>()
  const wakers = new Set<() => void>()
  let heardTo: Position | null = null

  /** Until something is heard, at most so long. */
  const news = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer)
        wakers.delete(wake)
        resolve()
      }
      const timer = setTimeout(wake, ms)
      wakers.add(wake)
    })

  /** Those whose turn has lasted longer than any may: their nodes are gone. */
  const passOver = (id: string, now: number): void => {
    const gone = line.before(id).filter(({ seenAt }) => now - seenAt >= times.lease)
    for (const turn of gone) line.givenBack(turn.id)
    if (gone.length > 0) announcer.giveBack(gone.map((turn) => turn.id))
  }

  /** @returns whether it is our turn; `false` where somebody is before us and we shall not wait. */
  const comesUp = async (turn: TakenTurn, wait: boolean): Promise<boolean> => {
    const until = performance.now() + times.patience
    const isSeen = (): boolean => seen.has(turn.id)
    for (;;) {
      const now = performance.now()
      passOver(turn.id, now)
      if (isSeen() && line.before(turn.id).length === 0) break
      if (isSeen() && !wait) return false
      if (now >= until) throw new StoreUnavailable(new Error('others had their turn for too long'))
      await news(Math.min(until - now, 500))
    }
    if (heardTo !== null && !(await reached(heardTo)))
      throw new StoreUnavailable(new Error('the views are behind'))
    return true
  }

  /** Our own turns that stand in the line. */
  const seen = new Set<string>()
  const own = new Set<string>()

  return {
    take: async (keys, work, { wait, taken }) => {
      const turn = { id: randomUUID(), keys }
      const saidAt = performance.now()
      own.add(turn.id)
      try {
        await announcer.take(turn)
        if (!(await comesUp(turn, wait))) return taken()
        // inside another turn, the one that began first ends first
        const since = Math.min(saidAt, current.getStore()?.saidAt ?? saidAt)
        return await current.run({ saidAt: since }, work)
      } finally {
        own.delete(turn.id)
        seen.delete(turn.id)
        line.givenBack(turn.id)
        announcer.giveBack([turn.id])
      }
    },

    heard: (events, position) => {
      const seenAt = performance.now()
      for (const { type, data } of events) {
        if (type === 'TurnsTaken')
          for (const { id, keys } of (data as { turns: TakenTurn[] }).turns) {
            line.taken({ id, keys, after: heardTo, seenAt })
            if (own.has(id)) seen.add(id)
          }
        if (type === 'TurnsGivenBack') for (const id of (data as { ids: string[] }).ids) line.givenBack(id)
      }
      heardTo = position ?? heardTo
      for (const wake of [...wakers]) wake()
    },

    readAgainAfter: () => {
      const oldest = line.oldest()
      return oldest === undefined ? heardTo : oldest.after
    },

    requireTurn: () => {
      const turn = current.getStore()
      if (turn !== undefined && performance.now() - turn.saidAt > times.work)
        throw new StoreUnavailable(new Error('the turn has lasted too long'))
    },

    close: () => announcer.close(),
  }
}
