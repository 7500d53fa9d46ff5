/** Bodies in gzip and in other encodings than UTF-8. */
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { csr, problemOf, refused, type Scenario, startScenario } from '../support/scenario.ts'
import type { Answer } from '../support/service.ts'

let s: Scenario
beforeAll(async () => {
  s = await startScenario()
})
afterAll(() => s.service.close())

const send = (body: Buffer, headers: Record<string, string> = {}): Promise<Answer> =>
  s.service.call(csr, 'POST', '/v1/complaints', {
    body,
    headers: { 'content-type': 'application/json', ...headers },
  })
const complaint = (): Buffer => Buffer.from(JSON.stringify(s.complaint({})))

describe('a JSON body', () => {
  it.each(['gzip', 'GZIP', 'x-gzip'])('may come as %s', async (encoding) => {
    expect((await send(gzipSync(complaint()), { 'content-encoding': encoding })).status).toBe(201)
  })

  it('may say that it is not packed, and name its charset', async () => {
    for (const charset of ['utf-8', 'UTF8', '"utf-8"']) {
      const headers = {
        'content-encoding': 'identity',
        'content-type': `application/json; charset=${charset}`,
      }
      expect((await send(complaint(), headers)).status).toBe(201)
    }
  })

  it('is bounded by what is unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024, 32))
    expect(problemOf(await send(bomb, { 'content-encoding': 'gzip' }))).toEqual(
      refused(413, 'payload_too_large'),
    )
  })

  it.each(['br', 'deflate', 'zstd', 'gzip, gzip', 'gzip, br'])('as %s is refused', async (encoding) => {
    const answer = await send(complaint(), { 'content-encoding': encoding })
    expect(problemOf(answer)).toEqual(refused(415, 'unsupported_media_type', ['header', 'Content-Encoding']))
    expect(answer.headers['accept-encoding']).toBe('gzip, identity')
  })

  it.each(['gbk', 'utf-16', 'iso-8859-1'])('in %s is refused', async (charset) => {
    const answer = await send(complaint(), { 'content-type': `application/json; charset=${charset}` })
    expect(problemOf(answer)).toEqual(refused(415, 'unsupported_media_type', ['header', 'Content-Type']))
  })

  it('that is cut short as gzip is refused', async () => {
    const answer = await send(gzipSync(complaint()).subarray(0, -8), { 'content-encoding': 'gzip' })
    expect(problemOf(answer)).toEqual(refused(400, 'malformed_gzip', ['header', 'Content-Encoding']))
  })

  it.each([
    [
      'GB18030 (GBK)',
      Buffer.concat([Buffer.from('{"content":"'), Buffer.from([0xcd, 0xb6, 0xcb, 0xdf]), Buffer.from('"}')]),
    ],
    ['UTF-16LE', Buffer.from('{"content":"投诉"}', 'utf16le')],
    ['UTF-16LE', Buffer.from('{"content":"一直没有人联系"}', 'utf16le')],
    ['UTF-16BE', Buffer.from('{"content":"投诉"}', 'utf16le').swap16()],
    ['Windows-1252', Buffer.from('{"content":"Müller, Größe, café"}', 'latin1')],
    ['Windows-1252', Buffer.from('{"content":"Käse \x81\xff"}', 'latin1')],
  ])('that looks like %s is refused with its name', async (encoding, body) => {
    const answer = await send(body)
    expect(problemOf(answer)).toEqual(refused(400, 'malformed_json', ['body', '#']))
    const said = `is not UTF-8 text; it looks like ${encoding}.`
    expect([answer.body.detail, answer.body.errors[0].detail]).toEqual([`The body ${said}`, said])
  })

  it('may begin with a byte order mark', async () => {
    expect((await send(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), complaint()]))).status).toBe(201)
  })
})
