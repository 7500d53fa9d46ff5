/** Requests whose head is wrong: headers, addresses, tokens, and what is hardly HTTP any more. */
import { randomBytes } from 'node:crypto'
import type { Random } from '../../src/demo/random.ts'
import type { Change } from './kinds.ts'
import { secret } from './values.ts'

const oddHeaderValues: Record<string, string[]> = {
  'Content-Type': [
    'text/plain',
    'application/xml',
    'application/json; charset=utf-16',
    'application/json;',
    '',
    'multipart/form-data; boundary=x',
    'APPLICATION/JSON',
    'application/jsonx',
    'application/x-ndjson',
    '/',
    `application/${'x'.repeat(3_000)}`,
  ],
  'Content-Encoding': ['gzip', 'br', secret],
  'Accept-Language': ['*', ','.repeat(3_000), 'zh;q=NaN', '\xe9\xff', 'zh-CN;q=1e999', `${secret};q=-1`],
  'Idempotency-Key': ['', ' ', 'x'.repeat(255), 'x'.repeat(256), 'a b', '\xe9', secret],
  'X-Min-Position': ['', '-1', '1e9', '0x10', 'abc', '99999999999999999999999', '1.5', '0', 'Infinity'],
  'X-On-Behalf-Of': ['', 'a b', 'x'.repeat(65), '\xe9', `${secret}`],
  'X-Request-Id': ['', 'a b', 'x'.repeat(129), '\xe9\x80'],
  Accept: ['text/csv', 'application/xml', '*/*;q=0', '\xff', secret],
  'Accept-Version': ['1.0.0', '*', secret],
  Expect: ['100-continue', '200-ok'],
  Upgrade: ['websocket', 'h2c'],
  Range: ['bytes=0-', 'bytes=-1'],
  Origin: ['null', 'https://elsewhere.example.com', secret],
  Host: ['', 'a b', `${secret}.example.com:99999`],
  TE: ['trailers', 'gzip'],
  Cookie: [`${secret}=1`],
}

/** A place in the log that nothing is at yet: a read waits for it as long as one waits. */
const future = '999999999'

export const oddHeaders: Change = (draft, { random }) => {
  const names = Array.from({ length: random.int(1, 3) }, () => random.pick(Object.keys(oddHeaderValues)))
  const odd = names.map((name) => [name, random.pick(oddHeaderValues[name]!)])
  const waits = random.chance(0.01) ? { 'X-Min-Position': future } : {}
  return { ...draft, headers: { ...draft.headers, ...Object.fromEntries(odd), ...waits } }
}

const methods = ['DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'TRACE', 'PROPFIND', 'QUERY', 'PUT', 'POST', 'GET']

const oddPaths = [
  '/',
  '//',
  '/v1',
  '/v1//codes',
  '/v1/codes/',
  '/V1/CODES',
  '/v1/tickets/%',
  '/v1/tickets/%zz',
  '/v1/tickets/..%2f..%2fetc%2fpasswd',
  '/v1/../v1/codes',
  '/v1/tickets/%00',
  '/v1/dealers/%F0%9F%98%80',
  '/v1/codes;a=b',
  '/v1/codes#x',
  `/v1/tickets/${'x'.repeat(201)}`,
  `/v1/tickets/${'x'.repeat(8_000)}`,
  `/v1/tickets/${secret}/../../codes`,
  '/problems/__proto__',
  '/problems/constructor',
  '/problems/%',
  '/v1/codes?%',
  '/v1/codes?&&=&',
  `/v1/tickets?${'x=1&'.repeat(2_000)}`,
  '/v1/tickets?limit=1&limit=2',
  '/v1/tickets?state[]=open&state[0]=open',
  '/docs/../../package.json',
  '/docs/static/..%2f..%2fpackage.json',
  'http://elsewhere.example.com/v1/codes',
  '*',
  '/metrics',
  `/${secret}`,
]

export const oddPath: Change = (draft, { random }) => {
  if (random.chance(0.4)) return { ...draft, method: random.pick(methods) }
  const operation = { ...draft.operation, path: random.pick(oddPaths) }
  return { ...draft, operation, query: [] }
}

const unsigned = (header: object, claims: object): string =>
  [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')

const claims = { sub: secret, roles: ['sa'], exp: 9_999_999_999 }
const badTokens = [
  'Bearer',
  'Bearer a.b.c',
  `Bearer ${secret}`,
  `Bearer ${unsigned({ alg: 'none' }, claims)}.`,
  `Bearer ${unsigned({ alg: 'HS256' }, claims)}.x`,
  `Bearer ${unsigned({ alg: 'HS256', kid: '../../key' }, claims)}.AAAA`,
  `Bearer ${unsigned({ alg: 'RS256', jwk: {}, crit: ['x'] }, claims)}.AAAA`,
  `Bearer ${'x'.repeat(8_000)}.y.z`,
  `Bearer ${Buffer.from('{"alg":').toString('base64url')}.e30.AAAA`,
  `Basic ${Buffer.from(`${secret}:${secret}`).toString('base64')}`,
  '\xff\xfe',
]

export const badToken: Change = (draft, { random }) => ({
  ...draft,
  who: null,
  headers: random.chance(0.2) ? draft.headers : { ...draft.headers, Authorization: random.pick(badTokens) },
})

const host = 'Host: localhost\r\n'
const brokenRequests = [
  'GET /v1/codes\r\n\r\n',
  `GET /v1/codes HTTP/9.9\r\n${host}\r\n`,
  `FOO /v1/codes HTTP/1.1\r\n${host}\r\n`,
  `GET /v1/codes HTTP/1.1\r\n${host}no colon\r\n\r\n`,
  `GET /v1/codes HTTP/1.1\r\n${host}a name: x\r\n\r\n`,
  `GET /v1/codes HTTP/1.1\r\n${host}X: a\0b\r\n\r\n`,
  `GET /v1/codes HTTP/1.1\r\n${host}X: ${'x'.repeat(20_000)}\r\n\r\n`,
  `GET /v1/codes HTTP/1.1\r\n${host}${'X: y\r\n'.repeat(4_000)}\r\n`,
  `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n${host}\r\n`,
  'GET /v1/codes HTTP/1.1\r\n\r\n',
  `POST /v1/complaints HTTP/1.1\r\n${host}Content-Length: abc\r\n\r\n`,
  `POST /v1/complaints HTTP/1.1\r\n${host}Content-Length: -1\r\n\r\n`,
  `POST /v1/complaints HTTP/1.1\r\n${host}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`,
  `POST /v1/complaints HTTP/1.1\r\n${host}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  `POST /v1/complaints HTTP/1.1\r\n${host}Transfer-Encoding: gzip\r\n\r\n`,
  `GET /v1/codes HTTP/1.1\n${host}\n`,
  `get /v1/codes HTTP/1.1\r\n${host}\r\n`,
  `GET  /v1/codes  HTTP/1.1\r\n${host}\r\n`,
  'SSH-2.0-OpenSSH_9.2\r\n',
  '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  '\r\n\r\n\r\nhello\r\n',
  '{"content":"geheim"}\r\n\r\n',
].map((text) => Buffer.from(text, 'latin1'))

/** Bytes that are no request, or a broken one. */
export const brokenHttp = (random: Random): Buffer =>
  random.chance(0.1)
    ? Buffer.concat([Buffer.from([random.int(0, 255)]), randomBytes(100)])
    : random.pick(brokenRequests)
