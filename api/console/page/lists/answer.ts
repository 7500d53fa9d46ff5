/** One answer of the API, read again when there is news; what is shown stays until the next is there. */
import { signal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import { type ApiProblem, get } from '../core/api.ts'
import { position } from '../live/live.ts'
import { keepRead } from './keepRead.ts'

/** Reports cost more than lists. */
const gatherMs = 2_000

export type Read<T> = {
  /** `null` until it was read. */
  answer: { readonly value: T | null }
  problem: { readonly value: ApiProblem | null }
  readAgain(): void
}

const createRead = <T>(path: string, isLive: boolean) => {
  const answer = signal<T | null>(null)
  const kept = keepRead({
    gatherMs,
    concerns: () => isLive,
    read: async () => {
      answer.value = (await get<T>(path, { minPosition: position.peek() })).data
    },
  })
  return { ...kept, answer }
}

/** The answer of a path as long as a component is there; `isLive` false: it does not change with news. */
export const useAnswer = <T>(path: string, isLive = true): Read<T> => {
  const made = useMemo(() => createRead<T>(path, isLive), [path, isLive])
  useEffect(() => made.end, [made])
  return made
}
