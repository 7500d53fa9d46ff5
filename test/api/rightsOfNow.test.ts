/** First answers sent again under an `Idempotency-Key`, and warnings of tickets that went elsewhere: by the rights of now. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  csr,
  dealer,
  media,
  one,
  rbo,
  type Scenario,
  sa,
  se,
  startScenario,
  supervisor,
  system,
} from '../support/scenario.ts'
import type { Json, Who } from '../support/service.ts'

let s: Scenario
beforeAll(async () => {
  s = await startScenario()
})
afterAll(() => s.service.close())

let keys = 0
const keyed = () => ({ 'idempotency-key': `key-${++keys}` })

/** Does an act with a key; gives what asks again as whoever the same `sub` is by then. */
const doing = async (ticketNo: string, path: string, body: Json, who: Who) => {
  const headers = keyed()
  const first = await s.act(ticketNo, path, body, who, headers)
  expect([path, first.status, first.text]).toEqual([path, 200, first.text])
  return {
    first,
    again: (now: Partial<Who> = {}) => s.act(ticketNo, path, body, { ...who, ...now }, headers),
    otherwise: (now: Partial<Who> = {}) =>
      s.act(ticketNo, path, { ...body, note: '别的' }, { ...who, ...now }, headers),
  }
}

const secret = '机密姓名'
const register = (more: Json = {}) => s.register({ customer: { name: secret }, ...more })
const masked = { roles: ['auditor'] as Who['roles'] }

describe('a replay', () => {
  const respond = { method: 'phone', reached: true, note: '已联系' }

  it('is 404 once the ticket left the scope, also where the body is another', async () => {
    const ticketNo = await register()
    const done = await doing(ticketNo, 'responses', respond, dealer())
    expect((await done.again()).text).toBe(done.first.text)
    await s.does(ticketNo, 'redispatch', { dealerCode: 'D003', reason: '理由', misrouted: true }, csr)
    for (const answer of [await done.again(), await done.otherwise()])
      expect([answer.status, answer.body.code, answer.text.includes(secret)]).toEqual([
        404,
        'ticket_not_found',
        false,
      ])
  })

  it('is sent again where the ticket is another’s to hold by now, but still in scope', async () => {
    const ticketNo = await register()
    const done = await doing(ticketNo, 'responses', respond, dealer())
    await s.does(ticketNo, 'redispatch', { tier: 'rbo', reason: '理由', misrouted: false }, csr)
    const answer = await done.again()
    expect([answer.status, answer.headers['idempotent-replayed'], answer.text]).toEqual([
      200,
      'true',
      done.first.text,
    ])
  })

  it('is 404 to people who went to another unit, 403 to those who lost the role', async () => {
    const ticketNo = await register()
    const done = await doing(ticketNo, 'responses', respond, dealer())
    expect((await done.again({ dealer: 'D003' })).status).toBe(404)
    expect((await done.again(masked)).status).toBe(403)
    // the ticket is seen by one role, and the act allowed by another that has it not in scope
    const both = await done.again({ roles: ['dealer', 'auditor'], dealer: 'D003' })
    expect([both.status, both.body.code, both.text.includes(secret)]).toEqual([
      403,
      'role_not_allowed',
      false,
    ])
  })

  it('is masked where the role of now that may do it sees no personal data', async () => {
    const ticketNo = await register()
    // of the roles that may act on a ticket each sees its customer: the two that see it apart
    const done = await doing(ticketNo, 'contacts', { channel: 'phone', content: '催办' }, csr)
    expect((await done.again()).text).toContain(secret)
    const wide = await done.again({ roles: ['auditor', 'csr'] })
    expect([wide.status, wide.text.includes(secret)]).toEqual([200, true])
    expect((await done.again({ roles: ['auditor', 'hq_sales'] })).status).toBe(403)
  })

  it.each<[string, Json, Who]>([
    ['contacts', { channel: 'phone', content: '催办' }, csr],
    ['records', { kind: 'consumer_informed', note: '已告知' }, csr],
    ['reclassify', { category: 'A4d', reason: '理由' }, csr],
    ['redispatch', { tier: 'se', reason: '理由' }, csr],
    ['recalculate', { reason: '理由' }, sa],
    ['warnings', { code: 'W3' }, csr],
    ['rescind', { reason: '理由' }, supervisor],
  ])('of %s is 403 to a role that may not do it', async (path, body, who) => {
    const done = await doing(await register(), path, body, who)
    expect((await done.again()).status).toBe(200)
    for (const lost of [['auditor'], ['dealer']] as Who['roles'][]) {
      const answer = await done.again({ roles: lost, dealer: 'D003' })
      expect([path, lost, answer.text.includes(secret)]).toEqual([path, lost, false])
      expect([403, 404]).toContain(answer.status)
    }
  })

  it('of a complaint, a callback, a warning and master data goes by the role of now', async () => {
    const headers = keyed()
    const body = s.complaint({ category: 'B4', source: 'media', dealerCode: null })
    expect((await s.post(media, 'complaints', body, headers)).status).toBe(201)
    const now = (roles: Who['roles']) => s.post({ ...media, roles }, 'complaints', body, headers)
    expect((await now(['csr_media'])).status).toBe(201)
    expect([(await now(['csr'])).status, (await now(['auditor'])).status]).toEqual([403, 403])

    const ticketNo = await register()
    await s.respond(ticketNo)
    await s.close(ticketNo)
    s.go('2026-03-02 11:00')
    const called = await doing(
      ticketNo,
      'callbacks',
      { outcome: 'dissatisfied', sameProblem: true, note: '未解决' },
      csr,
    )
    expect((await called.again()).text).toBe(called.first.text)
    expect((await called.again(masked)).status).toBe(403)

    const warned = await register({ flags: ['agitated'] })
    const seen = await doing(warned, `warnings/${warned}-1/acknowledge`, {}, rbo())
    expect((await seen.again()).text).toBe(seen.first.text)
    expect((await seen.again({ rbo: 'NORTH' })).status).toBe(404)

    const put = (roles: Who['roles']) =>
      s.service.call({ roles, sub: 'master' }, 'PUT', '/v1/dealers/D001/deliveries/2026Q2', {
        body: { count: 9 },
        headers: { 'idempotency-key': 'master' },
      })
    expect([(await put(['admin'])).status, (await put(['admin'])).headers['idempotent-replayed']]).toEqual([
      201,
      'true',
    ])
    expect([(await put(['auditor'])).status, (await put(['dealer'])).status]).toEqual([403, 401])
  })
})

describe('a warning of a ticket that went to another RBO', () => {
  const given = async () => {
    const ticketNo = await register({ flags: ['agitated'], content: '机密内容' })
    await s.does(ticketNo, 'redispatch', { dealerCode: 'D003', reason: '机密理由', misrouted: false }, csr)
    return { ticketNo, warningId: `${ticketNo}-1` }
  }
  const listed = async (who: Who, warningId: string, status = 'open,acknowledged') =>
    (await s.get(`warnings?limit=200&status=${status}`, who)).body.items.find(
      (item: Json) => item.warningId === warningId,
    )

  it('stays in the list of the unit it was sent to, with nothing of the ticket', async () => {
    const { ticketNo, warningId } = await given()
    expect(await listed(rbo('EAST'), warningId)).toEqual({
      warningId,
      code: 'W4',
      ticketNo,
      from: null,
      sentTo: { tier: 'rbo', unit: 'EAST' },
      raisedAt: expect.any(String),
      raisedBy: null,
      reason: null,
      content: null,
      ackDueAt: expect.any(String),
      provisional: false,
      acknowledgedAt: null,
      acknowledgedBy: null,
      resolvedAt: null,
      resolvedBy: null,
      result: null,
      level: null,
      category: null,
      state: null,
      dealer: null,
      dueAt: null,
    })
    expect(await listed(rbo('NORTH'), warningId)).toMatchObject({ content: '机密内容', dealer: 'D003' })
    expect(await listed(dealer('D001'), warningId)).toBeUndefined()
    const file = await s.get('warnings?format=csv', rbo('EAST'))
    expect([file.text.includes(warningId), file.text.includes('D003')]).toEqual([true, false])
    for (const path of ['', '/timeline', '/sla', '/forms/handling', `/forms/warning/${warningId}`])
      expect((await s.get(`tickets/${ticketNo}${path}`, rbo('EAST'))).status).toBe(404)
    expect(await s.numbers('tickets?warning=W4', rbo('EAST'))).not.toContain(ticketNo)
  })

  it('is settled by that unit, and the answer is the warning alone', async () => {
    const { ticketNo, warningId } = await given()
    const seen = await doing(ticketNo, `warnings/${warningId}/acknowledge`, { note: '已知' }, rbo('EAST'))
    const wanted = {
      ticketNo,
      warnings: [
        {
          warningId,
          code: 'W4',
          sentTo: { tier: 'rbo', unit: 'EAST' },
          raisedAt: expect.any(String),
          acknowledgedAt: expect.any(String),
          resolvedAt: null,
        },
      ],
    }
    expect([seen.first.body, seen.first.headers.etag]).toEqual([wanted, undefined])
    expect((await seen.again()).body).toEqual(wanted)
    expect((await seen.again({ rbo: 'WEST' })).status).toBe(404)
    const path = `warnings/${warningId}/resolve`
    const guessed = await s.act(ticketNo, path, { result: '好' }, rbo('EAST'), { 'if-match': '"5"' })
    expect(guessed.status).toBe(412)
    const done = await doing(ticketNo, path, { result: '好' }, rbo('EAST'))
    expect(done.first.body.warnings[0].resolvedAt).not.toBeNull()
    expect((await done.again()).body).toEqual(done.first.body)
    // it is no longer open
    expect(await listed(rbo('EAST'), warningId, 'open,acknowledged,resolved')).toBeUndefined()
    expect((await s.act(ticketNo, path, { result: '好' }, rbo('EAST'))).body.code).toBe(
      'warning_already_resolved',
    )
  })

  it('is settled by the unit above the new holder and by the SA too, and by nobody else', async () => {
    for (const who of [rbo('NORTH'), sa]) {
      const { ticketNo, warningId } = await given()
      const answer = await s.act(ticketNo, `warnings/${warningId}/resolve`, { result: '好' }, who)
      expect([answer.status, answer.body.state]).toEqual([200, 'unhandled'])
    }
    const { ticketNo, warningId } = await given()
    const path = `warnings/${warningId}/resolve`
    expect((await s.act(ticketNo, path, { result: '好' }, rbo('WEST'))).status).toBe(404)
    expect((await s.act(ticketNo, path, { result: '好' }, se)).body.code).toBe('not_the_recipient')
    expect((await s.act(ticketNo, `warnings/${ticketNo}-9/resolve`, { result: '好' }, rbo())).status).toBe(
      404,
    )
  })

  it('is on the ticket alone once that is over, which the unit is not told', async () => {
    const { ticketNo, warningId } = await given()
    await s.does(ticketNo, 'rescind', { reason: '误录' }, sa)
    expect(await listed(rbo('EAST'), warningId)).toBeUndefined()
    const answer = await s.act(ticketNo, `warnings/${warningId}/acknowledge`, {}, rbo('EAST'))
    expect([answer.status, answer.body.code]).toEqual([404, 'ticket_not_found'])
  })
})

describe('who writes on behalf of an agent', () => {
  it('is named beside the agent, in the timeline of what it did', async () => {
    const { body } = await s.post(system, 'complaints', s.complaint(), { 'x-on-behalf-of': 'CSR-7' })
    const timeline = async (no: string) => (await s.get(`tickets/${no}/timeline`)).body.items
    for (const { actor } of await timeline(body.ticketNo))
      expect(actor).toEqual({ id: 'CSR-7', role: 'csc_system', sub: system.sub })
    for (const { actor } of await timeline(await register()))
      expect(actor).toEqual({ id: csr.sub, role: 'csr' })
    const both = one('csc_system', { roles: ['csc_system', 'admin'], sub: 'robot' })
    await s.service.call(both, 'PUT', '/v1/rbos/EAST', {
      body: { name: '东区二' },
      headers: { 'x-on-behalf-of': 'CSR-7' },
    })
    const [event] = (await s.service.deps.store.readStream('rbo-EAST')).slice(-1)
    expect(event?.metadata.actor).toEqual({ id: 'CSR-7', role: 'admin', sub: 'robot' })
  })

  it('is named beside the agent, in the versions of policy and calendars and in the revisions of a quarter', async () => {
    const both = one('csc_system', { roles: ['csc_system', 'hq_sales'], sub: 'robot' })
    const headers = { 'x-on-behalf-of': 'HQ-7' }
    const write = async (method: 'PUT' | 'POST', url: string, body: object) =>
      expect((await s.service.call(both, method, `/v1/${url}`, { body, headers })).status).toBeLessThan(300)
    const named = { id: 'HQ-7', role: 'hq_sales', sub: 'robot' }
    const { version: _, effectiveFrom: __, ...policy } = (await s.get('policy')).body
    await write('PUT', 'policy', { ...policy, rewardTop: policy.rewardTop + 1 })
    await write('PUT', 'calendars/CN/2031', { off: [], work: [] })
    s.go('2026-06-01 10:00')
    await write('POST', 'assessments/2026Q1/freeze', {})
    for (const list of ['policy/versions', 'calendars/CN/versions'])
      expect((await s.get(list)).body.items.at(-1)).toMatchObject({ recordedBy: named })
    expect((await s.get('assessments/2026Q1/revisions')).body.items.at(-1)).toMatchObject({ actor: named })
  })
})
