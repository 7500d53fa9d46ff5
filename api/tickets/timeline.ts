/** What happened to a ticket, for people and for programs. */
import type { FastifyRequest } from 'fastify'
import { factActor } from '../../domain/dues.ts'
import type { EventStore, Metadata, StoredEvent } from '../../domain/eventStore.ts'
import type { Instant } from '../../domain/instant.ts'
import type { SealedText } from '../../domain/sealed.ts'
import type { EventType } from '../../domain/storedEvents.ts'
import type { RecordedFact } from '../../projections/dues/dues.ts'
import type { Reader } from '../commands/tickets/personal.ts'
import { type Language, languageOf } from '../http/problems.ts'
import { wordsOfFact } from './dueWords.ts'

/**
 * Event data with its sealed texts opened for the reader: `text` by its fields, also of each of `plans`, `customer` as customer and vehicle. The
 * registration of a repeat is left out: it is the other ticket's, which the reader may not see.
 */
const openData = (data: Record<string, unknown>, reader: Reader): Record<string, unknown> => {
  const { text, customer, registration: _, plans, ...plain } = data
  return {
    ...plain,
    ...(Array.isArray(plans) && { plans: plans.map((plan) => openData(plan, reader)) }),
    ...(typeof text === 'string' && { text: reader.text(text as SealedText) }),
    ...(typeof customer === 'string' && reader.person(customer as SealedText)),
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

type AnyEvent = { type: EventType; data: object }

const itemOf = <E extends AnyEvent>(
  event: StoredEvent<E>,
  { reader, wordsOf }: Pick<TimelineSource<E>, 'reader' | 'wordsOf'>,
  language: Language,
) => ({
  eventId: event.id,
  version: event.version,
  position: event.position,
  at: event.metadata.recordedAt,
  occurredAt: ('occurredAt' in event.data ? event.data.occurredAt : null) as Instant | null,
  type: event.type as string,
  actor: event.metadata.actor,
  imported: importOf(event.metadata),
  text: wordsOf(event, language),
  data: openData(event.data as Record<string, unknown>, reader),
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

type TimelineSource<E extends AnyEvent> = {
  events: readonly StoredEvent<E>[]
  facts: readonly RecordedFact[]
  reader: Reader
  wordsOf(event: E, language: Language): string
}

/** The events of a ticket or an inquiry and the facts about its dues, in words of the caller's language and as data, in the order of the log. */
export const timelineOf = <E extends AnyEvent>(
  request: FastifyRequest,
  { comparePositions }: Pick<EventStore, 'comparePositions'>,
  { events, facts, ...telling }: TimelineSource<E>,
) => {
  const language = languageOf(request.headers['accept-language'])
  const items = [
    ...events.map((event) => itemOf(event, telling, language)),
    ...facts.map((fact) => itemOfFact(fact, language)),
  ]
  return { items: items.sort((a, b) => comparePositions(a.position, b.position)) }
}
