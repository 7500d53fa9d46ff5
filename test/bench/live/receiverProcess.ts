/** Receivers of webhooks in a process of their own: each path is one, and order is checked per path and ticket. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export type ReceiverAsk = { what: 'count'; deliveries: number } | { what: 'reset' }
export type DeliveryCounts = { deliveries: number; outOfOrder: number; at: number }

let deliveries = 0
let outOfOrder = 0
let last = new Map<string, number>()
let waiting: { deliveries: number } | null = null

const say = (): void => {
  const received: DeliveryCounts = { deliveries, outOfOrder, at: Date.now() }
  process.send?.(received)
}

const server = createServer((request, response) => {
  let text = ''
  request.setEncoding('latin1')
  request.on('data', (chunk) => {
    text += chunk
  })
  request.on('end', () => {
    response.end()
    const sequence = Number(/"sequence":(\d+)/.exec(text)?.[1])
    const ticket = `${request.url} ${/"ticketNo":"([^"]+)"/.exec(text)?.[1]}`
    if (sequence < (last.get(ticket) ?? 0)) outOfOrder += 1
    last.set(ticket, sequence)
    deliveries += 1
    if (waiting !== null && deliveries >= waiting.deliveries) {
      waiting = null
      say()
    }
  })
})

process.on('message', (ask: ReceiverAsk) => {
  if (ask.what === 'reset') {
    deliveries = 0
    outOfOrder = 0
    last = new Map()
    say()
  } else if (deliveries >= ask.deliveries) say()
  else waiting = ask
})
process.on('disconnect', () => process.exit(0))
server.listen(0, '127.0.0.1', () =>
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
)
