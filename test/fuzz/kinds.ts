/** What is done to a request that fits: one function for each kind of caller one would rather not have. */
import type { Json } from '../support/service.ts'
import { encoded, jsonOf, type RequestDraft } from './draft.ts'
import { nearly } from './nearly.ts'
import { anySpot, withAt, withRawAt } from './spots.ts'
import { secret, type ValueInputs } from './values.ts'

export type Change = (draft: RequestDraft, making: ValueInputs) => RequestDraft

const anyText =
  (texts: readonly string[]): Change =>
  (draft, { random }) =>
    withAt(draft, anySpot(draft, random), random.pick(texts))

const anyRaw =
  (make: (making: ValueInputs) => string): Change =>
  (draft, making) =>
    withRawAt(draft, anySpot(draft, making.random), make(making))

const otherTypes: Json[] = [null, true, 0, -1, 1.5, '', 'x', [], ['x'], {}, { x: 1 }, [[]], [null]]

const wrongTypes: Change = (draft, { random }) =>
  withAt(draft, anySpot(draft, random), random.pick(otherTypes))

const randomJson = (making: ValueInputs, depth = 0): Json => {
  const { random } = making
  const kind = random.int(0, depth > 3 ? 4 : 6)
  if (kind < 3) return random.pick(otherTypes)
  if (kind < 5) return `${secret}${random.int(0, 1e9)}`
  const parts = Array.from({ length: random.int(0, 5) }, () => randomJson(making, depth + 1))
  if (kind === 5) return parts
  return Object.fromEntries(parts.map((part, index) => [`${secret}${index}`, part]))
}

const garbage: Change = (draft, making) => {
  const { random } = making
  if (draft.body === undefined) return withAt(draft, anySpot(draft, random), jsonOf(randomJson(making)))
  if (random.chance(0.5)) return { ...draft, body: randomJson(making) }
  return { ...draft, bytes: Buffer.from(Array.from({ length: 200 }, () => random.int(0, 255))) }
}

const deepNesting = anyRaw(({ random }) => {
  const depth = random.pick([65, 1_000, 10_000, 100_000])
  return random.pick([
    '['.repeat(depth) + ']'.repeat(depth),
    `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`,
    '['.repeat(depth),
  ])
})

const tenMegabytes = 10 * 1024 * 1024
const hugeBodies = ['{"content":"', ' ', '[', '{}\n', '\n', `{"${secret}":1}\n`].map((start) =>
  Buffer.alloc(tenMegabytes, start.length > 2 && start.endsWith('"') ? 'x' : start),
)
const hugeBody: Change = (draft, { random }) => {
  // millions of lines are a long import, and no more
  const isLines = draft.operation.body?.type === 'application/x-ndjson'
  return { ...draft, bytes: random.pick(isLines ? hugeBodies.slice(0, 3) : hugeBodies), body: {} }
}

const badBytes = ['ff', 'c0af', 'eda080', 'f8888080', 'e4bd', 'fffe'].map((hex) => Buffer.from(hex, 'hex'))
const badUtf8: Change = (draft, { random }) => {
  const bytes = random.pick(badBytes)
  if (draft.body === undefined || random.chance(0.3)) {
    const text = [...bytes].map((byte) => `%${byte.toString(16)}`).join('')
    const name = random.pick(['x', ...draft.query.map(([each]) => each)])
    const path = random.chance(0.5) ? Object.keys(draft.path)[0] : undefined
    return path === undefined
      ? { ...draft, query: [...draft.query.filter(([each]) => each !== name), [name, text]] }
      : { ...draft, path: { ...draft.path, [path]: text } }
  }
  const json = Buffer.from(jsonOf(draft.body))
  const at = json.indexOf('"', random.int(0, json.length)) + 1
  return { ...draft, bytes: Buffer.concat([json.subarray(0, at), bytes, json.subarray(at)]) }
}

const hugeNumbers = anyRaw(({ random }) =>
  random.pick(['1e999', '-1e999', '9007199254740993', '-0', '1e-999', '9'.repeat(5_000), '1E400', '0.1e1']),
)

const protoJson = [
  '{"__proto__":{"admin":true}}',
  '{"constructor":{"prototype":{"admin":true}}}',
  '{"__proto__":null}',
  '{"toString":1,"valueOf":2,"hasOwnProperty":3}',
]
const proto: Change = (draft, { random }) => {
  if (draft.body === undefined || random.chance(0.2)) {
    const name = random.pick(['__proto__', 'constructor', 'prototype', '__proto__[admin]', 'toString'])
    return { ...draft, query: [...draft.query, [name, 'x']] }
  }
  if (random.chance(0.5)) return withRawAt(draft, anySpot(draft, random), random.pick(protoJson))
  const json = jsonOf(draft.body).replace(/^\{/, '{"__proto__":{"admin":true},')
  return { ...draft, bytes: Buffer.from(json) }
}

const sheets = [
  "=cmd|' /C calc'!A0",
  '+1+1',
  '-2+3',
  '@SUM(1,1)',
  '\t=1',
  '"quoted, and\r\nbroken"',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'; DROP TABLE tickets;--",
  '{{7*7}}',
  '%s%n%x',
  '../../etc/passwd',
].map((text) => `${text}${secret}`)

const changedText = (text: string, { random }: ValueInputs): string => {
  const at = random.int(0, text.length - 1)
  return random.pick([
    `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`,
    text.slice(0, at),
    `${text}${text}`,
    `${text}.`,
    `.${text.split('.').at(-1)}`,
    Buffer.from('["x",1,2]').toString('base64url'),
    `${Buffer.from('["x",1,2]').toString('base64url')}.${text.split('.').at(-1)}`,
  ])
}

const cursorTampered: Change = (draft, making) => {
  const known = making.pool.pick('cursor', making.random) ?? 'x'
  const cursor = making.random.chance(0.3) ? known : changedText(known, making)
  const hasBody = draft.operation.body !== null && draft.body !== undefined
  if (hasBody) return { ...draft, body: { ...draft.body, cursor } }
  const others = draft.query.filter(([name]) => name !== 'cursor')
  return { ...draft, query: [...others, ['cursor', encoded(cursor)]] }
}

const etags = ['"0"', '"999999999"', '"1e3"', '"-1"', '7', 'W/"x"', '""', '*,*', '"1"'.repeat(99)]
const manyEtags = Array.from({ length: 1_500 }, (_, index) => `"${index}"`).join(',')
const etagTampered: Change = (draft, { random }) => ({
  ...draft,
  headers: { ...draft.headers, 'If-Match': random.pick([...etags, manyEtags, `"${secret}"`]) },
})

const broken = ['', '{', '{"a":1,}', '\ufeff{}', '{"a":1}{"b":2}', '//x', 'undefined', '{"a":NaN}', "{'a':1}"]
const brokenJson: Change = (draft, { random }) => {
  const json = jsonOf(draft.body ?? {})
  const cut = json.slice(0, random.int(1, Math.max(1, json.length - 1)))
  return { ...draft, bytes: Buffer.from(random.pick([...broken, cut, cut])), body: draft.body ?? {} }
}

/** What is done to the parts of a request, by the name the report counts it under. */
export const changes = {
  valid: (draft) => draft,
  'nearly valid': nearly,
  'wrong types': wrongTypes,
  garbage,
  'deep nesting': deepNesting,
  '10 MB': hugeBody,
  'bad UTF-8': badUtf8,
  'huge numbers': hugeNumbers,
  'lone surrogates': anyText(['\ud800', 'x\udfff', '\udc00\ud800', `${secret}\ud83d`]),
  __proto__: proto,
  NUL: anyText(['\0', `${secret}\0`, 'a\0b', '\x01\x1b[31m']),
  'CSV and HTML': anyText(sheets),
  'cursor tampered with': cursorTampered,
  'ETag tampered with': etagTampered,
  'broken JSON': brokenJson,
} as const satisfies Record<string, Change>
