/** Who read whose personal data (rulebook §17): every answer that held any has its line, and no other has. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { type Role, roles } from '../../../domain/authority.ts'
import { StoreUnavailable } from '../../../domain/eventStore.ts'
import { testOnBothEngines } from '../../support/bothEngines.ts'
import {
  csr,
  dealer,
  one,
  problemOf,
  rbo,
  refused,
  type Scenario,
  sa,
  startScenario,
} from '../../support/scenario.ts'
import type { Answer, Json, Who } from '../../support/service.ts'
import { routesOf } from '../routeTable.ts'

const auditor = one('auditor')
const marked = '标记某某'
const phone = '13955556666'

let s: Scenario
const start = async (eventStore?: string): Promise<void> => {
  s = await startScenario(eventStore === undefined ? {} : { eventStore })
}
afterEach(() => s.service.close())

/** A ticket with a warning, whose customer and texts are marked. */
const markedTicket = (): Promise<string> =>
  s.register({
    customer: { name: marked, phone, address: marked },
    content: marked,
    flags: ['agitated'],
    externalNo: 'X1',
  })

const linesOf = async (query = ''): Promise<Json[]> => {
  const items: Json[] = []
  for (let next = `privacy/access-log?limit=200${query}`; next !== ''; ) {
    const { body } = await s.get(next, auditor)
    items.push(...body.items)
    next = body.nextCursor === null ? '' : `privacy/access-log?limit=200${query}&cursor=${body.nextCursor}`
  }
  return items
}

/** Lines come with the log where several nodes share one. */
const linesSoon = async (count: number, query = ''): Promise<Json[]> => {
  for (let tries = 0; tries < 200; tries++) {
    const lines = await linesOf(query)
    if (lines.length >= count) return lines
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return linesOf(query)
}

const idOf = ({ headers }: Answer): string => String(headers['x-request-id'])

describe('the access log', () => {
  it('has one line for every answer of any route that held personal data, and none for others', async () => {
    await start()
    const ticketNo = await markedTicket()
    const { warnings } = await s.ticket(ticketNo)
    const before = (await linesOf()).length
    const expected = new Set<string>()
    const seenRoutes = new Set<string>()
    const account = (route: string, answer: Answer): void => {
      if (!answer.text.includes(marked)) return
      expected.add(idOf(answer))
      seenRoutes.add(route)
    }
    const whoOf = (role: Role): Who =>
      role === 'dealer' ? dealer() : role === 'rbo' ? rbo('NORTH') : one(role)
    const routes = (await routesOf(s.service.deps)).filter(({ url }) => url.startsWith('/v1/'))
    for (const role of Object.keys(roles) as Role[])
      for (const { method, url } of routes) {
        // a stream is logged at its beginning, see below
        if (url === '/v1/stream') continue
        const isSearch = method === 'POST' && /search|candidates/.test(url)
        if (method !== 'GET' && !isSearch) continue
        const path = url
          .replace('/v1/', '')
          .replace(':ticketNo', ticketNo)
          .replace(':warningId', warnings[0].warningId)
          .replace(':quarter', '2026Q1')
          .replace(':code', 'D001')
        const ask = (headers: Record<string, string>) =>
          isSearch ? s.post(whoOf(role), path, { phone }, headers) : s.get(path, whoOf(role), headers)
        account(`${method} ${url}`, await ask({}))
        account(`${method} ${url} as a file`, await ask({ accept: 'text/csv' }))
      }
    expect(seenRoutes).toContain('GET /v1/tickets/:ticketNo/timeline')
    expect(seenRoutes).toContain('GET /v1/tickets as a file')
    expect(seenRoutes).toContain('GET /v1/tickets/:ticketNo/forms/handling')
    // a file's line is completed when it has gone out
    const isOpen = async () => (await linesOf()).some(({ count }) => count === null)
    for (let tries = 0; tries < 100 && (await isOpen()); tries++)
      await new Promise((resolve) => setTimeout(resolve, 20))
    const lines = await linesOf()
    const found = lines.slice(0, lines.length - before).map(({ requestId }) => requestId)
    // every line once, and exactly those
    expect(found.length).toBe(new Set(found).size)
    expect(new Set(found)).toEqual(expected)
    expect(JSON.stringify(lines)).not.toMatch(new RegExp(`${marked}|${phone}`))
  })

  testOnBothEngines(
    'says who, by which route, of whom, with the filters and the count of a list',
    async (eventStore) => {
      await start(eventStore)
      const ticketNo = await markedTicket()
      const [ticket] = [await s.ticket(ticketNo, csr)]
      await s.get('tickets?dealer=D001&limit=10', dealer())
      await s.post(csr, 'tickets/search', { phone })
      await s.get('tickets?format=csv', sa)
      // masked
      await s.get('tickets', one('hq_sales'))
      const lines = await linesSoon(4)
      const of = (route: string, actor: string) =>
        lines.find((line) => line.route === route && line.actor === actor)
      const numbers = { subjectIds: [ticket.customer.subjectId], ticketNos: [ticketNo] }
      expect(of('/v1/tickets/:ticketNo', 'csr')).toMatchObject({
        ...numbers,
        at: '2026-03-02T02:00:00.000Z',
        sub: 'csr',
        roles: ['csr'],
        method: 'GET',
        filters: null,
        count: 1,
      })
      expect(of('/v1/tickets', 'people of D001')).toMatchObject({
        ...numbers,
        filters: { dealer: ['D001'], limit: 10 },
        count: 1,
      })
      const search = of('/v1/tickets/search', 'csr')
      expect(search).toMatchObject({ method: 'POST', count: 1 })
      expect(search.filters.body).toContain('phone')
      expect(of('/v1/tickets', 'hq_sales')).toBeUndefined()
      for (let tries = 0; of('/v1/tickets', 'sa')?.count === null && tries < 100; tries++) {
        await new Promise((resolve) => setTimeout(resolve, 20))
        lines.splice(0, lines.length, ...(await linesOf()))
      }
      expect(of('/v1/tickets', 'sa')).toMatchObject({ count: 1 })
      expect(lines.length).toBe(4)
    },
  )

  it('is searched by subject, ticket, actor and time, page by page', async () => {
    await start()
    const [first, second] = [await markedTicket(), await s.register()]
    const { customer } = await s.ticket(first)
    s.go('2026-03-02 11:00')
    await s.ticket(second, csr)
    await s.ticket(first, csr)
    const tickets = async (query: string) => (await linesOf(query)).map(({ ticketNos }) => ticketNos[0])
    expect(await tickets('')).toEqual([first, second, first])
    expect(await tickets(`&subject=${customer.subjectId}`)).toEqual([first, first])
    expect(await tickets(`&ticketNo=${second}`)).toEqual([second])
    expect(await tickets('&actor=sa')).toEqual([first])
    expect(await tickets('&from=2026-03-02T02:30:00Z')).toEqual([first, second])
    expect(await tickets('&to=2026-03-02T02:30:00Z')).toEqual([first])
    expect(await tickets('&actor=nobody')).toEqual([])
    const page = await s.get('privacy/access-log?limit=2', auditor)
    expect(page.body.items.length).toBe(2)
    const next = await s.get(`privacy/access-log?limit=2&cursor=${page.body.nextCursor}`, sa)
    expect(next.body).toMatchObject({ items: [{ ticketNos: [first] }], nextCursor: null })
    for (const who of [csr, one('admin'), dealer()])
      expect(problemOf(await s.get('privacy/access-log', who))).toEqual(refused(403, 'role_not_allowed'))
  })

  it('a read that cannot be logged is not answered, and a write is not done', async () => {
    await start()
    const ticketNo = await markedTicket()
    const { access } = s.service.deps
    let reason: string | null = null
    s.service.deps.access = {
      ...access,
      reason: () => reason,
      write: () => Promise.reject(new StoreUnavailable(new Error('full'))),
    }
    for (const [path, headers] of [
      [`tickets/${ticketNo}`, {}],
      ['tickets', {}],
      ['tickets', { accept: 'text/csv' }],
      [`tickets/${ticketNo}/forms/handling`, {}],
    ] as [string, Record<string, string>][]) {
      const answer = await s.get(path, sa, headers)
      expect(problemOf(answer)).toMatchObject({
        type: 'application/problem+json; charset=utf-8',
        status: 503,
        code: 'access_log_unavailable',
      })
      expect(answer.text).not.toContain(marked)
      expect(answer.headers['retry-after']).toBe('2')
      expect(answer.headers.etag).toBeUndefined()
    }
    // what holds none is answered
    expect((await s.get('tickets', one('hq_sales'))).status).toBe(200)
    expect((await s.get('reports/kpi?quarter=2026Q1', sa)).status).toBe(200)
    reason = 'full'
    const head = await s.head()
    const act = await s.act(ticketNo, 'responses', { method: 'phone', reached: true, note: 'x' }, dealer())
    expect(problemOf(act)).toMatchObject({ status: 503, code: 'access_log_unavailable' })
    expect(await s.head()).toBe(head)
    s.service.deps.access = access
    expect((await s.get(`tickets/${ticketNo}`, sa)).status).toBe(200)
  })

  it('is there after a restart', async () => {
    await start()
    const { folder } = s.service
    const ticketNo = await markedTicket()
    await s.ticket(ticketNo)
    // what is in the file while the process runs is what a killed one leaves
    const copy = readdirSync(join(folder, 'access')).map((name) => join('access', name))
    expect(Buffer.concat(copy.map((name) => readFileSync(join(folder, name)))).includes(ticketNo)).toBe(true)
  })
})

describe('a stream', () => {
  it('has its line at the beginning, where its reader may see personal data', async () => {
    await start()
    await s.get('stream?topics=tickets', dealer())
    await s.get('stream', one('hq_sales'))
    expect(await linesOf()).toMatchObject([
      { route: '/v1/stream', actor: 'people of D001', filters: { topics: ['tickets'] }, count: null },
    ])
  })

  it('does not begin while lines cannot be written', async () => {
    await start()
    s.service.deps.access.write = () => Promise.reject(new StoreUnavailable(new Error('full')))
    expect((await s.get('stream', csr)).status).toBe(503)
    expect((await s.get('stream', one('hq_sales'))).status).toBe(200)
  })
})

describe('the one way to personal data', () => {
  const filesUnder = (dir: string): string[] =>
    readdirSync(dir, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? filesUnder(join(dir, entry.name)) : [join(dir, entry.name)],
    )

  it('is `readersFor`: no other file beside the commands opens sealed text', async () => {
    await start()
    const opening = filesUnder('api')
      .filter((file) => !file.startsWith(join('api', 'commands')))
      .filter((file) => /\breaderOf\((?!sealing, false\))|sealing\.open\(/.test(readFileSync(file, 'utf8')))
    // a webhook's secret is sealed too, and is nobody's
    const secrets = join('api', 'webhooks', 'requestContext.ts')
    // a dealer's SMS contacts go to webhooks that include them, where nobody reads with a token
    const contacts = join('api', 'webhooks', 'contacts.ts')
    expect(opening.sort()).toEqual([join('api', 'tickets', 'requestContext.ts'), contacts, secrets])
  })
})
