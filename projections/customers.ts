/** Which tickets a customer has: what the matching of rulebook §6 looks up. */

import { customerHashes, givenHashes, type Identifying } from '../domain/customerKeys.ts'
import type { Instant } from '../domain/instant.ts'
import { toInstant } from '../domain/instant.ts'
import type { Sealed } from '../domain/sealed.ts'
import type { Sealing } from '../domain/sealing.ts'
import type { SubjectId } from '../domain/subjectKeys.ts'
import type { DataOf, TicketNo } from '../domain/ticket/events.ts'
import type { Known } from '../domain/ticket/matching.ts'
import { instantOrNull } from './epoch.ts'
import type { Projection } from './projection.ts'
import { createNumbering } from './rows.ts'
import { createStatements } from './statements.ts'
import type { TicketRow } from './tickets/ticketRow.ts'

/** A ticket for the matching, with the instant something last happened to it. */
export type KnownTicket = Known & { lastAt: Instant }

export type CustomerQueries = {
  /** Tickets of whom any of the hashes finds, in order of registration. */
  ticketsOf(hashes: readonly Uint8Array[]): KnownTicket[]
  known(ticketNo: TicketNo): KnownTicket | null
  /** Whose newest registration has that customer number, else that phone; `null`: nobody is known by them. */
  subjectOf(customerIdHash: Uint8Array | null, phoneHash: Uint8Array | null): SubjectId | null
  /** Tells an erased subject's lookup hashes from nobody's: they are gone. Part of erasing a subject. */
  forget(subjectId: SubjectId): void
}

/** The hashes a registration's customer is found by; none where the subject is erased. */
const hashesOf = (sealing: Sealing, box: Sealed): Buffer[] =>
  givenHashes(customerHashes(sealing, (sealing.open(box) as Identifying | null) ?? {})).map((hash) =>
    Buffer.from(hash),
  )

const knownColumns =
  't.ticketNo, t.category, t.state, t.ordinal, t.dealer, t.registeredAt, t.closedAt, t.repeatWindowEndsAt, t.escalatedTo, t.duplicateOf, t.lastAt'

const toKnown = (row: TicketRow): KnownTicket => ({
  ticketNo: row.ticketNo,
  category: row.category as Known['category'],
  state: row.state as Known['state'],
  ordinal: row.ordinal,
  dealer: row.dealer,
  registeredAt: toInstant(row.registeredAt),
  closedAt: instantOrNull(row.closedAt),
  repeatWindowEndsAt: instantOrNull(row.repeatWindowEndsAt),
  escalatedTo: row.escalatedTo,
  duplicateOf: row.duplicateOf,
  lastAt: toInstant(row.lastAt),
})

type Registered = { id: number; ticketNo: string; subjectId: string; hashes: Buffer[] }

/** Room for the keys of a registration, whose ids are `registration * keysEach` and on: forgetting is a range. */
const keysEach = 4

/** SQL for the registration a key belongs to. */
export const registrationOfKey = (keyId: string): string => `${keyId} / ${keysEach}`

export const customers: Projection<CustomerQueries> = {
  name: 'customers',
  version: 1,
  readByCommands: true,
  tables: {
    registrations:
      'CREATE TABLE registrations (id INTEGER PRIMARY KEY, ticketNo TEXT NOT NULL, subjectId TEXT NOT NULL) STRICT',
    customerKeys: 'CREATE TABLE customerKeys (id INTEGER PRIMARY KEY, hash BLOB NOT NULL) STRICT',
  },
  indexes: {
    registrationsBySubject: 'CREATE INDEX registrationsBySubject ON registrations (subjectId)',
    customerKeysByHash: 'CREATE INDEX customerKeysByHash ON customerKeys (hash)',
  },
  open: (db, sealing) => {
    const statements = createStatements(db)
    const numbering = createNumbering(db, 'registrations')
    const addRegistration = db.prepare('INSERT INTO registrations VALUES (?, ?, ?)')
    const addKey = db.prepare<[number, Buffer]>('INSERT INTO customerKeys VALUES (?, ?)')
    const registrationsOf = db
      .prepare<[Buffer], number>(`SELECT ${registrationOfKey('id')} FROM customerKeys WHERE hash = ?`)
      .pluck()
    const ofRegistration = db.prepare<[number], TicketRow>(
      `SELECT ${knownColumns} FROM registrations r CROSS JOIN tickets t ON t.ticketNo = r.ticketNo WHERE r.id = ?`,
    )
    let added: Registered[] = []

    const forgetRows = (): void => {
      added = []
      numbering.reset()
    }
    const newest = (hash: Uint8Array | null): string | null =>
      hash === null
        ? null
        : (statements.get<{ subjectId: string }>(
            `SELECT r.subjectId FROM customerKeys k JOIN registrations r ON r.id = ${registrationOfKey('k.id')}
             WHERE k.hash = ? ORDER BY k.id DESC LIMIT 1`,
            [Buffer.from(hash)],
          )?.subjectId ?? null)

    return {
      apply: (event) => {
        if (event.type !== 'TicketRegistered') return
        const { ticketNo, subjectId, customer } = event.data as DataOf<'TicketRegistered'>
        added.push({ id: numbering.next(), ticketNo, subjectId, hashes: hashesOf(sealing, customer) })
      },
      flush: () => {
        for (const { id, ticketNo, subjectId, hashes } of added) {
          addRegistration.run(id, ticketNo, subjectId)
          for (const [index, hash] of hashes.entries()) addKey.run(id * keysEach + index, hash)
        }
        added = []
      },
      discard: forgetRows,
      reload: forgetRows,
      queries: {
        ticketsOf: (hashes) => {
          // mostly nobody is known, and then a seek a key is all there is to do
          const found = new Set(hashes.flatMap((hash) => registrationsOf.all(Buffer.from(hash))))
          return [...found].sort((a, b) => a - b).map((id) => toKnown(ofRegistration.get(id) as TicketRow))
        },
        known: (ticketNo) => {
          const row = statements.get<TicketRow>(
            `SELECT ${knownColumns} FROM tickets t WHERE t.ticketNo = ?`,
            [ticketNo],
          )
          return row === undefined ? null : toKnown(row)
        },
        subjectOf: (customerIdHash, phoneHash) => newest(customerIdHash) ?? newest(phoneHash),
        forget: (subjectId) => {
          statements.run(
            `DELETE FROM customerKeys WHERE id IN (
               SELECT r.id * ${keysEach} + n.value FROM registrations r, json_each('[0, 1, 2, 3]') n
               WHERE r.subjectId = ?)`,
            [subjectId],
          )
        },
      },
    }
  },
}
