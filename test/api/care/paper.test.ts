/** What is printed and counted of care calls: form F3 and the report of a quarter (rulebook §15). */
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import {
  at,
  csr,
  dealer,
  one,
  problemOf,
  rbo,
  refused,
  type Scenario,
  sa,
  startScenario,
  system,
} from '../../support/scenario.ts'
import type { Json, Who } from '../../support/service.ts'
import { fieldsOf, labelsOf, textOf } from '../forms/printed.ts'

let s: Scenario
let handoverId: string
let subjectId: string
const handOver = async (more: Json): Promise<Json> => {
  const { status, text, body } = await s.post(system, 'handovers', { dealerCode: 'D001', ...more })
  expect([status, text]).toEqual([201, text])
  return body
}
const attempt = async (kind: string, body: Json, who: Who = dealer(), id = handoverId): Promise<void> => {
  const { status, text } = await s.post(who, `care/tasks/${id}.${kind}/attempts`, body)
  expect([status, text]).toEqual([200, text])
}

/** D001 hands a car over and calls; D002 another and does not; D003 a third, whose customer cannot be reached. */
beforeAll(async () => {
  s = await startScenario({ now: '2026-01-05 12:00' })
  const handed = await handOver({
    vin: 'LSVAA4187E2000001',
    plateNo: '沪A12345',
    model: '明锐',
    externalNo: 'JC-2026-1',
    salesConsultant: '王强',
    insuranceEndsOn: '2027-01-04',
    handedOverAt: at('2026-01-05 10:00'),
    customer: { name: '欧阳晓明', phone: '13911112222', address: '曹安公路5288号' },
  })
  handoverId = handed.handoverId
  subjectId = handed.customer.subjectId
  await handOver({ dealerCode: 'D002', handedOverAt: at('2026-01-05 11:00'), customer: { name: '李' } })
  const third = await handOver({
    dealerCode: 'D003',
    handedOverAt: at('2026-01-05 11:00'),
    customer: { name: '张' },
  })
  await attempt('delivery_24h', { result: 'reached', outcome: 'satisfied', mileageKm: 12 })
  s.go('2026-01-07 15:00')
  for (const day of ['06', '07', '08']) {
    s.go(`2026-01-${day} 17:00`)
    await attempt('delivery_24h', { result: 'unreachable' }, dealer('D003'), third.handoverId)
  }
  s.go('2026-01-08 09:00')
  await attempt('delivery_3d', { result: 'unreachable' })
  s.go('2026-01-09 09:00')
  await attempt('delivery_3d', {
    result: 'reached',
    outcome: 'dissatisfied',
    product: '后备箱异响 <b>',
    service: '交车讲解太快',
    firstServiceOn: '2026-06-30',
  })
  s.go('2026-04-02 10:00')
  await s.post(dealer(), 'visits', {
    vin: 'LSVAA4187E2000001',
    dealerCode: 'D001',
    visitedAt: at('2026-04-02 09:00'),
    kind: 'first_service',
    mileageKm: 4_980,
  })
})
afterAll(() => s.service.close())

const path = () => `handovers/${handoverId}/forms/follow-up`

it('F3 has the calls in their order, with what was said, and when the first service was', async () => {
  const { status, headers, text } = await s.get(path(), dealer())
  expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
  expect(labelsOf(text)).toEqual([
    ...['交车时间', '交车编号', '客户姓名', '电话', '联系人', '地址', '邮编', '车型', '车牌号'],
    ...['底盘号/VIN', '销售顾问', '保险到期'],
    ...['回访时间', '回访人', '里程（公里）', '客户评价', '产品', '服务', '其他'],
    ...['回访时间', '回访人', '里程（公里）', '客户评价', '产品', '服务', '其他', '未接通记录'],
    ...['回访时间', '回访人', '里程（公里）', '客户评价', '产品', '服务', '其他'],
    ...['预计首保', '实际首保', '首保里程', '关爱专员签字', '日期', '关爱总监签字', '日期'],
  ])
  // fields of one name: the last of them, which nobody has called for yet
  expect(fieldsOf(text)).toMatchObject({
    客户姓名: '欧阳晓明',
    交车编号: 'JC-2026-1',
    交车时间: '2026年1月5日 10:00',
    回访人: '',
    预计首保: '2026年6月30日',
    实际首保: '2026年4月2日',
    首保里程: '4980',
    未接通记录: '2026年1月8日 09:00 未接通（people of D001）',
  })
  const said = textOf(text)
  for (const words of ['2026年1月5日 12:00', '后备箱异响 <b>', '交车讲解太快', '[x]不满意', '[x]满意'])
    expect(said).toContain(words)
  expect(text).not.toContain('<b>异响')
})

it('F3 is masked for HQ, absent to strangers, and noted in the access log', async () => {
  const masked = textOf((await s.get(path(), one('hq_sales'))).text)
  expect(masked).toContain('已按权限隐去')
  expect(masked).not.toMatch(/欧阳|13911112222|异响|讲解/)
  for (const who of [dealer('D002'), rbo('NORTH')])
    expect(problemOf(await s.get(path(), who))).toEqual(refused(404, 'handover_not_found'))
  const lines = (await s.get(`privacy/access-log?subject=${subjectId}`)).body.items
  expect(lines.map(({ route }: Json) => route)).toContain('/v1/handovers/:handoverId/forms/follow-up')
})

const report = async (query: string, who: Who = sa): Promise<Json> => {
  const { status, text, body } = await s.get(`reports/care?quarter=2026Q1&${query}`, who)
  expect([status, text]).toEqual([200, text])
  return body
}
const brief = ({ rows }: Json) =>
  rows.map((row: Json) => [row.key, row.due, row.doneInTime, row.doneLate, row.failedCalls, row.overdueCalls])

it('the report counts what was due in the quarter by dealer, kind, RBO and month, and adds up', async () => {
  expect(brief(await report('by=dealer'))).toEqual([
    ['D001', 2, 1, 1, 0, 0],
    ['D002', 2, 0, 0, 0, 2],
    ['D003', 2, 0, 0, 1, 1],
  ])
  expect(brief(await report('by=kind&dealer=D001'))).toEqual([
    ['delivery_24h', 1, 1, 0, 0, 0],
    ['delivery_3d', 1, 0, 1, 0, 0],
  ])
  expect(brief(await report('by=rbo'))).toEqual([
    ['EAST', 4, 1, 1, 0, 2],
    ['NORTH', 2, 0, 0, 1, 1],
  ])
  expect(brief(await report('by=month')).map(([month]: string[]) => month)).toEqual(['2026-01'])
  const { totals, rows } = await report('by=dealer')
  for (const name of ['due', 'doneInTime', 'notNeeded', 'reachedCustomers'])
    expect(totals[name]).toBe(rows.reduce((sum: number, row: Json) => sum + row[name], 0))
  expect([totals.satisfied, totals.reachedCustomers, totals.satisfactionRate]).toEqual([1, 2, 50])
})

it('the report keeps to the scope, and is a file too', async () => {
  expect(brief(await report('by=dealer', dealer('D002'))).map(([key]: string[]) => key)).toEqual(['D002'])
  expect(brief(await report('by=dealer', rbo('NORTH'))).map(([key]: string[]) => key)).toEqual(['D003'])
  expect(brief(await report('by=dealer&kind=delivery_24h', csr))[0]).toEqual(['D001', 1, 1, 0, 0, 0])
  const csv = await s.get('reports/care?quarter=2026Q1&by=kind&format=csv', sa, {
    'accept-language': 'zh-CN',
  })
  expect(csv.text).toContain('交车24小时回访')
  expect(csv.text).toContain('满意率（%）')
  expect((await s.get('reports/care?quarter=2026Q1&format=xlsx')).status).toBe(200)
})
