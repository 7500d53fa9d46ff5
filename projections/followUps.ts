/** Acts on two streams of which only the first half has happened. */

import { type CareEventType, vehicleOfStream } from '../domain/care/events.ts'
import type { StoredEvent } from '../domain/eventStore.ts'
import { type InquiryEventType, inquiryOfStream } from '../domain/inquiry/events.ts'
import { type TicketEvent, ticketOfStream } from '../domain/ticket/events.ts'
import { followUpOf } from '../domain/ticket/followUps.ts'
import { isVoiceBatchStream, type voiceBatchEventData } from '../domain/voice/batch.ts'
import type { Projection } from './projection.ts'

export type OpenFollowUp = { stream: string; version: number; eventId: string }

export type FollowUpQueries = {
  /** Events that ask for something on another ticket which has not come yet; those of one ticket in their order. */
  open(): OpenFollowUp[]
  /** Whether the event with this id still asks for something. */
  isOpen(eventId: string): boolean
}

/** What an event of these types asks for is taken in as a complaint (rulebook §12, §15). */
const asksForComplaint: readonly (InquiryEventType | CareEventType)[] = [
  'InquiryBecameComplaint',
  'CareBecameComplaint',
]

/** A call whose items are about to be entered (rulebook §16). */
const firstOfBatch: keyof typeof voiceBatchEventData = 'VoiceBatchKept'

/** What it asks for is at its end when its own stream says so. */
const isEndedByItself = (stream: string): boolean =>
  inquiryOfStream(stream) !== null || vehicleOfStream(stream) !== null || isVoiceBatchStream(stream)

export const followUps: Projection<FollowUpQueries> = {
  name: 'followUps',
  version: 5,
  readByCommands: true,
  tables: {
    // no number of its own: what was opened and answered in one batch never had a row
    followUps: `CREATE TABLE followUps (eventId TEXT PRIMARY KEY, stream TEXT NOT NULL, version INTEGER NOT NULL,
      recordedAt TEXT NOT NULL) STRICT, WITHOUT ROWID`,
  },
  indexes: {},
  open: (db) => {
    const add = db.prepare('INSERT INTO followUps VALUES (?, ?, ?, ?)')
    // the complaint of an inquiry or a call is at its end when that says so, see `docs/adr/0037-inquiries-become-complaints.md`
    const remove = db.prepare(
      `DELETE FROM followUps WHERE eventId = ? AND
        ((stream NOT LIKE 'inquiry-%' AND stream NOT LIKE 'vehicle-%' AND stream NOT LIKE 'voiceBatch-%') OR stream = ?)`,
    )
    const all = db.prepare<[], OpenFollowUp>(
      'SELECT stream, version, eventId FROM followUps ORDER BY recordedAt, stream, version',
    )
    const one = db.prepare<[string], OpenFollowUp>('SELECT 1 FROM followUps WHERE eventId = ?')
    let opened = new Map<string, OpenFollowUp & { recordedAt: string }>()
    let answered: { eventId: string; stream: string }[] = []

    const forget = (): void => {
      opened = new Map()
      answered = []
    }
    const answer = (eventId: string, stream: string): void => {
      const asked = opened.get(eventId)
      if (asked === undefined) answered.push({ eventId, stream })
      else if (!isEndedByItself(asked.stream) || asked.stream === stream) opened.delete(eventId)
    }
    const apply = ({ id, stream, version, type, data, metadata }: StoredEvent): void => {
      const { causationId, recordedAt } = metadata
      if (causationId !== undefined) answer(causationId, stream)
      if ((asksForComplaint as readonly string[]).includes(type) || (type === firstOfBatch && version === 1))
        opened.set(id, { stream, version, eventId: id, recordedAt })
      const ticketNo = ticketOfStream(stream)
      if (ticketNo !== null && followUpOf(ticketNo, { type, data } as TicketEvent) !== null)
        opened.set(id, { stream, version, eventId: id, recordedAt })
    }

    return {
      apply,
      flush: () => {
        for (const { eventId, stream } of answered) remove.run(eventId, stream)
        for (const { eventId, stream, version, recordedAt } of opened.values())
          add.run(eventId, stream, version, recordedAt)
        forget()
      },
      discard: forget,
      reload: forget,
      queries: { open: () => all.all(), isOpen: (eventId) => one.get(eventId) !== undefined },
    }
  },
}
