/** What happened to a ticket, for people and for programs. */
import type { FastifyRequest } from 'fastify'
import type { Metadata, StoredEvent } from '../../domain/eventStore.ts'
import type { Sealed } from '../../domain/sealed.ts'
import type { TicketEvent } from '../../domain/ticket/events.ts'
import type { Reader } from '../commands/tickets/personal.ts'
import { languageOf } from '../http/problems.ts'
import { wordsOf } from './timelineWords.ts'

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

/** A ticket's events in words of the caller's language and as data. */
export const timelineOf = (
  request: FastifyRequest,
  { events, reader }: { events: readonly StoredEvent<TicketEvent>[]; reader: Reader },
) => {
  const language = languageOf(request.headers['accept-language'])
  return {
    items: events.map((event) => ({
      eventId: event.id,
      version: event.version,
      position: event.position,
      at: event.metadata.recordedAt,
      occurredAt: 'occurredAt' in event.data ? event.data.occurredAt : null,
      type: event.type,
      actor: event.metadata.actor,
      imported: importOf(event.metadata),
      text: wordsOf(event, language),
      data: openData(event.data, reader),
    })),
  }
}
