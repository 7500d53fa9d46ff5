import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { webhookBodies } from '../../api/live/schemas.ts'
import { type AnnouncedName, announcedEvents, announcedNames } from '../../domain/announcedNames.ts'
import { admin, at, csr, problemOf, refused, type Scenario, sa, seMedia, start } from '../support/scenario.ts'
import type { Json } from '../support/service.ts'
import { endAll, hooksOf, receiver, startSending } from './support.ts'

afterEach(endAll)

let s: Scenario
let hooks: ReturnType<typeof hooksOf>
beforeEach(async () => {
  s = await startSending()
  hooks = hooksOf(s)
})
const url = 'https://example.com/hooks'

describe('a webhook', () => {
  test('is registered with defaults, and its secret is in that answer only', async () => {
    const answer = await hooks.ask('POST', '', { url })
    const { id, secret, ...shown } = answer.body
    expect(answer.status).toBe(201)
    expect(answer.headers.location).toBe(`/v1/webhooks/${id}`)
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{32}$/)
    expect(shown).toEqual({
      ...{ url, events: ['*'], rbo: null, dealer: null, includeContacts: false, description: '' },
      ...{ state: 'active', pausedBecause: null, pausedAt: null, createdAt: at(start) },
      formerSecretUntil: null,
      deliveries: { sequence: 0, pending: 0, oldestPendingAt: null, failingSince: null },
      version: 1,
    })
    expect(await hooks.get(id)).toEqual({ id, ...shown })
    expect((await hooks.ask('GET')).body.items).toEqual([{ id, ...shown }])
  })

  test('is made once for a key, also where it is asked for again', async () => {
    const headers = { 'idempotency-key': 'k1' }
    const first = await hooks.ask('POST', '', { url }, headers)
    const again = await hooks.ask('POST', '', { url }, headers)
    expect(again.headers['idempotent-replayed']).toBe('true')
    expect([again.status, again.body]).toEqual([201, first.body])
    expect((await hooks.ask('POST', '', { url: `${url}/2` }, headers)).body.code).toBe(
      'idempotency_key_reused',
    )
    expect((await hooks.ask('GET')).body.items).toHaveLength(1)
  })

  test('is refused where its address, an event or a unit is none', async () => {
    const refusals: [Json, ReturnType<typeof refused>][] = [
      [{ url: 'nonsense' }, refused(422, 'webhook_url_malformed', ['body', '#/url'])],
      [{ url: 'http://example.com' }, refused(422, 'webhook_url_not_https', ['body', '#/url'])],
      [{ url: 'https://me:pw@example.com' }, refused(422, 'webhook_url_credentials', ['body', '#/url'])],
      [{ url: 'https://10.0.0.1/' }, refused(422, 'webhook_url_not_public', ['body', '#/url'])],
      [{ url: 'https://168.63.129.16/' }, refused(422, 'webhook_url_not_public', ['body', '#/url'])],
      [{ url, rbo: 'NONE' }, refused(422, 'unknown_rbo', ['body', '#/rbo'])],
      [{ url, dealer: 'NONE' }, refused(422, 'unknown_dealer', ['body', '#/dealer'])],
      [{ url, events: ['ticket.eaten'] }, refused(400, 'invalid_request', ['body', '#/events/0'])],
      [{ url, events: [] }, refused(400, 'invalid_request', ['body', '#/events'])],
      [{ url, more: 1 }, refused(400, 'unknown_field', ['body', '#/more'])],
    ]
    for (const [body, problem] of refusals)
      expect([body, problemOf(await hooks.ask('POST', '', body))]).toEqual([body, problem])
    expect((await hooks.ask('GET')).body.items).toEqual([])
  })

  test('is changed on the version it was read at', async () => {
    const { id } = await hooks.create(url)
    const changed = await hooks.ask(
      'PUT',
      `/${id}`,
      { url, events: ['ticket.closed'] },
      { 'if-match': '"1"' },
    )
    expect([changed.status, changed.headers.etag, changed.body.events]).toEqual([
      200,
      '"2"',
      ['ticket.closed'],
    ])
    const late = await hooks.ask('PUT', `/${id}`, { url }, { 'if-match': '"1"' })
    expect(late.status).toBe(412)
  })

  test('that is not there, or no more, is answered 404', async () => {
    const { id } = await hooks.create(url)
    await hooks.ask('DELETE', `/${id}`)
    for (const gone of [id, 'nobody'])
      for (const [method, path, body] of [
        ['GET', '', undefined],
        ['PUT', '', { url }],
        ['DELETE', '', undefined],
        ['GET', '/deliveries', undefined],
        ['POST', '/pause', undefined],
        ['POST', '/resume', undefined],
        ['POST', '/test', undefined],
        ['POST', '/rotate-secret', undefined],
        ['POST', '/replay', { since: start.slice(0, 10) }],
        ['POST', '/deliveries/1/retry', undefined],
      ] as const) {
        const answer = await hooks.ask(method, `/${gone}${path}`, body)
        expect([path, problemOf(answer)]).toEqual([path, refused(404, 'webhook_not_found')])
      }
  })

  test('is for administrators', async () => {
    for (const who of [sa, csr])
      expect((await s.service.call(who, 'GET', '/v1/webhooks')).body.code).toBe('role_not_allowed')
  })

  test('is replayed from one start, which the log must have', async () => {
    const { id } = await hooks.create(url)
    const ask = async (body: Json) => (await hooks.ask('POST', `/${id}/replay`, body)).body.code
    expect(await ask({})).toBe('replay_start_required')
    expect(await ask({ since: '2026-03-01', after: '1' })).toBe('replay_start_required')
    expect(await ask({ after: '999999' })).toBe('position_unknown')
    expect(await ask({ after: 'nonsense' })).toBe('position_unknown')
  })

  test('has pages of deliveries, newest first', async () => {
    const to = await receiver()
    const { id } = await hooks.create(to.url, { events: ['ticket.registered'] })
    for (let n = 0; n < 5; n++) await s.register()
    await hooks.look()
    const seen: number[] = []
    for (let path = `/${id}/deliveries?limit=2`; path !== ''; ) {
      const { items, nextCursor } = (await hooks.ask('GET', path)).body
      seen.push(...items.map(({ sequence }: Json) => sequence))
      path = nextCursor === null ? '' : `/${id}/deliveries?limit=2&cursor=${nextCursor}`
    }
    expect(seen).toEqual([5, 4, 3, 2, 1])
    expect((await hooks.ask('POST', `/${id}/deliveries/99/retry`)).body.code).toBe('delivery_not_found')
  })
})

describe('what is sent', () => {
  test('is the ticket as it is now, with no personal data of the customer', async () => {
    const to = await receiver()
    await hooks.create(to.url)
    const customer = { name: '王小明', phone: '13812345678', address: '上海静安' }
    const ticketNo = await s.register({ customer, flags: ['agitated'], content: '态度恶劣' })
    await hooks.look()
    const types = to.received.map(({ body }) => body.type)
    expect(types).toEqual(
      expect.arrayContaining(['ticket.registered', 'ticket.dispatched', 'warning.raised']),
    )
    for (const { text, body } of to.received) {
      for (const secret of ['王', '5678', '上海', '态度', 'subjectId', 'customer"'])
        expect(text).not.toContain(secret)
      const { about } = announcedEvents[body.type as AnnouncedName]
      expect(webhookBodies[about].safeParse(body).error).toBeUndefined()
      expect(body.data).toMatchObject({ type: body.type, ticketNo, ticket: { ticketNo, dealer: 'D001' } })
    }
    const raised = to.received.find(({ body }) => body.type === 'warning.raised')
    expect(raised?.body.data.warning).toMatchObject({ code: 'W4', sentTo: { tier: 'rbo', unit: 'EAST' } })
    expect(to.received[0]?.body.data).not.toHaveProperty('contacts')
  })

  test('has the contacts of the holding dealer where they are asked for', async () => {
    const to = await receiver()
    await hooks.create(to.url, { events: ['ticket.dispatched'], includeContacts: true })
    await s.register()
    await hooks.look()
    expect(to.received[0]?.body.data.contacts).toEqual([])
  })

  test('tells dues that have passed, and nothing of what an import recorded', async () => {
    const to = await receiver()
    await hooks.create(to.url)
    await s.service.lookForDues()
    const line = {
      at: '2026-02-02T02:00:00Z',
      actor: { id: 'csr-1', role: 'csr' },
      ref: 'OLD-1',
      command: 'register',
      data: s.complaint(),
    }
    const imported = await s.service.call(admin, 'POST', '/v1/imports', {
      body: `${JSON.stringify(line)}\n`,
      headers: { 'content-type': 'application/x-ndjson' },
    })
    expect(imported.body.applied).toBe(1)
    const ticketNo = await s.register({}, csr)
    s.go('2026-03-02 12:30')
    await s.service.lookForDues()
    await hooks.look()
    const told = to.received.filter(({ body }) => body.data.ticketNo !== ticketNo)
    expect(told.map(({ body }) => body.type)).toEqual([])
    expect(webhookBodies.due.safeParse(to.received.at(-1)?.body).error).toBeUndefined()
    expect(to.received.at(-1)?.body).toMatchObject({
      type: 'ticket.overdue',
      data: { ticketNo, due: { clock: 'response', dueAt: at('2026-03-02 12:00') } },
    })
  })

  test('is of the RBO and the dealer that the webhook names', async () => {
    const [east, one] = [await receiver(), await receiver()]
    await hooks.create(east.url, { rbo: 'EAST', events: ['ticket.registered'] })
    await hooks.create(one.url, { dealer: 'D002', events: ['ticket.registered'] })
    const [ofOne, ofTwo] = [
      await s.register({ dealerCode: 'D001' }),
      await s.register({ dealerCode: 'D002' }),
    ]
    await s.register({ dealerCode: 'D003' })
    await hooks.look()
    const tickets = ({ received }: typeof east) => received.map(({ body }) => body.data.ticketNo)
    expect(tickets(east)).toEqual([ofOne, ofTwo])
    expect(tickets(one)).toEqual([ofTwo])
  })

  test('has names that are listed with their labels', async () => {
    const { events } = (await s.service.call(seMedia, 'GET', '/v1/codes')).body
    expect(events.map(({ code }: Json) => code)).toEqual(expect.arrayContaining(announcedNames))
  })
})
