/**
 * Which vehicles have a yearly task that opens within a year and has no row yet. After each event a few of them get
 * theirs, so that no event waits for many; which ones depends on the events alone, however they are batched.
 */
import type Database from 'better-sqlite3'

type Opening = { vehicleId: string; id: number; rollAt: number }

export type YearlyTasks = {
  /** Notes when the next task without a row opens, epoch ms, of a vehicle that has changed. `null`: none does. */
  note(vehicle: { vehicleId: string; id: number; rollAt: number | null }): void
  /** The vehicle whose task opens first, if that is by `until`, epoch ms. */
  first(until: number): string | null
  /** Forgets what was noted: it is in the table, or was discarded. */
  reset(): void
}

const pageSize = 64

const isBefore = (a: Opening, b: Opening): boolean =>
  a.rollAt < b.rollAt || (a.rollAt === b.rollAt && a.id < b.id)

export const createYearlyTasks = (db: Database.Database): YearlyTasks => {
  const nextPage = db.prepare<[number, number, number], Opening>(
    `SELECT vehicleId, id, rollAt FROM careVehicles
     WHERE rollAt IS NOT NULL AND (rollAt, id) > (?, ?) ORDER BY rollAt, id LIMIT ?`,
  )
  /** What was noted stands for what the table has. */
  let noted = new Map<string, Opening | null>()
  /** No noted task opens before. */
  let notBefore = Number.POSITIVE_INFINITY
  let page: Opening[] | null = null
  let place = 0

  const stored = (): Opening | null => {
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
  const changed = (until: number): Opening | null => {
    if (until < notBefore) return null
    let found: Opening | null = null
    for (const each of noted.values()) if (each && (found === null || isBefore(each, found))) found = each
    notBefore = found?.rollAt ?? Number.POSITIVE_INFINITY
    return found
  }

  return {
    note: ({ vehicleId, id, rollAt }) => {
      noted.set(vehicleId, rollAt === null ? null : { vehicleId, id, rollAt })
      if (rollAt !== null) notBefore = Math.min(notBefore, rollAt)
    },
    first: (until) => {
      const [one, other] = [stored(), changed(until)]
      const found = one !== null && other !== null ? (isBefore(one, other) ? one : other) : (one ?? other)
      return found !== null && found.rollAt <= until ? found.vehicleId : null
    },
    reset: () => {
      noted = new Map()
      notBefore = Number.POSITIVE_INFINITY
      page = null
      place = 0
    },
  }
}
