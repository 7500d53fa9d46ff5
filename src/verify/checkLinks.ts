/** Whether tickets that concern each other agree, and no act on two tickets is pending (`domain/ticket/invariants.ts`). */
import { setTimeout as sleep } from 'node:timers/promises'
import type Database from 'better-sqlite3'
import { DamagedEvent, type EventStore, type StoredEvent } from '../../domain/eventStore.ts'
import { fill } from '../../domain/refusal.ts'
import { eventsOf, UnknownEvent } from '../../domain/storedEvents.ts'
import { type TicketEvent, type TicketNo, ticketOfStream, ticketStream } from '../../domain/ticket/events.ts'
import { fold } from '../../domain/ticket/evolve.ts'
import { followUpOf } from '../../domain/ticket/followUps.ts'
import { type LinkedTicket, type Repair, violations, violationsOf } from '../../domain/ticket/invariants.ts'
import { uuidText } from '../../domain/uuid.ts'
import type { LogRow } from '../store/logRow.ts'
import type { Report } from './checkNumbers.ts'

/** Milliseconds after which a service that runs beside has completed what was in flight. */
const inFlightMs = 1_500

const actedOn = [
  'RepeatLinked',
  'RepeatUnlinked',
  'BecameRepeat',
  'CeasedToBeRepeat',
  'MarkedDuplicate',
  'DuplicateAbsorbed',
  'DuplicateUndone',
  'DuplicateReleased',
]
const quotedTypes = actedOn.map((type) => `'${type}'`).join(', ')

/** Streams of tickets that another ticket names or named; events whose JSON is damaged are reported elsewhere. */
const streamsOf = (log: Database.Database): string[] =>
  log
    .prepare<[], string>(
      `SELECT DISTINCT stream FROM events WHERE type IN (${quotedTypes})
         OR (type = 'TicketRegistered' AND json_valid(data) AND json_extract(data, '$.escalatedFrom') IS NOT NULL)`,
    )
    .pluck()
    .all()

/** Ids of the events that ask for something on another ticket and that no event answers. */
const pendingOf = (log: Database.Database): { id: string; stream: string; type: string }[] => {
  const asking = log
    .prepare<[], Pick<LogRow, 'id' | 'stream' | 'type' | 'data'>>(
      `SELECT id, stream, type, data FROM events
       WHERE type IN (${quotedTypes}, 'CallbackRecorded') AND json_valid(data)`,
    )
    .all()
    .filter(({ stream, type, data }) => {
      const ticketNo = ticketOfStream(stream)
      return (
        ticketNo !== null && followUpOf(ticketNo, { type, data: JSON.parse(data) } as TicketEvent) !== null
      )
    })
  // read last, so that what was answered meanwhile counts as answered
  const answered = new Set(
    log
      .prepare<[], string | null>(
        `SELECT DISTINCT json_extract(metadata, '$.causationId') FROM events
         WHERE json_valid(metadata) AND json_extract(metadata, '$.causationId') IS NOT NULL`,
      )
      .pluck()
      .all(),
  )
  return asking
    .map(({ id, stream, type }) => ({ id: uuidText(id), stream, type }))
    .filter(({ id }) => !answered.has(id))
}

/** What becomes a complaint, as a report names it. */
const becomingComplaints: Readonly<Record<string, string>> = {
  InquiryBecameComplaint: 'inquiry',
  CareBecameComplaint: 'care task',
}

/** Inquiries and care tasks that said they are complaints, and neither name a ticket nor were opened again. */
const pendingComplaintsOf = (log: Database.Database): { id: string; stream: string; type: string }[] => {
  const asking = log
    .prepare<[], Pick<LogRow, 'id' | 'stream'> & { type: string }>(
      `SELECT id, stream, type FROM events WHERE type IN ('InquiryBecameComplaint', 'CareBecameComplaint')`,
    )
    .all()
    .map(({ id, stream, type }) => ({ id: uuidText(id), stream, type }))
  // the complaint itself is no answer: it is at its end when the inquiry or the task says so
  const answered = new Set(
    log
      .prepare<[], string | null>(
        `SELECT json_extract(metadata, '$.causationId') FROM events
         WHERE type IN ('InquiryTicketNamed', 'InquiryReopened', 'CareTicketNamed', 'CareReopened')
           AND json_valid(metadata)`,
      )
      .pluck()
      .all(),
  )
  return asking.filter(({ id }) => !answered.has(id))
}

/** Calls of many items of customer voice that were begun and are not at their end. */
const pendingBatchesOf = (log: Database.Database): { id: string; stream: string; type: string }[] =>
  log
    .prepare<[], Pick<LogRow, 'id' | 'stream'> & { type: string }>(
      `SELECT id, stream, type FROM events AS begun WHERE type = 'VoiceBatchKept' AND version = 1
         AND NOT EXISTS (SELECT 1 FROM events AS ended WHERE ended.stream = begun.stream AND ended.type = 'VoiceBatchEnded')`,
    )
    .all()
    .map(({ id, stream, type }) => ({ id: uuidText(id), stream, type }))

const repairOf = ({ ticketNo, act, other }: Repair): string => {
  const body = other === null ? '' : ` with ticketNo ${other}`
  return `POST /v1/tickets/${ticketNo}/${act}${body} repairs it`
}

type Parts = { log: Database.Database; store: Pick<EventStore, 'readStream'> }

const look = async ({ log, store }: Parts): Promise<Set<string>> => {
  const tickets = new Map<TicketNo, LinkedTicket | null>()
  /** Reported where every event is read; of these nobody can tell what they are linked with. */
  const damaged = new Set<TicketNo>()
  const eventsOfTicket = async (ticketNo: TicketNo): Promise<StoredEvent<TicketEvent>[]> => {
    try {
      return eventsOf<TicketEvent>(await store.readStream(ticketStream(ticketNo)))
    } catch (error) {
      if (!(error instanceof DamagedEvent)) throw error
      damaged.add(ticketNo)
      return []
    }
  }
  const read = async (ticketNo: TicketNo): Promise<LinkedTicket | null> => {
    const known = tickets.get(ticketNo)
    if (known !== undefined) return known
    const ticket = fold(await eventsOfTicket(ticketNo))
    const linked = ticket && linkedOf(ticket)
    tickets.set(ticketNo, linked)
    return linked
  }
  for (const stream of streamsOf(log)) {
    const ticket = await read(ticketOfStream(stream) as TicketNo)
    for (const other of ticket === null ? [] : namesIn(ticket)) await read(other)
  }
  const problems = new Set<string>()
  for (const ticket of tickets.values()) {
    if (ticket === null || namesIn(ticket).some((each) => damaged.has(each))) continue
    for (const { code, ticketNo, other, repair } of violationsOf(ticket, (no) => tickets.get(no) ?? null))
      problems.add(`${fill(violations[code].en, { ticketNo, other })}: ${repairOf(repair)}.`)
  }
  for (const { id, stream, type } of pendingOf(log))
    problems.add(
      `Event ${id} (${type}) of ${stream} asks for something on another ticket that has not come: the next start of the service repairs it.`,
    )
  for (const { id, stream, type } of pendingComplaintsOf(log))
    problems.add(
      `Event ${id} (${type}) of ${stream} asks for a complaint, and the ${becomingComplaints[type]} does not say what became of it: the next start of the service completes it.`,
    )
  for (const { id, stream, type } of pendingBatchesOf(log))
    problems.add(
      `Event ${id} (${type}) of ${stream} begins a call of many items that is not at its end: the next start of the service completes it.`,
    )
  return problems
}

/** No more than what is looked at, for a log may have many. */
const linkedOf = (ticket: LinkedTicket): LinkedTicket => ({
  ticketNo: ticket.ticketNo,
  state: ticket.state,
  channel: ticket.channel,
  calls: ticket.calls,
  escalatedFrom: ticket.escalatedFrom,
  escalatedTo: ticket.escalatedTo,
  duplicateOf: ticket.duplicateOf,
  absorbed: ticket.absorbed,
})

const namesIn = ({ escalatedFrom, escalatedTo, duplicateOf, absorbed }: LinkedTicket): TicketNo[] =>
  [escalatedFrom, escalatedTo, duplicateOf, ...absorbed.map(({ duplicate }) => duplicate)].filter(
    (each) => each !== null,
  )

/**
 * Reports each invariant that does not hold, with the act that repairs it. Beside a service that runs, only what is
 * still so a moment later. A ticket with an event that a newer version wrote ends the check, and is reported.
 */
export const checkLinks = async (parts: Parts, report: Report): Promise<void> => {
  try {
    const found = await look(parts)
    if (found.size === 0) return
    await sleep(inFlightMs)
    const still = await look(parts)
    for (const problem of found) if (still.has(problem)) report(problem)
  } catch (error) {
    if (!(error instanceof UnknownEvent)) throw error
    report(`The links between tickets could not be checked. ${error.message}`)
  }
}
