/** Attachments over the API: upload, list, download, removal, of tickets and inquiries (rulebook §14). */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { AttachmentType } from '../../../domain/attachments/attachments.ts'
import { bombs, formOf, samples } from '../../attachments/samples.ts'
import {
  csr,
  dealer,
  one,
  problemOf,
  refused,
  type Scenario,
  sa,
  se,
  startScenario,
  supervisor,
} from '../../support/scenario.ts'
import type { Json, Who } from '../../support/service.ts'

let s: Scenario
beforeAll(async () => {
  s = await startScenario()
})
afterAll(() => s.service.close())

const pdf = samples['application/pdf']
const hq = one('hq_sales')
type Form = Parameters<typeof formOf>[1] & { headers?: Record<string, string>; who?: Who }

const upload = (path: string, content: Uint8Array = pdf, { who = csr, headers = {}, ...form }: Form = {}) => {
  const { body, headers: own } = formOf(content, form)
  return s.service.call(who, 'POST', `/v1/${path}/attachments`, { body, headers: { ...own, ...headers } })
}
const added = async (path: string, content: Uint8Array = pdf, form: Form = {}): Promise<Json> => {
  const answer = await upload(path, content, form)
  expect([answer.status, answer.text]).toEqual([201, answer.text])
  return answer.body
}
const filesOf = (): string[] => {
  const dir = join(s.service.folder, 'attachments')
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
}
const listed = async (path: string, who: Who = csr): Promise<Json[]> =>
  (await s.get(`${path}/attachments`, who)).body.items
const erase = async (ticketNo: string) => {
  const { customer } = await s.ticket(ticketNo)
  return s.post(sa, `privacy/subjects/${customer.subjectId}/erase`, { reason: '客户要求' })
}
const closed = async (): Promise<string> => {
  const ticketNo = await s.register()
  await s.respond(ticketNo)
  await s.close(ticketNo)
  return ticketNo
}
const inquiry = async (): Promise<string> => {
  const body = {
    channel: 'phone',
    topic: 'price',
    question: '价格',
    customer: { name: '王', phone: '13700000001' },
    dealerCode: 'D001',
  }
  return (await s.post(csr, 'inquiries', body)).body.inquiryNo
}

describe.each([
  ['a ticket', async () => `tickets/${await s.register()}`],
  ['an inquiry', async () => `inquiries/${await inquiry()}`],
])('an attachment of %s', (_, make) => {
  it('is added, listed, downloaded and removed; its bytes are sealed, and gone at the end', async () => {
    const path = await make()
    const content = samples['text/plain']
    const before = filesOf().length
    const answer = await upload(path, content, { name: '客户来信.txt', fields: { description: '第一封' } })
    expect(answer.status).toBe(201)
    const { attachmentId } = answer.body
    expect(answer.body).toEqual({
      attachmentId,
      name: '客户来信.txt',
      description: '第一封',
      mediaType: 'text/plain',
      bytes: content.length,
      sha256: createHash('sha256').update(content).digest('hex'),
      addedAt: '2026-03-02T02:00:00.000Z',
      addedBy: 'csr',
    })
    expect(answer.headers.location).toBe(`/v1/${path}/attachments/${attachmentId}`)
    expect(answer.headers['x-position']).toBe(await s.head())
    expect(answer.headers.etag).toBe((await s.get(path)).headers.etag)
    expect(await listed(path, dealer())).toEqual([answer.body])
    const got = await s.get(`${path}/attachments/${attachmentId}`, dealer())
    expect([got.status, got.bytes]).toEqual([200, content])
    expect(got.headers).toMatchObject({
      'content-type': 'text/plain',
      'content-length': String(content.length),
      'content-disposition': `attachment; filename="____.txt"; filename*=UTF-8''${encodeURIComponent('客户来信.txt')}`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'accept-ranges': 'bytes',
      'cache-control': 'no-store',
    })
    expect(filesOf().length).toBe(before + 1)
    const notRemoved = await s.post(csr, `${path}/attachments/${attachmentId}/remove`, { reason: '误传' })
    expect(problemOf(notRemoved)).toMatchObject({ status: 403, code: 'role_not_allowed' })
    const removed = await s.post(supervisor, `${path}/attachments/${attachmentId}/remove`, { reason: '误传' })
    expect([removed.status, removed.body]).toEqual([200, { items: [] }])
    expect(filesOf().length).toBe(before)
    expect(await listed(path)).toEqual([])
    const gone = refused(404, 'attachment_not_found')
    expect(problemOf(await s.get(`${path}/attachments/${attachmentId}`, csr))).toEqual(gone)
    expect(
      problemOf(await s.post(sa, `${path}/attachments/${attachmentId}/remove`, { reason: '误传' })),
    ).toEqual(gone)
    const timeline = await s.get(`${path}/timeline`, csr, { 'accept-language': 'zh-CN' })
    expect(timeline.body.items.slice(-2).map(({ text }: Json) => text)).toEqual([
      '添加附件：文本，1 kB',
      '删除附件',
    ])
    expect(timeline.body.items.at(-2).data.text).toMatchObject({ name: '客户来信.txt' })
  })

  it('is for those who see the customer, and leaves a line in the access log', async () => {
    const path = await make()
    const { attachmentId } = await added(path)
    for (const asked of [`${path}/attachments`, `${path}/attachments/${attachmentId}`]) {
      expect(problemOf(await s.get(asked, hq))).toMatchObject({ status: 403, code: 'role_not_allowed' })
      expect(problemOf(await s.get(asked, dealer('D003')))).toMatchObject({ status: 404 })
    }
    // in scope by one role, and with the customer's data by another only
    const both = { ...dealer('D003'), roles: ['dealer' as const, 'hq_sales' as const] }
    expect(problemOf(await s.get(`${path}/attachments/${attachmentId}`, both))).toMatchObject({ status: 403 })
    expect(problemOf(await upload(path, pdf, { who: both }))).toMatchObject({ status: 403 })
    expect(problemOf(await upload(path, pdf, { who: dealer('D003') }))).toMatchObject({ status: 404 })
    const got = await s.get(`${path}/attachments/${attachmentId}`, se)
    const lines = (await s.get('privacy/access-log', sa)).body.items
    expect(lines.find(({ requestId }: Json) => requestId === got.headers['x-request-id'])).toMatchObject({
      actor: 'se',
      ticketNos: [path.split('/')[1]],
    })
  })

  it('sent again with its key is one; with other bytes or words it is refused', async () => {
    const path = await make()
    const key = { 'idempotency-key': `upload-${path}` }
    const before = filesOf().length
    const first = await upload(path, pdf, { headers: key })
    const again = await upload(path, pdf, { headers: key })
    expect([again.status, again.body]).toEqual([201, first.body])
    expect(again.headers['idempotent-replayed']).toBe('true')
    for (const [content, more] of [
      [samples['text/plain'], {}],
      [pdf, { name: 'b.pdf' }],
      [pdf, { fields: { description: 'x' } }],
    ] as const)
      expect(problemOf(await upload(path, content, { headers: key, ...more }))).toMatchObject({
        status: 422,
        code: 'idempotency_key_reused',
      })
    const atOnce = { 'idempotency-key': `at-once-${path}` }
    const answers = await Promise.all([1, 2, 3].map(() => upload(path, pdf, { headers: atOnce })))
    for (const { status } of answers) expect([201, 409]).toContain(status)
    expect(answers.some(({ status }) => status === 201)).toBe(true)
    expect([(await listed(path)).length, filesOf().length]).toEqual([2, before + 2])
  })

  it('is one of 50 at most, also where two race for the last place', async () => {
    const path = await make()
    for (let number = 0; number < 49; number++) await added(path)
    const before = filesOf().length
    const answers = await Promise.all([upload(path), upload(path), upload(path)])
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409])
    expect([(await listed(path)).length, filesOf().length]).toEqual([50, before + 1])
    expect(problemOf(await upload(path))).toMatchObject({ status: 409, code: 'too_many_attachments' })
  })
})

describe('a download', () => {
  it.each([
    ['bytes=0-9', 206, [0, 9]],
    ['bytes=5-', 206, [5, null]],
    ['bytes=-7', 206, [-7, null]],
    ['bytes=-999999', 206, [0, null]],
    ['bytes=3-999999', 206, [3, null]],
    ['bytes=3-99999999999999999999', 206, [3, null]],
    ['bytes=99999999999999999999-', 416, null],
    ['bytes=0-0', 206, [0, 0]],
    ['bytes=0-1,3-4', 200, null],
    ['lines=0-1', 200, null],
    ['bytes=9-3', 200, null],
    ['bytes=-', 200, null],
    ['bytes=999999-', 416, null],
    ['bytes=-0', 416, null],
  ] as const)('of %s is %d', async (range, status, expected) => {
    const path = `tickets/${await s.register()}`
    const { attachmentId, bytes } = await added(path)
    const got = await s.get(`${path}/attachments/${attachmentId}`, csr, { range })
    expect(got.status).toBe(status)
    if (status === 416) {
      expect(got.headers['content-range']).toBe(`bytes */${bytes}`)
      expect(got.body.code).toBe('range_not_satisfiable')
    } else if (expected === null) expect(got.bytes).toEqual(pdf)
    else {
      const [from, to] = expected
      const first = from < 0 ? bytes + from : from
      const last = to ?? bytes - 1
      expect(got.bytes).toEqual(pdf.subarray(first, last + 1))
      expect(got.headers['content-range']).toBe(`bytes ${first}-${last}/${bytes}`)
      expect(got.headers['content-length']).toBe(String(last - first + 1))
    }
    const head = await s.service.call(csr, 'HEAD', `/v1/${path}/attachments/${attachmentId}`)
    expect([head.status, head.headers['content-length'], head.bytes.length]).toEqual([200, String(bytes), 0])
    const withValidator = await s.get(`${path}/attachments/${attachmentId}`, csr, {
      range: 'bytes=0-1',
      'if-range': '"1"',
    })
    expect(withValidator.status).toBe(200)
  })

  it('of damaged or missing bytes is 500 attachment_damaged', async () => {
    const ticketNo = await s.register()
    const { attachmentId } = await added(`tickets/${ticketNo}`)
    const { customer } = await s.ticket(ticketNo)
    const file = join(s.service.folder, 'attachments', customer.subjectId, attachmentId)
    expect(existsSync(file)).toBe(true)
    writeFileSync(file, 'CTA1 something else')
    const path = `tickets/${ticketNo}/attachments/${attachmentId}`
    expect(problemOf(await s.get(path, csr))).toEqual(refused(500, 'attachment_damaged'))
  })
})

describe('an upload', () => {
  it.each(Object.keys(samples) as AttachmentType[])('of %s is told by its content', async (type) => {
    const { mediaType, name } = await added(`tickets/${await s.register()}`, samples[type], {
      name: '../x.exe',
    })
    expect([mediaType, name]).toEqual([type, 'x.exe'])
  })

  it.each<[string, Uint8Array | 'bomb', Form, number, string]>([
    [
      'of a program',
      Buffer.from('MZ\x90\0', 'latin1'),
      { name: 'a.pdf' },
      415,
      'attachment_type_not_allowed',
    ],
    ['of a web page', Buffer.from('<html></html>'), { name: 'a.txt' }, 415, 'attachment_type_not_allowed'],
    ['of nothing', Buffer.alloc(0), {}, 422, 'attachment_empty'],
    ['of a bomb', 'bomb', { name: 'a.docx' }, 422, 'attachment_expands_too_far'],
    ['of one byte too many', Buffer.alloc(20 * 1024 * 1024 + 1, 'a'), {}, 413, 'attachment_too_large'],
    ['of far too many', Buffer.alloc(21 * 1024 * 1024, 'a'), {}, 413, 'attachment_too_large'],
    ['without a file', Buffer.from('x'), { field: 'fil' }, 400, 'unknown_field'],
    ['with a field too many', pdf, { fields: { more: '1' } }, 400, 'unknown_field'],
    ['with a field too many ahead', pdf, { fields: { more: '1' }, first: true }, 400, 'unknown_field'],
    ['with a long description', pdf, { fields: { description: 'x'.repeat(2_001) } }, 400, 'invalid_request'],
    [
      'with NUL in its description',
      pdf,
      { fields: { description: 'a\0b' }, first: true },
      400,
      'invalid_request',
    ],
    ['that is packed', pdf, { headers: { 'content-encoding': 'gzip' } }, 415, 'unsupported_media_type'],
    [
      'with a wrong border',
      pdf,
      { headers: { 'content-type': 'multipart/form-data; boundary=other' } },
      400,
      'malformed_multipart',
    ],
    [
      'without a border',
      pdf,
      { headers: { 'content-type': 'multipart/form-data; x=y' } },
      400,
      'malformed_multipart',
    ],
    ['as JSON', pdf, { headers: { 'content-type': 'application/json' } }, 415, 'unsupported_media_type'],
  ])('%s is refused and leaves nothing', async (_, content, form, status, code) => {
    const path = `tickets/${await s.register()}`
    const [before, head] = [filesOf().length, await s.head()]
    const bytes = content === 'bomb' ? (bombs()['says it is small'] as Buffer) : content
    const answer = await upload(path, bytes, form)
    expect([answer.status, answer.body?.code]).toEqual([status, code])
    expect([filesOf().length, await s.head()]).toEqual([before, head])
  })

  it.each([
    ['Content-Encoding', { 'content-encoding': 'gzip' }],
    ['Content-Type', { 'content-type': 'application/json' }],
  ])('of the wrong kind is told by its header %s', async (name, headers) => {
    const answer = await upload(`tickets/${await s.register()}`, pdf, { headers })
    expect(problemOf(answer)).toEqual(refused(415, 'unsupported_media_type', ['header', name]))
  })

  it('of two files is refused, and of a file twice too', async () => {
    const path = `tickets/${await s.register()}`
    const before = filesOf().length
    const { body, headers } = formOf(pdf)
    const border = '------border-of-a-test'
    const two = Buffer.concat([body.subarray(0, body.length - border.length - 4), body])
    const answer = await s.service.call(csr, 'POST', `/v1/${path}/attachments`, { body: two, headers })
    expect(problemOf(answer)).toEqual(refused(400, 'invalid_request', ['body', '#/file']))
    const cut = await s.service.call(csr, 'POST', `/v1/${path}/attachments`, {
      body: body.subarray(0, -8),
      headers,
    })
    expect(problemOf(cut)).toMatchObject({ status: 400, code: 'malformed_multipart' })
    expect(filesOf().length).toBe(before)
  })

  it('on a ticket that is over is refused before its body is read, and so is one with a stale If-Match', async () => {
    const ticketNo = await s.register()
    expect(
      problemOf(await upload(`tickets/${ticketNo}`, pdf, { headers: { 'if-match': '"1"' } })),
    ).toMatchObject({ status: 412 })
    await s.does(ticketNo, 'rescind', { reason: '误登记' }, sa)
    const before = filesOf().length
    expect(problemOf(await upload(`tickets/${ticketNo}`, Buffer.from([0])))).toMatchObject({
      status: 409,
      code: 'ticket_is_over',
    })
    expect(filesOf().length).toBe(before)
  })

  it('racing a rescission is either before it, or refused and leaves nothing', async () => {
    for (let round = 0; round < 8; round++) {
      const ticketNo = await s.register()
      const before = filesOf().length
      const [answer] = await Promise.all([
        upload(`tickets/${ticketNo}`),
        s.does(ticketNo, 'rescind', { reason: '误登记' }, sa),
      ])
      const isThere = answer.status === 201
      if (!isThere) expect(answer.body.code).toBe('ticket_is_over')
      expect((await listed(`tickets/${ticketNo}`)).length).toBe(isThere ? 1 : 0)
      expect(filesOf().length).toBe(before + (isThere ? 1 : 0))
    }
  })
})

describe('the attachments of an erased customer', () => {
  it('have lost name and bytes, also where the upload raced the erasure', async () => {
    for (let round = 0; round < 6; round++) {
      const ticketNo = await closed()
      const path = `tickets/${ticketNo}`
      const before = filesOf().length
      const { attachmentId } = await added(path)
      const racing = round === 0 ? [] : [upload(path), upload(path)]
      const [erased, ...answers] = await Promise.all([erase(ticketNo), ...racing])
      expect(erased?.status).toBe(200)
      for (const { status, body } of answers) if (status !== 201) expect(body.code).toBe('customer_erased')
      expect(filesOf().length).toBe(before)
      const items = await listed(path)
      expect(items.length).toBeGreaterThanOrEqual(1)
      for (const item of items) expect(item).toMatchObject({ name: null, description: null, sha256: null })
      expect(problemOf(await s.get(`${path}/attachments/${attachmentId}`, csr))).toMatchObject({
        status: 404,
      })
      expect(problemOf(await upload(path))).toMatchObject({ status: 409, code: 'customer_erased' })
    }
  })
})
