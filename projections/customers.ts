/** Which tickets a customer has: what the matching of rulebook §6 looks up. */

import type Database from 'better-sqlite3'
import { customerHashes, type IdentifyingFields } from '../domain/customerKeys.ts'
import type { StoredEvent } from '../domain/eventStore.ts'
import type { Instant } from '../domain/instant.ts'
import { toInstant } from '../domain/instant.ts'
import type { SealedText } from '../domain/sealed.ts'
import { type Sealer, unreadable } from '../domain/sealing.ts'
import { type Searchable, searchHashes } from '../domain/searchKeys.ts'
import type { SubjectEvent } from '../domain/subject.ts'
import type { SubjectId } from '../domain/subjectKeys.ts'
import { type DataOf, type TicketNo, ticketOfStream } from '../domain/ticket/events.ts'
import type { MatchableTicket } from '../domain/ticket/matching.ts'
import { createHashList, hashListSql } from './columns/hashList.ts'
import { instantOrNull } from './epoch.ts'
import type { Projection } from './projection.ts'
import { createStatements } from './statements.ts'
import type { TicketRow } from './tickets/ticketRow.ts'

/** A ticket for the matching, with the instant something last happened to it. */
export type KnownTicket = MatchableTicket & { lastAt: Instant }

export type CustomerQueries = {
  /** Tickets of whom any of the hashes finds, in order of registration. */
  ticketsOf(hashes: readonly Uint8Array[]): KnownTicket[]
  /** Their numbers alone, of one hash. */
  ticketNosOf(hash: Uint8Array): TicketNo[]
  /** The numbers of the tickets with a plate number or a customer's name, by its hash; none are matched by them. */
  ticketNosNamed(hash: Uint8Array): TicketNo[]
  known(ticketNo: TicketNo): KnownTicket | null
  /** Whose registrations the hash finds. */
  subjectsOf(hash: Uint8Array): SubjectId[]
  /** The tickets that were registered for a subject, in order of registration. */
  ticketNosOfSubject(subjectId: SubjectId): TicketNo[]
  /** Subjects with tickets in the order of their ids, those after one; `''`: from the first on. */
  subjectsAfter(subjectId: SubjectId, limit: number): SubjectId[]
  /** Whose newest registration has that customer number, else that phone; `null`: nobody is known by them. */
  subjectOf(customerIdHash: Uint8Array | null, phoneHash: Uint8Array | null): SubjectId | null
  /** Tells an erased subject's lookup hashes from nobody's: they are gone. Part of erasing a subject. */
  forget(subjectId: SubjectId): void
}

const noPlaceholders: readonly string[] = []

/**
 * The hashes a registration's customer is found by; none where the subject is erased. The policy's placeholders have
 * hashes here, but nobody asks for them: so a word that is entered later parts strangers that were registered before.
 */
export const hashesOf = (sealing: Sealer, sealed: SealedText): (Uint8Array | null)[] =>
  matchedBy(sealing, personOf(sealing, sealed))

const personOf = (sealing: Sealer, sealed: SealedText): IdentifyingFields & Searchable => {
  const value = sealing.open(sealed)
  // nobody is found by what cannot be read; the ticket itself is there, and shows it
  return value === unreadable ? {} : ((value as (IdentifyingFields & Searchable) | null) ?? {})
}

const matchedBy = (sealing: Sealer, person: IdentifyingFields): (Uint8Array | null)[] => {
  const { customerId, phone, vin } = customerHashes(sealing, person, noPlaceholders)
  return [customerId, phone, vin]
}

const searchedBy = (sealing: Sealer, person: Searchable): (Uint8Array | null)[] => {
  const { plateNo, customerName } = searchHashes(sealing, person, noPlaceholders)
  return [plateNo, customerName]
}

const knownColumns =
  't.ticketNo, t.category, t.state, t.ordinal, t.dealer, t.registeredAt, t.closedAt, t.repeatWindowEndsAt, t.escalatedTo, t.duplicateOf, t.lastAt'

const ofRegistration = `SELECT ${knownColumns} FROM registrations r CROSS JOIN tickets t ON t.ticketNo = r.ticketNo WHERE r.id = ?`

const toKnown = (row: TicketRow): KnownTicket => ({
  ticketNo: row.ticketNo,
  category: row.category as MatchableTicket['category'],
  state: row.state as MatchableTicket['state'],
  ordinal: row.ordinal,
  dealer: row.dealer,
  registeredAt: toInstant(row.registeredAt),
  closedAt: instantOrNull(row.closedAt),
  repeatWindowEndsAt: instantOrNull(row.repeatWindowEndsAt),
  escalatedTo: row.escalatedTo,
  duplicateOf: row.duplicateOf,
  lastAt: toInstant(row.lastAt),
})

type CustomerTicket = { id: number; ticketNo: string; subjectId: string }

/** Subjects of a table's rows in the order of their ids, those after one; the table has an index by `subjectId`. */
export const subjectsAfter = (db: Database.Database, table: string) => {
  const select = db
    .prepare<[string, number], SubjectId>(
      `SELECT DISTINCT subjectId FROM ${table} WHERE subjectId > ? ORDER BY subjectId LIMIT ?`,
    )
    .pluck()
  return (subjectId: SubjectId, limit: number): SubjectId[] => select.all(subjectId, limit)
}

/** The places in a list of hashes that a registration has: customer number, phone, VIN. */
export const hashesEach = 3

/** The number, from 1, of the registration that a place belongs to; `each`: places a registration has. */
export const ownerOfPlace = (place: number, each = hashesEach): number => Math.floor(place / each) + 1

/** Its places, from its number. */
export const placesOf = (registration: number, each = hashesEach): number[] =>
  Array.from({ length: each }, (_, index) => (registration - 1) * each + index)

/** The places it has in the list of what is searched by: plate number, name. */
const searchedEach = 2

export const customers: Projection<CustomerQueries> = {
  name: 'customers',
  version: 5,
  readByCommands: true,
  types: ['TicketRegistered', 'TicketCorrected', 'SubjectErased'],
  tables: {
    registrations:
      'CREATE TABLE registrations (id INTEGER PRIMARY KEY, ticketNo TEXT NOT NULL, subjectId TEXT NOT NULL) STRICT',
    customerKeys: hashListSql('customerKeys'),
    searchKeys: hashListSql('searchKeys'),
  },
  indexes: {
    registrationsByTicket: 'CREATE INDEX registrationsByTicket ON registrations (ticketNo)',
    registrationsBySubject: 'CREATE INDEX registrationsBySubject ON registrations (subjectId)',
  },
  open: (db, sealing) => {
    const statements = createStatements(db)
    const keys = createHashList(db, 'customerKeys')
    const searchKeys = createHashList(db, 'searchKeys')
    const addRegistration = db.prepare('INSERT INTO registrations VALUES (?, ?, ?)')
    let added: CustomerTicket[] = []

    /** Newest first. */
    const registrationsOf = (hash: Uint8Array): number[] =>
      keys.find(hash).map((place) => ownerOfPlace(place))

    const registrationWith = (id: number): CustomerTicket =>
      statements.get<CustomerTicket>('SELECT * FROM registrations WHERE id = ?', [id]) as CustomerTicket

    /** A corrected ticket is found by its new keys, at the place of its registration. */
    const correct = ({ stream, data }: StoredEvent): void => {
      const ticketNo = ticketOfStream(stream)
      if (ticketNo === null) return
      const sql = 'SELECT id FROM registrations WHERE ticketNo = ?'
      const registration =
        added.find((each) => each.ticketNo === ticketNo)?.id ??
        statements.get<{ id: number }>(sql, [ticketNo])?.id
      if (registration === undefined) return
      const person = personOf(sealing, (data as DataOf<'TicketCorrected'>).customer)
      const [matched, searched] = [matchedBy(sealing, person), searchedBy(sealing, person)]
      for (const [index, place] of placesOf(registration).entries()) keys.set(place, matched[index] ?? null)
      for (const [index, place] of placesOf(registration, searchedEach).entries())
        searchKeys.set(place, searched[index] ?? null)
    }

    const forgetRows = (): void => {
      added = []
      keys.reload()
      searchKeys.reload()
    }
    const newest = (hash: Uint8Array | null): string | null => {
      const [registration] = hash === null ? [] : registrationsOf(hash)
      return registration === undefined ? null : registrationWith(registration).subjectId
    }
    /** Also those that are in no row yet. */
    const forget = (subjectId: SubjectId): void => {
      const sql = 'SELECT id FROM registrations WHERE subjectId = ?'
      const rows = statements.all<{ id: number }>(sql, [subjectId])
      for (const { id } of [...rows, ...added.filter((each) => each.subjectId === subjectId)]) {
        for (const place of placesOf(id)) keys.erase(place)
        for (const place of placesOf(id, searchedEach)) searchKeys.erase(place)
      }
    }

    return {
      apply: (event) => {
        if (event.type === 'TicketCorrected') correct(event)
        if (event.type === 'SubjectErased') forget((event.data as SubjectEvent['data']).subjectId)
        if (event.type !== 'TicketRegistered') return
        const { ticketNo, subjectId, customer } = event.data as DataOf<'TicketRegistered'>
        const registration = keys.length() / hashesEach + 1
        const person = personOf(sealing, customer)
        for (const hash of matchedBy(sealing, person)) keys.add(hash)
        for (const hash of searchedBy(sealing, person)) searchKeys.add(hash)
        added.push({ id: registration, ticketNo, subjectId })
      },
      flush: () => {
        for (const { id, ticketNo, subjectId } of added) addRegistration.run(id, ticketNo, subjectId)
        keys.flush()
        searchKeys.flush()
        added = []
      },
      discard: () => {
        added = []
        keys.discard()
        searchKeys.discard()
      },
      reload: forgetRows,
      queries: {
        ticketsOf: (hashes) => {
          const found = new Set(hashes.flatMap(registrationsOf))
          return [...found]
            .sort((a, b) => a - b)
            .map((id) => toKnown(statements.get<TicketRow>(ofRegistration, [id]) as TicketRow))
        },
        ticketNosOf: (hash) => registrationsOf(hash).map((id) => registrationWith(id).ticketNo),
        ticketNosNamed: (hash) =>
          searchKeys.find(hash).map((place) => registrationWith(ownerOfPlace(place, searchedEach)).ticketNo),
        known: (ticketNo) => {
          const row = statements.get<TicketRow>(
            `SELECT ${knownColumns} FROM tickets t WHERE t.ticketNo = ?`,
            [ticketNo],
          )
          return row === undefined ? null : toKnown(row)
        },
        subjectOf: (customerIdHash, phoneHash) => newest(customerIdHash) ?? newest(phoneHash),
        subjectsOf: (hash) => [...new Set(registrationsOf(hash).map((id) => registrationWith(id).subjectId))],
        ticketNosOfSubject: (subjectId) =>
          statements
            .all<CustomerTicket>('SELECT * FROM registrations WHERE subjectId = ? ORDER BY id', [subjectId])
            .map(({ ticketNo }) => ticketNo),
        subjectsAfter: subjectsAfter(db, 'registrations'),
        forget: db.transaction(forget),
      },
    }
  },
}
