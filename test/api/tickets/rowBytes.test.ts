/** Pages of the service, whose rows are kept as bytes, against pages whose rows are made each time. */
import { afterEach, expect, it } from '@jest/globals'
import { buildApp } from '../../../api/http/app.ts'
import type { App } from '../../../api/http/deps.ts'
import { csr, dealer, one, rbo, type Scenario, sa, start, startScenario } from '../../support/scenario.ts'
import type { Json, Who } from '../../support/service.ts'

let s: Scenario
let inBytes: App
afterEach(async () => {
  await inBytes.close()
  await s.service.close()
})

const begin = async (): Promise<void> => {
  s = await startScenario()
  const { deps } = s.service
  inBytes = buildApp({ ...deps, config: { ...deps.config, checkAnswers: false } })
}

const pages = ['tickets?sort=-registeredAt', 'tickets?limit=2', 'tickets?state=rescinded', 'escalations']

/** Asks each page as every caller, twice in bytes; the newest access line of the bytes and of the value. */
const expectTheSame = async (): Promise<void> => {
  const auditor = one('auditor')
  const line = async (): Promise<Json> => {
    const {
      at: _,
      requestId: __,
      ...rest
    } = (await s.get('privacy/access-log?limit=1', auditor)).body.items[0] ?? {}
    return rest
  }
  for (const who of [csr, dealer(), dealer('D002'), rbo(), one('auditor'), sa] satisfies Who[])
    for (const path of pages) {
      const { bytes, headers } = await s.get(path, who)
      const logged = await line()
      for (let time = 0; time < 2; time++) {
        const authorization = `Bearer ${await s.service.tokenOf(who)}`
        const answer = await inBytes.inject({ url: `/v1/${path}`, headers: { authorization } })
        expect([who.roles, path, answer.payload]).toEqual([who.roles, path, bytes.toString()])
        for (const name of ['content-type', 'content-length', 'link', 'vary', 'cache-control'])
          expect([name, answer.headers[name]]).toEqual([name, headers[name]])
        expect(await line()).toEqual(logged)
      }
    }
}

it('shows the same after writes, after dues, with the clock set back and after an erasure', async () => {
  await begin()
  await expectTheSame()
  const ticketNo = await s.register({ customer: { name: '赵一', phone: '13911112222' } })
  await s.register({ customer: { name: '钱二' }, dealerCode: 'D002' })
  await s.register()
  await expectTheSame()
  // a write: the row is another one
  await s.respond(ticketNo)
  await expectTheSame()
  expect((await s.get('tickets', csr)).text).toContain('赵一')
  // the closing's due passes without a write
  const { closeDueAt } = await s.ticket(ticketNo)
  for (const instant of [closeDueAt, start]) {
    s.service.setClock(
      instant === start ? new Date(`${start.replace(' ', 'T')}+08:00`).toISOString() : instant,
    )
    await expectTheSame()
  }
  await s.close(ticketNo)
  await expectTheSame()
  const [{ subjectId }] = (await s.post(sa, 'privacy/subjects/search', { phone: '13911112222' })).body.items
  expect((await s.post(sa, `privacy/subjects/${subjectId}/erase`, { reason: '客户要求' })).status).toBe(200)
  await expectTheSame()
  const authorization = `Bearer ${await s.service.tokenOf(csr)}`
  const { payload } = await inBytes.inject({ url: '/v1/tickets', headers: { authorization } })
  expect(payload).not.toContain('赵一')
})
