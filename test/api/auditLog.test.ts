/** What an auditor finds in the log, and that nothing of a customer is in it. */
import { mock } from 'node:test'
import { afterEach, describe, expect, it } from '@jest/globals'
import { buildApp } from '../../api/http/app.ts'
import { createMetrics } from '../../api/http/metrics.ts'
import { createRefusedLogins } from '../../api/http/refusedLogins.ts'
import { collectLines } from '../support/logLines.ts'
import { admin, one, type Scenario, sa } from '../support/scenario.ts'
import type { Json } from '../support/service.ts'
import { tokenFor } from './fakes.ts'
import { ndjson, register, send } from './imports/importing.ts'
import { freezable, hq, type Quarter, startUnsettled } from './reports/settling.ts'

let s: Quarter
let text: () => string
afterEach(async () => {
  mock.timers.reset()
  await s?.service.close()
})

const start = async (): Promise<void> => {
  const lines = collectLines()
  text = lines.text
  s = await startUnsettled({ log: lines.log })
}
const lines = (): Json[] =>
  text()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
const audited = (): Json[] => lines().filter((line) => line.audit !== undefined)
/** The lines an act leaves. */
const left = async (act: () => Promise<unknown>): Promise<Json[]> => {
  const before = audited().length
  await act()
  // a file's line is written when its stream has closed
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate)
  return audited().slice(before)
}
const call = (who: Parameters<Scenario['service']['call']>[0], method: string, url: string, body?: unknown) =>
  s.service.call(who, method, url, body === undefined ? {} : { body })

/** Addresses by which something is exported, settled, imported or made to count otherwise. */
const mustBeAudited =
  /imports|freeze|revise|decide-tie|policy|calendars|dealers(?!.*sms-contacts)|rbos|deliveries/

describe('every route that exports, settles, imports or changes master data', () => {
  it('leaves a line, by what it declares', async () => {
    await start()
    const found: Record<string, readonly string[]> = {}
    const app = buildApp({ ...s.service.deps, metrics: createMetrics() })
    app.addHook('onRoute', ({ method, url, config }) => {
      for (const each of [method].flat()) {
        if (each !== 'HEAD' && config?.audit !== undefined) found[`${each} ${url}`] = config.audit
        if (config?.files !== undefined) expect(config.audit).toContain('export')
        if (!['GET', 'HEAD'].includes(each) && mustBeAudited.test(url))
          expect({ url, audit: config?.audit }).toEqual({ url, audit: [expect.any(String)] })
      }
    })
    await app.ready()
    await app.close()
    const writes = Object.fromEntries(Object.entries(found).filter(([name]) => !name.startsWith('GET')))
    expect(writes).toMatchObject({
      'POST /v1/imports': ['import'],
      'POST /v1/assessments/:quarter/freeze': ['settlement'],
      'POST /v1/assessments/:quarter/revise': ['settlement'],
      'POST /v1/assessments/:quarter/decide-tie': ['settlement'],
      'PUT /v1/policy': ['master_data'],
      'PUT /v1/calendars/:id': ['master_data'],
      'PUT /v1/calendars/:id/:year': ['master_data'],
    })
  })

  it('leaves it when it is done: who, where, which version', async () => {
    await start()
    const { version: _version, effectiveFrom: _from, ...policy } = (await s.get('policy')).body
    expect(await left(() => call(hq, 'PUT', '/v1/policy', policy))).toMatchObject([
      {
        level: 30,
        audit: 'master_data',
        method: 'PUT',
        route: '/v1/policy',
        sub: hq.sub,
        version: expect.any(Number),
      },
    ])
    const year = { off: [], work: [], source: '国办' }
    expect(await left(() => call(hq, 'PUT', '/v1/calendars/CN/2031', year))).toMatchObject([
      { audit: 'master_data', route: '/v1/calendars/:id/:year', id: 'CN', year: expect.anything() },
    ])
    s.go(freezable)
    expect(await left(() => call(hq, 'POST', '/v1/assessments/2026Q1/freeze', {}))).toMatchObject([
      { audit: 'settlement', quarter: '2026Q1', sub: hq.sub, version: 1 },
    ])
    const reason = '张三的更正 13800000001'
    expect(await left(() => call(admin, 'POST', '/v1/assessments/2026Q1/revise', { reason }))).toMatchObject([
      { audit: 'settlement', route: '/v1/assessments/:quarter/revise', sub: admin.sub, version: 2 },
    ])
    expect(text()).not.toMatch(/张三|13800000001/)
  })

  it('leaves none where it is refused, replayed or only asked', async () => {
    await start()
    const key = { headers: { 'idempotency-key': 'one' }, body: { name: '华西' } }
    const put = () => s.service.call(admin, 'PUT', '/v1/rbos/WEST', key)
    expect(await left(put)).toHaveLength(1)
    expect(await left(put)).toEqual([])
    expect(await left(() => call(hq, 'POST', '/v1/assessments/2026Q1/freeze', {}))).toEqual([])
    expect(await left(() => call(hq, 'PUT', '/v1/policy', { nonsense: true }))).toEqual([])
    expect(await left(() => call(hq, 'POST', '/v1/assessments/2026Q1/what-if', {}))).toEqual([])
    expect(await left(() => call(sa, 'GET', '/v1/tickets'))).toEqual([])
    expect(await left(() => call(sa, 'HEAD', '/v1/tickets?format=csv'))).toEqual([])
  })
})

describe('an export', () => {
  it.each([
    ['/v1/tickets?format=csv&externalNo=nobody-has-this', '/v1/tickets', 'csv', 0],
    ['/v1/tickets?format=csv', '/v1/tickets', 'csv', 12],
    ['/v1/reports/kpi?quarter=2026Q1&by=rbo&format=csv', '/v1/reports/kpi', 'csv', 4],
    ['/v1/reports/kpi?quarter=2026Q1&by=rbo&format=xlsx', '/v1/reports/kpi', 'xlsx', 4],
  ])('leaves its rows: %s', async (url, route, format, rows) => {
    await start()
    let file = ''
    const found = await left(async () => {
      file = (await call(sa, 'GET', url)).text
    })
    if (format === 'csv') expect(file.trimEnd().split('\r\n')).toHaveLength(rows + 1)
    expect(found).toMatchObject([
      { audit: 'export', method: 'GET', route, sub: sa.sub, format, rows, isWhole: true },
    ])
    expect(text()).not.toMatch(/nobody-has-this|138000/)
  })
})

describe('an import', () => {
  it('leaves its counts', async () => {
    await start()
    const body = ndjson([register('2026-02-02 10:00', 'L-1', '13700000001'), { nonsense: true }])
    expect(await left(() => send(s, body))).toMatchObject([
      {
        audit: 'import',
        sub: admin.sub,
        lines: 2,
        applied: 1,
        unchanged: 0,
        rejectedCount: 1,
        isWhole: true,
      },
    ])
    expect(text()).not.toContain('13700000001')
  })

  it('that is cut leaves what it had applied', async () => {
    await start()
    async function* cut() {
      yield Buffer.from(ndjson([register('2026-02-02 10:00', 'L-1', '13700000001')]))
      throw new Error('the sender is gone')
    }
    const { Readable } = await import('node:stream')
    const authorization = `Bearer ${await s.service.tokenOf(admin)}`
    const headers = { authorization, 'content-type': 'application/x-ndjson' }
    const found = await left(() =>
      s.service.app
        .inject({ method: 'POST', url: '/v1/imports', headers, payload: Readable.from(cut()) })
        .catch(() => undefined),
    )
    expect(found).toMatchObject([{ audit: 'import', lines: 1, applied: 1, isWhole: false }])
  })
})

describe('a refused login', () => {
  const refusals = (): Json[] => lines().filter(({ msg }) => /refused/.test(msg))

  it('is in the log with route, code and subject where a signature vouches for it', async () => {
    await start()
    await call(null, 'GET', '/v1/tickets')
    await call(one('dealer', { sub: 'dealer-7', dealer: 'D001' }), 'PUT', '/v1/policy', {})
    await call({ roles: ['rbo'], sub: 'rbo-without-unit' }, 'GET', '/v1/codes')
    const forged = `${await tokenFor({ sub: 'forged', roles: ['sa'] }, '1h')}`
    await s.service.call(null, 'GET', '/v1/codes', { headers: { authorization: `Bearer ${forged}` } })
    expect(refusals()).toMatchObject([
      { level: 30, code: 'unauthenticated', sub: null, method: 'GET', route: '/v1/tickets' },
      { code: 'role_not_allowed', sub: 'dealer-7', method: 'PUT', route: '/v1/policy' },
      { code: 'invalid_claims', sub: 'rbo-without-unit', route: '/v1/codes' },
    ])
    expect(text()).not.toContain('forged')
  })

  it('is one line at once, and in a flood one a minute with their number and routes', async () => {
    mock.timers.enable({ apis: ['setInterval'] })
    const { log, text: logged } = collectLines()
    const refused = createRefusedLogins(log)
    const written = () =>
      logged()
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line))
    const login = { code: 'unauthenticated', sub: null, method: 'GET' }
    for (let index = 0; index < 10_000; index++)
      refused.note({ ...login, route: index % 2 === 0 ? '/v1/tickets' : '/v1/codes' })
    expect(written()).toMatchObject([{ ...login, route: '/v1/tickets' }])
    mock.timers.tick(60_000)
    expect(written().slice(1)).toMatchObject([
      {
        code: 'unauthenticated',
        sub: null,
        count: 9_999,
        routes: { 'GET /v1/tickets': 4_999, 'GET /v1/codes': 5_000 },
      },
    ])
    refused.note({ ...login, route: '/v1/tickets' })
    expect(written()).toHaveLength(2)
    mock.timers.tick(180_000)
    expect(written().slice(2)).toMatchObject([{ count: 1 }])
    refused.note({ ...login, route: '/v1/tickets' })
    expect(written()).toHaveLength(4)
    refused.note({ ...login, route: '/v1/tickets' })
    refused.stop()
    expect(written().slice(4)).toMatchObject([{ count: 1 }])
  })

  it('of very many subjects takes bounded memory: from a number on they are counted together', () => {
    const { log, text: logged } = collectLines()
    const refused = createRefusedLogins(log)
    for (let index = 0; index < 5_000; index++)
      refused.note({ code: 'role_not_allowed', sub: `sub-${index}`, method: 'GET', route: '/v1/codes' })
    refused.stop()
    expect(logged().split('\n').length).toBeLessThan(1_010)
    expect(logged()).toMatch(/"sub":null,"count":3999/)
  })
})
