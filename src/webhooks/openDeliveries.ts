/** The deliveries of webhooks with everything they are made of. */
import { join } from 'node:path'
import { describeError } from '../../api/commands/describeError.ts'
import type { Deps } from '../../api/http/deps.ts'
import { dataFor, itemFor } from '../../api/webhooks/data.ts'
import { toEpoch } from '../../domain/instant.ts'
import type { Config } from '../config.ts'
import { checkedLookup } from './address.ts'
import { createDeliveries, type Deliveries, type DeliveriesDeps } from './deliveries.ts'
import { openDeliveryLog } from './deliveryLog.ts'
import { createResolve } from './resolve.ts'
import { createSender } from './sender.ts'
import { createShortCache } from './shortCache.ts'
import { createTurns } from './turns.ts'

/** Endpoints that send the same event within so many milliseconds share its data. */
const sharedForMs = 100

type Parts = Pick<DeliveriesDeps, 'leases' | 'monotonic' | 'isClockBelieved' | 'mayRun'> & { config: Config }

export const openDeliveries = (deps: Omit<Deps, 'webhooks'>, { config, ...parts }: Parts): Deliveries => {
  const { log, metrics, now } = deps
  const allowed = config.webhookAllow
  const shared = createShortCache(sharedForMs, () => performance.now())
  const made = createDeliveries({
    ...deps,
    ...parts,
    allowed,
    random: Math.random,
    turn: createTurns(deps.inFlight.pause, () => performance.now()),
    sender: createSender({
      allowed,
      lookup: checkedLookup(allowed, createResolve(allowed)),
      // receivers compare the timestamp with their own clocks
      now: Date.now,
    }),
    deliveries: openDeliveryLog(join(config.dataDir, 'webhooks.db'), (error) =>
      log.warn({ error: describeError(error) }, 'the log of webhook deliveries could not be written'),
    ),
    items: {
      of: (event, webhook) => {
        const announced = itemFor(deps, event, webhook)
        if (announced === null) return null
        const { name, subject } = announced
        return { name, ticketNo: subject.kind === 'ticket' ? subject.ticketNo : null }
      },
      render: (event, name, webhook) =>
        shared(`${webhook.includeContacts} ${name} ${event.position}`, () =>
          JSON.stringify(dataFor(deps, event, name, webhook)),
        ),
    },
    onAttempt: (result) => metrics.webhookAttempts.inc({ result }),
  })
  metrics.watchWebhooks(made.health, () => toEpoch(now()))
  return made
}
