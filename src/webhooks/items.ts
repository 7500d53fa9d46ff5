/** What of the log is sent to an endpoint, and with which data. */
import type { Deps } from '../../api/http/deps.ts'
import { dataFor, itemFor } from '../../api/webhooks/data.ts'
import type { StoredEvent } from '../../domain/eventStore.ts'
import type { Webhook } from '../../domain/webhooks/webhook.ts'

export type WebhookItem = {
  /** Name of the event, as in the stream. */
  name: string
  /** `null`: the event is about no ticket. */
  ticketNo: string | null
  /** Sent once, whatever becomes of it. */
  isTest?: true
}

export type WebhookItems = {
  /** What of an event an endpoint gets; `null`: nothing. */
  of(event: StoredEvent, webhook: Webhook): WebhookItem | null
  /** The data of an item as an administrator sees it now. */
  render(event: StoredEvent, name: string, webhook: Webhook): unknown
}

/** Name of the event that `test` sends. */
export const testEventName = 'webhook.test'

export const createItems = (deps: Pick<Deps, 'views' | 'sealing' | 'now'>): WebhookItems => ({
  of: (event, webhook) => {
    const announced = itemFor(deps, event, webhook)
    if (announced === null) return null
    const { name, subject } = announced
    return { name, ticketNo: subject.kind === 'ticket' ? subject.ticketNo : null }
  },
  render: (event, name, webhook) => dataFor(deps, event, name, webhook),
})
