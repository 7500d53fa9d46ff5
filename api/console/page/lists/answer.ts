/** One answer of the API, read again when there is news; what is shown stays until the next is there. */
import { signal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import { ApiProblem, get } from '../core/api.ts'
import { onNews, position } from '../live/live.ts'

/** News within so long make one reading, milliseconds: reports cost more than lists. */
const gatherMs = 2_000

export type Read<T> = {
  /** `null` until it was read. */
  answer: { readonly value: T | null }
  problem: { readonly value: ApiProblem | null }
  readAgain(): void
}

const createRead = <T>(path: string, isLive: boolean) => {
  const answer = signal<T | null>(null)
  const problem = signal<ApiProblem | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  let isEnded = false

  const read = async (): Promise<void> => {
    timer = undefined
    try {
      const { data } = await get<T>(path, { minPosition: position.peek() })
      if (isEnded) return
      answer.value = data
      problem.value = null
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      problem.value = error
    }
  }
  const readIn = (ms: number): void => {
    if (!isEnded) timer ??= setTimeout(() => void read(), ms)
  }
  const endNews = isLive ? onNews(() => readIn(gatherMs)) : () => undefined
  void read()
  return {
    read: { answer, problem, readAgain: () => readIn(0) } as Read<T>,
    end: (): void => {
      isEnded = true
      clearTimeout(timer)
      endNews()
    },
  }
}

/** The answer of a path as long as a component is there; `isLive` false: it does not change with news. */
export const useAnswer = <T>(path: string, isLive = true): Read<T> => {
  const made = useMemo(() => createRead<T>(path, isLive), [path, isLive])
  useEffect(() => made.end, [made])
  return made.read
}
