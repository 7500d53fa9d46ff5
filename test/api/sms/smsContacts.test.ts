/** SMS contacts over the API (rulebook §13): asking, deciding, who sees what, erasing, and what is told of them. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { webhookBodies } from '../../../api/live/schemas.ts'
import {
  admin,
  at,
  csr,
  dealer,
  one,
  problemOf,
  rbo,
  refused,
  type Scenario,
  sa,
  se,
  startScenario,
} from '../../support/scenario.ts'
import type { Json, Who } from '../../support/service.ts'
import { startReceiver } from '../../webhooks/receiver.ts'
import { endAll, hooksOf } from '../../webhooks/support.ts'

afterEach(endAll)

let s: Scenario
beforeAll(async () => {
  s = await startScenario({ variables: { WEBHOOK_ALLOW: '127.0.0.0/8' } })
})
afterAll(() => s.service.close())

const person = { name: '钱经理', mobile: '139 0000 1234', duty: 'manager' }
const path = (code = 'D001') => `dealers/${code}/sms-contacts`
const ask = (body: Json, who: Who = dealer(), headers: Record<string, string> = {}) =>
  s.post(who, path(who.dealer), body, headers)
const decide = (
  requestId: string,
  act: 'accept' | 'refuse',
  body: Json = {},
  who: Who = csr,
  code = 'D001',
) => s.post(who, `${path(code)}/requests/${requestId}/${act}`, body)
const contactsOf = async (who: Who = dealer(), code = 'D001'): Promise<Json> =>
  (await s.get(path(code), who)).body
/** An accepted contact; its number. */
const accepted = async (more: Json = {}, who: Who = dealer()): Promise<string> => {
  const { body } = await ask({ action: 'add', ...person, ...more }, who)
  expect((await decide(body.requestId, 'accept', {}, csr, who.dealer)).status).toBe(200)
  return body.contactId
}

describe('a request', () => {
  it('is made by the dealer, accepted by the CSC, and the contact is there', async () => {
    const asked = await ask({ action: 'add', ...person })
    expect([asked.status, asked.headers.location]).toEqual([201, '/v1/dealers/D001/sms-contacts'])
    const { requestId, contactId } = asked.body
    expect(asked.body).toEqual({
      ...{ requestId, dealer: 'D001', action: 'add', contactId, ...person, status: 'open' },
      ...{ requestedAt: at('2026-03-02 10:00'), requestedBy: 'people of D001' },
      ...{ decidedAt: null, decidedBy: null, reason: null },
    })
    expect((await contactsOf()).contacts).toEqual([])
    const taken = await decide(requestId, 'accept')
    expect(taken.body).toMatchObject({ status: 'accepted', decidedBy: 'csr', ...person })
    expect(await contactsOf()).toEqual({
      contacts: [{ contactId, ...person, acceptedAt: at('2026-03-02 10:00') }],
      requests: [taken.body],
    })
    expect(problemOf(await decide(requestId, 'refuse', { reason: '晚了' }))).toEqual(
      refused(409, 'sms_request_decided'),
    )
  })

  it('that is refused changes nothing, and says why', async () => {
    const contactId = await accepted({ name: '孙一' })
    const { requestId } = (await ask({ action: 'change', contactId, mobile: '13900009999' })).body
    const no = await decide(requestId, 'refuse', { reason: '不是本人号码' })
    expect(no.body).toMatchObject({
      status: 'refused',
      reason: '不是本人号码',
      name: '孙一',
      mobile: '13900009999',
    })
    const { contacts } = await contactsOf()
    expect(contacts.find((each: Json) => each.contactId === contactId).mobile).toBe(person.mobile)
  })

  it('to change takes what is given and keeps the rest; to delete takes the contact away', async () => {
    const contactId = await accepted({ name: '李二' })
    const change = (await ask({ action: 'change', contactId, duty: 'handler' })).body
    expect(problemOf(await ask({ action: 'delete', contactId }))).toEqual(
      refused(409, 'sms_request_open', ['body', '#/contactId']),
    )
    await decide(change.requestId, 'accept')
    const now = (await contactsOf()).contacts.find((each: Json) => each.contactId === contactId)
    expect(now).toMatchObject({ name: '李二', mobile: person.mobile, duty: 'handler' })
    const gone = (await ask({ action: 'delete', contactId })).body
    expect(gone).toMatchObject({ action: 'delete', name: '李二', duty: 'handler' })
    await decide(gone.requestId, 'accept')
    expect((await contactsOf()).contacts.map((each: Json) => each.contactId)).not.toContain(contactId)
    expect(problemOf(await ask({ action: 'change', contactId, name: '王' }))).toEqual(
      refused(422, 'unknown_sms_contact', ['body', '#/contactId']),
    )
  })

  it.each<[Json, number, string, string]>([
    [{ action: 'add', ...person, duty: null }, 422, 'sms_field_required', '#/duty'],
    [{ action: 'add', ...person, contactId: 'x' }, 422, 'sms_field_not_wanted', '#/contactId'],
    [{ action: 'change', name: '王' }, 422, 'sms_field_required', '#/contactId'],
    [{ action: 'change', contactId: 'x' }, 422, 'sms_field_required', '#/name'],
    [{ action: 'delete', contactId: 'x', name: '王' }, 422, 'sms_field_not_wanted', '#/name'],
    [{ action: 'delete', contactId: 'x' }, 422, 'unknown_sms_contact', '#/contactId'],
    [{ action: 'add', ...person, mobile: '12' }, 400, 'invalid_request', '#/mobile'],
    [{ action: 'add', ...person, duty: 'boss' }, 400, 'invalid_request', '#/duty'],
    [{ action: 'add', ...person, more: 1 }, 400, 'unknown_field', '#/more'],
  ])('%j is refused', async (body, status, code, pointer) => {
    expect(problemOf(await ask(body))).toEqual(refused(status, code, ['body', pointer]))
  })

  it('with a key is made once, and the same key with another body is refused', async () => {
    const headers = { 'idempotency-key': 'sms-1' }
    const first = await ask({ action: 'add', ...person }, dealer('D002'), headers)
    const again = await ask({ action: 'add', ...person }, dealer('D002'), headers)
    expect([again.status, again.body, again.headers['idempotent-replayed']]).toEqual([
      201,
      first.body,
      'true',
    ])
    const other = await ask({ action: 'add', ...person, name: '别人' }, dealer('D002'), headers)
    expect(problemOf(other).code).toBe('idempotency_key_reused')
    expect((await contactsOf(csr, 'D002')).requests).toHaveLength(1)
  })

  it('keeps to If-Match', async () => {
    const { requestId } = (await ask({ action: 'add', ...person }, dealer('D004'))).body
    const to = `/v1/${path('D004')}/requests/${requestId}/accept`
    const stale = await s.service.call(csr, 'POST', to, { headers: { 'if-match': '"9"' } })
    expect(stale.status).toBe(412)
    const fresh = await s.service.call(csr, 'POST', to, { headers: { 'if-match': '"1"' } })
    expect([fresh.status, fresh.headers.etag]).toEqual([200, '"2"'])
  })

  it('is decided once by two at once', async () => {
    const { requestId } = (await ask({ action: 'add', ...person })).body
    const both = await Promise.all([
      decide(requestId, 'accept'),
      decide(requestId, 'refuse', { reason: '否' }),
    ])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
  })
})

describe('who sees them', () => {
  it('the dealer, its RBO and headquarters do; names are masked where no personal data is seen', async () => {
    await accepted({ name: '周三', mobile: '13511112222' })
    const named = async (who: Who) => {
      const { items } = (await s.get('sms-contact-requests?limit=200', who)).body
      return items.find((each: Json) => each.mobile?.endsWith('2222'))
    }
    for (const who of [dealer(), rbo('EAST'), se, sa, csr]) expect((await named(who)).name).toBe('周三')
    for (const role of ['hq_sales', 'admin', 'auditor'] as const)
      expect(await named(one(role))).toMatchObject({ name: '周', mobile: '2222' })
    for (const who of [dealer('D003'), rbo('NORTH')]) {
      expect(await named(who)).toBeUndefined()
      expect(problemOf(await s.get(path(), who))).toEqual(refused(404, 'dealer_not_found'))
    }
  })

  it('leaves a line in the access log for each answer with contacts, and none for a masked one', async () => {
    const contactId = await accepted({ name: '吴四' })
    const lines = async () =>
      (await s.get(`privacy/access-log?subject=${contactId}`, one('auditor'))).body.items
    const before = (await lines()).length
    await s.get(path())
    await s.get('sms-contact-requests', rbo('EAST'))
    await s.get(path(), one('hq_sales'))
    const found = (await lines()).slice(0, -before)
    expect(found.map(({ route, ticketNos }: Json) => [route, ticketNos])).toEqual([
      ['/v1/sms-contact-requests', []],
      ['/v1/dealers/:code/sms-contacts', []],
    ])
    for (const { count } of found) expect(count).toBeGreaterThan(0)
  })

  it('filters by status and dealer', async () => {
    const { items } = (await s.get('sms-contact-requests?status=refused&dealer=D001&limit=200')).body
    expect(items.length).toBeGreaterThan(0)
    for (const { status, dealer: code } of items) expect([status, code]).toEqual(['refused', 'D001'])
    expect((await s.get('sms-contact-requests?dealer=D001', dealer('D003'))).body.items).toEqual([])
  })
})

describe('what is told', () => {
  it('every accepted change, to the SE in the feed, and to nobody outside', async () => {
    const before = await s.head()
    const contactId = await accepted({ name: '郑五' })
    const told = async (who: Who) =>
      (await s.get(`feed?topics=desk&after=${before}`, who)).body.items.map((each: Json) => [
        each.type,
        each.dealer,
        each.ticketNo,
        each.smsRequest.contactId,
        each.smsRequest.name,
      ])
    for (const who of [se, dealer(), rbo('EAST')])
      expect(await told(who)).toEqual([['sms_contact.changed', 'D001', null, contactId, '郑五']])
    expect(await told(admin)).toEqual([['sms_contact.changed', 'D001', null, contactId, '郑']])
    expect(await told(dealer('D003'))).toEqual([])
  })

  it('the contacts of the holding dealer go to webhooks that include them, and no name to others', async () => {
    await s.service.lookForDues()
    for (const { contactId } of (await contactsOf(csr, 'D002')).contacts) {
      const { requestId } = (await ask({ action: 'delete', contactId }, dealer('D002'))).body
      await decide(requestId, 'accept', {}, csr, 'D002')
    }
    const [told, silent] = [await startReceiver(), await startReceiver()]
    const hooks = hooksOf(s)
    const events = [
      'ticket.dispatched',
      'warning.raised',
      'ticket.overdue',
      'ticket.responded',
      'sms_contact.changed',
    ]
    await hooks.create(told.url, { events, includeContacts: true, dealer: 'D002' })
    await hooks.create(silent.url, { events, dealer: 'D002' })
    await accepted({ name: '冯六', mobile: '13600006666', duty: 'handler' }, dealer('D002'))
    await s.register({ dealerCode: 'D002', flags: ['agitated'] })
    await s.register({ dealerCode: 'D001' })
    s.go('2026-03-02 15:00')
    await s.service.lookForDues()
    await hooks.look()
    const contacts = [{ name: '冯六', mobile: '13600006666', duty: 'handler' }]
    const types = ['sms_contact.changed', 'ticket.dispatched', 'warning.raised', 'ticket.overdue']
    expect(told.received.map(({ body }) => body.type)).toEqual(expect.arrayContaining(types))
    for (const { body } of told.received) {
      if (body.type === 'sms_contact.changed')
        expect(body.data).toMatchObject({
          dealer: 'D002',
          smsRequest: { name: '冯六', mobile: '13600006666' },
        })
      else expect([body.type, body.data.contacts]).toEqual([body.type, contacts])
    }
    expect(silent.received.map(({ body }) => body.type).sort()).toEqual(
      told.received.map(({ body }) => body.type).sort(),
    )
    for (const { text, body } of silent.received) {
      expect(text).not.toMatch(/冯|6666/)
      expect(body.data).not.toHaveProperty('contacts')
      const about = body.type === 'sms_contact.changed' ? 'smsContact' : null
      if (about !== null) expect(webhookBodies[about].safeParse(body).error).toBeUndefined()
    }
    await Promise.all([told.stop(), silent.stop()])
  })
})

describe('an erased contact', () => {
  it('is none any more: no name anywhere, nothing to change', async () => {
    const contactId = await accepted({ name: '陈七', mobile: '13700007777' })
    await accepted({ name: '陈九', mobile: '13700009999' })
    const all = await s.get(`privacy/subjects/${contactId}/export`)
    expect(all.body).toMatchObject({ tickets: [], others: [{ kind: 'sms_contact', id: contactId }] })
    const [{ timeline }] = all.body.others
    expect(timeline.map((each: Json) => each.type)).toEqual(['SmsContactRequested', 'SmsContactAccepted'])
    expect(timeline[0].data.text).toEqual({ name: '陈七', mobile: '13700007777' })
    expect(all.text).not.toMatch(/陈九|00009999/)
    const erased = await s.post(sa, `privacy/subjects/${contactId}/erase`, { reason: '离职' })
    expect([erased.status, erased.text]).toEqual([200, erased.text])
    const answers = await Promise.all(
      [path(), 'sms-contact-requests?limit=200', 'feed?topics=desk&limit=200'].map((each) => s.get(each, sa)),
    )
    for (const { text } of answers) expect(text).not.toMatch(/陈七|00007777/)
    expect((await contactsOf()).contacts.map((each: Json) => each.contactId)).not.toContain(contactId)
    expect(problemOf(await ask({ action: 'change', contactId, name: '陈八' }))).toEqual(
      refused(422, 'unknown_sms_contact', ['body', '#/contactId']),
    )
  })
})
