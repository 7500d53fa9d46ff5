import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { Conflict } from '../../api/commands/conflict.ts'
import { instantInput, text } from '../../api/commands/fields.ts'
import { problemOfError } from '../../api/http/errorHandler.ts'
import { type ProblemCode, problems } from '../../api/http/problemCodes.ts'
import { languageOf, Problem, problemBody } from '../../api/http/problems.ts'
import { titleOf } from '../../api/http/problemTitles.ts'
import { problemOf } from '../../api/http/validation.ts'
import { VersionConflict } from '../../domain/eventStore.ts'
import { Refusal, refusals } from '../../domain/refusal.ts'
import { bearer, type Fake, fakeApp } from './fakes.ts'

describe('the list of problems', () => {
  it('has a status and words in both languages for every code', () => {
    for (const { status, en, zh } of Object.values(problems)) {
      expect([400, 401, 403, 404, 405, 406, 408, 409, 412, 413, 415, 416, 422, 429, 431, 500, 503]).toContain(
        status,
      )
      expect(en).toMatch(/\.$/)
      expect(zh).toMatch(/[。；]$/)
    }
    expect(Object.keys(problems)).toEqual(expect.arrayContaining(Object.keys(refusals)))
  })

  it.each(Object.keys(problems) as ProblemCode[])('has a short name for %s in both languages', (code) => {
    const { en, zh } = titleOf(code)
    expect(en).toMatch(/^[A-Z][A-Za-z0-9 ]+$/)
    // a whole phrase: no parameter left or lost, no end of a sentence
    expect(zh).toMatch(/\p{Script=Han}/u)
    expect(zh).not.toMatch(/[{}“”。；：]|第版|已是的|^(第|起|年)/)
    expect(zh.length).toBeLessThan(36)
  })

  it('shares no code between the business and the API', () => {
    const api = Object.keys(problems).filter((code) => !(code in refusals))
    expect(api.length + Object.keys(refusals).length).toBe(Object.keys(problems).length)
  })
})

describe('a problem', () => {
  it('is told in the language asked for, field by field', () => {
    const refusal = new Refusal('unknown_dealer', { code: 'D9' }, '#/dealerCode')
    expect(problemBody(refusal, 'zh')).toEqual({
      type: '/problems/unknown_dealer',
      title: '经销商不存在',
      status: 422,
      detail: '经销商 D9 不存在。',
      code: 'unknown_dealer',
      errors: [{ in: 'body', pointer: '#/dealerCode', detail: '经销商 D9 不存在。' }],
    })
    expect(problemBody(new Problem('rate_limited', { params: { seconds: 3 } }), 'en')).toMatchObject({
      detail: 'Too many requests; wait 3 s.',
      errors: [],
    })
    expect(titleOf('not_the_holder')).toEqual({
      en: 'Not the holder',
      zh: '只有当前处理单位的人员可以执行此操作',
    })
    const titles = (['malformed_json', 'unknown_rbo', 'not_a_b_ticket', 'b_or_c_ticket'] as const).map(
      titleOf,
    )
    expect(titles.map(({ en }) => en)).toEqual([
      'Malformed JSON',
      'Unknown RBO',
      'Not a B ticket',
      'B or C ticket',
    ])
  })

  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['zh-CN', 'zh'],
    ['zh', 'zh'],
    ['fr, de;q=0.9', 'en'],
    ['en;q=0.5, zh-CN;q=0.8', 'zh'],
    ['zh-CN;q=0.5, en-GB', 'en'],
    ['zh;q=0', 'en'],
    ['zh;q=x', 'en'],
    ['*', 'en'],
    ['fr;q=1, ZH-cn;q=0.1', 'zh'],
  ] as const)('for Accept-Language %j is in %s', (header, language) => {
    expect(languageOf(header)).toBe(language)
  })
})

describe('an input that does not fit', () => {
  const schema = z.strictObject({
    customer: z.strictObject({ 'a/b~c': text(5) }),
    at: instantInput,
    kind: z.enum(['x', 'y']),
    count: z.int().min(1).max(9),
    list: z.array(z.string()).max(1),
  })
  const good = { customer: { 'a/b~c': 'ok' }, at: '2026-03-02', kind: 'x', count: 1, list: [] }
  const wrong = (change: object) => {
    const data = { ...good, ...change }
    const { error } = schema.safeParse(data)
    return problemBody(problemOf(error!.issues, 'body', data), 'en')
  }

  it.each([
    [{ customer: { 'a/b~c': 'secret' } }, '#/customer/a~1b~0c', 'must have at most 5 characters.'],
    [{ customer: { 'a/b~c': 'a\0' } }, '#/customer/a~1b~0c', 'must not contain NUL or half a character.'],
    [{ customer: { 'a/b~c': '\ud800' } }, '#/customer/a~1b~0c', 'must not contain NUL or half a character.'],
    [{ at: '2026-03-02T10:00' }, '#/at', 'must be an ISO-8601 instant with an offset, or a date.'],
    [{ kind: 'secret' }, '#/kind', 'must be one of: x, y.'],
    [{ kind: undefined }, '#/kind', 'is required.'],
    [{ count: 'secret' }, '#/count', 'must be a number.'],
    [{ count: 1.5 }, '#/count', 'must be a whole number.'],
    [{ count: 10 }, '#/count', 'must be at most 9.'],
    [{ list: ['a', 'b'] }, '#/list', 'must have at most 1 entries.'],
  ])('%j is told by field and without its value', (change, pointer, detail) => {
    const body = wrong(change)
    expect(body).toMatchObject({ code: 'invalid_request', errors: [{ in: 'body', pointer, detail }] })
    expect(JSON.stringify(body)).not.toContain('secret')
  })

  it('with fields nobody knows says which', () => {
    expect(wrong({ colour: 'red' })).toMatchObject({
      code: 'unknown_field',
      errors: [{ pointer: '#/colour' }],
    })
  })

  it('is never answered with more than fifty errors', () => {
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`x${n}`, n]))
    expect(wrong(many).errors).toHaveLength(50)
  })
})

describe('a problem that the same call cures', () => {
  it('says when to send it again', () => {
    for (const code of ['write_conflict', 'request_in_progress', 'view_behind', 'store_unavailable'] as const)
      expect(Number(new Problem(code).headers['retry-after'])).toBeGreaterThan(0)
    expect(problemOfError(new VersionConflict('ticket-1', 1, 2))).toMatchObject({
      code: 'write_conflict',
      headers: { 'retry-after': '1' },
    })
    expect(problemOfError(new Conflict('request_in_progress', 7))).toMatchObject({
      headers: { 'retry-after': '7' },
    })
    expect(new Problem('version_conflict').headers).toEqual({})
  })
})

describe('what goes wrong with a request', () => {
  let fake: Fake
  let admin: { authorization: string }
  beforeAll(async () => {
    fake = await fakeApp({}, { bodyLimitBytes: 2000 })
    admin = await bearer('admin')
  })
  afterAll(() => fake.app.close())
  const put = (payload: string, headers: Record<string, string> = {}, url = '/v1/rbos/EAST') =>
    fake.app.inject({
      method: 'PUT',
      url,
      payload,
      headers: { 'content-type': 'application/json', ...admin, ...headers },
    })

  it.each([
    ['another kind of body', 'name', { 'content-type': 'text/plain' }, 415, 'unsupported_media_type'],
    ['too long a body', `{"name":"${'x'.repeat(3000)}"}`, {}, 413, 'payload_too_large'],
    ['an unknown field', '{"name":"East","colour":1}', {}, 400, 'unknown_field'],
    ['a list', '[]', {}, 400, 'invalid_request'],
    ['a bad If-Match', '{"name":"East"}', { 'if-match': 'seven' }, 400, 'invalid_request'],
    ['a bad key', '{"name":"East"}', { 'idempotency-key': 'a b' }, 400, 'invalid_idempotency_key'],
  ])('%s', async (_, payload, headers, status, code) => {
    const response = await put(payload, headers as unknown as Record<string, string>)
    expect(response.statusCode).toBe(status)
    expect(response.headers['content-type']).toBe('application/problem+json; charset=utf-8')
    expect(response.json()).toMatchObject({ type: `/problems/${code}`, code, status })
  })

  it.each([
    ['{"name":', 'The body is not valid JSON: it ends too early.'],
    ['{\n  "name": "East",\n}', 'The body is not valid JSON: line 3, column 1.'],
    ['', 'The body is empty; this call takes JSON.'],
    // the parser names no place here, and the answer has none of the text
    ['王芳', 'The body is not valid JSON.'],
    ['{"__proto__":{"a":1}}', 'The body is not valid JSON.'],
  ])('says where the JSON of a body breaks: %j', async (payload, detail) => {
    expect((await put(payload)).json()).toMatchObject({
      code: 'malformed_json',
      detail,
      errors: [{ in: 'body', pointer: '#', detail }],
    })
  })

  it('names the header that a body of another kind needs', async () => {
    const answer = (await put('name=East', { 'content-type': 'application/x-www-form-urlencoded' })).json()
    expect(answer.errors).toEqual([{ in: 'header', pointer: 'Content-Type', detail: answer.detail }])
    expect(answer.detail).toMatch(/^Set Content-Type to .*application\/json/)
  })

  it.each([
    ['', 'There is no token; send one in the header Authorization: Bearer.'],
    [
      'Basic YTpi',
      'The header Authorization must be the word Bearer, a space and a JWT: three parts with dots between them.',
    ],
    [
      'Bearer a.b.c',
      'The service does not take this token: it was signed for another one, is not valid yet, or was cut or changed.',
    ],
  ])('tells a missing token from a wrong one: %j', async (authorization, detail) => {
    expect((await put('{"name":"East"}', { authorization })).json()).toMatchObject({
      code: 'unauthenticated',
      detail,
      errors: [{ in: 'header', pointer: 'Authorization', detail }],
    })
  })

  it.each([
    ['alone', [0xff]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['half a character', [0xed, 0xa0, 0x80]],
    ['the start of one', [0xe4, 0xbd]],
  ])('is a body that is no UTF-8, refused before wrong characters are stored: %s', async (_, bytes) => {
    const payload = Buffer.concat([Buffer.from('{"name":"'), Buffer.from(bytes), Buffer.from('"}')])
    const headers = { 'content-type': 'application/json', ...admin }
    const response = await fake.app.inject({ method: 'PUT', url: '/v1/rbos/UTF', payload, headers })
    expect(response.json()).toMatchObject({
      code: 'malformed_json',
      status: 400,
      errors: [{ in: 'body', pointer: '#' }],
    })
    expect((await fake.app.inject({ url: '/v1/rbos/UTF', headers: admin })).statusCode).toBe(404)
  })

  it('is 404 where nothing is, 405 where another method is', async () => {
    expect((await fake.app.inject('/v1/nothing')).json()).toMatchObject({ code: 'not_found' })
    const response = await fake.app.inject({ method: 'DELETE', url: '/v1/rbos/EAST' })
    expect(response.statusCode).toBe(405)
    expect(response.headers.allow).toBe('GET, HEAD, PUT')
    expect((await fake.app.inject('/v1/rbos/%')).json()).toMatchObject({ code: 'invalid_request' })
  })

  it('is 403 with a role that does not do this', async () => {
    const response = await put('{"name":"East"}', await bearer('csr'))
    expect(response.json()).toMatchObject({ code: 'role_not_allowed', status: 403 })
  })

  it('is explained where its type points', async () => {
    expect((await fake.app.inject('/problems/not_the_holder')).json()).toMatchObject({ status: 403 })
    expect((await fake.app.inject('/problems/toString')).statusCode).toBe(404)
  })

  it('is explained to programs as JSON: why, what to do, which calls', async () => {
    const response = await fake.app.inject({
      url: '/problems/contact_on_completed',
      headers: { 'accept-language': 'zh-CN' },
    })
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8')
    expect(response.json()).toMatchObject({
      title: '工单已处理完成，不能再记录来电',
      detail: { en: expect.stringContaining('completed'), 'zh-CN': expect.stringContaining('处理完成') },
      advice: {
        en: expect.stringContaining('GET /v1/tickets/'),
        'zh-CN': expect.stringContaining('重新读取'),
      },
    })
    expect(response.json().operations).toContainEqual({
      operationId: 'logContact',
      method: 'POST',
      path: '/v1/tickets/{ticketNo}/contacts',
      summary: 'Log a further contact of the customer',
    })
    const names = response.json().operations.map(({ operationId }: { operationId: string }) => operationId)
    expect(names).not.toContain('listTickets')
  })

  it('is explained to people as a page in both languages, theirs first', async () => {
    const accept = 'text/html,application/xhtml+xml,*/*;q=0.8'
    for (const [language, first, second] of [
      ['zh-CN', '工单已撤销或标记为重复', 'Ticket is over'],
      ['en', 'Ticket is over', '工单已撤销或标记为重复'],
    ] as const) {
      const response = await fake.app.inject({
        url: '/problems/ticket_is_over',
        headers: { accept, 'accept-language': language },
      })
      expect(response.headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': expect.stringContaining("default-src 'none'"),
        vary: 'Accept, Accept-Language',
      })
      expect(response.body).toContain(`<html lang="${language}">`)
      expect(response.body.indexOf(`<h1>${first}`)).toBeGreaterThan(0)
      expect(response.body.indexOf(`<h1>${second}`)).toBeGreaterThan(response.body.indexOf(`<h1>${first}`))
      expect(response.body).toContain('<code>POST /v1/tickets/{ticketNo}/close</code>')
      expect(response.body).toContain('处理办法')
    }
  })

  it('has advice and calls for every code', async () => {
    for (const code of Object.keys(problems)) {
      const { advice, operations } = (await fake.app.inject(`/problems/${code}`)).json()
      expect(advice.en).toMatch(/\.$/)
      expect(advice['zh-CN']).toMatch(/\p{Script=Han}.*。$/u)
      // of lines of an import, of an address no route has, or of methods
      if (/^(ref_reused|not_a_b_ticket|method_not_allowed)$/.test(code)) continue
      expect([code, operations.length > 0]).toEqual([code, true])
    }
  })

  it('is a constant 500 where it is our fault, logged by route and without what a parser read', async () => {
    const store = { ...fake.deps.store, readStream: async () => JSON.parse('{"phone":"13800000000"') }
    const broken = await fakeApp({ store })
    const response = await broken.app.inject({
      method: 'PUT',
      url: '/v1/rbos/EAST',
      payload: { name: '13800000000' },
      headers: { ...admin, 'x-request-id': 'd41d8cd98f00b204e9800998ecf8427e', 'accept-language': 'zh-CN' },
    })
    expect(response.statusCode).toBe(500)
    expect(response.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    })
    expect(response.json()).toMatchObject({ code: 'internal_error', errors: [] })
    expect(response.headers['content-language']).toBe('zh-CN')
    expect(broken.logged).toHaveLength(1)
    expect(JSON.parse(broken.logged[0]!)).toMatchObject({
      requestId: 'd41d8cd98f00b204e9800998ecf8427e',
      route: '/v1/rbos/:code',
    })
    expect(broken.logged[0]).not.toContain('13800000000')
    await broken.app.close()
  })
})
