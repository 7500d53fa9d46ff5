/** A list of the API that is read again when there is news; its rows are always those of the API. */
import { signal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import { ApiProblem, get } from '../core/api.ts'
import { onNews, position } from '../live/live.ts'
import type { Item } from '../live/reader.ts'

/** News within so long make one reading, milliseconds. */
const gatherMs = 250
const retryMs = 3_000

type Page<T> = { items: T[]; nextCursor: string | null }

export type List<T> = {
  rows: { readonly value: readonly T[] }
  /** Whether it was read at least once. */
  isRead: { readonly value: boolean }
  /** Whether there is more than what is shown. */
  hasMore: { readonly value: boolean }
  problem: { readonly value: ApiProblem | null }
  readAgain(): void
  showMore(): void
}

const mostRows = 200

/** `concerns`: whether an item may change the list; every one where it is left out. */
export const createList = <T>(path: string, concerns: (item: Item) => boolean = () => true) => {
  const rows = signal<readonly T[]>([])
  const isRead = signal(false)
  const hasMore = signal(false)
  const problem = signal<ApiProblem | null>(null)
  let limit = 50
  let timer: ReturnType<typeof setTimeout> | undefined
  let isReading = false
  let isDirty = false
  let isEnded = false

  const read = async (): Promise<void> => {
    timer = undefined
    if (isReading) {
      isDirty = true
      return
    }
    isReading = true
    isDirty = false
    try {
      const separator = path.includes('?') ? '&' : '?'
      const { data } = await get<Page<T>>(`${path}${separator}limit=${limit}`, {
        minPosition: position.peek(),
      })
      rows.value = data.items
      hasMore.value = data.nextCursor !== null && limit < mostRows
      isRead.value = true
      problem.value = null
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      problem.value = error
      // what is shown stays; only what passes is tried again
      if (error.status === 0 || error.status >= 500) readIn(retryMs)
    } finally {
      isReading = false
      if (isDirty) readIn(gatherMs)
    }
  }
  const readIn = (ms: number): void => {
    if (!isEnded) timer ??= setTimeout(() => void read(), ms)
  }
  const end = onNews((item) => {
    if (item === null || concerns(item)) readIn(gatherMs)
  })
  void read()
  const list: List<T> = {
    rows,
    isRead,
    hasMore,
    problem,
    readAgain: () => readIn(0),
    showMore: () => {
      limit = mostRows
      readIn(0)
    },
  }
  return {
    list,
    end: (): void => {
      isEnded = true
      clearTimeout(timer)
      end()
    },
  }
}

/** The list of a path as long as a component is there. */
export const useList = <T>(path: string, concerns?: (item: Item) => boolean): List<T> => {
  const made = useMemo(() => createList<T>(path, concerns), [path])
  useEffect(() => made.end, [made])
  return made.list
}
