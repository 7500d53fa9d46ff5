/** How far the deliveries of a webhook endpoint are: its cursor, kept as an event now and then. Stream `webhookcursor-<id>`. */
import { z } from 'zod'
import { instantSchema } from '../instant.ts'
import { idOfStream } from '../streams.ts'

/** An event of the log by its place in its stream, which stays the same when a log is copied to another engine. */
const eventPlace = { stream: z.string(), version: z.int().min(1) }

const item = {
  ...eventPlace,
  eventId: z.uuid(),
  /** When the event was recorded. */
  at: instantSchema,
  ticketNo: z.string().nullable(),
  /** Which of the event's items. */
  name: z.string(),
  /** Counts the deliveries of the endpoint. */
  sequence: z.int().min(1),
}

const pendingDelivery = z.strictObject({
  ...item,
  attempts: z.int().min(0),
  /** `null`: not attempted yet. */
  firstAt: instantSchema.nullable(),
  nextAt: instantSchema.nullable(),
})
export type PendingDelivery = z.infer<typeof pendingDelivery>

const parkedDelivery = z.strictObject({ ...item, attempts: z.int().min(0), parkedAt: instantSchema })
export type ParkedDelivery = z.infer<typeof parkedDelivery>

const placeSchema = z.strictObject(eventPlace)
export type EventPlace = z.infer<typeof placeSchema>

export const webhookProgressEventData = {
  WebhookProgressed: z.strictObject({
    /** The last event of the log that was looked at. */
    after: placeSchema,
    /** A replay passes over what was recorded before. */
    since: instantSchema.nullable(),
    /** The greatest `sequence` given out. */
    sequence: z.int().min(0),
    /** Version of the endpoint's own stream up to which what it asks for has been done. */
    requestsDone: z.int().min(0),
    /** Since when no delivery has succeeded; `null`: the last one did. */
    failingSince: instantSchema.nullable(),
    /** Those looked at and not delivered. */
    pending: z.array(pendingDelivery),
    /** Parked since the event before. */
    parked: z.array(parkedDelivery),
    /** Sequences of those that were parked and are so no more. */
    unparked: z.array(z.int().min(1)),
  }),
}

export type WebhookProgress = z.infer<(typeof webhookProgressEventData)['WebhookProgressed']>
export type WebhookProgressEvent = { type: 'WebhookProgressed'; data: WebhookProgress }

export const webhookCursorStream = (id: string): string => `webhookcursor-${id}`

/** The endpoint whose cursor a stream holds; `null`: none. */
export const webhookOfCursor = (stream: string): string | null => idOfStream('webhookcursor-', stream)
