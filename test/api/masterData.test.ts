import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { seedMasterData } from '../../api/commands/masterData/seed.ts'
import { VersionConflict } from '../../domain/eventStore.ts'
import { defaultPolicy } from '../../domain/policy.ts'
import { bearer, type Fake, fakeApp } from './fakes.ts'

let fake: Fake
let sales: { authorization: string }
beforeEach(async () => {
  fake = await fakeApp()
  sales = await bearer('hq_sales')
  await seedMasterData(fake.deps.store, '2026-01-01T00:00:00.000Z')
})
afterEach(() => fake.app.close())

const put = (url: string, payload: object, headers: Record<string, string> = {}) =>
  fake.app.inject({ method: 'PUT', url: `/v1${url}`, payload, headers: { ...sales, ...headers } })
const get = (url: string) => fake.app.inject({ url: `/v1${url}`, headers: sales })
const east = { name: '华东' }

describe('an RBO', () => {
  it('is entered, read, changed', async () => {
    const created = await put('/rbos/EAST', east)
    expect(created.statusCode).toBe(201)
    expect(created.headers).toMatchObject({
      location: '/v1/rbos/EAST',
      etag: '"1"',
      'cache-control': 'no-store',
    })
    expect(created.json()).toEqual({ code: 'EAST', name: '华东', calendar: null, version: 1 })
    expect((await get('/rbos/EAST')).json()).toEqual(created.json())
    const changed = await put('/rbos/EAST', { ...east, calendar: 'CN-XJ' }, { 'if-match': 'W/"1"' })
    expect(changed.statusCode).toBe(200)
    expect(changed.headers).toMatchObject({ etag: '"2"', 'x-position': expect.stringMatching(/^\d+$/) })
  })

  it('that is sent again as it is stays at its version', async () => {
    const first = await put('/rbos/EAST', east)
    const second = await put('/rbos/EAST', east)
    expect(second.statusCode).toBe(200)
    expect(second.headers).toMatchObject({ etag: '"1"', 'x-position': first.headers['x-position'] })
  })

  it('is not changed against another version', async () => {
    expect((await put('/rbos/EAST', east, { 'if-match': '*' })).statusCode).toBe(412)
    await put('/rbos/EAST', east)
    const response = await put('/rbos/EAST', { name: 'x' }, { 'if-match': '"2"' })
    expect(response.json()).toMatchObject({ status: 412, code: 'version_conflict' })
    expect((await put('/rbos/EAST', { name: 'x' }, { 'if-match': '"2", "1"' })).statusCode).toBe(200)
  })

  it('needs a calendar that exists', async () => {
    const response = await put('/rbos/EAST', { ...east, calendar: 'MARS' })
    expect(response.json()).toMatchObject({
      status: 422,
      code: 'unknown_calendar',
      errors: [{ pointer: '#/calendar' }],
    })
  })

  it('is not found where it was never entered, and not looked for under an odd code', async () => {
    expect((await get('/rbos/WEST')).json()).toMatchObject({ status: 404, code: 'rbo_not_found' })
    expect((await get('/rbos/a%20b')).json()).toMatchObject({
      status: 400,
      errors: [{ in: 'path', pointer: 'code' }],
    })
  })

  it('is entered by those who keep master data, as whom it is recorded', async () => {
    await put('/rbos/EAST', east, { 'x-request-id': '01ARZ3NDEKTSV4RRFFQ69G5FAV' })
    const [event] = await fake.deps.store.readStream('rbo-EAST')
    expect(event?.metadata).toMatchObject({
      actor: { id: 'the hq_sales', role: 'hq_sales' },
      correlationId: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
      recordedAt: '2026-03-02T02:00:00.000Z',
    })
  })
})

describe('the same write twice', () => {
  const key = { 'idempotency-key': 'k-1' }

  it('gives the first answer again, whatever came between', async () => {
    const first = await put('/rbos/EAST', east, key)
    await put('/rbos/EAST', { name: 'renamed' })
    const again = await put('/rbos/EAST', { calendar: null, ...east }, { ...key, 'if-match': '"9"' })
    // Another body, as parsed: the field was not there before.
    expect(again.json()).toMatchObject({ status: 422, code: 'idempotency_key_reused' })
    const same = await put('/rbos/EAST', east, { ...key, 'if-match': '"9"' })
    expect(same.statusCode).toBe(201)
    expect(same.json()).toEqual(first.json())
    expect(same.headers).toMatchObject({
      'idempotent-replayed': 'true',
      etag: '"1"',
      'x-position': first.headers['x-position'],
      location: '/v1/rbos/EAST',
    })
    expect(first.headers).not.toHaveProperty('idempotent-replayed')
  })

  it('has its key to itself by caller and address', async () => {
    await put('/rbos/EAST', east, key)
    expect((await put('/rbos/WEST', { name: 'West' }, key)).statusCode).toBe(201)
    expect((await put('/rbos/EAST', { name: 'x' }, { ...key, ...(await bearer('admin')) })).statusCode).toBe(
      200,
    )
  })

  it('is refused while the first is in flight, and remembered only where it was done', async () => {
    const { append } = fake.deps.store
    let finish = (): void => undefined
    const held = new Promise<void>((resolve) => {
      finish = resolve
    })
    fake.deps.store.append = async (...all) => held.then(() => append(...all))
    // An injected request begins when somebody waits for it; which of the two is first is not for us to say.
    const both = [1, 2].map(() => put('/rbos/EAST', east, key).then((response) => response))
    const refused = await Promise.race(both)
    expect(refused.json()).toMatchObject({ status: 409, code: 'request_in_progress' })
    finish()
    expect((await Promise.all(both)).map(({ statusCode }) => statusCode).sort()).toEqual([201, 409])
    const failing = { 'idempotency-key': 'k-2' }
    expect((await put('/rbos/EAST', { name: 'a', calendar: 'MARS' }, failing)).statusCode).toBe(422)
    expect((await put('/rbos/EAST', { name: 'b' }, failing)).statusCode).toBe(200)
  })
})

describe('a write others are faster than', () => {
  const overtaken = (times: number) => {
    const { append } = fake.deps.store
    let left = times
    fake.deps.store.append = async (stream, expected, events) => {
      if (left-- > 0) throw new VersionConflict(stream, expected, expected + 1)
      return append(stream, expected, events)
    }
  }

  it('is tried again', async () => {
    overtaken(3)
    expect((await put('/rbos/EAST', east)).statusCode).toBe(201)
  })

  it('is given up in the end', async () => {
    overtaken(99)
    expect((await put('/rbos/EAST', east)).json()).toMatchObject({ status: 409, code: 'write_conflict' })
  })
})

describe('a dealer', () => {
  const dealer = { name: '上海一店', rbo: 'EAST' }
  beforeEach(() => put('/rbos/EAST', east))

  it('is entered with its deliveries', async () => {
    const created = await put('/dealers/D001', dealer)
    expect(created.json()).toEqual({ code: 'D001', ...dealer, calendar: null, active: true, version: 1 })
    const deliveries = await put('/dealers/D001/deliveries/2026Q1', { count: 12 })
    expect(deliveries.statusCode).toBe(201)
    expect(deliveries.json()).toEqual({ dealer: 'D001', quarter: '2026Q1', count: 12, version: 2 })
    expect((await get('/dealers/D001')).headers.etag).toBe('"2"')
    expect((await get('/dealers/D001/deliveries/2026Q1')).json()).toEqual(deliveries.json())
    expect((await get('/dealers/D001/deliveries/2026Q2')).json()).toMatchObject({ count: null })
  })

  it('needs its RBO, and deliveries need a dealer and a quarter', async () => {
    expect((await put('/dealers/D001', { ...dealer, rbo: 'X' })).json()).toMatchObject({
      code: 'unknown_rbo',
    })
    expect((await put('/dealers/D9/deliveries/2026Q1', { count: 1 })).json()).toMatchObject({
      code: 'dealer_not_found',
    })
    expect((await put('/dealers/D9/deliveries/2026Q5', { count: 1 })).statusCode).toBe(400)
    expect((await put('/dealers/D9/deliveries/2026Q1', { count: -1 })).statusCode).toBe(400)
  })

  it('is listed page by page', async () => {
    for (const code of ['D3', 'D1', 'D2']) await put(`/dealers/${code}`, dealer)
    const first = await get('/dealers?limit=2')
    expect(first.json().items).toMatchObject([{ code: 'D1' }, { code: 'D2' }])
    const next = /^<(.*)>; rel="next"$/.exec(String(first.headers.link))?.[1]
    const second = await fake.app.inject({ url: next!, headers: sales })
    expect(second.json()).toMatchObject({ items: [{ code: 'D3' }], nextCursor: null })
    expect(second.headers).not.toHaveProperty('link')
  })

  it.each(['limit=0', 'limit=201', 'limit=x', 'page=2'])('is not listed with %s', async (query) => {
    expect((await get(`/dealers?${query}`)).json()).toMatchObject({ status: 400, errors: [{ in: 'query' }] })
  })
})

describe('a calendar', () => {
  it('cannot borrow from one that borrows from it, though both are defined at once', async () => {
    const hours = { opens: '09:00', closes: '18:00' }
    for (const id of ['AA', 'BB']) await put(`/calendars/${id}`, hours)
    const both = await Promise.all([
      put('/calendars/AA', { ...hours, daysOf: 'BB' }),
      put('/calendars/BB', { ...hours, daysOf: 'AA' }),
    ])
    expect(both.map(({ statusCode }) => statusCode)).toEqual([200, 422])
    expect(both[1]?.json()).toMatchObject({ code: 'calendar_cycle' })
  })

  it('comes with the installation', async () => {
    expect((await get('/calendars/CN')).json()).toMatchObject({
      opens: '09:00',
      closes: '18:00',
      daysOf: null,
    })
    expect((await get('/calendars/CN-XJ')).json()).toMatchObject({ opens: '10:00', daysOf: 'CN', years: [] })
    expect((await get('/calendars/CN/2026')).json()).toMatchObject({ calendar: 'CN', year: 2026 })
    expect((await get('/calendars/CN-XJ/2026')).json()).toMatchObject({ calendar: 'CN', version: 1 })
    expect((await get('/calendars/CN/2099')).statusCode).toBe(404)
  })

  it('is entered, and given a year', async () => {
    expect((await put('/calendars/NIGHT', { opens: '20:00', closes: '24:00' })).statusCode).toBe(201)
    const year = await put('/calendars/NIGHT/2027', { off: ['2027-01-01'], work: [] })
    expect(year.statusCode).toBe(201)
    expect(year.json()).toEqual({
      calendar: 'NIGHT',
      year: 2027,
      off: ['2027-01-01'],
      work: [],
      source: '',
      version: 2,
    })
    expect((await get('/calendars/NIGHT')).json()).toMatchObject({ years: [2027], version: 2 })
  })

  it.each([
    ['/calendars/X', { opens: '18:00', closes: '09:00' }, 'calendar_without_working_time'],
    ['/calendars/CN', { opens: '09:00', closes: '18:00', daysOf: 'CN-XJ' }, 'calendar_cycle'],
    ['/calendars/X', { opens: '09:00', closes: '18:00', daysOf: 'Y' }, 'unknown_calendar'],
    ['/calendars/CN/2027', { off: ['2027-01-01'], work: ['2027-01-01'] }, 'day_in_both_lists'],
    ['/calendars/CN/2027', { off: ['2026-01-01'], work: [] }, 'day_outside_year'],
    ['/calendars/X/2027', { off: [], work: [] }, 'calendar_not_found'],
    ['/calendars/CN/1999', { off: [], work: [] }, 'invalid_request'],
    ['/calendars/CN/2027', { off: ['2027-02-30'], work: [] }, 'invalid_request'],
  ])('%s %j is refused: %s', async (url, body, code) => {
    expect((await put(url, body)).json()).toMatchObject({ code })
  })
})

describe('the policy', () => {
  it('comes with the installation and is set from an instant on', async () => {
    expect((await get('/policy')).json()).toEqual({
      version: 1,
      effectiveFrom: '2026-01-01T00:00:00.000Z',
      ...defaultPolicy,
    })
    const later = await put(
      '/policy',
      { ...defaultPolicy, rewardTop: 3, effectiveFrom: '2026-04-01' },
      { 'if-match': '"1"' },
    )
    expect(later.json()).toMatchObject({
      version: 2,
      rewardTop: 3,
      effectiveFrom: '2026-03-31T16:00:00.000Z',
    })
    const present = await get('/policy')
    expect(present.json()).toMatchObject({ version: 1, rewardTop: 5 })
    expect(present.headers.etag).toBe('"2"')
  })

  it('counts from now on where no instant is given', async () => {
    await put('/policy', { ...defaultPolicy, rewardTop: 3 })
    expect((await get('/policy')).json()).toMatchObject({ version: 2, rewardTop: 3 })
  })

  it.each([
    [{ ...defaultPolicy, effectiveFrom: '2026-01-01' }, 'effective_in_past', '#/effectiveFrom'],
    [{ ...defaultPolicy, weights: { response: 1, close: 2, firstTime: 3 } }, 'weights_not_100', '#/weights'],
    [{ ...defaultPolicy, ackMinutes: 0 }, 'invalid_request', '#/ackMinutes'],
    [{ ...defaultPolicy, bonus: 1 }, 'unknown_field', '#/bonus'],
  ])('is refused where it makes no sense', async (body, code, pointer) => {
    expect((await put('/policy', body)).json()).toMatchObject({ code, errors: [{ pointer }] })
  })
})

describe('a name', () => {
  it.each([
    ['/rbos/X', { name: 'a\0b' }, '#/name'],
    ['/dealers/X', { name: 'half \ud83d', rbo: 'EAST' }, '#/name'],
    ['/calendars/CN/2027', { off: [], work: [], source: '\udc00' }, '#/source'],
    ['/policy', { ...defaultPolicy, rootCauses: [{ code: 'x', zh: '\0', en: 'x' }] }, '#/rootCauses'],
  ])('is refused where it could not be stored as it is: %s', async (path, body, pointer) => {
    expect((await put(path, body)).json()).toMatchObject({
      code: 'invalid_request',
      errors: [{ pointer, detail: 'must not contain NUL or half a character.' }],
    })
  })
})
