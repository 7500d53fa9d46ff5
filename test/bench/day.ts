/** What people do in a mixed day, as requests: agents register, handlers work, everybody reads. */
import { quarterOf } from '../../domain/instant.ts'
import { createRandom } from '../../src/demo/random.ts'
import { bodyOf, type Connection, requestOf } from './connection.ts'
import type { Dataset } from './dataset/dataset.ts'
import { dealers, someDealer } from './dataset/network.ts'
import { complaint, freshNumbers } from './intake.ts'
import { type ListedTicket, type Page, someTickets } from './ticketReads.ts'
import { tokenFor } from './tokens.ts'

/** What was asked and how long it took. */
export type DayRequest = { kind: string; command: boolean; ms: number }
type Ticket = Pick<ListedTicket, 'ticketNo' | 'state' | 'holder'>

export type Day = {
  /** One thing somebody does. */
  turn(connection: Connection): Promise<void>
  /** All that was done since the day began, or since this was emptied. */
  asked: DayRequest[]
}

const rbos = [...new Set(dealers.map(({ rbo }) => rbo.code))]
const newest = '/v1/tickets?sort=-registeredAt'
const desks = ['csr', 'se', 'se_media', 'sa'] as const

/** The tokens of everybody, by the unit they belong to or their desk. */
const tokensOf = async (folder: string): Promise<Map<string, string>> => {
  const tokens = new Map<string, string>()
  for (const { code } of dealers) tokens.set(code, await tokenFor(folder, 'dealer', { dealer: code }))
  for (const code of rbos) tokens.set(code, await tokenFor(folder, 'rbo', { rbo: code }))
  for (const role of desks) tokens.set(role.toUpperCase(), await tokenFor(folder, role))
  return tokens
}

const openTickets = async (get: (path: string) => Promise<Page>): Promise<Ticket[]> => {
  const found: Ticket[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const after: string = cursor === '' ? '' : `&cursor=${cursor}`
    const page: Page = await get(`/v1/tickets?state=open&limit=200${after}`)
    found.push(...page.items)
    cursor = page.nextCursor
  }
  return found
}

/** Begins a day on a service: looks up who has what to do. */
export const beginDay = async (dataset: Dataset, connection: Connection): Promise<Day> => {
  const tokens = await tokensOf(dataset.folder)
  const token = (unit: string): string => tokens.get(unit) as string
  const random = createRandom('bench day')
  const number = freshNumbers()
  const get = async (path: string): Promise<Page> =>
    bodyOf(await connection.send(requestOf('GET', path, token('SA'))))
  const open = await openTickets(get)
  const known = await someTickets(dataset, get)
  const asked: DayRequest[] = []

  const send = async <T>(on: Connection, kind: string, request: string, expected = 200): Promise<T> => {
    const started = performance.now()
    const answer = await on.send(request)
    asked.push({ kind, command: request.startsWith('POST'), ms: performance.now() - started })
    if (answer.status !== expected) throw new Error(`${kind}: ${answer.status} ${answer.body.toString()}`)
    // a client looks at what it needs; what was read is thrown away
    return (request.startsWith('POST') ? JSON.parse(answer.body.toString()) : undefined) as T
  }

  const register = async (on: Connection): Promise<void> => {
    const body = { ...complaint(number()), dealerCode: someDealer(random).code }
    const request = requestOf('POST', '/v1/complaints', token('CSR'), body)
    const { ticketNo, holder } = await send<Ticket>(on, 'register', request, 201)
    open.push({ ticketNo, holder, state: 'unhandled' })
  }

  const post = (
    on: Connection,
    { ticketNo }: Ticket,
    unit: string,
    [act, body]: [string, object],
  ): Promise<Ticket> => send(on, act, requestOf('POST', `/v1/tickets/${ticketNo}/${act}`, token(unit), body))

  const workOn = (on: Connection, ticket: Ticket): Promise<Ticket> => {
    const { unit } = ticket.holder
    if (random.chance(0.2)) {
      const content = '客户再次来电催问处理进度。'
      return post(on, ticket, 'CSR', ['contacts', { channel: 'phone', content }])
    }
    if (ticket.state === 'unhandled') {
      const note = '已致电客户，了解情况并致歉，约定明日答复方案。'
      return post(on, ticket, unit, ['responses', { method: 'phone', reached: true, note }])
    }
    if (random.chance(0.6)) {
      const note = '核对合同、发票与系统订单。'
      return post(on, ticket, unit, ['records', { kind: 'investigation', note }])
    }
    const closing = { result: '客户接受解释，同意关闭。', measures: '兑现承诺的赠品与保养。' }
    return post(on, ticket, unit, ['close', closing])
  }

  /** Nobody else has the ticket meanwhile, so that no act meets another's. */
  const write = async (on: Connection): Promise<void> => {
    const index = random.int(0, open.length - 1)
    const ticket = open[index]
    if (ticket === undefined) return register(on)
    open[index] = open.at(-1) as Ticket
    open.pop()
    const { ticketNo, state, holder } = await workOn(on, ticket)
    if (state !== 'completed') open.push({ ticketNo, state, holder })
  }

  const someTicket = (): string => random.pick(random.chance(0.5) && open.length > 0 ? open : known).ticketNo
  const reads: Record<string, () => [path: string, unit: string]> = {
    "dealer's queue": () => {
      const { code } = someDealer(random)
      return [`/v1/tickets?state=open&holder=${code}`, code]
    },
    "RBO's queue": () => ['/v1/tickets?state=open&overdue=response,close', random.pick(rbos)],
    'newest tickets': () => [newest, 'CSR'],
    'of a category': () => [`${newest}&category=${random.pick(['A4a', 'A4e', 'B4'])}&state=completed`, 'SE'],
    'of a dealer': () => [`${newest}&dealer=${someDealer(random).code}&level=A`, 'CSR'],
    warnings: () => ['/v1/warnings', random.pick(rbos)],
    ticket: () => [`/v1/tickets/${someTicket()}`, 'CSR'],
    timeline: () => [`/v1/tickets/${someTicket()}/timeline`, 'SE'],
    sla: () => [`/v1/tickets/${someTicket()}/sla`, 'SE'],
    kpi: () => [`/v1/reports/kpi?by=dealer&quarter=${quarterOf(new Date().toISOString())}`, 'SA'],
  }
  const shares: Record<string, number> = {
    "dealer's queue": 25,
    "RBO's queue": 6,
    'newest tickets': 5,
    'of a category': 3,
    'of a dealer': 3,
    warnings: 3,
    ticket: 30,
    timeline: 15,
    sla: 5,
    kpi: 5,
  }
  const read = async (on: Connection): Promise<void> => {
    const kind = random.weighted(shares)
    const [path, unit] = (reads[kind] as () => [string, string])()
    await send(on, kind, requestOf('GET', path, token(unit)))
  }

  const turn = (on: Connection): Promise<void> => {
    const chance = random.next()
    if (chance < 0.05) return register(on)
    return chance < 0.3 ? write(on) : read(on)
  }
  return { turn, asked }
}
