import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { dealer, problemOf, refused, type Scenario, sa, startScenario } from '../../support/scenario.ts'
import type { Json, Who } from '../../support/service.ts'

let s: Scenario
const total = 23
beforeAll(async () => {
  s = await startScenario({ now: '2026-03-02 09:00' })
  // several of one instant, so that a page ends between equals
  for (let n = 0; n < total; n++) {
    s.go(`2026-03-02 ${String(9 + Math.floor(n / 7)).padStart(2, '0')}:00`)
    const flags = ['agitated']
    const ticketNo = await s.register({ dealerCode: n % 3 === 0 ? 'D002' : 'D001', flags })
    if (n % 5 === 0) await s.respond(ticketNo, dealer(n % 3 === 0 ? 'D002' : 'D001'))
  }
})
afterAll(() => s.service.close())

/** All pages of a list, followed by their `Link`; how they were cut. */
const pages = async (path: string, limit: number, who: Who = sa) => {
  const found: Json[][] = []
  let next: string | undefined = `/v1/${path}${path.includes('?') ? '&' : '?'}limit=${limit}`
  while (next !== undefined) {
    const { status, headers, body } = await s.service.call(who, 'GET', next)
    expect(status).toBe(200)
    found.push(body.items)
    next = /^<([^>]+)>; rel="next"$/.exec(String(headers.link))?.[1]
    expect(next === undefined).toBe(body.nextCursor === null)
    if (next !== undefined) expect(new URL(next, 'http://x').searchParams.get('cursor')).toBe(body.nextCursor)
  }
  return found
}

describe('a page', () => {
  it('of a search has no Link, for no address leads to the next', async () => {
    const { headers, body } = await s.post(sa, 'tickets/search', { limit: 2 })
    expect([headers.link, body.items.length, typeof body.nextCursor]).toEqual([undefined, 2, 'string'])
    const next = await s.post(sa, 'tickets/search', { limit: 2, cursor: body.nextCursor })
    expect(next.status).toBe(200)
  })

  it.each(['1e1', '0x10', '%205', '5.0', '+5', '5%20', '', '１０'])(
    'of limit=%s is refused',
    async (limit) => {
      const answer = await s.get(`tickets?limit=${limit}`, sa)
      expect(problemOf(answer)).toEqual(refused(400, 'invalid_request', ['query', 'limit']))
    },
  )

  it('and a file do not go together', async () => {
    const answer = await s.get('tickets?format=csv&limit=5', sa)
    expect(problemOf(answer)).toEqual(refused(400, 'invalid_request', ['query', 'limit']))
    const search = await s.post(sa, 'tickets/search', { limit: 5 }, { accept: 'text/csv' })
    expect(problemOf(search)).toEqual(refused(400, 'invalid_request', ['body', '#/limit']))
    expect((await s.get('tickets?format=csv', sa)).status).toBe(200)
  })

  it('takes instants whose + was sent unescaped', async () => {
    const [lost, kept] = ['2026-03-02T12:00:00+08:00', '2026-03-02T12:00:00%2B08:00'].map((from) =>
      s.get(`tickets?from=${from}`, sa),
    )
    expect((await lost)!.status).toBe(200)
    expect((await lost)!.body).toEqual((await kept)!.body)
    for (const bad of ['2026-03-02 12:00:00', '2026-03-02T12:00:00++08:00'])
      expect((await s.get(`tickets?from=${bad}`, sa)).status).toBe(400)
  })
})

describe('the pages of a list', () => {
  it.each([
    'tickets',
    'tickets?sort=-registeredAt',
    'tickets?state=open&dealer=D001',
    'tickets?state=in_progress',
    'warnings',
    'warnings?status=open',
  ])('%s are the whole list, without gap or double', async (path) => {
    const whole = (await s.get(`${path}${path.includes('?') ? '&' : '?'}limit=200`)).body
    expect(whole.nextCursor).toBeNull()
    expect(whole.items.length).toBeGreaterThan(4)
    for (const limit of [1, 4, 5, whole.items.length]) {
      const cut = await pages(path, limit)
      expect(cut.flat()).toEqual(whole.items)
      expect(cut.map(({ length }) => length).slice(0, -1)).toEqual(Array(cut.length - 1).fill(limit))
    }
  })

  it('have fifty items where no limit is named', async () => {
    expect((await s.get('tickets')).body.items).toHaveLength(total)
    expect((await pages('tickets', 5)).length).toBe(5)
  })

  it('of a dealer are its own only', async () => {
    const own = (await pages('tickets', 3, dealer('D002'))).flat()
    expect(own.map((item) => item.dealer)).toEqual(Array(8).fill('D002'))
  })

  it('of a search go on by the cursor in the body', async () => {
    const found: string[] = []
    let cursor: string | null | undefined
    do {
      const body = { dealer: 'D001', limit: 4, ...(cursor != null && { cursor }) }
      const answer = (await s.post(sa, 'tickets/search', body)).body
      found.push(...answer.items.map(({ ticketNo }: Json) => ticketNo))
      cursor = answer.nextCursor
    } while (cursor !== null)
    expect(found).toEqual(await s.numbers('tickets?dealer=D001'))
  })

  it('of hundreds are read in parts and are the same as small ones', async () => {
    const others = await startScenario()
    try {
      for (let n = 0; n < 130; n++) await others.register()
      for (const sort of ['dueAt', '-registeredAt']) {
        const of = async (limit: number, cursor = '') =>
          (await others.get(`tickets?sort=${sort}&limit=${limit}${cursor && `&cursor=${cursor}`}`, sa)).body
        const large = await of(120)
        const first = await of(50)
        const second = await of(50, first.nextCursor)
        const third = await of(20, second.nextCursor)
        expect(large.items).toEqual([...first.items, ...second.items, ...third.items])
        expect((await of(200, large.nextCursor)).items).toEqual((await of(10, third.nextCursor)).items)
        expect((await of(200)).nextCursor).toBe(null)
      }
    } finally {
      await others.service.close()
    }
  })

  it('do not skip or repeat what was there while new tickets come in', async () => {
    const before = await s.numbers('tickets?sort=-registeredAt')
    const first = (await s.get('tickets?sort=-registeredAt&limit=10')).body
    const late = await s.register({ dealerCode: 'D003' })
    const rest = (await s.get(`tickets?sort=-registeredAt&limit=200&cursor=${first.nextCursor}`)).body
    expect([...first.items, ...rest.items].map(({ ticketNo }) => ticketNo)).toEqual(before)
    expect((await s.numbers('tickets?sort=-registeredAt'))[0]).toBe(late)
  })
})

describe('a cursor', () => {
  const cursorOf = async (path: string, who: Who = sa): Promise<string> =>
    (await s.service.call(who, 'GET', `/v1/${path}`)).body.nextCursor
  const with_ = (path: string, cursor: string, who: Who = sa) =>
    s.service.call(who, 'GET', `/v1/${path}cursor=${encodeURIComponent(cursor)}`)

  it.each([
    ['another filter', 'tickets?state=open&'],
    ['another sort', 'tickets?sort=-registeredAt&'],
    ['another list', 'escalations?'],
    ['the callbacks', 'callbacks?'],
    ['the warnings', 'warnings?'],
  ])('is refused under %s', async (_, path) => {
    const cursor = await cursorOf('tickets?limit=2')
    expect(problemOf(await with_(path, cursor))).toEqual(refused(400, 'cursor_mismatch', ['query', 'cursor']))
  })

  it('is refused in another scope', async () => {
    const cursor = await cursorOf('tickets?limit=2')
    expect(problemOf(await with_('tickets?', cursor, dealer('D001')))).toEqual(
      refused(400, 'cursor_mismatch', ['query', 'cursor']),
    )
  })

  it('goes on under another limit', async () => {
    const cursor = await cursorOf('tickets?limit=2')
    const answer = await with_('tickets?limit=3&', cursor)
    const numbers = await s.numbers('tickets')
    expect(answer.body.items.map(({ ticketNo }: Json) => ticketNo)).toEqual(numbers.slice(2, 5))
  })

  it.each([
    ['tampered with', (cursor: string) => `${cursor.startsWith('A') ? 'B' : 'A'}${cursor.slice(1)}`],
    ['cut', (cursor: string) => cursor.slice(0, -1)],
    ['made up', () => Buffer.from('[1,2]').toString('base64url')],
    ['with a signature of its own', (cursor: string) => `${cursor.split('.')[0]}.${'A'.repeat(22)}`],
  ])('%s is invalid', async (_, change) => {
    const cursor = change(await cursorOf('tickets?limit=2'))
    expect(problemOf(await with_('tickets?', cursor))).toEqual(
      refused(400, 'invalid_cursor', ['query', 'cursor']),
    )
  })

  it('is not empty', async () => {
    expect(problemOf(await with_('tickets?', ''))).toEqual(
      refused(400, 'invalid_request', ['query', 'cursor']),
    )
  })
})
