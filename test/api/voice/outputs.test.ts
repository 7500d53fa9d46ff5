/** What comes out of the customer-voice desk: attachments, the report with its files, and the printable pages (rulebook §16). */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  admin,
  dealer,
  one,
  problemOf,
  rbo,
  refused,
  type Scenario,
  sa,
  startScenario,
} from '../../support/scenario.ts'
import type { Json, Who } from '../../support/service.ts'
import { deskOf } from './desk.ts'

const hq = one('hq_sales')
const sheetId = 'D001.2026-02'
const pdf = '%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n'

let s: Scenario
let desk: ReturnType<typeof deskOf>
beforeAll(async () => {
  s = await startScenario()
  desk = deskOf(s)
  await desk.sent('D001', '2026-02', ['价格', '交车过程', '价格'])
  await s.post(hq, 'voice/items', desk.item('D003', '2026-02', '价格', { score: 10 }))
  await s.post(hq, 'voice/items', desk.item('D003', '2026-02', '试驾', { score: null }))
  await s.post(hq, 'voice/sheets', { dealerCode: 'D003', month: '2026-02' })
})
afterAll(() => s.service.close())

const upload = (who: Who, headers: Record<string, string> = {}) => {
  const part =
    'content-disposition: form-data; name="file"; filename="签到表.pdf"\r\ncontent-type: application/pdf'
  const body = `--b\r\n${part}\r\n\r\n${pdf}\r\n--b--\r\n`
  return s.service.call(who, 'POST', `/v1/voice/sheets/${sheetId}/attachments`, {
    body,
    headers: { 'content-type': 'multipart/form-data; boundary=b', ...headers },
  })
}

describe('an attachment of a sheet', () => {
  it('is added by its dealer, named with the return, and seen by the RBO and HQ', async () => {
    const added = await upload(dealer(), { 'idempotency-key': 'k1' })
    expect([added.status, added.body.name, added.headers.etag]).toEqual([201, '签到表.pdf', '"2"'])
    const again = await upload(dealer(), { 'idempotency-key': 'k1' })
    expect([again.status, again.headers['idempotent-replayed'], again.headers.etag]).toEqual([
      201,
      'true',
      '"2"',
    ])
    const { attachmentId } = added.body
    const path = `voice/sheets/${sheetId}/attachments/${attachmentId}`
    for (const who of [dealer(), rbo(), hq, sa])
      expect([who.roles[0], (await s.get(path, who)).text]).toEqual([who.roles[0], pdf])
    expect(problemOf(await s.get(path, dealer('D002')))).toEqual(refused(404, 'voice_sheet_not_found'))
    expect((await s.get(path, admin)).status).toBe(403)
    for (const who of [hq, rbo(), sa]) expect((await upload(who)).body.code).toBe('role_not_allowed')
    const ids = [1, 2, 3].map((n) => `${sheetId}.${n}`)
    await desk.does(sheetId, 'meeting', desk.meeting(ids, '2026-03-02 10:00', '2026-03-20'))
    const back = await desk.does(sheetId, 'return', { signedBy: '张总', attachmentIds: [attachmentId] })
    expect(back.returns[0]).toMatchObject({ signedBy: '张总', attachmentIds: [attachmentId] })
    const { subjectId } = s.service.deps.views.voice.sheet(sheetId) as { subjectId: string }
    expect(subjectId).toBeDefined()
  })
})

describe('the report', () => {
  const report = async (more: string, who = hq): Promise<Json> => {
    const { status, text, body } = await s.get(`reports/voice?from=2026-01-01&to=2026-04-01&${more}`, who)
    expect([status, text]).toEqual([200, text])
    return body
  }

  it('counts by dealer, indicator and month', async () => {
    const byDealer = await report('by=dealer')
    expect(byDealer.rows).toMatchObject([
      {
        ...{ key: 'D001', name: '上海一店', items: 3, scored: 3, meanScore: 6, promoters: 0, detractors: 3 },
        ...{ netPromoters: -100, steps: { met: 2, failed: 0, pending: 1, rate: 66.67 } },
      },
      { key: 'D003', items: 2, scored: 1, meanScore: 10, promoters: 1, netPromoters: 100 },
    ])
    expect(byDealer.totals).toMatchObject({ items: 5, scored: 4, meanScore: 7, netPromoters: -50 })
    expect(byDealer.topIndicators).toEqual([
      { indicator: '价格', items: 3 },
      { indicator: '交车过程', items: 1 },
      { indicator: '试驾', items: 1 },
    ])
    const byIndicator = await report('by=indicator')
    expect(byIndicator.rows.map(({ key, items }: Json) => [key, items])).toEqual([
      ['交车过程', 1],
      ['价格', 3],
      ['试驾', 1],
    ])
    expect((await report('by=month')).rows).toMatchObject([{ key: '2026-02', items: 5 }])
    expect((await report('by=month&asOf=2026-03-01T00:00:00Z')).rows).toEqual([])
  })

  it('leaves out what is outside the caller’s scope', async () => {
    expect((await report('by=dealer', dealer())).rows.map(({ key }: Json) => key)).toEqual(['D001'])
    expect((await report('by=dealer', rbo('NORTH'))).totals.items).toBe(2)
    expect((await report('by=dealer&dealer=D001', dealer('D003'))).totals.items).toBe(0)
  })

  it('has the ledger of the period, and is a file too', async () => {
    s.go('2026-04-07 10:00')
    const ids = ['D003.2026-02.1', 'D003.2026-02.2']
    await desk.does('D003.2026-02', 'meeting', desk.meeting(ids, '2026-04-07 09:00', '2026-04-20'))
    const april = (await s.get('reports/voice?from=2026-04-01&to=2026-07-01&by=month', hq)).body
    expect(april.totals.ledger).toMatchObject({ late: -1_000, recurrence: 0, sum: -1_000 })
    expect(april.rows).toMatchObject([{ key: '2026-04', items: 0, ledger: { sum: -1_000 } }])
    expect((await report('by=dealer')).totals.ledger.sum).toBe(0)
    for (const format of ['csv', 'xlsx']) {
      const file = await s.get(`reports/voice?from=2026-01-01&to=2026-04-01&format=${format}`, hq)
      expect([file.status, file.bytes.length > 200]).toEqual([200, true])
    }
  })
})

describe('the printable pages', () => {
  it('are filled, in Chinese, with lines to sign', async () => {
    const page = async (name: string, who: Who = hq): Promise<string> => {
      const { status, text, headers } = await s.get(`voice/sheets/${sheetId}/forms/${name}`, who)
      expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
      return text
    }
    const sheet = await page('sheet')
    for (const text of [
      '客户声音改进单',
      '上海一店（D001）',
      '等了两小时',
      '交车过程',
      '6 分',
      '经销商总经理',
    ])
      expect(sheet).toContain(text)
    const minutes = await page('minutes', dealer())
    for (const text of [
      '改进会议纪要',
      '张总、李经理',
      '增加交车顾问',
      '2026年3月20日',
      '总经理（签字盖章）',
    ])
      expect(minutes).toContain(text)
    const evaluation = await page('evaluation', rbo())
    for (const text of ['改进效果评价表', '有效', '无效', '品牌营销大区', '总部'])
      expect(evaluation).toContain(text)
    expect(await page('sheet', admin)).not.toContain('等了两小时')
    expect((await s.get(`voice/sheets/${sheetId}/forms/sheet`, dealer('D003'))).status).toBe(404)
  })
})
