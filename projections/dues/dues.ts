/** Which dues have become facts: what the timer records no second time, and what a ticket's timeline shows. */
import { type DueData, type DueFact, duesBeganStream, isDuesStream } from '../../domain/dues.ts'
import type { Position, StoredEvent } from '../../domain/eventStore.ts'
import { type Instant, toEpoch, toInstant } from '../../domain/instant.ts'
import type { TicketNo } from '../../domain/ticket/events.ts'
import type { Projection } from '../projection.ts'
import { createStatements } from '../statements.ts'
import { type DueQuery, type OpenDues, openDues } from './openDues.ts'

/** A fact as it is in the log. */
export type RecordedFact = DueFact & { eventId: string; position: Position; recordedAt: Instant }

export type DueQueries = {
  /** The next open dues of a clock, without those that are facts. */
  open(query: DueQuery): OpenDues
  /** Epoch ms from when on dues become facts; `null`: that was not recorded yet. */
  began(): number | null
  /** How many events of a stream of facts this view has. */
  versionOf(stream: string): number
  /** The facts about a ticket and its warnings, in the order of the log. */
  factsOf(ticketNo: TicketNo): RecordedFact[]
}

type Fact = Pick<StoredEvent, 'id' | 'position'> & { type: string; recordedAt: Instant; data: DueData }

type FactRow = Pick<DueData, 'ticketNo' | 'subject' | 'clock' | 'unit'> & {
  type: DueFact['type']
  startedAt: number
  dueAt: number
  eventId: string
  position: Position
  recordedAt: number
}

const recordedFact = ({
  type,
  startedAt,
  dueAt,
  recordedAt,
  eventId,
  position,
  ...due
}: FactRow): RecordedFact => ({
  type,
  data: { ...due, startedAt: toInstant(startedAt), dueAt: toInstant(dueAt) },
  eventId,
  position,
  recordedAt: toInstant(recordedAt),
})

export const dues: Projection<DueQueries> = {
  name: 'dues',
  version: 3,
  readByCommands: false,
  types: ['DuesBegan', 'DuePassed', 'DueNear'],
  tables: {
    dueFacts: `CREATE TABLE dueFacts (id INTEGER PRIMARY KEY, ticketNo TEXT NOT NULL, subject TEXT NOT NULL,
      type TEXT NOT NULL, clock TEXT NOT NULL, startedAt INTEGER NOT NULL, dueAt INTEGER NOT NULL, unit TEXT,
      eventId TEXT NOT NULL, position TEXT NOT NULL, recordedAt INTEGER NOT NULL,
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
      `INSERT INTO dueFacts (ticketNo, subject, type, clock, startedAt, dueAt, unit, eventId, position, recordedAt)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
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
      apply: ({ type, stream, version, data, id, position, metadata: { recordedAt } }) => {
        if (!isDuesStream(stream)) return
        streams.set(stream, { version, at: toEpoch(recordedAt) })
        if (stream !== duesBeganStream) facts.push({ type, id, position, recordedAt, data: data as DueData })
      },
      flush: () => {
        for (const { type, id, position, recordedAt, data } of facts)
          add.run(
            data.ticketNo,
            data.subject,
            type,
            data.clock,
            toEpoch(data.startedAt),
            toEpoch(data.dueAt),
            data.unit,
            id,
            position,
            toEpoch(recordedAt),
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
          statements
            .all<FactRow>(
              `SELECT type, ticketNo, subject, clock, startedAt, dueAt, unit, eventId, position, recordedAt
               FROM dueFacts WHERE ticketNo = ? ORDER BY id`,
              [ticketNo],
            )
            .map(recordedFact),
      },
    }
  },
}
