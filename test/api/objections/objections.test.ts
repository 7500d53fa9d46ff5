/** Objections over the API (rulebook §14): who may, what an upheld one changes, and what a frozen quarter shows. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { withQuarterLock } from '../../../api/commands/locks.ts'
import { quarterOf } from '../../../domain/instant.ts'
import { formOf, samples } from '../../attachments/samples.ts'
import { csr, dealer, one, problemOf, rbo, refused, type Scenario, sa } from '../../support/scenario.ts'
import type { Json, Who } from '../../support/service.ts'
import { kpi, startQuarter } from '../reports/quarter.ts'
import { assessment, does, hq } from '../reports/settling.ts'

let s: Scenario
/** Of the first quarter: late in response, repeated, and late in closing; and D003's that RBO NORTH took over. */
let [late, repeated, lateClose, kept] = ['', '', '', '']
beforeAll(async () => {
  s = await startQuarter()
  const units = async (code: string): Promise<Json[]> =>
    (await s.get(`reports/kpi/units?quarter=2026Q1&dealer=${code}`)).body.items
  const failed = (list: Json[], measure: string): string =>
    list.find((unit) => unit[measure].verdict === 'failed')!.ticketNo
  const [ofD001, ofD002, ofD003] = [await units('D001'), await units('D002'), await units('D003')]
  late = failed(ofD001, 'response')
  repeated = failed(ofD001, 'firstTime')
  lateClose = failed(ofD002, 'close')
  kept = failed(ofD003, 'response')
}, 60_000)
afterAll(() => s.service.close())

const raise = (ticketNo: string, body: Json, who: Who = dealer(), headers: Record<string, string> = {}) =>
  s.post(who, `tickets/${ticketNo}/objections`, { reason: '客户要求改期', ...body }, headers)
const act = (ticketNo: string, id: string, name: string, body: Json, who: Who) =>
  s.post(who, `tickets/${ticketNo}/objections/${id}/${name}`, body)
const decide = (ticketNo: string, id: string, decision: string, who: Who = hq) =>
  act(ticketNo, id, 'decide', { decision, reason: '情况属实' }, who)
const list = async (query = '', who: Who = hq): Promise<Json[]> =>
  (await s.get(`objections?limit=200&${query}`, who)).body.items
const rowOf = async (code: string, more = ''): Promise<Json> =>
  (await kpi(s, `quarter=2026Q1&by=dealer&dealer=${code}${more}`)).rows[0]
const everywhere = async (code: string) => ({
  kpi: await rowOf(code),
  units: (await s.get(`reports/kpi/units?quarter=2026Q1&dealer=${code}`)).body.items,
  statistics: (await s.get(`reports/statistics?from=2026-01-01&to=2026-04-01&groupBy=dealer&dealer=${code}`))
    .body.totals.rates,
  assessment: (await assessment(s, '2026Q1')).rbos
    .flatMap(({ dealers }: Json) => dealers)
    .find((each: Json) => each.dealer === code),
  explained: await assessment(s, `2026Q1/dealers/${code}`),
  present: (await s.post(hq, 'assessments/2026Q1/what-if', { policy: { rewardTop: 4 } })).body.present.rbos
    .flatMap(({ dealers }: Json) => dealers)
    .find((each: Json) => each.dealer === code),
})

describe('an objection', () => {
  it('changes nothing until HQ upholds it, then takes the unit out of its measure everywhere', async () => {
    s.go('2026-06-30 09:00')
    const before = await everywhere('D001')
    expect(before.kpi.response).toMatchObject({ met: 2, failed: 2, pending: 0 })
    const raised = await raise(late, { measures: ['response'] })
    expect([raised.status, raised.text]).toEqual([201, raised.text])
    const { objectionId } = raised.body
    expect(raised.body).toMatchObject({
      ...{ ticketNo: late, dealer: 'D001', rbo: 'EAST', quarter: '2026Q1', measures: ['response'] },
      ...{ status: 'open', reason: '客户要求改期', decidedAt: null, decisionReason: null },
    })
    expect((await everywhere('D001')).kpi).toEqual(before.kpi)
    s.go('2026-06-30 10:00')
    const upheld = await decide(late, objectionId, 'upheld')
    expect(upheld.body).toMatchObject({ status: 'upheld', decidedBy: 'hq_sales', decisionReason: '情况属实' })
    const after = await everywhere('D001')
    expect(after.kpi).toMatchObject({
      total: before.kpi.total,
      response: { met: 2, failed: 1, pending: 0, rate: 66.67 },
      close: before.kpi.close,
      firstTime: before.kpi.firstTime,
    })
    expect(after.statistics.response).toEqual(after.kpi.response)
    expect(after.units.find((unit: Json) => unit.ticketNo === late).response.verdict).toBeNull()
    expect(after.assessment).toMatchObject({ responseRate: 66.67, total: before.assessment.total })
    expect(after.assessment.score).toBeGreaterThan(before.assessment.score)
    expect(after.present).toEqual(after.assessment)
    expect(after.explained.measures.response).toMatchObject({ met: 2, failed: 1, pending: 0 })
    expect(after.explained.objections).toMatchObject([
      { ticketNo: late, status: 'upheld', changed: [{ measure: 'response', verdict: 'failed' }] },
    ])
    const then = await rowOf('D001', '&asOf=2026-06-30T09:59:59.999%2B08:00')
    expect(then.response).toEqual(before.kpi.response)
    const words = (await s.get(`tickets/${late}/timeline`)).body.items.map(
      ({ text, words: w }: Json) => w ?? text,
    )
    expect(JSON.stringify(words)).toMatch(/objected|申诉/)
  })

  it('to all three measures takes the unit out of total', async () => {
    const before = await rowOf('D002')
    const { objectionId } = (
      await raise(lateClose, { measures: ['response', 'close', 'firstTime'] }, dealer('D002'))
    ).body
    await decide(lateClose, objectionId, 'upheld')
    const after = await everywhere('D002')
    expect([before.total, after.kpi?.total ?? 0]).toEqual([1, 0])
    expect(after.explained.notCounted).toContainEqual(
      expect.objectContaining({ ticketNo: lateClose, reason: 'objection_upheld' }),
    )
    expect(after.assessment).toMatchObject({ total: 0, score: null, outcome: 'unranked' })
  })

  it('that is rejected or withdrawn changes nothing', async () => {
    const before = await rowOf('D001')
    const { objectionId } = (await raise(repeated, { measures: ['firstTime'] })).body
    expect((await decide(repeated, objectionId, 'rejected')).body.status).toBe('rejected')
    expect(await rowOf('D001')).toEqual(before)
    expect(problemOf(await decide(repeated, objectionId, 'upheld'))).toEqual(
      refused(409, 'objection_not_open'),
    )
    expect(problemOf(await raise(repeated, { measures: ['close'] }))).toEqual(
      refused(409, 'already_objected'),
    )
  })

  it('may be raised by a former holder that keeps its unit, who does not see the ticket', async () => {
    s.go('2026-06-30 10:30')
    const taken = await s.register({ dealerCode: 'D003' })
    s.go('2026-06-30 14:00')
    await s.does(taken, 'redispatch', { dealerCode: 'D004', reason: '转派' }, csr)
    expect((await s.get(`tickets/${taken}`, dealer('D003'))).status).toBe(404)
    expect(problemOf(await raise(taken, { measures: ['close'] }, dealer('D003')))).toEqual(
      refused(422, 'measure_not_counted', ['body', '#/measures/0']),
    )
    const head = await s.head()
    const { objectionId } = (await raise(taken, { measures: ['response'] }, dealer('D003'))).body
    const [item] = (await s.get(`feed?topics=desk&after=${head}`, dealer('D003'))).body.items
    expect(item).toMatchObject({
      type: 'objection.raised',
      ticketNo: taken,
      ticket: null,
      objection: { objectionId },
    })
    const gone = await act(taken, objectionId, 'withdraw', {}, dealer('D003'))
    expect(gone.body).toMatchObject({ status: 'withdrawn' })
    expect(problemOf(await act(taken, objectionId, 'withdraw', {}, dealer('D003'))).code).toBe(
      'objection_not_open',
    )
    expect(problemOf(await raise(taken, { measures: ['response'] }, dealer('D002')))).toEqual(
      refused(404, 'ticket_not_found'),
    )
  })

  it('is told on the stream’s topic desk, without its reasons', async () => {
    const items = (await s.get('feed?topics=desk&limit=200', hq)).body.items
    expect(items.map(({ type }: Json) => type)).toEqual(
      expect.arrayContaining(['objection.raised', 'objection.decided']),
    )
    for (const item of items) {
      expect(item.ticket.ticketNo).toBe(item.ticketNo)
      expect(JSON.stringify(item)).not.toMatch(/改期|属实/)
    }
  })

  it('is listed within the scope, with reasons for those who see the ticket’s people and for HQ sales', async () => {
    expect((await list('status=upheld')).map(({ dealer: code }) => code).sort()).toEqual(['D001', 'D002'])
    expect((await list('', dealer('D003'))).map(({ dealer: code }) => code)).toEqual(['D003'])
    expect((await list('', rbo('NORTH'))).map(({ dealer: code }) => code)).toEqual(['D003'])
    expect((await list('quarter=2026Q2')).map(({ dealer: code }) => code)).toEqual(['D003'])
    for (const who of [hq, sa, dealer('D002')])
      expect((await list('dealer=D002', who))[0]).toMatchObject({
        reason: '客户要求改期',
        decisionReason: '情况属实',
      })
    expect((await list('dealer=D002', one('auditor')))[0]).toMatchObject({
      reason: null,
      decisionReason: null,
    })
    const lines = (await s.get(`privacy/access-log?ticketNo=${lateClose}&actor=hq_sales`, one('auditor')))
      .body.items
    expect(lines.map(({ route }: Json) => route)).toContain('/v1/objections')
  })

  it('names attachments of its ticket, in the answer, the list and the file', async () => {
    s.go('2026-06-30 14:30')
    const [ticketNo, other] = [await s.register(), await s.register()]
    const attach = async (to: string): Promise<string> => {
      const { body, headers } = formOf(samples['application/pdf'], {})
      const answer = await s.service.call(csr, 'POST', `/v1/tickets/${to}/attachments`, { body, headers })
      return answer.body.attachmentId
    }
    const [mine, foreign] = [await attach(ticketNo), await attach(other)]
    const asking = { measures: ['response'] }
    expect(problemOf(await raise(ticketNo, { ...asking, attachmentIds: [mine, foreign] }))).toEqual(
      refused(422, 'unknown_attachment', ['body', '#/attachmentIds/1']),
    )
    const raised = await raise(ticketNo, { ...asking, attachmentIds: [mine] })
    expect([raised.status, raised.body.attachmentIds]).toEqual([201, [mine]])
    const [row] = (await list()).filter((each) => each.ticketNo === ticketNo)
    expect(row?.attachmentIds).toEqual([mine])
    expect((await s.get('objections', hq, { accept: 'text/csv' })).text).toContain(mine)
    expect((await s.get(`tickets/${ticketNo}/timeline`)).text).toContain(`"attachmentIds":["${mine}"]`)
    // naming it gives nobody the right to read it
    expect((await s.get(`tickets/${ticketNo}/attachments/${mine}`, hq)).status).toBe(403)
  })

  it('is found by its ticket, within the scope', async () => {
    const [{ ticketNo, dealer: code }] = await list()
    const found = await list(`ticketNo=${ticketNo}`)
    expect(found.length).toBeGreaterThan(0)
    expect(new Set(found.map((each) => each.ticketNo))).toEqual(new Set([ticketNo]))
    const stranger = code === 'D003' ? dealer('D001') : dealer('D003')
    expect(await list(`ticketNo=${ticketNo}`, stranger)).toEqual([])
  })

  it('with a key is raised once', async () => {
    s.go('2026-06-30 15:00')
    const ticketNo = await s.register()
    const headers = { 'idempotency-key': 'objection-1' }
    const first = await raise(ticketNo, { measures: ['response'] }, dealer(), headers)
    const again = await raise(ticketNo, { measures: ['response'] }, dealer(), headers)
    expect([again.status, again.body, again.headers['idempotent-replayed']]).toEqual([
      201,
      first.body,
      'true',
    ])
    const { objectionId } = first.body
    await act(ticketNo, objectionId, 'withdraw', {}, dealer())
    const later = await raise(ticketNo, { measures: ['response'] }, dealer(), headers)
    expect(later.body).toEqual(first.body)
  })
})

describe('a frozen quarter', () => {
  it('counts what is undecided, takes no objection, and shows a decision in a revision only', async () => {
    const [open] = (await s.get('reports/kpi/units?quarter=2026Q1&dealer=D001')).body.items
    const { objectionId } = (await raise(open.ticketNo, { measures: ['close'] })).body
    const frozen = await does(s, 'freeze', {})
    expect(frozen.undecidedObjections).toBe(1)
    expect(problemOf(await raise(kept, { measures: ['response'] }, dealer('D003')))).toEqual(
      refused(409, 'quarter_is_frozen'),
    )
    const rowIn = (body: Json) =>
      body.rbos.flatMap(({ dealers }: Json) => dealers).find((each: Json) => each.dealer === 'D001')
    expect((await decide(open.ticketNo, objectionId, 'upheld')).body.status).toBe('upheld')
    expect(await assessment(s, '2026Q1')).toMatchObject({ status: 'frozen', revision: 1 })
    expect(rowIn(await assessment(s, '2026Q1'))).toEqual(rowIn(frozen))
    const explained = await assessment(s, '2026Q1/dealers/D001?revision=1')
    expect(explained.objections).toContainEqual(
      expect.objectContaining({ objectionId, status: 'open', changed: [] }),
    )
    const revised = await does(s, 'revise', { reason: '申诉成立' })
    expect(revised).not.toHaveProperty('undecidedObjections')
    expect(rowIn(revised).closeRate).not.toBe(rowIn(frozen).closeRate)
    expect(rowIn(await assessment(s, '2026Q1?revision=1'))).toEqual(rowIn(frozen))
  })
})

describe('at once', () => {
  it('two decisions, or a decision and a withdrawal, are one', async () => {
    for (const other of ['decide', 'withdraw'] as const) {
      const ticketNo = await s.register()
      const { objectionId } = (await raise(ticketNo, { measures: ['response'] })).body
      const both = await Promise.all([
        decide(ticketNo, objectionId, 'upheld'),
        other === 'decide'
          ? decide(ticketNo, objectionId, 'rejected')
          : act(ticketNo, objectionId, 'withdraw', {}, dealer()),
      ])
      expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
      expect(both.find(({ status }) => status === 409)?.body.code).toBe('objection_not_open')
    }
  })

  it('a decision and a rescission agree on the order', async () => {
    const ticketNo = await s.register()
    const { objectionId } = (await raise(ticketNo, { measures: ['response'] })).body
    const [decided, rescinded] = await Promise.all([
      decide(ticketNo, objectionId, 'upheld'),
      s.act(ticketNo, 'rescind', { reason: '误登记' }, sa),
    ])
    expect(rescinded.status).toBe(200)
    if (decided.status !== 200) expect(decided.body.code).toBe('ticket_is_over')
  })

  it('two objections to one unit are one', async () => {
    const ticketNo = await s.register()
    const both = await Promise.all([1, 2].map(() => raise(ticketNo, { measures: ['response'] })))
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409])
  })

  it('one that waits to be raised while the ticket is taken away is judged by the unit there is then', async () => {
    const { deps } = s.service
    const ticketNo = await s.register()
    let end = (): void => {}
    const held = new Promise<void>((resolve) => {
      end = resolve
    })
    await new Promise<void>((resolve) => {
      void withQuarterLock(deps, quarterOf(deps.now()), () => {
        resolve()
        return held
      })
    })
    const raising = raise(ticketNo, { measures: ['response'] })
    await s.register()
    const taken = await s
      .act(ticketNo, 'redispatch', { tier: 'rbo', reason: '转派' }, csr)
      .finally(() => end())
    expect(taken.status).toBe(200)
    expect(problemOf(await raising)).toMatchObject({ status: 409, code: 'no_unit_of_dealer' })
  })
})
