import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { seedMasterData } from '../../api/commands/masterData/seed.ts'
import { defaultPolicy, seededPolicy } from '../../domain/policy.ts'
import { policyEventData, policyOf } from '../../domain/policyVersions.ts'
import { bearer, type Fake, fakeApp } from './fakes.ts'

let fake: Fake
let sales: { authorization: string }
beforeEach(async () => {
  fake = await fakeApp()
  sales = await bearer('hq_sales')
  await seedMasterData(fake.deps.store, '2026-01-01T00:00:00.000Z')
})
afterEach(() => fake.app.close())

const put = async (url: string, payload: object) =>
  (await fake.app.inject({ method: 'PUT', url: `/v1${url}`, payload, headers: sales })).json()
const get = async (url: string) => (await fake.app.inject({ url: `/v1${url}`, headers: sales })).json()
const hours = { opens: '08:00', closes: '20:00' }

describe('a field that is left out of a PUT keeps its value, null clears it', () => {
  it('of a dealer: calendar and whether it is active', async () => {
    await put('/rbos/EAST', { name: '华东' })
    const dealer = { name: '一店', rbo: 'EAST' }
    expect(await put('/dealers/D1', dealer)).toMatchObject({ calendar: null, active: true })
    await put('/dealers/D1', { ...dealer, calendar: 'CN-XJ', active: false })
    expect(await put('/dealers/D1', { ...dealer, name: '二店' })).toMatchObject({
      name: '二店',
      calendar: 'CN-XJ',
      active: false,
    })
    expect(await put('/dealers/D1', { ...dealer, calendar: null })).toMatchObject({
      calendar: null,
      active: false,
    })
    expect(await get('/dealers/D1')).toMatchObject({ calendar: null, active: false })
  })

  it('of an RBO: its calendar', async () => {
    await put('/rbos/EAST', { name: '华东', calendar: 'CN-XJ' })
    expect(await put('/rbos/EAST', { name: '东区' })).toMatchObject({ name: '东区', calendar: 'CN-XJ' })
    expect(await put('/rbos/EAST', { name: '东区', calendar: null })).toMatchObject({ calendar: null })
  })

  it('of a calendar: whose days it borrows, and the source of a year', async () => {
    await put('/calendars/NIGHT', { ...hours, daysOf: 'CN' })
    expect(await put('/calendars/NIGHT', { ...hours, closes: '22:00' })).toMatchObject({ daysOf: 'CN' })
    expect(await put('/calendars/NIGHT', { ...hours, daysOf: null })).toMatchObject({ daysOf: null })
    const year = { off: ['2027-01-01'], work: [] }
    expect(await put('/calendars/NIGHT/2027', year)).toMatchObject({ source: '' })
    await put('/calendars/NIGHT/2027', { ...year, source: '国办发' })
    const more = { off: ['2027-01-01', '2027-01-04'], work: [] }
    expect(await put('/calendars/NIGHT/2027', more)).toMatchObject({ source: '国办发', off: more.off })
    expect(await put('/calendars/NIGHT/2027', { ...more, source: null })).toMatchObject({ source: '' })
  })

  it('of the policy: the placeholders', async () => {
    const { placeholders, ...rest } = defaultPolicy
    expect(await put('/policy', rest)).toMatchObject({ placeholders })
    expect(await put('/policy', { ...rest, placeholders: ['散客'] })).toMatchObject({
      placeholders: ['散客'],
    })
    expect(await put('/policy', { ...rest, rewardTop: 3 })).toMatchObject({ placeholders: ['散客'] })
    expect(await put('/policy', { ...rest, placeholders: null })).toMatchObject({ placeholders })
    expect(await get('/policy')).toMatchObject({ rewardTop: 5, placeholders })
  })
})

describe('versions of the policy', () => {
  it('are listed, the past and the scheduled ones too, and read one by one', async () => {
    await put('/policy', { ...defaultPolicy, rewardTop: 3 })
    await put('/policy', { ...defaultPolicy, rewardTop: 4, effectiveFrom: '2026-12-01' })
    const { items } = await get('/policy/versions')
    const listed = items.map(({ version, status, rewardTop, recordedBy }: Record<string, unknown>) => [
      version,
      status,
      rewardTop,
      (recordedBy as { role: string }).role,
    ])
    expect(listed).toEqual([
      [1, 'past', 5, 'system'],
      [2, 'in_force', 3, 'hq_sales'],
      [3, 'scheduled', 4, 'hq_sales'],
    ])
    for (const item of items) {
      const { status: _, recordedAt: __, recordedBy: ___, ...version } = item
      expect(await get(`/policy?version=${item.version}`)).toEqual(version)
    }
    expect(await get('/policy?version=0')).toEqual({ version: 0, effectiveFrom: null, ...defaultPolicy })
    expect(await get('/policy')).toMatchObject({ version: 2 })
    expect(await get('/policy?version=4')).toMatchObject({ status: 404, code: 'version_not_found' })
    expect(await get('/policy?version=x')).toMatchObject({ status: 400, code: 'invalid_request' })
  })

  it('that were stored before a key existed are valid, and have the value of the rulebook', () => {
    const stored = JSON.parse(
      `{"effectiveFrom":"2026-01-01T00:00:00.000Z","responseMinutes":{"dealer":120,"rbo":120,"se":120,"se_media":120},
      "closeWorkingDays":{"A":3,"B":7},"repeatWindowDays":7,"warnCalls":{"W1":2,"W2":3},"ackMinutes":120,
      "callback":{"days":7,"attempts":3,"hoursApart":2},"weights":{"response":30,"close":30,"firstTime":40},
      "rewardTop":5,"rewardAmount":10000,"penaltyBelow":40,"penaltyAmount":10000,"freezeWorkingDays":15,
      "rootCauses":[{"code":"other","zh":"其它","en":"Other"}]}`,
    )
    const version = policyEventData.PolicySet.parse(stored)
    expect(policyOf(version)).toMatchObject({ rewardTop: 5, placeholders: defaultPolicy.placeholders })
    expect(Object.keys(seededPolicy)).not.toContain('placeholders')
  })
})

describe('versions of a calendar', () => {
  it('are listed with what each changed, and read one by one, whole or by year', async () => {
    await put('/calendars/NIGHT', { ...hours, daysOf: 'CN' })
    await put('/calendars/NIGHT/2027', { off: ['2027-01-01'], work: [], source: 'a' })
    await put('/calendars/NIGHT', { ...hours, closes: '22:00' })
    await put('/calendars/NIGHT/2027', { off: ['2027-01-04'], work: [] })
    const { items } = await get('/calendars/NIGHT/versions')
    expect(items.map(({ recordedAt: _, ...item }: Record<string, unknown>) => item)).toEqual([
      version(1, { hours: { ...hours, daysOf: 'CN' } }),
      version(2, { year: { year: 2027, off: ['2027-01-01'], work: [], source: 'a' } }),
      version(3, { hours: { opens: '08:00', closes: '22:00', daysOf: 'CN' } }),
      version(4, { year: { year: 2027, off: ['2027-01-04'], work: [], source: 'a' } }),
    ])
    expect(await get('/calendars/NIGHT?version=1')).toEqual({
      id: 'NIGHT',
      ...hours,
      daysOf: 'CN',
      years: [],
      version: 1,
    })
    expect(await get('/calendars/NIGHT?version=2')).toMatchObject({ closes: '20:00', years: [2027] })
    expect(await get('/calendars/NIGHT/2027?version=3')).toMatchObject({ off: ['2027-01-01'], version: 3 })
    expect(await get('/calendars/NIGHT/2027?version=4')).toMatchObject({ off: ['2027-01-04'] })
    expect(await get('/calendars/NIGHT/2027?version=1')).toMatchObject({ status: 404 })
    for (const none of [0, 5])
      expect(await get(`/calendars/NIGHT?version=${none}`)).toMatchObject({ code: 'version_not_found' })
    expect(await get('/calendars/MARS/versions')).toMatchObject({ code: 'calendar_not_found' })
  })

  const version = (number: number, entry: object) => ({
    version: number,
    recordedBy: { id: expect.any(String), role: 'hq_sales' },
    hours: null,
    year: null,
    ...entry,
  })
})
