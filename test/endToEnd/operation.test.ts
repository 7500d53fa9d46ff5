import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { temporaryFolder } from '../store/folder.ts'
import { freePort, type ServiceProcess, startProcess } from './serviceProcess.ts'
import { csr, enterMasterData, namePrefix, phonePrefix, type Write, writeUntil } from './writers.ts'

describe('the running service', () => {
  let service: ServiceProcess
  let metricsPort: number
  let remove: () => Promise<void>
  beforeAll(async () => {
    const folder = await temporaryFolder()
    remove = folder.remove
    metricsPort = await freePort()
    service = await startProcess(folder.dir, { LOG_LEVEL: 'debug', METRICS_PORT: String(metricsPort) })
    await service.ready()
    await enterMasterData(service)
  })
  afterAll(async () => {
    await service.kill('SIGKILL')
    await remove()
  })

  test('answers without a token what operators and developers look at', async () => {
    const { call } = service
    expect(await call(null, 'GET', '/livez')).toMatchObject({ status: 200, body: { status: 'live' } })
    expect(await call(null, 'GET', '/readyz')).toMatchObject({
      status: 200,
      body: { status: 'ready', store: 'ok' },
    })
    expect((await call(null, 'GET', '/openapi.json')).body).toMatchObject({ openapi: '3.1.0' })
    expect((await call(null, 'GET', '/docs')).body).toContain('<html')
    expect(await call(null, 'GET', '/problems/ticket_not_found')).toMatchObject({
      status: 200,
      body: { code: 'ticket_not_found', status: 404 },
    })
    expect((await call(null, 'GET', '/v1/tickets')).status).toBe(401)
  })

  test('serves its metrics on a port of their own', async () => {
    const page = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
    expect(page).toMatch(/^view_state\{view="tickets",state="ready"\} 1$/m)
    expect(page).toMatch(/^process_cpu_seconds_total /m)
    expect((await service.call(null, 'GET', '/metrics')).status).toBe(404)
  })

  test('logs requests by route pattern, and nothing of a customer', async () => {
    const account: Write[] = []
    await writeUntil(service, account, { count: 2, enough: () => account.length >= 20 })
    const phone = `${phonePrefix}0001`
    const search = { phone, vin: null, customerId: null, category: null }
    await service.call(csr, 'POST', '/v1/tickets/search', { body: search })
    await service.call(csr, 'POST', '/v1/complaints', { body: { customer: { name: namePrefix, phone } } })
    await service.call(csr, 'GET', `/v1/nowhere/${phone}?name=${encodeURIComponent(namePrefix)}`)
    const output = service.output()
    expect(output).toContain('"route":"/v1/tickets/:ticketNo/contacts"')
    expect(output).not.toContain(phonePrefix)
    expect(output).not.toContain(namePrefix)
    expect(output).not.toContain(encodeURIComponent(namePrefix))
  })
})
