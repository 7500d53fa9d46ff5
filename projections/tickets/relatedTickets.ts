/** Complaints that carry `relatedTo`: about the problem of another ticket, but no repeat of it (rulebook §6). */
import type Database from 'better-sqlite3'
import { type Instant, toEpoch, toInstant } from '../../domain/instant.ts'
import type { TicketNo } from '../../domain/ticket/events.ts'
import { countsSql } from '../closedLists.ts'
import { end } from '../columns/sortedIds.ts'
import type { TicketIndex } from './ticketIndex.ts'

export type Related = {
  relatedTo: TicketNo
  ticketNo: TicketNo
  receivedAt: Instant
  registeredAt: Instant
}

type Row = { relatedTo: string; ticketNo: string; receivedAt: number; registeredAt: number }

/** In order of registration, a piece of the list of all tickets at a time; the rescinded and duplicates are left out. */
export const createRelatedSince = (db: Database.Database) => {
  const select = db.prepare<[string], Row>(
    `SELECT relatedTo, ticketNo, receivedAt, registeredAt FROM tickets
     WHERE id IN (SELECT value FROM json_each(?)) AND relatedTo IS NOT NULL AND ${countsSql()}
     ORDER BY registeredAt, id`,
  )
  return function* ({ all }: TicketIndex, from: Instant): Generator<Related[]> {
    const next = all.registered.ascending({ key: toEpoch(from), id: 0 }, end)
    // copied at once, for the list may change between two slices
    const runs: number[][] = []
    for (let run = next(); run !== null; run = next()) runs.push([...run])
    for (const ids of runs)
      yield select.all(JSON.stringify(ids)).map(({ relatedTo, ticketNo, receivedAt, registeredAt }) => ({
        relatedTo,
        ticketNo,
        receivedAt: toInstant(receivedAt),
        registeredAt: toInstant(registeredAt),
      }))
  }
}
