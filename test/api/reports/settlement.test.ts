import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { at, dealer, one, problemOf, refused, type Scenario, sa } from '../../support/scenario.ts'
import { type Json, startTestService } from '../../support/service.ts'
import { close, ndjson, register, respond, send } from '../imports/importing.ts'
import {
  assessment,
  does,
  freezable,
  hq,
  put,
  type Quarter,
  standings,
  startUnsettled,
  write,
} from './settling.ts'

let s: Quarter
afterEach(() => s.service.close())

const frozen = async (): Promise<Json> => {
  s = await startUnsettled()
  s.go(freezable)
  return does(s, 'freeze')
}

/** Everything that can come after a freeze and would have changed it, some of it dated before. */
const comeLate = async (of: Quarter): Promise<void> => {
  of.go('2026-04-24 10:00')
  await of.register({ dealerCode: 'D003', sameProblemAs: of.pending })
  await of.does(of.ofD002, 'rescind', { reason: '误登记' }, sa)
  const lines = [
    register('2026-02-02 10:00', 'L-1', '13700000001', { dealerCode: 'D004' }),
    register('2026-02-03 10:00', 'L-2', '13700000002', { dealerCode: 'D016' }),
    respond('2026-02-03 10:30', 'L-2'),
    close('2026-02-03 11:00', 'L-2'),
  ]
  expect((await send(of, ndjson(lines))).body).toMatchObject({ applied: 4 })
  await put(of, 'dealers/D014/deliveries/2026Q1', { count: 9 })
  await put(of, 'dealers/D015/deliveries/2026Q1', { count: 8 })
  await put(of, 'dealers/D001', { name: '改名一店', rbo: 'EAST' })
  await put(of, 'dealers/D017', { name: '新店', rbo: 'EAST' })
  const { version: _version, effectiveFrom: _from, ...policy } = (await of.get('policy')).body
  await put(of, 'policy', { ...policy, rewardAmount: 1 })
}

describe('freezing a quarter', () => {
  it('is refused before 00:00 after the 15th working day that follows it, and done from then on', async () => {
    s = await startUnsettled()
    s.go('2026-04-22 23:59:59.999')
    const early = await write(s, 'freeze')
    expect(problemOf(early)).toEqual(refused(409, 'freeze_too_early'))
    expect(early.body.detail).toContain(at(freezable))
    s.go(freezable)
    expect(await does(s, 'freeze')).toMatchObject({ quarter: '2026Q1', status: 'frozen', revision: 1 })
  })

  it('makes what is pending failed, and is answered with the first revision', async () => {
    s = await startUnsettled()
    s.go(freezable)
    const live = standings(await assessment(s))
    const answer = await write(s, 'freeze')
    expect(answer.headers).toMatchObject({ etag: '"1"', 'x-position': await s.head() })
    expect(answer.body).toMatchObject({ asOf: at(freezable), policyVersion: 1 })
    expect(answer.body).toEqual(await assessment(s))
    expect(answer.body).toEqual(await assessment(s, '2026Q1?revision=1'))
    expect(standings(answer.body)).toEqual(live)
    expect(standings(answer.body).D003).toEqual([65, 1, 'reward', 10_000])
    s.go('2026-05-01 00:00')
    expect(standings(await assessment(s, '2026Q1?revision=live')).D003).toEqual([85, 1, 'reward', 10_000])
    expect(await assessment(s)).toEqual(answer.body)
  })

  it('goes by the working days of the policy that was in force at the quarter’s end', async () => {
    s = await startUnsettled()
    const { version: _version, effectiveFrom: _from, ...policy } = (await s.get('policy')).body
    await put(s, 'policy', { ...policy, freezeWorkingDays: 1 })
    s.go('2026-04-22 23:59:59.999')
    expect((await write(s, 'freeze')).body.code).toBe('freeze_too_early')
  })

  it('happens once', async () => {
    await frozen()
    const head = await s.head()
    expect(problemOf(await write(s, 'freeze'))).toEqual(refused(409, 'already_frozen'))
    expect(await s.head()).toBe(head)
  })

  it('takes an empty body or none, and no other', async () => {
    s = await startUnsettled()
    s.go(freezable)
    expect(problemOf(await write(s, 'freeze', { reason: '理由' }))).toEqual(
      refused(400, 'unknown_field', ['body', '#/reason']),
    )
    await does(s, 'freeze', {})
  })
})

describe('a quarter that cannot be settled', () => {
  it.each([
    ['before 2014Q4', '2014Q3', refused(422, 'quarter_not_assessed', ['path', 'quarter'])],
    ['that has not begun', '2026Q3', refused(422, 'quarter_in_future', ['path', 'quarter'])],
    ['that is no quarter', '2026Q7', refused(400, 'invalid_request', ['path', 'quarter'])],
  ])('%s is refused by each act', async (_, quarter, problem) => {
    s = await startUnsettled()
    const acts = [
      ['freeze', {}],
      ['revise', { reason: '理由' }],
      ['decide-tie', { rbo: 'EAST', rewarded: ['D014'], reason: '理由' }],
    ] as const
    for (const [act, body] of acts)
      expect([act, problemOf(await write(s, act, body, { quarter }))]).toEqual([act, problem])
  })

  it('is one that still runs, or is not frozen yet', async () => {
    s = await startUnsettled()
    expect((await write(s, 'freeze', {}, { quarter: '2026Q2' })).body.code).toBe('freeze_too_early')
    expect(problemOf(await write(s, 'revise', { reason: '理由' }))).toEqual(refused(409, 'not_frozen'))
    const tie = { rbo: 'EAST', rewarded: ['D014'], reason: '理由' }
    expect(problemOf(await write(s, 'decide-tie', tie))).toEqual(refused(409, 'not_frozen'))
  })
})

describe('what comes after the freeze', () => {
  it('changes nothing of its revision, only what is live, until the quarter is revised with a reason', async () => {
    const first = await frozen()
    await comeLate(s)
    expect(await assessment(s)).toEqual(first)
    expect(await assessment(s, `2026Q1?asOf=${encodeURIComponent(first.asOf)}`)).toEqual(first)
    const live = await assessment(s, '2026Q1?revision=live')
    expect(live).toMatchObject({ status: 'live', revision: null })
    const second = await does(s, 'revise', { reason: '迟到的更正' })
    expect(second).toMatchObject({ status: 'frozen', revision: 2 })
    expect(standings(second)).toMatchObject({
      D002: [null, null, 'unranked', 0],
      D003: [65, 1, 'reward', 10_000],
      D004: [50, 1, 'reward', 10_000],
      D014: [50, 6, 'none', 0],
      D015: [50, 7, 'none', 0],
      D016: [100, 1, 'reward', 10_000],
      D017: [null, null, 'unranked', 0],
    })
    expect(standings(live)).toEqual(standings(second))
    expect(second.rbos[0].dealers.find((row: Json) => row.dealer === 'D001').name).toBe('改名一店')
    expect(second.policyVersion).toBe(first.policyVersion)
    expect(await assessment(s)).toEqual(second)
    expect(await assessment(s, '2026Q1?revision=1')).toEqual(first)
    expect(await assessment(s, `2026Q1?asOf=${encodeURIComponent(first.asOf)}`)).toEqual(first)
  })

  it('is reproduced by views that are rebuilt from the log', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'settled-'))
    try {
      s = await startUnsettled({ dataDir })
      s.go(freezable)
      await does(s, 'freeze')
      await comeLate(s)
      await does(s, 'revise', { reason: '迟到的更正' })
      const paths = ['?revision=1', '', '/dealers/D003?revision=1', '/dealers/D003', '/revisions']
      const all = (of: Pick<Scenario, 'get'>) =>
        Promise.all(paths.map(async (path) => (await of.get(`assessments/2026Q1${path}`)).body))
      const before = await all(s)
      await s.service.close()
      for (const suffix of ['', '-wal', '-shm']) rmSync(join(dataDir, `views.db${suffix}`), { force: true })
      const service = await startTestService({ dataDir, now: at('2026-04-24 10:00') })
      const get = (path: string) => service.call(sa, 'GET', `/v1/${path}`)
      expect(await all({ get })).toEqual(before)
      s = { ...s, service }
    } finally {
      rmSync(dataDir, { recursive: true, force: true })
    }
  })

  it('an instant before the freeze shows the quarter live, as it was known then', async () => {
    await frozen()
    const before = await assessment(s, `2026Q1?asOf=${encodeURIComponent(at('2026-04-22 23:59:59.999'))}`)
    expect(before).toMatchObject({ status: 'live', revision: null })
    const answer = await s.get(`assessments/2026Q1?revision=1&asOf=${encodeURIComponent(before.asOf)}`)
    expect(problemOf(answer)).toEqual(refused(404, 'revision_not_found'))
  })

  it('a clock that was set back still shows the newest revision', async () => {
    const first = await frozen()
    s.go('2026-04-22 10:00')
    expect(await assessment(s)).toEqual(first)
  })
})

describe('revising', () => {
  it.each([{}, { reason: '' }, { reason: '  ' }, { reason: null }])(
    'without a reason, %j, is refused',
    async (body) => {
      await frozen()
      expect(problemOf(await write(s, 'revise', body))).toEqual(
        refused(400, 'invalid_request', ['body', '#/reason']),
      )
      expect((await assessment(s)).revision).toBe(1)
    },
  )

  it('shows a revision there is, and refuses one there is not', async () => {
    await frozen()
    expect(problemOf(await s.get('assessments/2026Q1?revision=2'))).toEqual(
      refused(404, 'revision_not_found'),
    )
    for (const revision of ['0', '-1', '1.5', 'newest'])
      expect(problemOf(await s.get(`assessments/2026Q1?revision=${revision}`))).toEqual(
        refused(400, 'invalid_request', ['query', 'revision']),
      )
  })
})

describe('a write on a settlement', () => {
  it('with a key is done once, and gives its own revision again, whatever came since', async () => {
    s = await startUnsettled()
    s.go(freezable)
    const key = { 'idempotency-key': 'freeze-1' }
    const first = await write(s, 'freeze', {}, { headers: key })
    await does(s, 'revise', { reason: '再算一次' })
    const again = await write(s, 'freeze', {}, { headers: key })
    expect([again.status, again.headers['idempotent-replayed'], again.body]).toEqual([
      200,
      'true',
      first.body,
    ])
    expect(again.headers.etag).toBe(first.headers.etag)
    expect((await assessment(s)).revision).toBe(2)
    const revise = { 'idempotency-key': 'revise-1' }
    await does(s, 'revise', { reason: '甲' }, { headers: revise })
    expect((await write(s, 'revise', { reason: '乙' }, { headers: revise })).body.code).toBe(
      'idempotency_key_reused',
    )
  })

  it('on another revision than the one that was read is refused', async () => {
    s = await startUnsettled()
    s.go(freezable)
    const live = await s.get('assessments/2026Q1')
    expect(live.headers.etag).toBe('"0"')
    await does(s, 'freeze', {}, { headers: { 'if-match': String(live.headers.etag) } })
    const stale = await write(s, 'revise', { reason: '理由' }, { headers: { 'if-match': '"0"' } })
    expect(problemOf(stale)).toEqual(refused(412, 'version_conflict'))
    expect((await s.get('assessments/2026Q1')).headers.etag).toBe('"1"')
    await does(s, 'revise', { reason: '理由' }, { headers: { 'if-match': '"1"' } })
    expect((await s.get('assessments/2026Q1?revision=1')).headers.etag).toBe('"1"')
  })

  it('by several at once makes one first revision', async () => {
    s = await startUnsettled()
    s.go(freezable)
    const answers = await Promise.all([1, 2, 3].map(() => write(s, 'freeze')))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409])
    const revised = await Promise.all([1, 2, 3].map((nth) => write(s, 'revise', { reason: `第${nth}次` })))
    expect(revised.map(({ body }) => body.revision).sort()).toEqual([2, 3, 4])
  })
})

describe('the revisions of a quarter', () => {
  it('are listed with who made them, when, why, by which policy and at which place of the log', async () => {
    await frozen()
    const atFreeze = await s.head()
    s.go('2026-04-24 10:00')
    await does(s, 'revise', { reason: '迟到的更正' }, { who: one('admin') })
    const atRevise = await s.head()
    s.go('2026-04-25 10:00')
    await does(s, 'decide-tie', { rbo: 'EAST', rewarded: ['D015'], reason: '客户满意度' })
    const { status, body, headers } = await s.get('assessments/2026Q1/revisions')
    expect([status, headers.etag]).toEqual([200, '"3"'])
    const none = { reason: null, decision: null }
    const digestBefore = (position: string | null) => s.service.deps.digestUpTo(String(Number(position) - 1))
    const last = await s.head()
    expect(digestBefore(last)).toMatchObject({ events: Number(last) - 1 })
    expect(body).toEqual({
      quarter: '2026Q1',
      items: [
        {
          revision: 1,
          kind: 'frozen',
          at: at(freezable),
          actor: { id: 'hq_sales', role: 'hq_sales' },
          policyVersion: 1,
          position: atFreeze,
          logDigest: digestBefore(atFreeze),
          countedRevision: 1,
          ...none,
        },
        {
          revision: 2,
          kind: 'revised',
          at: at('2026-04-24 10:00'),
          actor: { id: 'admin', role: 'admin' },
          policyVersion: 1,
          position: atRevise,
          logDigest: digestBefore(atRevise),
          countedRevision: 2,
          ...none,
          reason: '迟到的更正',
        },
        {
          revision: 3,
          kind: 'tie_decided',
          at: at('2026-04-25 10:00'),
          actor: { id: 'hq_sales', role: 'hq_sales' },
          policyVersion: 1,
          position: last,
          logDigest: digestBefore(last),
          countedRevision: 2,
          reason: '客户满意度',
          decision: { rbo: 'EAST', tied: ['D014', 'D015'], rewarded: ['D015'] },
        },
      ],
    })
    const then = await s.get(
      `assessments/2026Q1/revisions?asOf=${encodeURIComponent(at('2026-04-24 10:00'))}`,
    )
    expect(then.body.items).toEqual(body.items.slice(0, 2))
  })

  it('are none while it is live, and of a quarter that is not assessed refused', async () => {
    s = await startUnsettled()
    expect((await s.get('assessments/2026Q1/revisions')).body).toEqual({ quarter: '2026Q1', items: [] })
    expect((await s.get('assessments/2014Q3/revisions')).body.code).toBe('quarter_not_assessed')
    expect((await s.get('assessments/2026Q3/revisions')).body.code).toBe('quarter_in_future')
    const future = await s.get(`assessments/2026Q1/revisions?asOf=${'2027-01-01'}`)
    expect(future.body.code).toBe('as_of_in_future')
  })

  it('tell a unit nothing of a decision about others', async () => {
    await frozen()
    await does(s, 'decide-tie', { rbo: 'EAST', rewarded: ['D015'], reason: '客户满意度' })
    const told = async (who: Parameters<Scenario['get']>[1]) => {
      const { reason, decision } = (await s.get('assessments/2026Q1/revisions', who)).body.items[1]
      return [reason, decision]
    }
    const whole = { rbo: 'EAST', tied: ['D014', 'D015'], rewarded: ['D015'] }
    expect(await told(hq)).toEqual(['客户满意度', whole])
    expect(await told(one('rbo', { rbo: 'EAST' }))).toEqual(['客户满意度', whole])
    expect(await told(dealer('D014'))).toEqual(['客户满意度', { rbo: 'EAST', tied: ['D014'], rewarded: [] }])
    expect(await told(dealer('D015'))).toEqual([
      '客户满意度',
      { rbo: 'EAST', tied: ['D015'], rewarded: ['D015'] },
    ])
    for (const who of [dealer('D001'), one('rbo', { rbo: 'NORTH' })])
      expect(await told(who)).toEqual([null, null])
  })
})
