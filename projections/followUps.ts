/** Acts on two tickets of which only the first half has happened. */
import type { StoredEvent } from '../domain/eventStore.ts'
import { type TicketEvent, ticketOfStream } from '../domain/ticket/events.ts'
import { followUpOf } from '../domain/ticket/followUps.ts'
import type { Projection } from './projection.ts'

export type OpenFollowUp = { stream: string; version: number; eventId: string }

export type FollowUpQueries = {
  /** Events that ask for something on another ticket which has not come yet, in the order of the log. */
  open(): OpenFollowUp[]
}

export const followUps: Projection<FollowUpQueries> = {
  name: 'followUps',
  version: 1,
  readByCommands: true,
  tables: {
    followUps: `CREATE TABLE followUps (id INTEGER PRIMARY KEY, eventId TEXT NOT NULL UNIQUE, stream TEXT NOT NULL,
      version INTEGER NOT NULL) STRICT`,
  },
  indexes: {},
  open: (db) => {
    const add = db.prepare('INSERT INTO followUps (eventId, stream, version) VALUES (?, ?, ?)')
    const remove = db.prepare('DELETE FROM followUps WHERE eventId = ?')
    const all = db.prepare<[], OpenFollowUp>('SELECT stream, version, eventId FROM followUps ORDER BY id')
    let opened = new Map<string, OpenFollowUp>()
    let answered = new Set<string>()

    const forget = (): void => {
      opened = new Map()
      answered = new Set()
    }
    const apply = ({ id, stream, version, type, data, metadata }: StoredEvent): void => {
      const { causationId } = metadata
      if (causationId !== undefined && !opened.delete(causationId)) answered.add(causationId)
      const ticketNo = ticketOfStream(stream)
      if (ticketNo !== null && followUpOf(ticketNo, { type, data } as TicketEvent) !== null)
        opened.set(id, { stream, version, eventId: id })
    }

    return {
      apply,
      flush: () => {
        for (const eventId of answered) remove.run(eventId)
        for (const { eventId, stream, version } of opened.values()) add.run(eventId, stream, version)
        forget()
      },
      discard: forget,
      reload: forget,
      queries: { open: () => all.all() },
    }
  },
}
