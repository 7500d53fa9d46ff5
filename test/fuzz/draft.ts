/** A request as it is made up, before it is bytes: what fits first, and then what is done to it. */
import type { Role } from '../../domain/authority.ts'
import type { Json, Who } from '../support/service.ts'
import type { Operation } from './operations.ts'
import { fitting, type ValueInputs } from './values.ts'

export type RequestDraft = {
  operation: Operation
  method: string
  /** Parameters of the path by name, percent-encoded. */
  path: Record<string, string>
  /** Names and values, percent-encoded. */
  query: [string, string][]
  headers: Record<string, string>
  body?: Json
  /** Sent after the body, where a body is lines. */
  moreLines?: Json[]
  /** What is sent in place of the body. */
  bytes?: Buffer
  /** `null`: without a token, unless the headers have one. */
  who: Who | null
}

/** Percent-encodes every byte that is no letter or digit; half a character becomes what naive encoders make of it. */
export const encoded = (text: string): string =>
  [...text]
    .map((each) => {
      const code = each.codePointAt(0) as number
      if (/^[\w.~-]$/.test(each)) return each
      const bytes =
        code >= 0xd800 && code <= 0xdfff
          ? [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)]
          : [...Buffer.from(each)]
      return bytes.map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
    })
    .join('')

/** Text that stands in the JSON as it is, without quotes: what no JSON value can say. */
export const asIs = (json: string): string => `@@${Buffer.from(json).toString('base64')}@@`

/** The JSON of a body with `asIs` texts in place. */
export const jsonOf = (body: Json): string =>
  JSON.stringify(body).replace(/"@@([\w+/=]*)@@"/g, (_, text) => Buffer.from(text, 'base64').toString())

const dealers = ['D001', 'D002', 'D003', 'D004']
const rbos = ['EAST', 'NORTH', 'WEST']

/** A caller with that role, of some unit. */
export const callerOf = (role: Role, { random }: ValueInputs): Who => ({
  roles: [role],
  sub: `fuzz-${role}`,
  ...(role === 'dealer' && { dealer: random.pick(dealers) }),
  ...(role === 'rbo' && { rbo: random.pick(rbos) }),
})

/** The people who hold the ticket of the path, or those of the dealer it names, where it is one of these. */
export const holderOf = ({ path, who }: RequestDraft, { pool }: ValueInputs): Who | null => {
  const holder = path.ticketNo === undefined ? undefined : pool.holderOf(path.ticketNo)
  const dealer = dealers.find((each) => Object.values(path).join().includes(each))
  if (holder === undefined) return who?.dealer && dealer ? { ...who, dealer } : null
  const { tier, unit } = holder
  const role = tier as Role
  return {
    roles: [role],
    sub: `fuzz-${role}`,
    ...((role === 'dealer' || role === 'rbo') && { [role]: unit }),
  }
}

const headersOf = (operation: Operation, { random, pool }: ValueInputs): Record<string, string> => {
  const may: Record<string, () => string | undefined> = {
    'X-Request-Id': () => `request-${random.int(0, 999_999)}`,
    'Accept-Language': () => random.pick(['zh-CN', 'en', 'de']),
    'Idempotency-Key': () => `key-${random.int(0, 400)}`,
    'If-Match': () => pool.pick('etag', random),
    'X-Min-Position': () => pool.pick('x-position', random),
    'X-On-Behalf-Of': () => `csr-${random.int(0, 9)}`,
  }
  const headers: Record<string, string> = {}
  for (const { in: place, name } of operation.parameters) {
    const value = place === 'header' && random.chance(0.15) ? may[name]?.() : undefined
    if (value !== undefined) headers[name] = value
  }
  return headers
}

/** A path and body that name a ticket each mostly name two that have to do with each other. */
const namingTwo = (
  path: RequestDraft['path'],
  body: Json,
  { pool, random }: ValueInputs,
): Pick<RequestDraft, 'path' | 'body'> => {
  if (path.ticketNo === undefined || typeof body?.ticketNo !== 'string') return { path, body }
  const pair = random.chance(0.7) ? pool.repeatOf(random) : undefined
  if (pair === undefined) return { path, body }
  return { path: { ...path, ticketNo: pair.earlier }, body: { ...body, ticketNo: pair.repeat } }
}

/** What its path begins with, `/v1/tickets`: what one operation answers, the others of the resource ask for. */
export const resourceOf = ({ path }: Operation): string => path.split('/{', 1)[0] as string

/** A request that fits the operation's schemas. */
export const draftOf = (operation: Operation, who: Who | null, making: ValueInputs): RequestDraft => {
  const { parameters, body } = operation
  const text = (name: string, schema: (typeof parameters)[number]['schema']): string =>
    encoded(String(fitting(schema, name, making)))
  const inPath = parameters.filter((each) => each.in === 'path')
  const names = inPath.map(({ name }) => name)
  const seen = (names: string[]) => making.pool.together(resourceOf(operation), names, making.random)
  const known = (making.random.chance(0.85) ? (seen(names) ?? seen(names.slice(0, 1))) : undefined) ?? {}
  const path = Object.fromEntries(
    inPath.map(({ name, schema }) => [
      name,
      (known[name] === undefined ? text(name, schema) : encoded(known[name])) || '-',
    ]),
  )
  const query = parameters.flatMap(({ in: place, name, schema, required }): [string, string][] =>
    place === 'query' && (required || making.random.chance(0.15)) ? [[name, text(name, schema)]] : [],
  )
  const draft: RequestDraft = {
    operation,
    method: operation.method,
    path,
    query,
    headers: headersOf(operation, making),
    who,
  }
  if (body === null) return draft
  const lines = body.type === 'application/x-ndjson' ? making.random.int(0, 3) : 0
  return {
    ...draft,
    ...namingTwo(draft.path, fitting(body.schema, '', making), making),
    headers: {
      ...draft.headers,
      'Content-Type': body.type === multipart ? `${multipart}; boundary=${border}` : body.type,
    },
    moreLines: Array.from({ length: lines }, () => fitting(body.schema, '', making)),
  }
}

const multipart = 'multipart/form-data'
const border = 'fuzz-border'

/** The fields of a body as parts; `file` has a name, and what was made for it is its text. */
const partsOf = (body: Json): Buffer => {
  const parts = Object.entries(body ?? {}).map(([name, value]) => {
    const file = name === 'file' ? '; filename="letter.txt"\r\nContent-Type: text/plain' : ''
    const text = typeof value === 'string' && value !== '' ? value : jsonOf(value)
    return `--${border}\r\nContent-Disposition: form-data; name="${encodeURIComponent(name)}"${file}\r\n\r\n${text}\r\n`
  })
  return Buffer.from(`${parts.join('')}--${border}--\r\n`)
}

const bodyBytes = ({ operation, body, moreLines = [], bytes }: RequestDraft): Buffer => {
  if (bytes !== undefined) return bytes
  if (body === undefined) return Buffer.alloc(0)
  if (operation.body?.type === multipart) return partsOf(body)
  return Buffer.from([body, ...moreLines].map(jsonOf).join('\n'))
}

/** The bytes of the request as they go over the wire; header values are Latin-1. */
export const bytesOf = (draft: RequestDraft, token: string | null): Buffer => {
  const path = draft.operation.path.replace(/\{(\w+)\}/g, (_, name) => draft.path[name] ?? '-')
  const query = draft.query.map(([name, value]) => `${name}=${value}`).join('&')
  const body = bodyBytes(draft)
  const headers: Record<string, string> = {
    Host: 'localhost',
    ...(token !== null && { Authorization: `Bearer ${token}` }),
    ...((body.length > 0 || draft.body !== undefined) && { 'Content-Length': String(body.length) }),
    ...draft.headers,
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const head = `${draft.method} ${path}${query && `?${query}`} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`
  return Buffer.concat([Buffer.from(head, 'latin1'), body])
}
