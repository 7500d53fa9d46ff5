/** A list of the API that is read again when there is news; its rows are always those of the API. */
import { signal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import { type ApiProblem, get } from '../core/api.ts'
import { position } from '../live/live.ts'
import type { StreamItem } from '../live/reader.ts'
import { keepRead } from './keepRead.ts'

const gatherMs = 250

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
export const createList = <T>(path: string, concerns: (item: StreamItem) => boolean = () => true) => {
  const rows = signal<readonly T[]>([])
  const isRead = signal(false)
  const hasMore = signal(false)
  let limit = 50

  const kept = keepRead({
    gatherMs,
    concerns,
    read: async () => {
      const separator = path.includes('?') ? '&' : '?'
      const { data } = await get<Page<T>>(`${path}${separator}limit=${limit}`, {
        minPosition: position.peek(),
      })
      rows.value = data.items
      hasMore.value = data.nextCursor !== null && limit < mostRows
      isRead.value = true
    },
  })
  const list: List<T> = {
    rows,
    isRead,
    hasMore,
    problem: kept.problem,
    readAgain: kept.readAgain,
    showMore: () => {
      limit = mostRows
      kept.readAgain()
    },
  }
  return { list, end: kept.end }
}

/** The list of a path as long as a component is there. */
export const useList = <T>(path: string, concerns?: (item: StreamItem) => boolean): List<T> => {
  const made = useMemo(() => createList<T>(path, concerns), [path])
  useEffect(() => made.end, [made])
  return made.list
}
