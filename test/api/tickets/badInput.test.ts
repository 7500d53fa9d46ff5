import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  csr,
  dealer,
  media,
  problemOf,
  refused,
  type Scenario,
  sa,
  se,
  seMedia,
  startScenario,
  system,
} from '../../support/scenario.ts'
import type { Json, Who } from '../../support/service.ts'

let s: Scenario
let ticketNo: string
beforeAll(async () => {
  s = await startScenario()
  ticketNo = await s.register()
})
afterAll(() => s.service.close())

const send = (path: string, body: unknown, who: Who) =>
  path === 'complaints' ? s.post(who, path, body) : s.act(ticketNo, path, body, who)

/** Refused as 400 at that pointer, in those words, and nothing written. */
const isMalformed = async (path: string, body: unknown, who: Who, pointer: string, detail: string) => {
  const head = await s.head()
  const answer = await send(path, body, who)
  const code = detail === 'is not a field known here.' ? 'unknown_field' : 'invalid_request'
  const { fields, ...problem } = problemOf(answer)
  // what is empty is blank too, and may be told of both
  expect({ ...problem, fields: [...new Set(fields?.map(String))] }).toEqual({
    ...refused(400, code),
    fields: [`body,${pointer}`],
  })
  expect(answer.body.errors[0].detail).toBe(detail)
  expect(await s.head()).toBe(head)
}

const required = 'is required.'
const empty = 'must not be empty.'
const blank = 'must not be blank.'
const tooLong = (most: number) => `must have at most ${most} characters.`
const unstorable = 'must not contain NUL or half a character.'
const unknown = 'is not a field known here.'
const notInstant = 'must be an ISO-8601 instant with an offset, or a date.'
const noCode = 'must be a code of 1 to 20 letters, digits, _ or -.'
const oneOf = (list: string) => `must be one of: ${list.split(' ').join(', ')}.`

/** Every write: who does it, a body that fits, and what must be in it. */
const writes: Record<string, { who: Who; body: Json; needs: string[] }> = {
  complaints: {
    who: csr,
    body: {
      channel: 'phone',
      category: 'A4a',
      dealerCode: 'D001',
      customer: { name: '王' },
      content: '投诉',
    },
    needs: ['channel', 'category', 'customer', 'content'],
  },
  contacts: { who: system, body: { channel: 'phone', content: '催办' }, needs: ['channel', 'content'] },
  redispatch: { who: csr, body: { tier: 'se', reason: '理由' }, needs: ['reason'] },
  'repeat-link': { who: csr, body: { ticketNo: 'T1', reason: '理由' }, needs: ['ticketNo', 'reason'] },
  'repeat-unlink': { who: csr, body: { ticketNo: 'T1', reason: '理由' }, needs: ['ticketNo', 'reason'] },
  callbacks: { who: csr, body: { outcome: 'satisfied' }, needs: ['outcome'] },
  reclassify: { who: se, body: { category: 'A4d', reason: '理由' }, needs: ['category', 'reason'] },
  rescind: { who: se, body: { reason: '理由' }, needs: ['reason'] },
  'duplicate-of': { who: se, body: { ticketNo: 'T1', reason: '理由' }, needs: ['ticketNo', 'reason'] },
  recalculate: { who: sa, body: { reason: '理由' }, needs: ['reason'] },
  responses: {
    who: dealer(),
    body: { method: 'phone', reached: true, note: '已联系' },
    needs: ['method', 'reached', 'note'],
  },
  records: { who: dealer(), body: { kind: 'measure', note: '措施' }, needs: ['kind', 'note'] },
  close: { who: dealer(), body: { result: '属实', measures: '道歉' }, needs: ['result', 'measures'] },
  'responsible-dealer': { who: seMedia, body: { dealerCode: 'D001' }, needs: ['dealerCode'] },
  'convert-to-c': { who: sa, body: { reason: '理由' }, needs: ['reason'] },
  warnings: { who: csr, body: { code: 'W3' }, needs: ['code'] },
  'warnings/W/acknowledge': { who: sa, body: {}, needs: [] },
  'warnings/W/resolve': { who: sa, body: { result: '好' }, needs: ['result'] },
}
const paths = Object.keys(writes).map((path) => [path])

describe.each(paths)('%s', (path) => {
  const { who, body, needs } = writes[path] as (typeof writes)[string]

  it('names every field that is missing', async () => {
    const answer = await send(path, {}, who)
    if (needs.length === 0) return expect(answer.body.code).toBe('warning_not_found')
    const missing = answer.body.errors.filter(({ detail }: Json) => detail === required)
    expect(missing.map(({ pointer }: Json) => pointer)).toEqual(needs.map((field) => `#/${field}`))
  })

  it('takes no field it does not know', () =>
    isMalformed(path, { ...body, 'x/y': 1 }, who, '#/x~1y', unknown))

  it.each([
    ['null', null],
    ['a list', []],
    ['a text', 'text'],
    ['a number', 7],
  ])('is not %s', async (_, wrong) => {
    const head = await s.head()
    const answer = await s.service.call(
      who,
      'POST',
      `/v1/${path === 'complaints' ? path : `tickets/${ticketNo}/${path}`}`,
      {
        body: JSON.stringify(wrong),
        headers: { 'content-type': 'application/json' },
      },
    )
    expect(problemOf(answer)).toEqual(refused(400, 'invalid_request', ['body', '#']))
    expect(await s.head()).toBe(head)
  })

  it('does not take what it needs of another type or null', async () => {
    const head = await s.head()
    for (const [field, wrong] of needs.flatMap((each) =>
      [null, ['x'], { x: 1 }].map((w) => [each, w] as const),
    )) {
      const answer = await send(path, { ...body, [field]: wrong }, who)
      expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request'])
      expect(answer.body.errors[0].pointer).toMatch(new RegExp(`^#/${field}`))
    }
    expect(await s.head()).toBe(head)
  })
})

describe('texts', () => {
  const filled: [string, string, number][] = [
    ['complaints', 'content', 10_000],
    ['complaints', 'externalNo', 100],
    ['contacts', 'content', 10_000],
    ['redispatch', 'reason', 2_000],
    ['repeat-link', 'reason', 2_000],
    ['rescind', 'reason', 2_000],
    ['responses', 'note', 10_000],
    ['records', 'note', 10_000],
    ['close', 'result', 10_000],
    ['close', 'measures', 10_000],
    ['warnings/W/resolve', 'result', 2_000],
  ]
  it.each(filled)('%s: %s has something to read, at most %i characters', async (path, field, most) => {
    const { who, body } = writes[path] as (typeof writes)[string]
    for (const [value, detail] of [
      ['', empty],
      [' \n', blank],
      ['长'.repeat(most + 1), tooLong(most)],
      ['a\0b', unstorable],
      ['half \ud83d', unstorable],
    ] as const)
      await isMalformed(path, { ...body, [field]: value }, who, `#/${field}`, detail)
  })

  it.each<[string, Json, string, string]>([
    ['complaints', { customer: { name: '' } }, '#/customer/name', empty],
    ['complaints', { customer: { name: '王\0' } }, '#/customer/name', unstorable],
    ['complaints', { customer: { name: '王', phone: '1'.repeat(41) } }, '#/customer/phone', tooLong(40)],
    ['complaints', { customer: { name: '王', phone: 13800000000 } }, '#/customer/phone', 'must be text.'],
    ['complaints', { customer: { name: '王', age: 40 } }, '#/customer/age', unknown],
    ['complaints', { vehicle: { colour: '红' } }, '#/vehicle/colour', unknown],
    ['complaints', { vehicle: { mileageKm: -1 } }, '#/vehicle/mileageKm', 'must be at least 0.'],
    ['complaints', { vehicle: { mileageKm: 1.5 } }, '#/vehicle/mileageKm', 'must be a whole number.'],
    [
      'complaints',
      { vehicle: { purchasedOn: '2026-02-30' } },
      '#/vehicle/purchasedOn',
      'must be a date, YYYY-MM-DD.',
    ],
    ['complaints', { dealerCode: 'D 1' }, '#/dealerCode', noCode],
    ['complaints', { sameProblemAs: '' }, '#/sameProblemAs', empty],
    ['callbacks', { note: '\udc00' }, '#/note', unstorable],
    ['close', { improvementDepartment: '部'.repeat(201) }, '#/improvementDepartment', tooLong(200)],
    ['warnings', { reason: '由'.repeat(2_001) }, '#/reason', tooLong(2_000)],
  ])('%s: not %j', (path, more, pointer, detail) => {
    const { who, body } = writes[path] as (typeof writes)[string]
    return isMalformed(path, { ...body, ...more }, who, pointer, detail)
  })
})

describe('codes', () => {
  it.each<[string, Json, string, string]>([
    ['complaints', { channel: 'sms' }, '#/channel', oneOf('phone letter fax email visit web')],
    ['complaints', { flags: ['angry'] }, '#/flags/0', oneOf('no_contact agitated media hq_special')],
    ['complaints', { flags: 'media' }, '#/flags', 'must be a list.'],
    ['complaints', { category: 'A4' }, '#/category', oneOf('A4a A4b A4c A4d A4e A4f A4g A4y A4z B4 C4')],
    [
      'complaints',
      { source: 'tv' },
      '#/source',
      oneOf('website consumer_association media authority internal_transfer'),
    ],
    ['contacts', { channel: 'Phone' }, '#/channel', oneOf('phone letter fax email visit web')],
    ['redispatch', { tier: 'sa' }, '#/tier', oneOf('dealer rbo se')],
    ['redispatch', { misrouted: 'yes' }, '#/misrouted', 'must be true or false.'],
    ['callbacks', { outcome: 'ok' }, '#/outcome', oneOf('satisfied dissatisfied unreachable declined')],
    ['responses', { method: 'fax' }, '#/method', oneOf('phone visit message email')],
    ['responses', { reached: 1 }, '#/reached', 'must be true or false.'],
    ['warnings', { code: 'W7' }, '#/code', oneOf('W1 W2 W3 W4 W5 W6')],
  ])('%s: not %j', (path, more, pointer, detail) => {
    const { who, body } = writes[path] as (typeof writes)[string]
    return isMalformed(path, { ...body, ...more }, who, pointer, detail)
  })

  it.each([
    ['both', { dealerCode: 'D002', tier: 'se', reason: '理由' }, 'must be given, or tier, and not both.'],
    ['neither', { reason: '理由' }, 'must be given, or tier, and not both.'],
  ])('redispatch: not %s of dealerCode and tier', (_, body, detail) =>
    isMalformed('redispatch', body, csr, '#/dealerCode', detail),
  )
})

describe('instants', () => {
  const wrong = ['yesterday', '2026-03-02T10:00:00', '2026-02-30', '2026-13-01T00:00:00Z', '02/03/2026', '']
  it.each(wrong)('%j is none', async (value) => {
    const body = (path: string, field: string) => ({ ...writes[path]?.body, [field]: value })
    await isMalformed('complaints', body('complaints', 'receivedAt'), media, '#/receivedAt', notInstant)
    await isMalformed('contacts', body('contacts', 'occurredAt'), system, '#/occurredAt', notInstant)
    await isMalformed('callbacks', body('callbacks', 'occurredAt'), system, '#/occurredAt', notInstant)
    await isMalformed(
      'responses',
      body('responses', 'promisedReplyAt'),
      dealer(),
      '#/promisedReplyAt',
      notInstant,
    )
    await isMalformed('close', body('close', 'measuresDoneAt'), dealer(), '#/measuresDoneAt', notInstant)
  })
})

describe('a body', () => {
  it.each([
    ['of broken JSON', '{"reason":', 'application/json', 400, 'malformed_json'],
    ['that is empty', '', 'application/json', 400, 'malformed_json'],
    ['of another media type', 'reason=x', 'application/x-www-form-urlencoded', 415, 'unsupported_media_type'],
    ['of plain text', '{"reason":"x"}', 'text/plain', 415, 'unsupported_media_type'],
    [
      'above 1 MiB',
      JSON.stringify({ reason: 'x'.repeat(1024 * 1024) }),
      'application/json',
      413,
      'payload_too_large',
    ],
  ])('%s is refused', async (_, body, type, status, code) => {
    const headers = { 'content-type': type }
    const answer = await s.service.call(se, 'POST', `/v1/tickets/${ticketNo}/rescind`, { body, headers })
    const place = (
      { 400: ['body', '#'], 415: ['header', 'Content-Type'] } as Record<number, [string, string]>
    )[status]
    expect(problemOf(answer)).toEqual(refused(status, code, ...(place === undefined ? [] : [place])))
  })

  it('is held against the schema before the ticket is looked for', async () => {
    const answer = await s.act('T000000-NONE', 'rescind', {}, se)
    expect(problemOf(answer)).toEqual(refused(400, 'invalid_request', ['body', '#/reason']))
  })

  it('for a number that is too long is no address', async () => {
    const answer = await s.act('T'.repeat(41), 'rescind', { reason: '理由' }, se)
    expect(problemOf(answer)).toEqual(refused(400, 'invalid_request', ['path', 'ticketNo']))
  })
})
