/** `/docs` in a real browser, over plain HTTP on a host name that is not loopback; skipped with a word without one. */
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Browser, Page } from 'puppeteer-core'
import { inBrowser, launch } from '../console/browser.ts'
import { temporaryFolder } from '../store/folder.ts'
import type { Json, Who } from '../support/service.ts'
import { type ServiceProcess, startProcess } from './serviceProcess.ts'

const csr: Who = { roles: ['csr'] }
const dealer: Who = { roles: ['dealer'], dealer: 'D001' }
/** For Swagger UI to draw, on a busy machine, milliseconds. */
const timeout = 60_000
const anybody: Who = { roles: ['csr', 'dealer', 'sa'], dealer: 'D001' }

/**
 * The main calls, with the tag under which the page has them. That every operation works as it stands there is tested
 * without a browser.
 */
const calls: [tag: string, operationId: string][] = [
  ['complaints', 'findCandidates'],
  ['complaints', 'registerComplaint'],
  ['tickets', 'listTickets'],
  ['tickets', 'searchTickets'],
  ['tickets', 'getTicket'],
  ['tickets', 'getTimeline'],
  ['tickets', 'recordResponse'],
  ['tickets', 'closeTicket'],
  ['reports', 'getRates'],
  ['reports', 'getAssessment'],
]

inBrowser('/docs', () => {
  const tokenOf = (who: Who): Promise<string> => service.tokenOf(who)
  let service: ServiceProcess
  let browser: Browser
  let page: Page
  let remove: () => Promise<void>
  beforeAll(async () => {
    const folder = await temporaryFolder()
    remove = folder.remove
    service = await startProcess(folder.dir)
    await service.ready()
    browser = await launch(['--host-resolver-rules=MAP tickets.example 127.0.0.1'])
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await service?.kill('SIGKILL')
    await remove?.()
  }, 120_000)

  const click = async (selector: string): Promise<void> => {
    const found = await page.waitForSelector(selector, { timeout })
    await found?.evaluate((each) => (each as unknown as { click(): void }).click())
  }
  /** Opens the headings of the calls; one may be open, for the page's address says which was opened last. */
  const openTags = async (): Promise<void> => {
    for (const tag of new Set(calls.map(([tag]) => tag))) {
      const heading = `[id="operations-tag-${tag}"]`
      await page.waitForSelector(heading, { timeout })
      if ((await page.$(`${heading}[data-is-open="true"]`)) === null) await click(heading)
    }
  }

  test('shows the API on any host name over plain HTTP, and asks no other host', async () => {
    page = await browser.newPage()
    const complaints: string[] = []
    const asked = new Set<string>()
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('request', (request) => {
      const { protocol, host } = new URL(request.url())
      if (protocol !== 'data:') asked.add(`${protocol}//${host}`)
    })
    const { port } = new URL(service.url)
    const answer = await page.goto(`http://tickets.example:${port}/docs/`)
    expect(answer?.status()).toBe(200)
    await openTags()
    // Swagger UI takes ten seconds to open an operation of a document in 3.1
    const described = await service.call(null, 'GET', '/docs/json')
    expect(described.body.openapi).toBe('3.0.3')
    const paths = await page.$$eval('.opblock-summary-path', (found) => found.map((each) => each.textContent))
    expect(paths).toContainEqual(expect.stringContaining('complaints'))
    expect(complaints).toEqual([])
    expect([...asked]).toEqual([`http://tickets.example:${port}`])
  }, 120_000)

  test('tries calls out as they stand there', async () => {
    const made = await Promise.all([tokenOf({ roles: ['admin'] }), tokenOf(csr), tokenOf(dealer)])
    const [admin, agent, holder] = made as [string, string, string]
    const send = async (method: string, path: string, token: string, body: unknown): Promise<Json> => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const answer = await fetch(`${service.url}${path}`, { method, headers, body: JSON.stringify(body) })
      expect([path, answer.status < 300]).toEqual([path, true])
      return answer.json()
    }
    await send('PUT', '/v1/rbos/EAST', admin, { name: '华东' })
    await send('PUT', '/v1/dealers/D001', admin, { name: '上海一店', rbo: 'EAST' })
    // one that is answered, one that is not, each of another customer
    for (const phone of ['13500000001', '13500000002']) {
      const { ticketNo } = await send('POST', '/v1/complaints', agent, {
        channel: 'phone',
        category: 'A4a',
        dealerCode: 'D001',
        customer: { name: '王芳', phone },
        content: '无人联系',
      })
      if (phone.endsWith('1'))
        await send('POST', `/v1/tickets/${ticketNo}/responses`, holder, {
          method: 'phone',
          reached: true,
          note: '已联系',
        })
    }
    const failed: string[] = []
    page.on('pageerror', (error) => failed.push(String(error)))
    page.on('console', (message) => message.type() === 'error' && failed.push(message.text()))
    page.on('requestfailed', (request) => failed.push(`${request.method()} ${request.url()}`))
    page.on(
      'response',
      (answer) => answer.status() >= 400 && failed.push(`${answer.status()} ${answer.url()}`),
    )
    // reads the document again, whose examples now name these tickets
    await page.reload()
    await openTags()
    // one who may do all of it
    await click('.btn.authorize')
    await page.waitForSelector('.auth-container input', { timeout })
    await page.type('.auth-container input', await tokenOf(anybody))
    await click('.auth-btn-wrapper .authorize')
    await click('.auth-btn-wrapper .btn-done')
    for (const [tag, operationId] of calls) {
      const block = `[id="operations-${tag}-${operationId}"]`
      await click(`${block} .opblock-summary-control`)
      await click(`${block} .try-out__btn`)
      await click(`${block} .execute`)
      const status = await page.waitForSelector(`${block} .live-responses-table tbody .response-col_status`, {
        timeout,
      })
      const text = await status?.evaluate((each) => each.textContent)
      expect([operationId, text?.slice(0, 2)]).toEqual([operationId, '20'])
    }
    expect(failed).toEqual([])
  }, 240_000)
})
