/** Webhooks: deliveries a second to one local receiver and to twenty, and none out of order. */
import { bodyOf, openConnection, requestOf } from '../connection.ts'
import { inFolder } from '../intake.ts'
import { atLeast, atMost, type Row } from '../table.ts'
import { tokenFor } from '../tokens.ts'
import { type ComplaintTarget, register, type Size, startNetwork, startReceivers } from './parties.ts'

const sizes = {
  small: { tickets: 500, few: 100, many: 4 },
  full: { tickets: 12_000, few: 3_000, many: 20 },
}
/** Two events of each ticket. */
const events = ['ticket.registered', 'ticket.dispatched']
const eventsPerTicket = events.length

type ServerAddress = Pick<ComplaintTarget, 'url' | 'folder'>

const administer = async ({ url, folder }: ServerAddress) => {
  const token = await tokenFor(folder, 'admin')
  const on = await openConnection(url)
  return {
    send: async <T>(method: string, path: string, expected: number, body?: object): Promise<T> =>
      bodyOf<T>(await on.send(requestOf(method, `/v1/webhooks${path}`, token, body)), expected),
    close: on.close,
  }
}

/** Registers webhooks, each at a path of its own. @returns their ids */
export const createHooks = async (on: ServerAddress, url: string, count: number): Promise<string[]> => {
  const { send, close } = await administer(on)
  const ids: string[] = []
  for (let each = 0; each < count; each++)
    ids.push((await send<{ id: string }>('POST', '', 201, { url: `${url}${each}`, events })).id)
  close()
  return ids
}

export const webhookRows = (size: Size): Promise<Row[]> =>
  inFolder(async (folder) => {
    const { tickets, few, many } = sizes[size]
    const server = await startNetwork(folder, size)
    const receivers = await startReceivers()
    try {
      const on = { url: server.url, folder, size }
      const from = new Date().toISOString()
      await register(on, tickets - few)
      await new Promise((resolve) => setTimeout(resolve, 10))
      const fromFew = new Date().toISOString()
      await register(on, few)

      /** Everything since an instant to so many receivers. */
      const deliver = async (since: string, deliveries: number, hooks: number): Promise<Row[]> => {
        const ids = await createHooks(on, `${receivers.url}/${hooks}-`, hooks)
        await receivers.reset()
        const began = Date.now()
        const replaying = await administer(on)
        for (const id of ids) await replaying.send('POST', `/${id}/replay`, 200, { since })
        replaying.close()
        const { at, outOfOrder } = await receivers.count(deliveries * hooks)
        const pausing = await administer(on)
        for (const id of ids) await pausing.send('POST', `/${id}/pause`, 200)
        pausing.close()
        const perSecond = (deliveries * hooks * 1_000) / (at - began)
        const whom = hooks === 1 ? 'one local receiver' : `${hooks} local receivers`
        const least = hooks === 1 ? 3_000 : 6_000
        return [
          atLeast(`webhooks: deliveries to ${whom}`, perSecond, least, '1/s'),
          atMost(`webhooks: deliveries to ${whom} out of order`, outOfOrder, 0, ''),
        ]
      }
      return [
        ...(await deliver(from, tickets * eventsPerTicket, 1)),
        ...(await deliver(fromFew, few * eventsPerTicket, many)),
      ]
    } finally {
      receivers.end()
      await server.stop()
    }
  })
