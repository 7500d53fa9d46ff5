/** The customer-voice desk over the API (rulebook §16): the whole way, who sees what, and what is refused. */
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
  startScenario,
} from '../../support/scenario.ts'
import type { Answer, Json, Who } from '../../support/service.ts'
import { deskOf } from './desk.ts'

let s: Scenario
let desk: ReturnType<typeof deskOf>
beforeAll(async () => {
  s = await startScenario()
  desk = deskOf(s)
})
afterAll(() => s.service.close())

const hq = one('hq_sales')

describe('a sheet', () => {
  it('goes its whole way', async () => {
    s.go('2026-03-02 10:00')
    const items = await desk.enter('D001', '2026-02', ['交车过程', '价格'])
    const itemIds = items.map(({ itemId }: Json) => itemId)
    expect(itemIds).toEqual(['D001.2026-02.1', 'D001.2026-02.2'])
    const reworded = await s.post(hq, `voice/items/${itemIds[0]}/reword`, { text: '等候时间过长' })
    expect(reworded.body).toMatchObject({ status: 'open', text: '等候时间过长', enteredText: '等了两小时' })
    const sent = await s.post(hq, 'voice/sheets', { dealerCode: 'D001', month: '2026-02' })
    expect([sent.status, sent.headers.location]).toEqual([201, '/v1/voice/sheets/D001.2026-02'])
    expect(sent.body).toMatchObject({
      ...{
        sheetId: 'D001.2026-02',
        version: 1,
        dealer: 'D001',
        rbo: 'EAST',
        status: 'sent',
        step: 'meeting',
      },
      dueAt: at('2026-03-06 00:00'),
    })
    expect(sent.body.items[0]).toMatchObject({ text: '等候时间过长', plan: null, judgement: null })
    const sheet = sent.body.sheetId
    s.go('2026-03-04 16:00')
    const met = await desk.does(sheet, 'meeting', desk.meeting(itemIds, '2026-03-04 15:00', '2026-03-20'))
    expect(met).toMatchObject({ status: 'met', step: 'return', dueAt: at('2026-03-07 00:00') })
    expect(met.meeting).toMatchObject({ attendees: ['张总', '李经理'], by: 'people of D001' })
    expect(met.items[0].plan).toMatchObject({
      measure: '增加交车顾问',
      person: '李经理',
      endsOn: '2026-03-20',
    })
    const returned = await desk.does(sheet, 'return', { signedBy: '张总' })
    expect(returned).toMatchObject({ status: 'returned', step: 'audit', dueAt: at('2026-03-08 00:00') })
    const back = await desk.does(sheet, 'audit', { decision: 'sent_back', reason: '措施不具体' }, hq)
    expect(back).toMatchObject({ status: 'sent_back', dueAt: at('2026-03-07 00:00') })
    expect(back.returns[0].audit).toMatchObject({ decision: 'sent_back', reason: '措施不具体' })
    await desk.does(sheet, 'return', { signedBy: '张总' })
    const running = await desk.does(sheet, 'audit', { decision: 'accepted' }, hq)
    expect(running).toMatchObject({ status: 'running', step: 'report', dueAt: at('2026-03-24 00:00') })
    await desk.does(sheet, 'follow-ups', { note: '到店检查' }, rbo())
    const changed = await desk.does(sheet, `plans/${itemIds[0]}`, { endsOn: '2026-03-25', note: '人手不足' })
    expect(changed.items[0].plan).toMatchObject({
      ...{ measure: '增加交车顾问', endsOn: '2026-03-25' },
      changes: [{ note: '人手不足' }],
    })
    expect(changed.dueAt).toBe(at('2026-03-29 00:00'))
    const results = itemIds.map((itemId: string) => ({ itemId, result: '已改进' }))
    const reported = await desk.does(sheet, 'report', { results })
    expect(reported).toMatchObject({ status: 'reported', step: null, dueAt: null })
    expect(reported.items[1].result).toBe('已改进')
    await desk.does(sheet, 'judge', { itemId: itemIds[0], effective: true, note: '回访确认' }, hq)
    const closed = await desk.does(sheet, 'judge', { itemId: itemIds[1], effective: false }, hq)
    expect(closed).toMatchObject({ status: 'closed', closedAt: at('2026-03-04 16:00') })
    const published = await desk.does(
      sheet,
      'publish',
      { itemId: itemIds[0], title: '交车不等候', amount: 800 },
      hq,
    )
    expect(published.items[0].published).toMatchObject({ title: '交车不等候', amount: 800 })
    expect(published.ledger).toMatchObject([
      { entryId: `${itemIds[0]}.published`, kind: 'published', amount: 800 },
    ])
    expect((await s.get(`voice/sheets/${sheet}`, hq)).body).toEqual(published)
    const { items: timeline } = (await s.get(`voice/sheets/${sheet}/timeline`, dealer())).body
    expect(timeline.map(({ type }: Json) => type)).toEqual([
      'VoiceSheetSent',
      'VoiceMeetingRecorded',
      'VoiceSheetReturned',
      'VoiceSheetAudited',
      'VoiceSheetReturned',
      'VoiceSheetAudited',
      'VoiceFollowedUp',
      'VoicePlanChanged',
      'VoiceResultReported',
      'VoiceItemJudged',
      'VoiceItemJudged',
      'VoiceCasePublished',
      'VoiceEntryBooked',
    ])
    expect(timeline.map(({ version }: Json) => version)).toEqual(timeline.map((_: Json, n: number) => n + 1))
    expect(timeline.at(-1).version).toBe(published.version)
    expect(timeline[1].data.plans[0].text).toEqual({ measure: '增加交车顾问', person: '李经理' })
  })

  it('is there for its dealer, that dealer’s RBO and HQ; its texts for those who deal with customers, and HQ sales', async () => {
    const path = 'voice/sheets/D001.2026-02'
    const textOf = ({ body }: Answer) => [
      body.items[0].text,
      body.items[0].plan.measure,
      body.meeting.attendees,
    ]
    for (const who of [dealer(), rbo(), hq, sa, csr])
      expect(textOf(await s.get(path, who))).toEqual(['等候时间过长', '增加交车顾问', ['张总', '李经理']])
    for (const who of [one('admin'), one('auditor')])
      expect(textOf(await s.get(path, who))).toEqual([null, null, []])
    for (const who of [dealer('D002'), rbo('NORTH')])
      expect(problemOf(await s.get(path, who))).toEqual(refused(404, 'voice_sheet_not_found'))
    const rows = async (who: Who) => (await s.get('voice/sheets', who)).body.items.length
    expect([
      await rows(hq),
      await rows(dealer()),
      await rows(dealer('D002')),
      await rows(rbo('NORTH')),
    ]).toEqual([1, 1, 0, 0])
  })

  it('is written to at the version it had, whatever happens to another sheet of the dealer', async () => {
    await desk.sent('D001', '2026-01')
    const other = 'D001.2026-01'
    const { etag } = (await s.get(`voice/sheets/${other}`, hq)).headers
    expect(etag).toBe('"1"')
    await s.post(hq, 'voice/ledger/D001.2026-02.1.published/reverse', { reason: '重复发布' })
    const body = desk.meeting([`${other}.1`], '2026-03-04 16:00', '2026-03-20')
    const stale = await s.post(dealer(), `voice/sheets/${other}/meeting`, body, { 'if-match': '"7"' })
    expect(stale.status).toBe(412)
    const fresh = await s.post(dealer(), `voice/sheets/${other}/meeting`, body, { 'if-match': '"1"' })
    expect([fresh.status, fresh.headers.etag]).toEqual([200, '"2"'])
  })
})

describe('bad input', () => {
  const items = async (body: unknown, who = hq) => s.post(who, 'voice/items', body)
  const item = (more: Json = {}) => ({ ...desk.item('D002', '2026-02', '价格'), ...more })
  const meeting = () => desk.meeting(['D002.2026-02.1'], '2026-03-05 09:00', '2026-03-20')
  beforeAll(() => s.go('2026-03-05 10:00'))

  it('of one item or of many names the field that is wrong', async () => {
    const fieldsOf = async (body: unknown) => problemOf(await items(body)).fields
    expect(await fieldsOf(item({ score: 1.5 }))).toEqual([['body', '#/score']])
    expect(await fieldsOf(item({ text: '\u200b' }))).toEqual([['body', '#/text']])
    expect(await fieldsOf({ items: [item(), item({ score: 1.5 })] })).toEqual([['body', '#/items/1/score']])
    expect(await fieldsOf({ items: Array.from({ length: 1_001 }, () => item()) })).toEqual([
      ['body', '#/items'],
    ])
    expect(await fieldsOf(item({ colour: 'red' }))).toEqual([['body', '#/colour']])
  })

  it('has its code, and nothing is written', async () => {
    await desk.sent('D002', '2026-02')
    const sheet = 'voice/sheets/D002.2026-02'
    const head = await s.head()
    const wrong: [Answer, ReturnType<typeof refused>][] = [
      [await items(item({ dealerCode: 'D999' })), refused(422, 'unknown_dealer', ['body', '#/dealerCode'])],
      [
        await items({ items: [item(), item({ month: '2026-04' })] }),
        refused(409, 'voice_sheet_already_sent', ['body', '#/items/0']),
      ],
      [await items(item({ month: '2026-04' })), refused(422, 'voice_month_in_future', ['body', '#/month'])],
      [
        await s.post(hq, 'voice/sheets', { dealerCode: 'D002', month: '2026-02' }),
        refused(409, 'voice_sheet_exists'),
      ],
      [
        await s.post(hq, 'voice/sheets', { dealerCode: 'D003', month: '2026-02' }),
        refused(409, 'voice_no_items'),
      ],
      [
        await s.post(hq, 'voice/items/D002.2026-02.1/drop', { reason: 'wrong_data' }),
        refused(409, 'voice_sheet_already_sent'),
      ],
      [
        await s.post(hq, 'voice/items/D003.2026-02.1/reword', { text: 'x' }),
        refused(404, 'voice_item_not_found'),
      ],
      [
        await s.post(dealer('D002'), 'voice/sheets/D002.2026-01/meeting', meeting()),
        refused(404, 'voice_sheet_not_found'),
      ],
      [await s.post(dealer(), `${sheet}/meeting`, meeting()), refused(404, 'voice_sheet_not_found')],
      [
        await s.post(dealer('D002'), `${sheet}/meeting`, { ...meeting(), heldAt: '2026-03-01' }),
        refused(422, 'voice_meeting_before_sheet', ['body', '#/heldAt']),
      ],
      [
        await s.post(
          dealer('D002'),
          `${sheet}/meeting`,
          desk.meeting(['D002.2026-02.1'], '2026-03-05 10:00', '2026-04-06'),
        ),
        refused(422, 'voice_plan_end_too_late', ['body', '#/plans/0/endsOn']),
      ],
      [
        await s.post(dealer('D002'), `${sheet}/return`, { signedBy: '张总' }),
        refused(409, 'voice_wrong_status'),
      ],
      [
        await s.post(hq, `${sheet}/judge`, { itemId: 'D002.2026-02.1', effective: true }),
        refused(409, 'voice_wrong_status'),
      ],
      [
        await s.post(hq, 'voice/ledger/D002.2026-02.late/reverse', { reason: 'x' }),
        refused(404, 'voice_entry_not_found'),
      ],
    ]
    for (const [answer, expected] of wrong) {
      // where the story has gone further, the later check answers
      expect(problemOf(answer)).toEqual(expected)
    }
    const malformed = await items({ items: [item({ score: 11 }), item({ survey: 'XSI' })] })
    expect([malformed.status, malformed.body.code]).toEqual([400, 'invalid_request'])
    expect(await s.head()).toBe(head)
  })

  it('of a judgement given twice and an amount outside the range, too', async () => {
    const sheet = 'voice/sheets/D001.2026-02'
    const head = await s.head()
    const twice = await s.post(hq, `${sheet}/judge`, { itemId: 'D001.2026-02.1', effective: false })
    expect(problemOf(twice)).toEqual(refused(409, 'voice_already_judged'))
    await desk.closed('D002', '2026-01')
    const outside = await s.post(hq, 'voice/sheets/D002.2026-01/publish', {
      ...{ itemId: 'D002.2026-01.1', title: '案例', amount: 1_001 },
    })
    expect(problemOf(outside)).toEqual(refused(422, 'voice_amount_outside_range', ['body', '#/amount']))
    expect(await s.head()).not.toBe(head)
    expect((await s.get('voice/ledger?kind=published&dealer=D002', hq)).body.items).toEqual([])
  })
})

describe('the ledger', () => {
  it('lists entries and reversals by quarter, and each dealer its own', async () => {
    const { items } = (await s.get('voice/ledger?quarter=2026Q1&dealer=D001', hq)).body
    expect(items).toMatchObject([
      { kind: 'reversal', amount: -800, reverses: 'D001.2026-02.1.published', reason: '重复发布' },
      { kind: 'published', amount: 800, reason: null },
    ])
    expect((await s.get('voice/ledger?quarter=2025Q4', hq)).body.items).toEqual([])
    expect((await s.get('voice/ledger', dealer('D002'))).body.items).toEqual([])
    expect((await s.get('voice/ledger', dealer())).body.items).toHaveLength(2)
    const again = await s.post(hq, 'voice/ledger/D001.2026-02.1.published/reverse', { reason: '再次' })
    expect(problemOf(again)).toEqual(refused(409, 'voice_entry_reversed'))
    const ofReversal = await s.post(hq, 'voice/ledger/D001.2026-02.1.published.reversal/reverse', {
      reason: 'x',
    })
    expect(problemOf(ofReversal)).toEqual(refused(409, 'voice_entry_is_reversal'))
  })
})

describe('a switched-off desk', () => {
  it('is absent on every route, and comes back', async () => {
    const { body: policy } = await s.get('policy', hq)
    const { version: _, effectiveFrom: __, ...values } = policy
    const set = async (enabled: boolean) => {
      const body = { ...values, voice: { ...values.voice, enabled } }
      expect((await s.service.call(one('admin'), 'PUT', '/v1/policy', { body })).status).toBeLessThan(300)
    }
    await set(false)
    s.go('2026-03-05 10:01')
    for (const path of [
      'voice/items',
      'voice/sheets',
      'voice/sheets/D001.2026-02',
      'voice/sheets/D001.2026-02/timeline',
      'voice/ledger',
    ])
      expect(problemOf(await s.get(path, hq))).toEqual(refused(404, 'desk_closed'))
    const sends: [Who, string, unknown][] = [
      [hq, 'voice/items', desk.item('D003', '2026-02', '价格')],
      [hq, 'voice/sheets', { dealerCode: 'D003', month: '2026-02' }],
      [hq, 'voice/items/D003.2026-02.1/reword', { text: 'x' }],
      [dealer(), 'voice/sheets/D001.2026-01/return', { signedBy: '张总' }],
      [dealer(), 'voice/sheets/D001.2026-01/plans/D001.2026-01.1', { endsOn: '2026-03-25', note: 'x' }],
      [hq, 'voice/ledger/D001.2026-02.1.published/reverse', { reason: 'x' }],
    ]
    for (const [who, path, body] of sends)
      expect(problemOf(await s.post(who, path, body))).toEqual(refused(404, 'desk_closed'))
    await set(true)
    s.go('2026-03-05 10:02')
    expect((await s.get('voice/sheets/D001.2026-02', hq)).status).toBe(200)
  })
})

describe('the KPI', () => {
  it('is untouched by the desk', async () => {
    const kpi = async () =>
      (await s.get('reports/kpi?quarter=2026Q1&by=dealer&asOf=2026-03-05T02:02:00Z', sa)).body
    await s.register({ dealerCode: 'D001' })
    const before = await kpi()
    await desk.closed('D003', '2026-02')
    expect(await kpi()).toEqual(before)
    expect(before.totals.total).toBe(1)
  })
})
