/** Makes the request of a delivery, as of now, and sends it. */
import { describeError } from '../../api/commands/describeError.ts'
import { toEpoch } from '../../domain/instant.ts'
import type { SealedText } from '../../domain/sealed.ts'
import type { Webhook } from '../../domain/webhooks/webhook.ts'
import type { Delivery } from './delivery.ts'
import type { RunnerDeps } from './parts.ts'
import type { DeliveryAttempt } from './sender.ts'

type Deps = Pick<RunnerDeps, 'items' | 'sealing' | 'sender' | 'log' | 'now' | 'turn'>

/** The current secret, and for 24 hours after a rotation the former one; none where their key is gone. */
const secretsOf = ({ sealing, now }: Deps, { secret, formerSecret }: Webhook): string[] => {
  const isFormerGood = formerSecret !== null && toEpoch(formerSecret.until) > toEpoch(now())
  const sealed: SealedText[] = isFormerGood ? [secret, formerSecret.secret] : [secret]
  return sealed.map((each) => sealing.open(each)).filter((each) => typeof each === 'string')
}

/** `null`: it cannot be made, and the log of the service says why. */
const bodyOf = (
  { items, log }: Deps,
  webhook: Webhook,
  { event, item, sequence }: Delivery,
): string | null => {
  try {
    const data = item.isTest ? '{}' : items.render(event, item.name, webhook)
    const head = JSON.stringify({ type: item.name, timestamp: event.metadata.recordedAt, sequence })
    return `${head.slice(0, -1)},"data":${data}}`
  } catch (error) {
    log.error({ event: event.id, error: describeError(error) }, 'a webhook could not be made')
    return null
  }
}

const notRenderable: DeliveryAttempt = {
  status: null,
  fault: 'not_renderable',
  durationMs: 0,
  answer: null,
  retryAfterMs: null,
}

/** What came of one attempt; `null`: it was cut by `signal` before anything came of it. */
export const sendDelivery = async (
  deps: Deps,
  webhook: Webhook,
  delivery: Delivery,
  signal: AbortSignal,
): Promise<DeliveryAttempt | null> => {
  await deps.turn()
  if (signal.aborted) return null
  const body = bodyOf(deps, webhook, delivery)
  const secrets = secretsOf(deps, webhook)
  if (body === null || secrets.length === 0) return notRenderable
  return deps.sender.send({ url: webhook.url, secrets, id: delivery.event.id, body }, signal)
}
