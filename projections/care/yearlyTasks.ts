/**
 * Which vehicles have a yearly task that opens within a year and has no row yet. After each event a few of them get
 * theirs, so that no event waits for many; which ones depends on the events alone, however they are batched.
 */
import type Database from 'better-sqlite3'

type NextTask = { vehicleId: string; id: number; rollAt: number }

export type YearlyTasks = {
  /** Notes when the next task without a row opens, epoch ms, of a vehicle that has changed. `null`: none does. */
  note(vehicle: { vehicleId: string; id: number; rollAt: number | null }): void
  /** The vehicle whose task opens first, if that is by `until`, epoch ms. */
  first(until: number): string | null
  /** Forgets what was noted: it is in the table, or was discarded. */
  reset(): void
}

const pageSize = 64

/** Those that open first come out first. */
const createOpenings = () => {
  const heap: NextTask[] = []
  const swap = (a: number, b: number): void => {
    const one = heap[a] as NextTask
    heap[a] = heap[b] as NextTask
    heap[b] = one
  }
  return {
    first: (): NextTask | undefined => heap[0],
    add: (opening: NextTask): void => {
      let at = heap.push(opening) - 1
      for (let up = (at - 1) >> 1; at > 0 && isBefore(opening, heap[up] as NextTask); up = (at - 1) >> 1) {
        swap(at, up)
        at = up
      }
    },
    dropFirst: (): void => {
      const last = heap.pop()
      if (last === undefined || heap.length === 0) return
      heap[0] = last
      for (let at = 0; ; ) {
        const [left, right] = [2 * at + 1, 2 * at + 2]
        const smaller =
          right < heap.length && isBefore(heap[right] as NextTask, heap[left] as NextTask) ? right : left
        if (smaller >= heap.length || !isBefore(heap[smaller] as NextTask, last)) return
        swap(at, smaller)
        at = smaller
      }
    },
    clear: (): void => {
      heap.length = 0
    },
  }
}

const isBefore = (a: NextTask, b: NextTask): boolean =>
  a.rollAt < b.rollAt || (a.rollAt === b.rollAt && a.id < b.id)

export const createYearlyTasks = (db: Database.Database): YearlyTasks => {
  const nextPage = db.prepare<[number, number, number], NextTask>(
    `SELECT vehicleId, id, rollAt FROM careVehicles
     WHERE rollAt IS NOT NULL AND (rollAt, id) > (?, ?) ORDER BY rollAt, id LIMIT ?`,
  )
  /** What was noted stands for what the table has. */
  let noted = new Map<string, NextTask | null>()
  /** What was noted, also what has been noted again since. */
  const openings = createOpenings()
  let page: NextTask[] | null = null
  let place = 0

  const stored = (): NextTask | null => {
    while (true) {
      if (page === null || (place === page.length && page.length === pageSize)) {
        const last = page?.at(-1)
        page = nextPage.all(last?.rollAt ?? Number.MIN_SAFE_INTEGER, last?.id ?? 0, pageSize)
        place = 0
      }
      const found = page[place]
      if (found === undefined) return null
      if (!noted.has(found.vehicleId)) return found
      place += 1
    }
  }
  const changed = (): NextTask | null => {
    for (let found = openings.first(); found !== undefined; found = openings.first()) {
      if (noted.get(found.vehicleId) === found) return found
      openings.dropFirst()
    }
    return null
  }

  return {
    note: ({ vehicleId, id, rollAt }) => {
      const opening = rollAt === null ? null : { vehicleId, id, rollAt }
      noted.set(vehicleId, opening)
      if (opening !== null) openings.add(opening)
    },
    first: (until) => {
      const [one, other] = [stored(), changed()]
      const found = one !== null && other !== null ? (isBefore(one, other) ? one : other) : (one ?? other)
      return found !== null && found.rollAt <= until ? found.vehicleId : null
    },
    reset: () => {
      noted = new Map()
      openings.clear()
      page = null
      place = 0
    },
  }
}
