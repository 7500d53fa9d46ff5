import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { csr, problemOf, refused, type Scenario, startScenario } from '../support/scenario.ts'

let s: Scenario
let code: string | null = null
beforeAll(async () => {
  s = await startScenario({
    store: {
      beforeCommit: () => {
        if (code !== null) throw Object.assign(new Error('no room'), { code })
      },
    },
  })
})
afterEach(() => {
  code = null
})
afterAll(() => s.service.close())

describe.each(['SQLITE_FULL', 'SQLITE_READONLY'])('a disk that takes no write: %s', (given) => {
  it('refuses writes with 503, goes on reading, and takes the same write once there is room', async () => {
    const ticketNo = await s.register()
    const body = s.complaint()
    const key = { 'idempotency-key': `while-${given}` }
    const before = await s.head()

    code = given
    const answer = await s.post(csr, 'complaints', body, { ...key, 'accept-language': 'zh-CN' })
    expect(problemOf(answer)).toEqual(refused(503, 'store_unavailable'))
    expect(answer.headers).toMatchObject({ 'retry-after': '5', 'content-language': 'zh-CN' })
    expect((await s.get('tickets?limit=1')).status).toBe(200)
    expect((await s.ticket(ticketNo)).version).toBe(2)
    expect(await s.service.call(null, 'GET', '/readyz')).toMatchObject({
      status: 503,
      body: { status: 'unready', store: 'unavailable' },
    })
    expect(await s.head()).toBe(before)

    code = null
    expect(await s.service.call(null, 'GET', '/readyz')).toMatchObject({
      status: 200,
      body: { status: 'ready', store: 'ok' },
    })
    const first = await s.post(csr, 'complaints', body, key)
    expect([first.status, first.headers['idempotent-replayed']]).toEqual([201, undefined])
    const again = await s.post(csr, 'complaints', body, key)
    expect([again.body, again.headers['idempotent-replayed']]).toEqual([first.body, 'true'])
    expect(Number(await s.head())).toBe(Number(before) + 2)
  })
})
