/** A webhook endpoint: where events are sent, which of them, and whether it is paused. Stream `webhook-<id>`. */

import { z } from 'zod'
import { type Aggregate, authoriseBy, type RecordMetadata } from '../aggregate.ts'
import { codesOf } from '../codeList.ts'
import { type Instant, instantSchema } from '../instant.ts'
import { Refusal, type Words } from '../refusal.ts'
import { sameData } from '../sameData.ts'
import { type SealedText, sealedSchema } from '../sealed.ts'
import { idOfStream } from '../streams.ts'
import type { SubjectId } from '../subjectKeys.ts'
import { unitCodeSchema } from '../unitCode.ts'
import { addHours } from './schedule.ts'

/** After a rotation the former secret signs too for so long. */
const formerSecretHours = 24

/** Why an endpoint is paused: an administrator asked, three days of failures, or the receiver answered 410. */
export const pauseReasons = {
  request: { en: 'somebody asked for it', zh: '人工暂停' },
  failing: { en: 'no delivery succeeded for three days', zh: '连续三天投递失败' },
  gone: { en: 'the receiver answered 410', zh: '接收方返回 410' },
} as const satisfies Record<string, Words>
export type PauseReason = keyof typeof pauseReasons
export const pauseReasonSchema = z.enum(codesOf(pauseReasons))

/** What an administrator sets. */
const webhookSettings = z.strictObject({
  url: z.string().min(1).max(2_000),
  /** Names of events; `*`: all, also those of later versions. */
  events: z.array(z.string().min(1).max(100)).min(1).max(100),
  /** Only events of tickets of this RBO, of this dealer; `null`: of all. */
  rbo: unitCodeSchema.nullable(),
  dealer: unitCodeSchema.nullable(),
  includeContacts: z.boolean(),
  description: z.string().max(500),
})
export type WebhookSettings = z.infer<typeof webhookSettings>

export const webhookEventData = {
  WebhookCreated: webhookSettings.extend({
    /** Whose key seals the secrets; destroyed with the endpoint. */
    subjectId: z.uuid(),
    secret: sealedSchema,
  }),
  WebhookChanged: webhookSettings,
  WebhookPaused: z.strictObject({ reason: pauseReasonSchema }),
  WebhookResumed: z.strictObject({}),
  WebhookSecretRotated: z.strictObject({ secret: sealedSchema }),
  /** Asks for a request that is sent whatever the filters, also while the endpoint is paused. */
  WebhookTestRequested: z.strictObject({}),
  /** Asks for all events again: those recorded at `since` or later, or those after a position of the log. */
  WebhookReplayRequested: z.union([
    z.strictObject({ since: instantSchema }),
    z.strictObject({ after: z.string().min(1).max(100) }),
  ]),
  /** Asks for one delivery again, now. */
  WebhookRetryRequested: z.strictObject({
    stream: z.string(),
    version: z.int().min(1),
    ticketNo: z.string().nullable(),
    name: z.string(),
    sequence: z.int().min(1),
  }),
  WebhookDeleted: z.strictObject({}),
}

type Data = typeof webhookEventData
export type WebhookEvent = { [T in keyof Data]: { type: T; data: z.infer<Data[T]> } }[keyof Data]

export type Webhook = WebhookSettings & {
  subjectId: SubjectId
  secret: SealedText
  /** The secret before the last rotation, and until when it signs too. */
  formerSecret: { secret: SealedText; until: Instant } | null
  /** `null`: active. */
  paused: { reason: PauseReason; at: Instant } | null
  createdAt: Instant
  isDeleted: boolean
}

type Requests = Extract<
  WebhookEvent,
  { type: 'WebhookTestRequested' | 'WebhookReplayRequested' | 'WebhookRetryRequested' }
>

export type WebhookCommand =
  | { type: 'CreateWebhook'; settings: WebhookSettings; subjectId: SubjectId; secret: SealedText }
  | { type: 'ChangeWebhook'; settings: WebhookSettings }
  | { type: 'PauseWebhook'; reason: PauseReason }
  | { type: 'ResumeWebhook' }
  | { type: 'RotateWebhookSecret'; secret: SealedText }
  /** Has the owner of the endpoint's deliveries do something. */
  | { type: 'RequestOfWebhook'; request: Requests }
  | { type: 'DeleteWebhook' }

export const webhookStream = (id: string): string => `webhook-${id}`

/** The endpoint a stream belongs to; `null`: none. */
export const webhookOfStream = (stream: string): string | null => idOfStream('webhook-', stream)

const created = (
  { subjectId, secret, ...settings }: z.infer<Data['WebhookCreated']>,
  { recordedAt }: RecordMetadata,
): Webhook => ({
  ...settings,
  subjectId,
  secret,
  formerSecret: null,
  paused: null,
  createdAt: recordedAt,
  isDeleted: false,
})

/** Folds one event into an endpoint; never throws. */
export const evolveWebhook = (
  state: Webhook | null,
  event: WebhookEvent,
  recording: RecordMetadata,
): Webhook | null => {
  if (event.type === 'WebhookCreated') return created(event.data, recording)
  if (state === null) return null
  const at = recording.recordedAt
  switch (event.type) {
    case 'WebhookChanged':
      return { ...state, ...event.data }
    case 'WebhookPaused':
      return { ...state, paused: { reason: event.data.reason, at } }
    case 'WebhookResumed':
      return { ...state, paused: null }
    case 'WebhookSecretRotated': {
      const formerSecret = { secret: state.secret, until: addHours(at, formerSecretHours) }
      return { ...state, secret: event.data.secret, formerSecret }
    }
    case 'WebhookDeleted':
      return { ...state, isDeleted: true }
    case 'WebhookTestRequested':
    case 'WebhookReplayRequested':
    case 'WebhookRetryRequested':
      return state
  }
}

const settingsOf = (state: Webhook): WebhookSettings => {
  const { url, events, rbo, dealer, includeContacts, description } = state
  return { url, events, rbo, dealer, includeContacts, description }
}

/**
 * Decides on an endpoint; `[]` where nothing changes.
 * @throws Refusal `webhook_not_found` where it is absent or deleted.
 */
export const decideWebhook = (state: Webhook | null, command: WebhookCommand): WebhookEvent[] => {
  if (command.type === 'CreateWebhook') {
    const { settings, subjectId, secret } = command
    return [{ type: 'WebhookCreated', data: { ...settings, subjectId, secret } }]
  }
  if (state === null || state.isDeleted) throw new Refusal('webhook_not_found')
  switch (command.type) {
    case 'ChangeWebhook':
      return sameData(command.settings, settingsOf(state))
        ? []
        : [{ type: 'WebhookChanged', data: command.settings }]
    case 'PauseWebhook':
      return state.paused === null ? [{ type: 'WebhookPaused', data: { reason: command.reason } }] : []
    case 'ResumeWebhook':
      return state.paused === null ? [] : [{ type: 'WebhookResumed', data: {} }]
    case 'RotateWebhookSecret':
      return [{ type: 'WebhookSecretRotated', data: { secret: command.secret } }]
    case 'RequestOfWebhook':
      return [command.request]
    case 'DeleteWebhook':
      return [{ type: 'WebhookDeleted', data: {} }]
  }
}

/** A webhook endpoint as an aggregate. */
export const webhookAggregate: Aggregate<Webhook, WebhookCommand, WebhookEvent> = {
  stream: webhookStream,
  evolve: evolveWebhook,
  decide: decideWebhook,
  authorise: authoriseBy({
    CreateWebhook: 'keep_webhooks',
    ChangeWebhook: 'keep_webhooks',
    PauseWebhook: 'keep_webhooks',
    ResumeWebhook: 'keep_webhooks',
    RotateWebhookSecret: 'keep_webhooks',
    RequestOfWebhook: 'keep_webhooks',
    DeleteWebhook: 'keep_webhooks',
  }),
}

/** Whether the endpoint wants events of a name. */
export const wantsEvent = ({ events }: Pick<Webhook, 'events'>, name: string): boolean =>
  events.includes('*') || events.includes(name)
