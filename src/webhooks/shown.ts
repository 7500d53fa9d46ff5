/** What is shown of the deliveries: their log, how each endpoint is, and why an operator should look. */
import type { EndpointHealth, WebhookDeliveries } from '../../api/webhooks/port.ts'
import type { PauseReason } from '../../domain/webhooks/webhook.ts'
import type { WebhookQueries } from '../../projections/webhooks/webhooks.ts'
import { rowOf, rowOfKept } from './delivery.ts'
import type { DeliveryLog } from './deliveryLog.ts'
import type { Runner } from './runner.ts'

export type WebhookStatus = Pick<WebhookDeliveries, 'healthOf' | 'page' | 'find'> & {
  /** Why an operator should look; `null`: nothing is wrong. */
  reason(): string | null
  health(): { id: string; health: EndpointHealth; paused: PauseReason | null }[]
}

type Parts = {
  webhooks: WebhookQueries
  deliveries: DeliveryLog
  /** The runner of an endpoint that this node delivers to. */
  runnerOf(id: string): Pick<Runner, 'open' | 'health'> | undefined
}

export const createShown = ({ webhooks, deliveries, runnerOf }: Parts): WebhookStatus => {
  /** Writes the rows of what is open or parked, as this node knows it or as the cursor has it. */
  const sync = (id: string): void => {
    const runner = runnerOf(id)
    const pending =
      runner?.open().map((delivery) => rowOf(delivery, 'pending')) ??
      (webhooks.progress(id)?.pending ?? []).map(rowOfKept)
    deliveries.setAll(id, 'pending', pending)
    const parked = webhooks.parked(id).map(rowOfKept)
    if (runner === undefined) deliveries.setAll(id, 'parked', parked)
    // the node that delivers knows better what became of them, unless its file was lost
    else for (const row of parked) if (deliveries.find(id, row.sequence) === null) deliveries.put(id, row)
  }

  const healthOf = (id: string): EndpointHealth => {
    const progress = webhooks.progress(id)
    return (
      runnerOf(id)?.health() ?? {
        sequence: progress?.sequence ?? 0,
        pending: progress?.pending.length ?? 0,
        oldestPendingAt: progress?.pending[0]?.at ?? null,
        failingSince: progress?.failingSince ?? null,
        lagMs: null,
      }
    )
  }

  return {
    healthOf,
    page: (id, page) => {
      sync(id)
      return deliveries.page(id, page)
    },
    find: (id, sequence) => {
      sync(id)
      return deliveries.find(id, sequence)
    },
    health: () =>
      webhooks.all().map(({ id, paused }) => ({ id, health: healthOf(id), paused: paused?.reason ?? null })),
    reason: () => {
      const count = webhooks.all().filter(({ paused }) => (paused?.reason ?? 'request') !== 'request').length
      return count === 0
        ? null
        : `${count} webhook(s) are paused because the receiver failed for three days or answered 410; see GET /v1/webhooks`
    },
  }
}
