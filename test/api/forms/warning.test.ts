/** F2, 客户投诉升级预警单 (rulebook §10). */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
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
  se,
  start,
  startScenario,
} from '../../support/scenario.ts'
import type { Json, Who } from '../../support/service.ts'
import { fieldsOf, labelsOf, textOf } from './printed.ts'

let s: Scenario
beforeAll(async () => {
  s = await startScenario()
})
afterAll(() => s.service.close())

let customers = 0
/** Every one another, but for name and last digits. */
const customer = () => {
  customers += 1
  return { name: '欧阳晓明', phone: `139${String(customers).padStart(4, '0')}6789` }
}
const vehicle = { plateNo: '沪A12345', model: '明锐', mileageKm: 1250, purchasedOn: '2026-02-01' }

const warningsOf = async (ticketNo: string): Promise<string[]> =>
  (await s.ticket(ticketNo)).warnings.map(({ warningId }: Json) => warningId)
const pathOf = (ticketNo: string, warningId: string): string =>
  `tickets/${ticketNo}/forms/warning/${warningId}`
const formOf = async (ticketNo: string, warningId: string, who: Who = sa, query = ''): Promise<string> => {
  const answer = await s.get(pathOf(ticketNo, warningId) + query, who)
  expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
  return answer.text
}
const fieldsFor = async (ticketNo: string, warningId: string, who: Who = sa, query = '') =>
  fieldsOf(await formOf(ticketNo, warningId, who, query))

/** A ticket whose customer called again in anger, at 11:00. */
const called = async (): Promise<{ ticketNo: string; warningId: string }> => {
  s.go(start)
  const ticketNo = await s.register({ customer: customer(), vehicle })
  s.go('2026-03-02 11:00')
  await s.call(ticketNo, { flags: ['agitated'], content: '要求厂家今天答复' })
  const [warningId] = await warningsOf(ticketNo)
  return { ticketNo, warningId: warningId as string }
}

describe('the early-warning form', () => {
  it('has every field of the rulebook in its order, filled from the warning and its ticket', async () => {
    const { ticketNo, warningId } = await called()
    s.go('2026-03-02 13:00')
    await s.does(ticketNo, `warnings/${warningId}/resolve`, { result: '已上门致歉' }, rbo())
    const page = await formOf(ticketNo, warningId)
    expect(textOf(page)).toContain('客户投诉升级预警单')
    expect(textOf(page)).toContain(`预警编号：${warningId}`)
    expect(Object.entries(fieldsOf(page))).toEqual([
      ['工单号', ticketNo],
      ['客户姓名', '欧阳晓明'],
      ['电话', '13900016789'],
      ['车牌号', '沪A12345'],
      ['车型', '明锐'],
      ['行驶里程', '1250 公里'],
      ['涉及SST', '上海一店（D001）'],
      ['首次投诉日期', '2026年3月2日 10:00'],
      ['购车日期', '2026年2月1日'],
      ['发出单位', '上海一店（D001）'],
      ['接收单位', '华东大区（EAST）'],
      ['再次投诉内容', '要求厂家今天答复'],
      [
        '预警原因',
        '[ ]W1 未处理且客户多次来电 [ ]W2 处理中且客户多次来电 [ ]W3 客户反映无人联系 [x]W4 客户情绪激动 [ ]W5 客户自称媒体 [ ]W6 总部特殊案例',
      ],
      ['客服专员工号', 'csr'],
      ['职能部门处理结果', '已上门致歉'],
      ['处理人', 'people of EAST'],
      ['日期', '2026年3月2日'],
    ])
  })

  it('keeps the places to sign, and blanks for what is not done yet', async () => {
    const { ticketNo, warningId } = await called()
    const page = await formOf(ticketNo, warningId)
    expect(labelsOf(page).slice(-6)).toEqual([
      ...['客服专员工号', '组长签字', '主管签字'],
      ...['职能部门处理结果', '处理人', '日期'],
    ])
    expect(fieldsOf(page)).toMatchObject({ 职能部门处理结果: '', 处理人: '', 日期: '年月日' })
    expect(page).toMatch(
      /职能部门处理结果<\/th><td colspan="5"><div class="least">(<div class="line"><\/div>){9}<\/div>/,
    )
  })

  it('of one that a response raised gives the last call, and who took it', async () => {
    s.go(start)
    const ticketNo = await s.register()
    for (const content of ['第一次催办', '第二次催办', '第三次催办']) await s.call(ticketNo, { content })
    await s.respond(ticketNo)
    const w2 = (await s.ticket(ticketNo)).warnings.find(({ code }: Json) => code === 'W2')
    expect(await fieldsFor(ticketNo, w2.warningId)).toMatchObject({
      再次投诉内容: '第三次催办',
      客服专员工号: 'csr',
    })
  })

  it('of one raised by hand gives the reason, and what the customer said last before', async () => {
    const { ticketNo } = await called()
    await s.does(ticketNo, 'warnings', { code: 'W6', reason: '总部关注' }, one('se', { sub: '7001' }))
    await s.call(ticketNo, { content: '之后的来电' })
    const byHand = (await s.ticket(ticketNo)).warnings.find(({ code }: Json) => code === 'W6')
    const fields = await fieldsFor(ticketNo, byHand.warningId)
    expect(fields).toMatchObject({ 再次投诉内容: '要求厂家今天答复', 客服专员工号: '7001' })
    expect(fields.预警原因).toMatch(/\[x\]W6 总部特殊案例 总部关注$/)
    expect(fields.接收单位).toBe('售前投诉处理支持工程师')
  })

  it('of one that the complaint itself raised gives the complaint, and by hand without a call nothing', async () => {
    s.go(start)
    const ticketNo = await s.register({ flags: ['media'], content: '我是记者' })
    await s.does(ticketNo, 'warnings', { code: 'W4' }, csr)
    const [first, second] = (await s.ticket(ticketNo)).warnings
      .toSorted((a: Json, b: Json) => (a.code > b.code ? -1 : 1))
      .map(({ warningId }: Json) => warningId)
    expect(await fieldsFor(ticketNo, first)).toMatchObject({ 再次投诉内容: '我是记者', 行驶里程: '公里' })
    expect(await fieldsFor(ticketNo, second)).toMatchObject({ 再次投诉内容: '' })
  })

  it('of a repeat says when the first complaint came, unless that ticket is not for the reader', async () => {
    s.go(start)
    const first = await s.register({ dealerCode: 'D001' })
    await s.respond(first)
    await s.close(first)
    s.go('2026-03-04 10:00')
    const again = await s.register({ dealerCode: 'D003', sameProblemAs: first, flags: ['agitated'] })
    const [warningId] = await warningsOf(again)
    const dateFor = async (who: Who) => (await fieldsFor(again, warningId as string, who)).首次投诉日期
    expect(await dateFor(sa)).toBe('2026年3月2日 10:00')
    expect(await dateFor(dealer('D003'))).toBe('年月日时')
  })

  it('is as it was known at asOf', async () => {
    const { ticketNo, warningId } = await called()
    s.go('2026-03-02 13:00')
    await s.does(ticketNo, `warnings/${warningId}/resolve`, { result: '已上门致歉' }, rbo())
    expect(await fieldsFor(ticketNo, warningId, sa, `?asOf=${at('2026-03-02 12:00')}`)).toMatchObject({
      职能部门处理结果: '',
      处理人: '',
    })
    const before = await s.get(`${pathOf(ticketNo, warningId)}?asOf=${at('2026-03-02 10:30')}`)
    expect(problemOf(before)).toEqual(refused(404, 'warning_not_found'))
  })

  it.each(['hq_sales', 'admin', 'auditor'] as const)('masks what %s may not see', async (role) => {
    const { ticketNo, warningId } = await called()
    await s.does(ticketNo, `warnings/${warningId}/resolve`, { result: '已上门致歉' }, rbo())
    expect(await fieldsFor(ticketNo, warningId, one(role))).toMatchObject({
      客户姓名: '欧',
      电话: '6789',
      车牌号: '',
      行驶里程: '1250 公里',
      再次投诉内容: '',
      职能部门处理结果: '',
      处理人: 'people of EAST',
    })
  })

  it('escapes what was said', async () => {
    const { ticketNo } = await called()
    const words = `<script>alert("x")</script> & 'امر'`
    await s.call(ticketNo, { flags: ['no_contact'], content: words })
    const warningId = (await warningsOf(ticketNo)).at(0) as string
    const page = await formOf(ticketNo, warningId)
    expect(fieldsOf(page).再次投诉内容).toBe(words)
    expect(page).not.toContain('<script')
  })

  it('is absent where the ticket or the warning is', async () => {
    const { ticketNo, warningId } = await called()
    const other = await called()
    expect(problemOf(await s.get(pathOf(ticketNo, `${ticketNo}-99`)))).toEqual(
      refused(404, 'warning_not_found'),
    )
    expect(problemOf(await s.get(pathOf(ticketNo, other.warningId)))).toEqual(
      refused(404, 'warning_not_found'),
    )
    expect((await s.get(pathOf(ticketNo, warningId), dealer('D001'))).status).toBe(200)
    for (const who of [dealer('D002'), rbo('NORTH')])
      expect(problemOf(await s.get(pathOf(ticketNo, warningId), who))).toEqual(
        refused(404, 'ticket_not_found'),
      )
    expect((await s.get(pathOf(ticketNo, warningId), se)).status).toBe(200)
  })
})
