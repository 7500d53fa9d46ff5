/** One ticket, from the view, and as it was from the log; and what every request costs. */
import { DAY, toEpoch, toInstant } from '../../domain/instant.ts'
import { createRandom } from '../../src/demo/random.ts'
import type { Dataset } from './dataset/dataset.ts'
import type { Inside } from './insideServer.ts'
import { measured } from './processes.ts'
import { atMost, type Row, said } from './table.ts'

type Times = { bareMs: number; nowMs: number; asOfMs: number }
export type ListedTicket = {
  ticketNo: string
  externalNo: string | null
  state: 'unhandled' | 'in_progress' | 'completed'
  holder: { tier: string; unit: string }
  registeredAt: string
  respondedAt: string | null
}
export type Page = { items: ListedTicket[]; nextCursor: string | null }

/** Tickets from some days of the whole time, by the same chance every time. */
export const someTickets = async (
  { from, until }: Dataset,
  get: (path: string) => Promise<Page>,
): Promise<ListedTicket[]> => {
  const random = createRandom('bench tickets')
  const found: ListedTicket[] = []
  for (let day = 0; day < 20; day++) {
    const at = toEpoch(from) + random.next() * (toEpoch(until) - toEpoch(from) - 30 * DAY)
    const days = `from=${toInstant(at)}&to=${toInstant(at + 3 * DAY)}`
    found.push(...(await get(`/v1/tickets?sort=-registeredAt&limit=200&${days}`)).items)
  }
  return found
}

export const ticketTimes = async ({ dataset, get, time }: Inside): Promise<Times> => {
  const tickets = await someTickets(dataset, get)
  const path = ({ ticketNo }: ListedTicket): string => `/v1/tickets/${ticketNo}`
  // no ticket twice, so that none is remembered from the time before; the first third warms the code up
  const third = (wanted: number): ListedTicket[] => tickets.filter((_, n) => n % 3 === wanted)
  const [first, one, other] = [third(0), third(1), third(2)]
  const asOf = (ticket: ListedTicket): string =>
    `${path(ticket)}?asOf=${ticket.respondedAt ?? ticket.registeredAt}`
  await time([...first.map(path), ...first.map(asOf)])
  return {
    bareMs: await time(Array.from({ length: 500 }, () => '/livez')),
    nowMs: await time(one.map(path)),
    asOfMs: await time(other.map(asOf)),
  }
}

export const ticketRows = async ({ folder }: Dataset): Promise<Row[]> => {
  const { bareMs, nowMs, asOfMs } = await measured<Times>('./inside.ts', ['tickets', folder])
  return [
    said('GET /livez: what any request costs in the server', bareMs, 'ms'),
    atMost('GET /v1/tickets/{no}', nowMs, 0.2, 'ms'),
    atMost('GET /v1/tickets/{no}?asOf=', asOfMs, 0.25, 'ms'),
  ]
}
