/** F1, 客户抱怨/投诉处理表 (rulebook §10). */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
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
  seMedia,
  start,
  startScenario,
} from '../../support/scenario.ts'
import type { Who } from '../../support/service.ts'
import { fieldsOf, labelsOf, textOf } from './printed.ts'

let s: Scenario
beforeAll(async () => {
  s = await startScenario()
})
afterAll(() => s.service.close())

const customer = {
  name: '欧阳晓明',
  email: 'secret@example.com',
  address: '上海市曹安公路5288号',
  postcode: '201805',
  fax: '021-77778888',
  contactPerson: '欧阳先生',
}
const vehicle = {
  plateNo: '沪A12345',
  engineNo: 'CFN123456',
  model: '明锐',
  mileageKm: 1250,
  purchasedOn: '2026-02-01',
  salesConsultant: '王强',
}

const handlingOf = async (ticketNo: string, who: Who = sa, query = ''): Promise<string> => {
  const answer = await s.get(`tickets/${ticketNo}/forms/handling${query}`, who)
  expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
  return answer.text
}
const fieldsFor = async (ticketNo: string, who: Who = sa, query = '') =>
  fieldsOf(await handlingOf(ticketNo, who, query))

let customers = 0
/** Every one another, but for the last digits; the cars go by the same count. */
const nextPhone = (): string => {
  customers += 1
  return `139${String(customers).padStart(4, '0')}6789`
}

/** A complaint and all that a dealer and the call centre write about it. */
const tellAll = async (): Promise<string> => {
  s.go(start)
  const content = '销售顾问态度恶劣'
  const ticketNo = await s.register({
    customer: { ...customer, phone: nextPhone() },
    vehicle: { ...vehicle, vin: `LSVNV133X2200000${customers}` },
    content,
    initialCause: '未按接待流程执行',
  })
  s.go('2026-03-02 11:05')
  await s.respond(ticketNo)
  s.go('2026-03-02 14:30')
  await s.does(ticketNo, 'records', { kind: 'investigation', note: '已调取展厅录像' }, dealer())
  await s.does(ticketNo, 'records', { kind: 'gm_informed', note: '总经理已知悉' }, dealer())
  s.go('2026-03-03 09:00')
  await s.does(ticketNo, 'records', { kind: 'measure', note: '更换销售顾问' }, dealer())
  s.go('2026-03-04 15:40')
  await s.close(ticketNo, dealer(), {
    result: '情况属实',
    measures: '当面致歉',
    measuresDoneAt: at('2026-03-03 16:00'),
    rootCauseCode: 'staff_attitude',
    rootCause: '未完成礼仪培训',
    customerFeedback: '接受道歉',
    improvement: '全员复训',
    improvementDepartment: '销售部',
  })
  s.go('2026-03-05 10:00')
  await s.does(ticketNo, 'callbacks', { outcome: 'unreachable', note: '无人接听' }, csr)
  s.go('2026-03-05 16:20')
  await s.does(ticketNo, 'callbacks', { outcome: 'satisfied', note: '近期到店试驾' }, csr)
  return ticketNo
}

describe('the handling form', () => {
  it('has every field of the rulebook in its order, filled from the ticket', async () => {
    const ticketNo = await tellAll()
    const page = await handlingOf(ticketNo)
    expect(textOf(page)).toContain('客户抱怨/投诉处理表')
    expect(Object.entries(fieldsOf(page))).toEqual([
      ['受理日期', '2026年3月2日 10:00'],
      ['受理编号', ticketNo],
      ['客户姓名', '欧阳晓明'],
      ['地址', '上海市曹安公路5288号'],
      ['邮编', '201805'],
      ['联系人', '欧阳先生'],
      ['电话', '13900016789'],
      ['传真', '021-77778888'],
      ['购车日期', '2026年2月1日'],
      ['投诉日期', '2026年3月2日 10:00'],
      ['投诉次数', '第 1 次'],
      ['车型', '明锐'],
      ['底盘号/VIN', 'LSVNV133X22000001'],
      ['发动机号', 'CFN123456'],
      ['销售顾问', '王强'],
      ['关爱专员', 'people of D001'],
      ['投诉渠道', '[x]电话 [ ]信函 [ ]传真 [ ]电子邮件 [ ]来访 [ ]网络'],
      ['投诉等级', '[x]A [ ]B [ ]C'],
      ['投诉内容', '销售顾问态度恶劣'],
      ['初步原因', '未按接待流程执行'],
      ['移交时间', '2026年3月2日 10:00'],
      ['移交单位', '上海一店（D001）'],
      ['调查结果', '2026年3月2日 14:30 已调取展厅录像 情况属实'],
      ['处理措施', '2026年3月3日 09:00 更换销售顾问 当面致歉'],
      ['措施完成时间', '2026年3月3日 16:00'],
      ['客户反馈', '接受道歉 2026年3月5日 16:20 近期到店试驾'],
      ['回访结果', '[x]满意 [ ]不满意 [ ]无法联系 [ ]拒绝回访'],
      ['回访时间', '2026年3月5日 16:20'],
      ['根本原因', '人员服务态度：未完成礼仪培训'],
      ['经销商改进措施', '全员复训'],
      ['改进部门', '销售部'],
    ])
  })

  it('keeps the places to sign and date where the rulebook has them', async () => {
    const labels = labelsOf(await handlingOf(await s.register()))
    const from = (label: string) => labels.slice(labels.indexOf(label))
    expect(from('初步原因')).toEqual([
      ...['初步原因', '关爱专员签字', '关爱总监签字'],
      ...['移交时间', '移交单位', '部门经理签字'],
      ...['调查结果', '处理措施', '措施完成时间', '责任人签字'],
      ...['客户反馈', '回访结果', '回访时间', '关爱专员签字'],
      ...['根本原因', '经销商改进措施', '改进部门', '部门经理签字', '日期', '关爱总监签字', '日期'],
    ])
  })

  it('leaves blank what is not known, with lines to write on and dates to fill in', async () => {
    const page = await handlingOf(await s.register({ initialCause: '  ' }))
    const fields = fieldsOf(page)
    for (const label of ['地址', '邮编', '联系人', '传真', '车型', '底盘号/VIN', '发动机号', '销售顾问'])
      expect([label, fields[label]]).toEqual([label, ''])
    for (const label of ['初步原因', '调查结果', '处理措施', '客户反馈', '根本原因', '经销商改进措施'])
      expect(page).toMatch(
        new RegExp(`${label}</th><td colspan="5"><div class="least">(<div class="line"></div>){2,3}</div>`),
      )
    expect(fields).toMatchObject({ 购车日期: '年月日', 措施完成时间: '年月日时', 回访时间: '年月日时' })
    expect(fields.回访结果).not.toContain('[x]')
  })

  it('shows the attempt in vain where nobody was reached', async () => {
    s.go(start)
    const ticketNo = await s.register()
    await s.respond(ticketNo)
    await s.close(ticketNo)
    s.go('2026-03-03 09:00')
    await s.does(ticketNo, 'callbacks', { outcome: 'unreachable' }, csr)
    expect(await fieldsFor(ticketNo)).toMatchObject({
      回访结果: '[ ]满意 [ ]不满意 [x]无法联系 [ ]拒绝回访',
      回访时间: '2026年3月3日 09:00',
      客户反馈: '',
    })
  })

  it('of a repeat says which complaint it is and to whom it was handed over', async () => {
    s.go(start)
    const first = await s.register()
    await s.respond(first)
    await s.close(first)
    s.go('2026-03-04 10:00')
    const again = await s.register({ sameProblemAs: first })
    expect(await fieldsFor(again)).toMatchObject({
      投诉次数: '第 2 次',
      移交时间: '2026年3月4日 10:00',
      移交单位: '华东大区（EAST）',
      关爱专员: '',
    })
  })

  it('of a B ticket has its level, and its responsible dealer’s agent', async () => {
    s.go(start)
    const ticketNo = await s.registerB({ channel: 'letter' })
    await s.does(ticketNo, 'responsible-dealer', { dealerCode: 'D003' }, seMedia)
    await s.respond(ticketNo, dealer('D003'))
    await s.respond(ticketNo, seMedia)
    const page = await handlingOf(ticketNo)
    expect(textOf(page)).toContain('经销商：北京一店（D003）')
    expect(fieldsOf(page)).toMatchObject({
      投诉渠道: '[ ]电话 [x]信函 [ ]传真 [ ]电子邮件 [ ]来访 [ ]网络',
      投诉等级: '[ ]A [x]B [ ]C',
      移交单位: '消协/媒体投诉处理专职SE',
      关爱专员: 'people of D003',
    })
  })

  it('is as the ticket was known at asOf', async () => {
    const ticketNo = await tellAll()
    const query = `?asOf=${at('2026-03-02 14:30')}`
    const page = await handlingOf(ticketNo, sa, query)
    expect(textOf(page)).toContain('数据截至 2026年3月2日 14:30（北京时间）')
    expect(fieldsOf(page)).toMatchObject({
      关爱专员: 'people of D001',
      调查结果: '2026年3月2日 14:30 已调取展厅录像',
      处理措施: '',
      回访时间: '年月日时',
    })
    const before = await s.get(`tickets/${ticketNo}/forms/handling?asOf=${at('2026-03-02 09:00')}`)
    expect(problemOf(before)).toEqual(refused(404, 'ticket_not_found'))
    const future = await s.get(`tickets/${ticketNo}/forms/handling?asOf=${at('2026-04-01 09:00')}`)
    expect(problemOf(future)).toEqual(refused(400, 'as_of_in_future', ['query', 'asOf']))
  })

  it.each(['hq_sales', 'admin', 'auditor'] as const)('masks what %s may not see', async (role) => {
    const ticketNo = await tellAll()
    const fields = await fieldsFor(ticketNo, one(role))
    const blank = ['地址', '邮编', '联系人', '传真', '底盘号/VIN', '发动机号', '销售顾问']
    const texts = ['投诉内容', '初步原因', '调查结果', '处理措施', '客户反馈', '经销商改进措施', '改进部门']
    for (const label of [...blank, ...texts]) expect([label, fields[label]]).toEqual([label, ''])
    expect(fields).toMatchObject({
      客户姓名: '欧',
      电话: '6789',
      车型: '明锐',
      根本原因: '人员服务态度',
      回访时间: '2026年3月5日 16:20',
    })
    expect(await handlingOf(ticketNo, one(role))).toContain('已按权限隐去')
  })

  it('is for those who may see the ticket, and absent for the others', async () => {
    const ticketNo = await s.register({ dealerCode: 'D001' })
    const path = `tickets/${ticketNo}/forms/handling`
    for (const who of [dealer('D001'), rbo('EAST'), csr, admin])
      expect((await s.get(path, who)).status).toBe(200)
    for (const who of [dealer('D002'), rbo('NORTH')])
      expect(problemOf(await s.get(path, who))).toEqual(refused(404, 'ticket_not_found'))
    expect(problemOf(await s.get('tickets/T260302-NONE/forms/handling'))).toEqual(
      refused(404, 'ticket_not_found'),
    )
  })
})
