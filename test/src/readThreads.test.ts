/** Heavy reads are answered by a thread, as the service itself would answer them. */

import { copyFileSync, readdirSync, readFileSync } from 'node:fs'
import { getPriority } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Logger, pino } from 'pino'
import { buildApp } from '../../api/http/app.ts'
import type { App, Deps } from '../../api/http/deps.ts'
import { heavyResources, routes } from '../../api/http/routes.ts'
import { createChangeMemory } from '../../projections/columns/changeCounts.ts'
import { loadMasterKey } from '../../src/keys/masterKey.ts'
import { createReadThreads } from '../../src/readThreads/pool.ts'
import { enterNetwork } from '../support/network.ts'
import { csr, dealer, one, rbo, type Scenario, sa, scenarioOf } from '../support/scenario.ts'
import { startTestService, type Who } from '../support/service.ts'

const lines: Record<string, unknown>[] = []
const log: Logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) })

let s: Scenario
/** The same service without threads. */
let alone: App

beforeAll(async () => {
  const service = await startTestService({ now: '2026-03-02T02:00:00.000Z', hasReadThreads: true, log })
  await enterNetwork(service)
  s = scenarioOf(service)
  const { readThreads: _, ...withoutThreads } = service.deps
  alone = buildApp(withoutThreads)
  for (const code of ['D001', 'D002', 'D003']) {
    const ticketNo = await s.register({ dealerCode: code })
    await s.respond(ticketNo, dealer(code))
    await s.close(ticketNo, dealer(code))
    await s.register({ dealerCode: code, category: 'A4z' })
  }
}, 60_000)
afterAll(async () => {
  await alone.close()
  await s.service.close()
})

/** The niceness of each thread of this process. */
const nicenesses = (): number[] =>
  readdirSync('/proc/self/task').map((thread) => {
    const stat = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8')
    // the name of a thread may hold anything, and ends with the last bracket; niceness is the 19th field
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16])
  })

const year = 'from=2026-01-01&to=2027-01-01'
const reads: [string, string, object?][] = [
  ['GET', `reports/statistics?${year}&groupBy=dealer,category`],
  ['GET', `reports/statistics?${year}&format=csv`],
  ['GET', 'reports/monthly?month=2026-03'],
  ['GET', 'reports/monthly?month=2026-03&format=csv'],
  ['HEAD', 'reports/monthly?month=2026-03'],
  ['GET', `reports/kpi?${year}&by=dealer`],
  ['GET', `reports/kpi/units?${year}&limit=2`],
  ['GET', 'reports/satisfaction?quarter=2026Q1'],
  ['GET', 'reports/causes?quarter=2026Q1&by=rbo&format=csv'],
  ['GET', 'reports/warnings?quarter=2026Q1&by=sentTo'],
  ['GET', 'reports/per-100-deliveries?quarter=2026Q1'],
  ['GET', 'reports/care?quarter=2026Q1&by=kind'],
  ['GET', 'assessments/2026Q1/dealers/D001'],
  ['POST', 'assessments/2026Q1/what-if', { policy: { rewardTop: 1 } }],
  ['POST', 'assessments/2026Q1/what-if', { policy: { rewardTop: 'many' } }],
  ['GET', 'reports/statistics?from=2026-13-01&to=2027-01-01'],
  ['GET', 'assessments/2026Q1/dealers/D999'],
]
const callers: Who[] = [sa, dealer('D001'), rbo('NORTH'), one('hq_sales'), one('auditor')]

const answerOf = async (
  app: App,
  who: Who,
  [method, path, payload]: (typeof reads)[number],
  language: string,
) => {
  const { statusCode, headers, rawPayload } = await app.inject({
    method: method as 'GET',
    url: `/v1/${path}`,
    headers: {
      authorization: `Bearer ${await s.service.tokenOf(who)}`,
      'accept-language': language,
      'x-request-id': '0123456789abcdef0123456789abcdef',
    },
    ...(payload !== undefined && { payload }),
  })
  // how a body is cut is no matter of the answer, and the date is that of the connection
  const { 'transfer-encoding': _, 'content-length': __, date: ___, connection: ____, ...told } = headers
  return { statusCode, told, body: rawPayload.toString() }
}

describe('a heavy read', () => {
  it.each(reads)('%s %s has the same answer as without threads, for every caller', async (...read) => {
    for (const who of callers)
      for (const language of ['en', 'zh-CN']) {
        const [threaded, here] = [
          await answerOf(s.service.app, who, read, language),
          await answerOf(alone, who, read, language),
        ]
        expect([who.roles, threaded]).toEqual([who.roles, here])
      }
  })

  it('counts what its caller has just written', async () => {
    const total = async (): Promise<number> => {
      const { body } = await s.get(`reports/statistics?${year}`, sa)
      return body.totals.complaints
    }
    const before = await total()
    for (let nth = 1; nth <= 15; nth += 1) {
      await s.register({ dealerCode: 'D002' })
      expect(await total()).toBe(before + nth)
    }
  })

  const onLinux = process.platform === 'linux' ? it : it.skip
  onLinux('is answered at a lower priority than commands', async () => {
    await s.get(`reports/statistics?${year}`, sa)
    const own = getPriority()
    expect(nicenesses()).toContain(Math.min(19, own + 10))
    // a test runner may have lowered its own
    expect(nicenesses().filter((each) => each === own).length).toBeGreaterThan(1)
  })

  it('is refused to a caller without a token or role before any thread is asked', async () => {
    const asked: string[] = []
    const deps: Deps = {
      ...s.service.deps,
      readThreads: {
        answer: async ({ url }) => {
          asked.push(url)
          throw new Error('not to be asked')
        },
      },
    }
    const app = buildApp(deps)
    const url = '/v1/assessments/2026Q1/what-if'
    expect((await app.inject({ method: 'POST', url, payload: {} })).statusCode).toBe(401)
    const authorization = `Bearer ${await s.service.tokenOf(csr)}`
    const { statusCode } = await app.inject({ method: 'POST', url, payload: {}, headers: { authorization } })
    expect([statusCode, asked]).toEqual([403, []])
    await app.close()
  })

  it('leaves its line of an export once, with the rows', async () => {
    lines.length = 0
    await s.get(`reports/statistics?${year}&groupBy=dealer&format=csv`, sa)
    // the line comes from the thread, after the last byte
    for (let tries = 0; tries < 200 && !lines.some(({ audit }) => audit === 'export'); tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 10))
    expect(lines.filter(({ audit }) => audit === 'export')).toEqual([
      expect.objectContaining({ route: '/v1/reports/statistics', sub: 'sa', format: 'csv', isWhole: true }),
    ])
  })

  it('is only of resources that a thread has', async () => {
    const heavyOf = async (resources: typeof routes): Promise<string[]> => {
      const { readThreads: _, ...deps } = s.service.deps
      const found: string[] = []
      const app = buildApp(deps, resources)
      app.addHook('onRoute', ({ method, url, config }) => {
        if (config?.isHeavy !== undefined) found.push(`${method} ${url}`)
      })
      await app.ready()
      await app.close()
      return found.sort()
    }
    const heavy = await heavyOf(routes)
    expect(heavy.length).toBeGreaterThan(5)
    expect(await heavyOf(heavyResources)).toEqual(heavy)
  })
})

describe('a read thread', () => {
  const read = (who: Who) => ({
    method: 'GET',
    url: `/v1/reports/statistics?${year}`,
    requestId: 'r1',
    caller: { ...who, id: 'somebody', sub: 'somebody', roles: who.roles, expiresAt: 0 } as never,
    now: '2026-03-02T08:00:00.000Z',
    headers: {},
    body: null,
  })
  const { signal } = new AbortController()

  it('that ends fails its request, and the next one has another thread', async () => {
    const { folder } = s.service
    const file = (name: string): string => join(folder, name)
    const told: Record<string, unknown>[] = []
    const threads = createReadThreads({
      sources: {
        log: { file: file('events.db') },
        views: file('views.db'),
        keys: file('later.db'),
        masterKey: loadMasterKey(folder, undefined),
        changes: createChangeMemory(),
      },
      config: { logLevel: 'silent', bodyLimitBytes: 1_000, checkAnswers: false },
      count: 1,
      log: pino({ level: 'error' }, { write: (line: string) => void told.push(JSON.parse(line)) }),
      access: { write: async () => {}, complete: () => {} },
      onUnreadable: () => {},
    })
    await expect(threads.answer(read(sa), signal)).rejects.toThrow('a read thread failed')
    expect(told).toHaveLength(1)
    for (const end of ['', '-wal']) copyFileSync(file(`keys.db${end}`), file(`later.db${end}`))
    const { status, body } = await threads.answer(read(sa), signal)
    expect(status).toBe(200)
    for await (const _ of body);
    await threads.close()
    await expect(threads.answer(read(sa), signal)).rejects.toThrow('closed')
  }, 30_000)
})
