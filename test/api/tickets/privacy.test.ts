import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  admin,
  csr,
  dealer,
  one,
  rbo,
  type Scenario,
  sa,
  se,
  seMedia,
  startScenario,
} from '../../support/scenario.ts'
import type { Json, Who } from '../../support/service.ts'

let s: Scenario
let ticketNo: string
/** Every word and number of the customer's, none of which may show. */
const secrets = {
  customerId: 'CUST-4711',
  name: '欧阳晓明',
  phone: '+86 139-5555-6789',
  email: 'secret@example.com',
  address: '秘密路一号',
  postcode: '200999',
  fax: '021-77778888',
  contactPerson: '秘密联系人',
}
const vehicle = {
  vin: 'LSVSECRET',
  plateNo: '沪A88888',
  engineNo: 'ENGSECRET',
  model: '明锐',
  mileageKm: 12,
  purchasedOn: '2026-02-01',
  salesConsultant: '秘密顾问',
}
const words = '不可见的话'

beforeAll(async () => {
  s = await startScenario()
  ticketNo = await s.register({
    customer: secrets,
    vehicle,
    content: words,
    initialCause: words,
    flags: ['agitated'],
    externalNo: 'P-1',
  })
  await s.take({ customer: secrets, vehicle, content: words })
  await s.call(ticketNo, { content: words })
  await s.does(ticketNo, 'warnings', { code: 'W6', reason: words }, csr)
  const [{ warningId }] = (await s.ticket(ticketNo)).warnings
  await s.does(ticketNo, `warnings/${warningId}/resolve`, { result: words }, sa)
  await s.does(ticketNo, 'responses', { method: 'phone', reached: true, note: words }, dealer())
  await s.does(ticketNo, 'records', { kind: 'measure', note: words }, dealer())
  await s.close(ticketNo, dealer(), {
    result: words,
    measures: words,
    rootCauseCode: 'other',
    rootCause: words,
    customerFeedback: words,
    improvement: words,
    improvementDepartment: words,
  })
  await s.does(ticketNo, 'callbacks', { outcome: 'satisfied', note: words }, csr)
})
afterAll(() => s.service.close())

const maskedRoles = ['hq_sales', 'admin', 'auditor'] as const
const paths = [
  'tickets',
  'tickets/{no}',
  'tickets/{no}/timeline',
  'tickets/{no}/sla',
  'warnings?status=open,resolved',
  'callbacks?status=done',
  'consumer-notices?status=near',
  'tickets/{no}/forms/handling',
  'tickets/{no}/forms/warning/{no}-1',
]
const hidden = [
  words,
  ...Object.values(secrets),
  '39-5555',
  ...[vehicle.vin, vehicle.plateNo, vehicle.engineNo, vehicle.salesConsultant],
]

describe.each(maskedRoles)('%s', (role) => {
  const who = one(role)
  const masked = {
    customerId: null,
    name: '欧',
    phone: '6789',
    email: null,
    address: null,
    postcode: null,
    fax: null,
    contactPerson: null,
    subjectId: expect.any(String),
  }

  it('sees the name’s first character, the phone’s last four digits, and no text', async () => {
    expect(await s.ticket(ticketNo, who)).toMatchObject({
      customer: masked,
      vehicle: { vin: null, plateNo: null, engineNo: null, salesConsultant: null, model: '明锐' },
      content: null,
      initialCause: null,
      closing: {
        result: null,
        measures: null,
        measuresDoneAt: null,
        rootCauseCode: 'other',
        rootCause: null,
        customerFeedback: null,
        improvement: null,
        improvementDepartment: null,
      },
    })
    expect((await s.get('tickets', who)).body.items[0].customer).toEqual(masked)
  })

  it.each(paths)('finds nothing else in %s', async (path) => {
    const { status, text } = await s.get(path.replaceAll('{no}', ticketNo), who)
    expect(status).toBe(200)
    for (const secret of hidden) expect(text).not.toContain(secret)
  })

  it('sees warnings without what was said', async () => {
    const { items } = (await s.get('warnings?status=open,resolved', who)).body
    expect(items).toHaveLength(3)
    for (const item of items)
      expect(item).toMatchObject({ ticketNo, reason: null, content: null, result: null })
  })

  it('sees who did what and when, all the same', async () => {
    const types = async (reader: Who) =>
      (await s.get(`tickets/${ticketNo}/timeline`, reader)).body.items.map((item: Json) => [
        item.type,
        item.actor,
        item.at,
        item.text,
      ])
    expect(await types(who)).toEqual(await types(sa))
  })
})

describe('everybody else', () => {
  it.each<[string, Who]>([
    ['csr', csr],
    ['dealer', dealer()],
    ['rbo', rbo()],
    ['se', se],
    ['se_media', seMedia],
    ['csc_supervisor', one('csc_supervisor')],
    ['csr_media', one('csr_media')],
    ['csc_system', one('csc_system')],
    ['sa', sa],
    ['an administrator who is the SA too', { roles: ['admin', 'sa'] }],
  ])('%s sees the customer as it was given', async (_, who) => {
    expect(await s.ticket(ticketNo, who)).toMatchObject({
      customer: secrets,
      vehicle,
      content: words,
      initialCause: words,
      closing: { result: words },
    })
  })
})

describe('masking', () => {
  it.each([
    [
      'a phone in full-width digits',
      { name: '王', phone: '１３９００００４３２１' },
      { name: '王', phone: '4321' },
    ],
    ['no phone', { name: '王', phone: null }, { name: '王', phone: null }],
    [
      'a name that begins with a character of two units',
      { name: '𠮷野', phone: '12345' },
      { name: '𠮷', phone: '2345' },
    ],
  ])('of %s', async (_, customer, masked) => {
    const other = await s.register({ customer })
    expect((await s.ticket(other, admin)).customer).toMatchObject(masked)
  })
})

describe('the log', () => {
  it('holds no word of the customer’s', async () => {
    const events = await s.service.deps.store.readAll(null, 1_000)
    const text = JSON.stringify(events)
    for (const secret of [
      words,
      ...Object.values(secrets),
      ...Object.values(vehicle).filter((v) => typeof v === 'string'),
    ])
      expect(text).not.toContain(secret)
  })
})
