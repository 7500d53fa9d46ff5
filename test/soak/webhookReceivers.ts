/** Receivers of webhooks, one of them unreliable, and an account of what each has acknowledged. */
import { announcedOf } from '../../domain/announced.ts'
import type { StoredEvent } from '../../domain/eventStore.ts'
import type { Random } from '../../src/demo/random.ts'
import { admin, namePrefix, phonePrefix } from '../endToEnd/writers.ts'
import { type Behaviour, behaviours, type Receiver, startReceiver } from '../webhooks/receiver.ts'
import { whileItMoves } from './patience.ts'
import type { Seat, Wrong } from './seat.ts'
import { eventsOfLog } from './streamReaders.ts'

/** Of the requests to the unreliable one. */
const failedShare = 0.02
const deliveredWithinMs = 60_000

type AcknowledgedDelivery = { id: string; ticketNo: string | null }

const unreliable =
  (random: Random): Behaviour =>
  (one, response) => {
    if (!random.chance(failedShare)) behaviours.ok(one, response)
    else if (random.chance(0.5)) behaviours.broken(one, response)
    else behaviours.nothing(one, response)
  }

type Endpoint = {
  name: string
  receiver: Receiver
  acknowledged: AcknowledgedDelivery[]
  id: string
  calm(): void
}

export const startWebhookReceivers = async (seat: Seat, random: Random, wrong: Wrong) => {
  const endpoints: Endpoint[] = []

  const call = async (method: string, path: string, body?: object) => {
    const answer = await seat.now()!.call(admin, method, `/v1/webhooks${path}`, { body })
    if (answer.status >= 300) wrong(`${method} /v1/webhooks${path} was answered ${answer.status}`)
    return answer.body
  }

  const register = async (name: string, first: Behaviour): Promise<void> => {
    const acknowledged: AcknowledgedDelivery[] = []
    let behave = first
    const receiver = await startReceiver((one, response) => {
      if (one.text.includes(namePrefix) || one.text.includes(phonePrefix)) wrong('a webhook names a customer')
      response.once('finish', () => {
        if (response.statusCode !== 200) return
        acknowledged.push({
          id: String(one.headers['webhook-id']),
          ticketNo: one.body.data.ticketNo as string | null,
        })
      })
      behave(one, response)
      // the account is enough
      receiver.received.length = 0
    })
    const { id } = await call('POST', '', { url: receiver.url })
    const calm = (): void => {
      behave = behaviours.ok
    }
    endpoints.push({ name, receiver, acknowledged, id, calm })
  }
  await register('reliable', behaviours.ok)
  await register('unreliable', unreliable(random))

  /** Whether all was acknowledged; where `tells`, what is not. */
  const isComplete = ({ name, acknowledged }: Endpoint, expected: StoredEvent[], tells: boolean): boolean => {
    const there = new Set(acknowledged.map(({ id }) => id))
    const missing = expected.filter(({ id }) => !there.has(id))
    if (tells && missing.length > 0)
      wrong(
        `the ${name} webhook was not delivered ${missing.length} events, the first at ${missing[0]?.position}`,
      )
    return missing.length === 0
  }

  /** The first delivery of each event counts: after a crash, some are sent again. */
  const compareOrder = ({ name, acknowledged }: Endpoint, expected: StoredEvent[]): void => {
    const places = new Map(expected.map(({ id }, index) => [id, index]))
    const seen = new Set<string>()
    const lastOf = new Map<string | null, number>()
    for (const { id, ticketNo } of acknowledged) {
      if (seen.has(id)) continue
      seen.add(id)
      const place = places.get(id)
      if (place === undefined)
        wrong(`the ${name} webhook was delivered an event that the log does not announce`)
      else if (place < (lastOf.get(ticketNo) ?? -1)) wrong(`the ${name} webhook got ${ticketNo} out of order`)
      else lastOf.set(ticketNo, place)
    }
  }

  return {
    counts: () => ({
      deliveries: endpoints.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0),
    }),
    /** At the end: every event that was announced was delivered at least once, in order per ticket. */
    compare: async (): Promise<void> => {
      for (const { calm, id } of endpoints) {
        calm()
        // what waits for its next attempt, by a clock that was moved meanwhile, is sent now
        await call('POST', `/${id}/pause`)
        await call('POST', `/${id}/resume`)
      }
      const log = await eventsOfLog(seat.dataDir)
      for (const endpoint of endpoints) {
        const from = log.findIndex(({ stream }) => stream === `webhook-${endpoint.id}`)
        const expected = log.slice(from).filter((event) => announcedOf(event) !== null)
        const { acknowledged } = endpoint
        await whileItMoves(
          () => isComplete(endpoint, expected, false),
          () => acknowledged.length,
          deliveredWithinMs,
        )
        isComplete(endpoint, expected, true)
        compareOrder(
          endpoint,
          log.filter((event) => announcedOf(event) !== null),
        )
      }
    },
    end: async (): Promise<void> => {
      await Promise.all(endpoints.map(({ receiver }) => receiver.stop()))
    },
  }
}
export type WebhookReceivers = Awaited<ReturnType<typeof startWebhookReceivers>>
