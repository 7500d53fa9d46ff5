/** Customers beside their registrations: whose calls were logged on other tickets, and who was erased (rulebook §17). */
import type { SealedText } from '../domain/sealed.ts'
import type { SubjectEvent } from '../domain/subject.ts'
import type { SubjectId } from '../domain/subjectKeys.ts'
import { type DataOf, type TicketNo, ticketOfStream } from '../domain/ticket/events.ts'
import { hashListSql } from './columns/hashList.ts'
import type { Projection } from './projection.ts'
import { createStatements } from './statements.ts'
import { createSubjectHashes, matchedBy, matchedEach, personOf, subjectsAfter } from './subjectHashes.ts'

export type ErasedSubject = { id: number; subjectId: SubjectId }

export type SubjectQueries = {
  /** Of whom calls were logged that the hash finds. */
  callersOf(hash: Uint8Array): SubjectId[]
  /** The tickets on which calls of the subject were logged. */
  ticketsCalledOn(subjectId: SubjectId): TicketNo[]
  /** Subjects with logged calls in the order of their ids, those after one; `''`: from the first on. */
  subjectsAfter(subjectId: SubjectId, limit: number): SubjectId[]
  /** Erased subjects in the order of their erasure, those after a number. */
  erasedAfter(id: number, limit: number): ErasedSubject[]
  isErased(subjectId: SubjectId): boolean
  /** Forgets by what the subject's calls are found. Part of erasing a subject. */
  forget(subjectId: SubjectId): void
}

type Call = { id: number; ticketNo: string; subjectId: string }

export const subjects: Projection<SubjectQueries> = {
  name: 'subjects',
  version: 1,
  readByCommands: true,
  types: ['ContactLogged', 'SubjectErased'],
  tables: {
    calls:
      'CREATE TABLE calls (id INTEGER PRIMARY KEY, ticketNo TEXT NOT NULL, subjectId TEXT NOT NULL) STRICT',
    callerKeys: hashListSql('callerKeys'),
    erasures: 'CREATE TABLE erasures (id INTEGER PRIMARY KEY, subjectId TEXT NOT NULL UNIQUE) STRICT',
  },
  indexes: { callsBySubject: 'CREATE INDEX callsBySubject ON calls (subjectId)' },
  open: (db, sealing) => {
    const statements = createStatements(db)
    const hashes = createSubjectHashes(db, { list: 'callerKeys', rows: 'calls', each: matchedEach })
    const addCall = db.prepare('INSERT INTO calls VALUES (?, ?, ?)')
    const addErasure = db.prepare('INSERT INTO erasures (subjectId) VALUES (?) ON CONFLICT DO NOTHING')
    let added: Call[] = []
    let erased: SubjectId[] = []

    const forgetRows = (): void => {
      added = []
      erased = []
    }

    return {
      apply: ({ type, data, stream }) => {
        if (type === 'SubjectErased') {
          const { subjectId } = data as SubjectEvent['data']
          erased.push(subjectId)
          hashes.forget(subjectId)
        }
        if (type !== 'ContactLogged') return
        const { subjectId, customer } = data as DataOf<'ContactLogged'>
        if (customer === null || customer === undefined) return
        const id = hashes.add(subjectId, matchedBy(sealing, personOf(sealing, customer as SealedText)))
        added.push({ id, ticketNo: ticketOfStream(stream) as TicketNo, subjectId })
      },
      flush: () => {
        for (const { id, ticketNo, subjectId } of added) addCall.run(id, ticketNo, subjectId)
        for (const subjectId of erased) addErasure.run(subjectId)
        hashes.flush()
        forgetRows()
      },
      discard: () => {
        forgetRows()
        hashes.discard()
      },
      reload: () => {
        forgetRows()
        hashes.reload()
      },
      queries: {
        callersOf: hashes.subjectsOf,
        ticketsCalledOn: (subjectId) =>
          statements
            .all<{ ticketNo: TicketNo }>(
              'SELECT ticketNo FROM calls WHERE subjectId = ? GROUP BY ticketNo ORDER BY min(id)',
              [subjectId],
            )
            .map(({ ticketNo }) => ticketNo),
        subjectsAfter: subjectsAfter(db, 'calls'),
        erasedAfter: (id, limit) =>
          statements.all<ErasedSubject>('SELECT * FROM erasures WHERE id > ? ORDER BY id LIMIT ?', [
            id,
            limit,
          ]),
        isErased: (subjectId) =>
          statements.get('SELECT 1 AS found FROM erasures WHERE subjectId = ?', [subjectId]) !== undefined,
        forget: db.transaction(hashes.forget),
      },
    }
  },
}
