/** One answer of the API, read again when there is news that concerns it; what is shown stays until the next is there. */
import { batch, signal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import { type ApiProblem, get } from '../core/api.ts'
import { position } from '../live/live.ts'
import type { StreamItem } from '../live/reader.ts'
import { keepRead } from './keepRead.ts'

/** Reports cost more than lists. */
const gatherMs = 2_000

export type ShownAnswer<T> = {
  /** `null` until it was read. */
  answer: { readonly value: T | null }
  /** The version of the answer. */
  etag: { readonly value: string | null }
  problem: { readonly value: ApiProblem | null }
  readAgain(): void
}

type Concerns = (item: StreamItem) => boolean

const createRead = <T>(path: string, concerns: Concerns) => {
  const answer = signal<T | null>(null)
  const etag = signal<string | null>(null)
  const kept = keepRead({
    gatherMs,
    concerns,
    read: async () => {
      const { data, version } = await get<T>(path, { minPosition: position.peek() })
      batch(() => {
        answer.value = data
        etag.value = version
      })
    },
  })
  return { ...kept, answer, etag }
}

/** For what no news of a ticket changes. */
export const atRest: Concerns = () => false

const always: Concerns = () => true

/** The answer of a path as long as a component is there; `concerns`: whether an item may change it, every one where it is left out. */
export const useAnswer = <T>(path: string, concerns: Concerns = always): ShownAnswer<T> => {
  const made = useMemo(() => createRead<T>(path, concerns), [path])
  useEffect(() => made.end, [made])
  return made
}
