/** What happened to a ticket, for people and for programs. */
import type { FastifyRequest } from 'fastify'
import { factActor } from '../../domain/dues.ts'
import type { EventStore, Metadata, StoredEvent } from '../../domain/eventStore.ts'
import type { Sealed } from '../../domain/sealed.ts'
import type { TicketEvent } from '../../domain/ticket/events.ts'
import type { RecordedFact } from '../../projections/dues/dues.ts'
import type { Reader } from '../commands/tickets/personal.ts'
import { languageOf } from '../http/problems.ts'
import { wordsOf, wordsOfFact } from './timelineWords.ts'

/**
 * Event data with its sealed texts opened for the reader: `text` by its fields, `customer` as customer and vehicle. The
 * registration of a repeat is left out: it is the other ticket's, which the reader may not see.
 */
const openData = (data: Record<string, unknown>, reader: Reader): Record<string, unknown> => {
  const { text, customer, registration: _, ...plain } = data
  return {
    ...plain,
    ...(typeof text === 'string' && { text: reader.text(text as Sealed) }),
    ...(typeof customer === 'string' && reader.person(customer as Sealed)),
  }
}

/** Who imported it and when that really was; an import of an old version kept neither. */
const importOf = ({ imported, importedBy, importedAt, requestDigest }: Metadata) =>
  imported === undefined
    ? null
    : {
        importedBy: importedBy ?? null,
        importedAt: importedAt ?? null,
        digest: importedAt === undefined ? null : (requestDigest ?? null),
      }

type Language = ReturnType<typeof languageOf>

const itemOf = (event: StoredEvent<TicketEvent>, reader: Reader, language: Language) => ({
  eventId: event.id,
  version: event.version,
  position: event.position,
  at: event.metadata.recordedAt,
  occurredAt: 'occurredAt' in event.data ? event.data.occurredAt : null,
  type: event.type as string,
  actor: event.metadata.actor,
  imported: importOf(event.metadata),
  text: wordsOf(event, language),
  data: openData(event.data, reader),
})

/** A fact has no version: it is no event of the ticket and moves it nowhere. */
const itemOfFact = (
  { eventId, position, recordedAt, ...fact }: RecordedFact,
  language: Language,
): Omit<ReturnType<typeof itemOf>, 'version'> & { version: null } => ({
  eventId,
  version: null,
  position,
  at: recordedAt,
  occurredAt: null,
  type: fact.type,
  actor: factActor,
  imported: null,
  text: wordsOfFact(fact, language),
  data: fact.data,
})

type Happened = {
  events: readonly StoredEvent<TicketEvent>[]
  facts: readonly RecordedFact[]
  reader: Reader
}

/** A ticket's events and the facts about its dues in words of the caller's language and as data, in the order of the log. */
export const timelineOf = (
  request: FastifyRequest,
  { comparePositions }: Pick<EventStore, 'comparePositions'>,
  { events, facts, reader }: Happened,
) => {
  const language = languageOf(request.headers['accept-language'])
  const items = [
    ...events.map((event) => itemOf(event, reader, language)),
    ...facts.map((fact) => itemOfFact(fact, language)),
  ]
  return { items: items.sort((a, b) => comparePositions(a.position, b.position)) }
}
