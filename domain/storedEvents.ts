/** The types of all events, and the one function through which stored events are read. */
import { calendarEventData } from './calendar/calendar.ts'
import { careEventData } from './care/events.ts'
import { dealerEventData } from './dealer.ts'
import { dueEventData } from './dues.ts'
import type { StoredEvent } from './eventStore.ts'
import { importRunEventData } from './importRun.ts'
import { inquiryEventData } from './inquiry/events.ts'
import { policyEventData } from './policyVersions.ts'
import { rboEventData } from './rbo.ts'
import { settlementEventData } from './settlement.ts'
import { smsEventData } from './sms/events.ts'
import { subjectEventData } from './subject.ts'
import { ticketEventData } from './ticket/events.ts'
import { ticketUpcasters } from './ticket/olderEvents.ts'
import { voiceBatchEventData } from './voice/batch.ts'
import { voiceEventData } from './voice/events.ts'
import { webhookProgressEventData } from './webhooks/progress.ts'
import { webhookEventData } from './webhooks/webhook.ts'

/**
 * The schemas of all events, by the kind of stream they are written to. What a kind keeps of customers is told in
 * `api/commands/subjects/kept.ts`, which does not compile without it.
 */
export const eventGroups = {
  ticket: ticketEventData,
  dealer: dealerEventData,
  rbo: rboEventData,
  calendar: calendarEventData,
  policy: policyEventData,
  settlement: settlementEventData,
  dues: dueEventData,
  inquiry: inquiryEventData,
  sms: smsEventData,
  voice: voiceEventData,
  voiceBatch: voiceBatchEventData,
  webhook: webhookEventData,
  webhookProgress: webhookProgressEventData,
  subject: subjectEventData,
  importRun: importRunEventData,
  care: careEventData,
}
export type EventGroup = keyof typeof eventGroups

type AllOf<U> = (U extends unknown ? (each: U) => void : never) extends (all: infer I) => void ? I : never

/** The schema of each event's data, by type. An aggregate whose events are missing here does not compile in `handle`. */
export const eventSchemas = Object.assign({}, ...Object.values(eventGroups)) as AllOf<
  (typeof eventGroups)[EventGroup]
>

export type EventType = keyof typeof eventSchemas

/** An event of a type that this version of the service knows. */
export type KnownEvent = { type: EventType; data: unknown }

type Upcaster = ((data: unknown) => unknown) | null

/** By type; `null`: events of the type are read as they are. */
const upcasters: ReadonlyMap<string, Upcaster> = new Map(
  Object.keys(eventSchemas).map((type) => [
    type,
    (ticketUpcasters[type as keyof typeof ticketUpcasters] as Upcaster | undefined) ?? null,
  ]),
)

/** A stored event of a type that this version does not know. Says where it is and quotes nothing of its data. */
export class UnknownEvent extends Error {
  constructor({ type, stream, version }: Pick<StoredEvent, 'type' | 'stream' | 'version'>) {
    super(
      `Event ${version} of ${stream} has the type ${type}, which this version of the service does not know: a newer version of the service wrote it. Start that version again.`,
    )
    this.name = 'UnknownEvent'
  }
}

/**
 * Stored events as they are written today: the data of older ones is upcast. Their schemas are not checked, because that
 * would slow down a rebuild; `npm run verify` does it.
 * @throws UnknownEvent
 */
export const eventsOf = <Event extends KnownEvent>(stored: readonly StoredEvent[]): StoredEvent<Event>[] =>
  stored.map((event) => {
    const upcast = upcasters.get(event.type)
    if (upcast === undefined) throw new UnknownEvent(event)
    const data = upcast === null ? event.data : upcast(event.data)
    return (data === event.data ? event : { ...event, data }) as StoredEvent<Event>
  })
