/** Complaints that carry `relatedTo`: about the problem of another ticket, but no repeat of it (rulebook §6). */
import type Database from 'better-sqlite3'
import { type Instant, toEpoch, toInstant } from '../../domain/instant.ts'
import type { TicketNo } from '../../domain/ticket/events.ts'
import { countsSql } from '../closedLists.ts'

export type RelatedTicket = {
  relatedTo: TicketNo
  ticketNo: TicketNo
  receivedAt: Instant
  registeredAt: Instant
}

type Row = {
  id: number
  relatedTo: string | null
  ticketNo: string
  receivedAt: number
  registeredAt: number
}

/** Tickets looked at before the caller may yield. */
const slice = 2_000

/** In order of registration, a slice of all tickets at a time; the rescinded and duplicates are left out. */
export const createRelatedSince = (db: Database.Database) => {
  const sql = `SELECT id, CASE WHEN ${countsSql()} THEN relatedTo END AS relatedTo, ticketNo, receivedAt, registeredAt
     FROM tickets INDEXED BY ticketsByRegistration
     WHERE (registeredAt, id) > (?, ?) ORDER BY registeredAt, id LIMIT ?`
  // prepared late: while much is loaded the index is not there
  let select: Database.Statement<[number, number, number], Row> | undefined
  return function* (from: Instant): Generator<RelatedTicket[]> {
    select ??= db.prepare(sql)
    let after = { registeredAt: toEpoch(from) - 1, id: Number.MAX_SAFE_INTEGER }
    for (;;) {
      const rows = select.all(after.registeredAt, after.id, slice)
      yield rows.flatMap(({ relatedTo, ticketNo, receivedAt, registeredAt }) =>
        relatedTo === null
          ? []
          : [
              {
                relatedTo,
                ticketNo,
                receivedAt: toInstant(receivedAt),
                registeredAt: toInstant(registeredAt),
              },
            ],
      )
      if (rows.length < slice) return
      after = rows.at(-1) as Row
    }
  }
}
