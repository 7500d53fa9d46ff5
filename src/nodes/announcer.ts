/** The stream in which one node says whose turn it takes and gives back, many at a time. */
import { randomUUID } from 'node:crypto'
import type { EventStore, NewEvent } from '../../domain/eventStore.ts'
import { systemEvent } from '../keys/esdbKeys.ts'

export type TakenTurn = { id: string; keys: readonly string[] }

/** Turns said in one append. */
const mostAtOnce = 500
const againMs = 1_000

type Waiting = { turn: TakenTurn; resolve: () => void; reject: (error: unknown) => void }

/** What is said while an append is under way goes out together with the next. */
export const createAnnouncer = (store: Pick<EventStore, 'append'>) => {
  let stream = `turns-${randomUUID()}`
  let version = 0
  const taken: Waiting[] = []
  const given: string[] = []
  let saying: Promise<void> | undefined

  const sayAll = async (): Promise<void> => {
    while (taken.length > 0 || given.length > 0) {
      const now = taken.splice(0, mostAtOnce)
      const back = given.splice(0, mostAtOnce)
      const events: NewEvent[] = []
      if (back.length > 0) events.push(systemEvent('TurnsGivenBack', { ids: back }))
      if (now.length > 0) events.push(systemEvent('TurnsTaken', { turns: now.map(({ turn }) => turn) }))
      try {
        version = (await store.append(stream, version, events)).version
        for (const { resolve } of now) resolve()
      } catch (error) {
        // nobody knows how long the stream is now, so there is another; what may have been said is taken back in it
        stream = `turns-${randomUUID()}`
        version = 0
        for (const { turn, reject } of now) {
          given.push(turn.id)
          reject(error)
        }
        given.push(...back)
        return
      }
    }
  }

  const say = (): void => {
    saying ??= sayAll().finally(() => {
      saying = undefined
      if (taken.length > 0) say()
      // what could not be said is said later, for others wait for it
      else if (given.length > 0) setTimeout(say, againMs).unref()
    })
  }

  return {
    /** Resolves when it stands in the log. @throws StoreUnavailable */
    take: (turn: TakenTurn): Promise<void> =>
      new Promise((resolve, reject) => {
        taken.push({ turn, resolve, reject })
        say()
      }),

    giveBack: (ids: readonly string[]): void => {
      given.push(...ids)
      say()
    },

    /** When all is said, or could not be. */
    close: async (): Promise<void> => {
      await saying
    },
  }
}
