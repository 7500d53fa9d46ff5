/** Which tickets a customer has: what the matching of rulebook §6 looks up. */
import type { StoredEvent } from '../domain/eventStore.ts'
import type { Instant } from '../domain/instant.ts'
import { toInstant } from '../domain/instant.ts'
import type { Sealer } from '../domain/sealing.ts'
import { type Searchable, searchHashes } from '../domain/searchKeys.ts'
import type { SubjectEvent } from '../domain/subject.ts'
import type { SubjectId } from '../domain/subjectKeys.ts'
import { type DataOf, type TicketNo, ticketOfStream } from '../domain/ticket/events.ts'
import type { MatchableTicket } from '../domain/ticket/matching.ts'
import { hashListSql } from './columns/hashList.ts'
import { instantOrNull } from './epoch.ts'
import type { Projection } from './projection.ts'
import { createStatements } from './statements.ts'
import {
  createSubjectHashes,
  matchedBy,
  matchedEach,
  noPlaceholders,
  personOf,
  subjectsAfter,
} from './subjectHashes.ts'
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

type Registration = { id: number; ticketNo: string; subjectId: string }

/** By what a registration is searched: plate number, name. */
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
    const matched = createSubjectHashes(db, {
      list: 'customerKeys',
      rows: 'registrations',
      each: matchedEach,
    })
    const searched = createSubjectHashes(db, {
      list: 'searchKeys',
      rows: 'registrations',
      each: searchedEach,
    })
    const addRegistration = db.prepare('INSERT INTO registrations VALUES (?, ?, ?)')
    let added: Registration[] = []

    const registrationWith = (id: number): Registration =>
      statements.get<Registration>('SELECT * FROM registrations WHERE id = ?', [id]) as Registration

    const register = ({ ticketNo, subjectId, customer }: DataOf<'TicketRegistered'>): void => {
      const person = personOf(sealing, customer)
      const id = matched.add(subjectId, matchedBy(sealing, person))
      searched.add(subjectId, searchedBy(sealing, person))
      added.push({ id, ticketNo, subjectId })
    }
    /** A corrected ticket is found by its new keys, at the place of its registration. */
    const correct = ({ stream, data }: StoredEvent): void => {
      const ticketNo = ticketOfStream(stream)
      if (ticketNo === null) return
      const sql = 'SELECT id FROM registrations WHERE ticketNo = ?'
      const id =
        added.find((each) => each.ticketNo === ticketNo)?.id ??
        statements.get<{ id: number }>(sql, [ticketNo])?.id
      if (id === undefined) return
      const person = personOf(sealing, (data as DataOf<'TicketCorrected'>).customer)
      matched.replace(id, matchedBy(sealing, person))
      searched.replace(id, searchedBy(sealing, person))
    }
    const forget = (subjectId: SubjectId): void => {
      matched.forget(subjectId)
      searched.forget(subjectId)
    }

    return {
      apply: (event) => {
        if (event.type === 'TicketCorrected') correct(event)
        if (event.type === 'SubjectErased') forget((event.data as SubjectEvent['data']).subjectId)
        if (event.type === 'TicketRegistered') register(event.data as DataOf<'TicketRegistered'>)
      },
      flush: () => {
        for (const { id, ticketNo, subjectId } of added) addRegistration.run(id, ticketNo, subjectId)
        matched.flush()
        searched.flush()
        added = []
      },
      discard: () => {
        added = []
        matched.discard()
        searched.discard()
      },
      reload: () => {
        added = []
        matched.reload()
        searched.reload()
      },
      queries: {
        ticketsOf: (hashes) => {
          const found = new Set(hashes.flatMap(matched.find))
          return [...found]
            .sort((a, b) => a - b)
            .map((id) => toKnown(statements.get<TicketRow>(ofRegistration, [id]) as TicketRow))
        },
        ticketNosOf: (hash) => matched.find(hash).map((id) => registrationWith(id).ticketNo),
        ticketNosNamed: (hash) => searched.find(hash).map((id) => registrationWith(id).ticketNo),
        known: (ticketNo) =>
          statements.find(`SELECT ${knownColumns} FROM tickets t WHERE t.ticketNo = ?`, [ticketNo], toKnown),
        subjectOf: matched.subjectOf,
        subjectsOf: matched.subjectsOf,
        ticketNosOfSubject: (subjectId) =>
          statements
            .all<Registration>('SELECT * FROM registrations WHERE subjectId = ? ORDER BY id', [subjectId])
            .map(({ ticketNo }) => ticketNo),
        subjectsAfter: subjectsAfter(db, 'registrations'),
        forget: db.transaction(forget),
      },
    }
  },
}
