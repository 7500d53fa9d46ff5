import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { admin, one, problemOf, refused, type Scenario, startScenario } from '../../support/scenario.ts'
import { contact, importing, ndjson, register, result, send } from './importing.ts'

let s: Scenario
beforeAll(async () => {
  s = await startScenario({ now: '2026-06-01 10:00' })
})
afterAll(() => s.service.close())

let refs = 0
const ref = (): string => `B-${++refs}`
const some = () => {
  const name = ref()
  return [register('2026-03-02 10:00', name, `1370000${name}`), contact('2026-03-02 11:00', name)]
}

describe('the lines of an import', () => {
  it('may end in CRLF', async () => {
    expect(await importing(s, ndjson(some()).replaceAll('\n', '\r\n'))).toEqual(result(2))
  })

  it('may do without the last line break', async () => {
    expect(await importing(s, ndjson(some()).trimEnd())).toEqual(result(2))
  })

  it('may be empty or blank, and keep their numbers', async () => {
    const [first, second] = ndjson(some()).trimEnd().split('\n')
    const body = `\n${first}\n\r\n   \n{}\n${second}\n\n`
    expect(await importing(s, body)).toEqual(result(2, 0, [[5, 'invalid_request']], 4))
  })

  it('are none in an empty body', async () => {
    expect(await importing(s, '')).toEqual(result(0))
  })

  it('that are broken are skipped and said, and the rest goes on', async () => {
    const [first, second] = some()
    const body = [
      '{"at":',
      'null',
      '[]',
      JSON.stringify({ ...first, color: 'red' }),
      JSON.stringify({ ...first, data: { ...first.data, color: 'red' } }),
      JSON.stringify({ ...first, command: 'delete' }),
      JSON.stringify({ ...first, at: 'yesterday' }),
      JSON.stringify({ ...first, ref: '' }),
      JSON.stringify({ ...first, actor: { id: 'x', role: 'boss' } }),
      JSON.stringify(first),
      JSON.stringify(second),
    ].join('\n')
    expect(await importing(s, body)).toEqual(
      result(2, 0, [
        [1, 'malformed_json'],
        [2, 'invalid_request'],
        [3, 'invalid_request'],
        [4, 'unknown_field'],
        [5, 'unknown_field'],
        [6, 'invalid_request'],
        [7, 'invalid_request'],
        [8, 'invalid_request'],
        [9, 'invalid_request'],
      ]),
    )
  })

  it('that are bad name the field, in the caller’s language', async () => {
    const body = ndjson([{ ...some()[0], ref: 7 }])
    const said = async (language: string) =>
      (await send(s, body, { 'accept-language': language })).body.rejected
    expect(await said('en')).toEqual([
      {
        line: 1,
        code: 'invalid_request',
        detail: 'Something in the request is missing or wrong; see errors. #/ref must be text.',
      },
    ])
    expect((await said('zh-CN'))[0].detail).toBe('请求格式不符合要求，详见 errors。 #/ref 应为文本。')
  })

  it('that are not UTF-8 are skipped', async () => {
    const [first, second] = some()
    const wrong = Buffer.from(JSON.stringify(first))
    wrong[wrong.indexOf('历')] = 0xff
    const body = Buffer.concat([wrong, Buffer.from(`\n${ndjson([first, second])}`)])
    expect(await importing(s, body)).toEqual(result(2, 0, [[1, 'malformed_json']]))
  })

  it.each([
    [
      'GB18030 (GBK)',
      Buffer.concat([
        Buffer.from('{"content":"'),
        Buffer.from([0xc0, 0xfa, 0xca, 0xb7]),
        Buffer.from('"}\n'),
      ]),
    ],
    ['UTF-16LE', Buffer.from('{"content":"历史"}\n', 'utf16le')],
    ['ZIP / XLSX', Buffer.from([0x50, 0x4b, 3, 4, 0x9f, 0xff, 10])],
  ])('that look like %s say so', async (encoding, body) => {
    const { rejected } = (await send(s, body)).body
    expect(rejected[0]).toMatchObject({
      line: 1,
      code: 'malformed_json',
      detail: `The line is not UTF-8 text; it looks like ${encoding}.`,
    })
  })

  it('end the import where the first hundred are all unreadable', async () => {
    const gbk = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc0, 0xfa]), Buffer.from('"}\n\n')])
    const lines = (count: number) => Buffer.concat(Array.from({ length: count }, () => gbk))
    const head = await s.head()
    const answer = await send(s, Buffer.concat([lines(100), Buffer.from(ndjson(some()))]))
    expect(problemOf(answer)).toEqual(refused(400, 'unreadable_import', ['body', '#']))
    expect(answer.body.detail).toBe(
      'The file is not UTF-8 text and looks like GB18030 (GBK): none of its first 100 lines could be read.',
    )
    expect(answer.body.errors[0].detail).toBe('is not UTF-8 text; it looks like GB18030 (GBK).')
    expect(await s.head()).toBe(head)
    const short = await send(s, Buffer.concat([lines(99), Buffer.from(ndjson(some()))]))
    expect(short.body).toMatchObject({ applied: 2, rejectedCount: 99 })
    const readable = await send(s, Buffer.concat([Buffer.from('{}\n'), lines(150)]))
    expect(readable.body).toMatchObject({ applied: 0, rejectedCount: 151 })
  })

  it('may be cut anywhere on their way, also inside a character', async () => {
    const bytes = Buffer.from(ndjson(some()))
    const pieces = Readable.from(Array.from(bytes, (byte) => Buffer.from([byte])))
    const { status, body } = await send(s, pieces)
    expect([status, body]).toEqual([200, result(2)])
  })

  it('of more than a MiB are skipped', async () => {
    const [first, second] = some()
    const content = 'x'.repeat(2 * 1024 * 1024)
    const long = JSON.stringify({ ...first, data: { ...first.data, content } })
    const bytes = Buffer.from(`${long}\n${ndjson([first, second])}`)
    const pieces = Readable.from(
      Array.from({ length: 33 }, (_, n) => bytes.subarray(n * 65_536, (n + 1) * 65_536)),
    )
    expect((await send(s, pieces)).body).toMatchObject({
      applied: 2,
      rejected: [{ line: 1, code: 'malformed_json' }],
    })
  })

  it('that were rejected are named up to the first thousand, and all counted', async () => {
    const { body } = await send(s, `{}\n${'x\n'.repeat(1_699)}`)
    expect([body.lines, body.rejectedCount, body.rejected.length]).toEqual([1_700, 1_700, 1_000])
    expect(body.rejected.map(({ line }: { line: number }) => line)).toEqual(
      Array.from({ length: 1_000 }, (_, n) => n + 1),
    )
  })
})

const limit = 64 * 1024 * 1024

describe('an import is refused', () => {
  it('above 64 MiB, by what it says or by what comes', async () => {
    const head = await s.head()
    const said = await send(s, Buffer.alloc(limit + 1, 32))
    expect(problemOf(said)).toEqual(refused(413, 'payload_too_large'))
    const chunk = Buffer.alloc(1024 * 1024, 32)
    const come = await send(s, Readable.from(Array.from({ length: 65 }, () => chunk)))
    expect(problemOf(come)).toEqual(refused(413, 'payload_too_large'))
    expect(await s.head()).toBe(head)
  })

  it('but not of 64 MiB', async () => {
    const { status, body } = await send(s, Buffer.alloc(limit, 32))
    expect([status, body]).toEqual([200, result(0, 0, [], 1)])
  })

  it.each([['application/json'], ['text/plain'], ['application/x-ndjson-more']])('as %s', async (type) => {
    const answer = await send(s, '{}', { 'content-type': type })
    expect(problemOf(answer)).toEqual(refused(415, 'unsupported_media_type', ['header', 'Content-Type']))
  })

  it('without a body', async () => {
    const answer = await s.service.call(admin, 'POST', '/v1/imports')
    expect(problemOf(answer)).toEqual(refused(415, 'unsupported_media_type', ['header', 'Content-Type']))
  })

  it.each(['sa', 'hq_sales', 'csc_system', 'auditor'] as const)('of %s', async (role) => {
    const headers = { 'content-type': 'application/x-ndjson' }
    const answer = await s.service.call(one(role), 'POST', '/v1/imports', { body: ndjson(some()), headers })
    expect(problemOf(answer)).toEqual(refused(403, 'role_not_allowed'))
  })
})

describe('an import', () => {
  it('may come as gzip', async () => {
    const headers = { 'content-encoding': 'gzip' }
    const { status, body } = await send(s, gzipSync(ndjson(some())), headers)
    expect([status, body]).toEqual([200, result(2)])
  })

  it('is bounded by what is unpacked', async () => {
    const answer = await send(s, gzipSync(Buffer.alloc(limit + 1, 32)), { 'content-encoding': 'gzip' })
    expect(problemOf(answer)).toEqual(refused(413, 'payload_too_large'))
  })

  it('that is no whole gzip is refused', async () => {
    const packed = gzipSync(ndjson(some()))
    for (const body of [packed.subarray(0, -9), Buffer.from(ndjson(some()))])
      expect(problemOf(await send(s, body, { 'content-encoding': 'gzip' }))).toEqual(
        refused(400, 'malformed_gzip', ['header', 'Content-Encoding']),
      )
  })

  it('says where it is in the log', async () => {
    const { headers } = await send(s, ndjson(some()))
    expect(headers['x-position']).toBe(await s.head())
  })

  it('takes an Idempotency-Key, and again gives the first answer', async () => {
    const body = ndjson(some())
    const key = { 'idempotency-key': 'import-1' }
    expect((await send(s, body, key)).body).toEqual(result(2))
    expect((await send(s, body, key)).body).toEqual(result(2))
  })

  it('takes a charset beside its media type', async () => {
    const { status } = await send(s, ndjson(some()), {
      'content-type': 'application/x-ndjson; charset=utf-8',
    })
    expect(status).toBe(200)
  })
})

describe('an import with an Idempotency-Key', () => {
  it('is run once: the same file gets the first answer, another is refused', async () => {
    const lines = some()
    const file = `${ndjson(lines)}{}\n`
    const key = { 'idempotency-key': 'file-1' }
    const first = await send(s, file, key)
    expect(first.body).toMatchObject({ lines: 3, applied: 2, unchanged: 0, rejectedCount: 1 })
    expect(first.headers['idempotent-replayed']).toBeUndefined()
    const again = await send(s, file, key)
    expect(again.body).toEqual(first.body)
    expect(again.headers).toMatchObject({
      'idempotent-replayed': 'true',
      'x-position': first.headers['x-position'],
    })
    const gzipped = await send(s, gzipSync(file), { ...key, 'content-encoding': 'gzip' })
    expect(gzipped.body).toEqual(first.body)
    expect(problemOf(await send(s, ndjson(lines), key))).toEqual(
      refused(422, 'idempotency_key_reused', ['header', 'Idempotency-Key']),
    )
    // without a key the lines are what they are
    expect((await send(s, file)).body).toMatchObject({ applied: 0, unchanged: 2 })
  })

  it('is not remembered where it did not come to its end', async () => {
    const key = { 'idempotency-key': 'file-2' }
    const broken = Array.from({ length: 150 }, () => 'no json').join('\n')
    expect((await send(s, broken, key)).body.code).toBe('unreadable_import')
    expect((await send(s, ndjson(some()), key)).body).toMatchObject({ applied: 2 })
  })

  it('is refused while the first is under way, and with a key that is none', async () => {
    const key = { 'idempotency-key': 'file-3' }
    const file = ndjson(some())
    const answers = await Promise.all([send(s, file, key), send(s, file, key)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    expect((await send(s, file, { 'idempotency-key': 'a b' })).body.code).toBe('invalid_idempotency_key')
  })
})
