/** Which dues have become facts: what the timer records no second time, and what a ticket's timeline shows. */
import { type Due, type DueFact, duesBeganStream, isDuesStream } from '../../domain/dues.ts'
import { toEpoch } from '../../domain/instant.ts'
import type { TicketNo } from '../../domain/ticket/events.ts'
import type { Projection } from '../projection.ts'
import { createStatements } from '../statements.ts'
import { type DueQuery, type OpenDue, openDues } from './openDues.ts'

/** Where a fact is in the log. */
export type FactPlace = { stream: string; version: number }

export type DueQueries = {
  /** Dues that are no facts yet, the earliest first. */
  open(query: DueQuery): OpenDue[]
  /** Epoch ms from when on dues become facts; `null`: that was not recorded yet. */
  began(): number | null
  /** How many events of a stream of facts this view has. */
  versionOf(stream: string): number
  /** Where the facts about a ticket are, oldest first. */
  factsOf(ticketNo: TicketNo): FactPlace[]
}

type Fact = { type: string; stream: string; version: number; data: Due }

export const dues: Projection<DueQueries> = {
  name: 'dues',
  version: 2,
  readByCommands: false,
  types: ['DuesBegan', 'DuePassed', 'DueNear'],
  tables: {
    dueFacts: `CREATE TABLE dueFacts (id INTEGER PRIMARY KEY, ticketNo TEXT NOT NULL, subject TEXT NOT NULL,
      type TEXT NOT NULL, clock TEXT NOT NULL, startedAt INTEGER NOT NULL, dueAt INTEGER NOT NULL,
      stream TEXT NOT NULL, version INTEGER NOT NULL,
      UNIQUE (subject, type, clock, startedAt, dueAt)) STRICT`,
    dueStreams:
      'CREATE TABLE dueStreams (stream TEXT PRIMARY KEY, version INTEGER NOT NULL, at INTEGER NOT NULL) STRICT',
  },
  indexes: {
    factsByTicket: 'CREATE INDEX factsByTicket ON dueFacts (ticketNo)',
  },
  open: (db) => {
    const statements = createStatements(db)
    const add = db.prepare(
      `INSERT INTO dueFacts (ticketNo, subject, type, clock, startedAt, dueAt, stream, version)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    )
    const putStream = db.prepare(
      `INSERT INTO dueStreams VALUES (?, ?, ?) ON CONFLICT (stream) DO UPDATE SET version = excluded.version, at = excluded.at`,
    )
    let facts: Fact[] = []
    let streams = new Map<string, { version: number; at: number }>()
    const forget = (): void => {
      facts = []
      streams = new Map()
    }
    const streamRow = (stream: string) =>
      statements.get<{ version: number; at: number }>('SELECT version, at FROM dueStreams WHERE stream = ?', [
        stream,
      ])
    return {
      apply: ({ type, stream, version, data, metadata }) => {
        if (!isDuesStream(stream)) return
        streams.set(stream, { version, at: toEpoch(metadata.recordedAt) })
        if (stream !== duesBeganStream) facts.push({ type, stream, version, data: data as DueFact['data'] })
      },
      flush: () => {
        for (const { type, stream, version, data } of facts)
          add.run(
            data.ticketNo,
            data.subject,
            type,
            data.clock,
            toEpoch(data.startedAt),
            toEpoch(data.dueAt),
            stream,
            version,
          )
        for (const [stream, { version, at }] of streams) putStream.run(stream, version, at)
        forget()
      },
      discard: forget,
      reload: forget,
      queries: {
        open: (query) => openDues(statements, query),
        began: () => streamRow(duesBeganStream)?.at ?? null,
        versionOf: (stream) => streamRow(stream)?.version ?? 0,
        factsOf: (ticketNo) =>
          statements.all<FactPlace>('SELECT stream, version FROM dueFacts WHERE ticketNo = ? ORDER BY id', [
            ticketNo,
          ]),
      },
    }
  },
}
