/** `/docs` in a real browser, over plain HTTP on a host name that is not loopback; skipped with a word without one. */
import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { temporaryFolder } from '../store/folder.ts'
import type { Json, Who } from '../support/service.ts'
import { type ServiceProcess, startProcess } from './serviceProcess.ts'

const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser'].find(
  (path) => path !== undefined && existsSync(path),
)
const driver = await import('playwright-core').catch(() => null)
const isMissing = executablePath === undefined || driver === null
if (isMissing)
  process.stderr.write('/docs is not rendered: there is no Chromium or no playwright-core here\n')
const inBrowser = isMissing ? describe.skip : describe

const csr: Who = { roles: ['csr'] }
const dealer: Who = { roles: ['dealer'], dealer: 'D001' }
const anybody: Who = { roles: ['csr', 'dealer', 'sa'], dealer: 'D001' }

/**
 * One call of each form, with the tag under which the page has it: a body, a query, a path, a path with a body. That every
 * operation works as it stands there is tested without a browser, which takes seconds for each.
 */
const calls: [tag: string, operationId: string][] = [
  ['complaints', 'registerComplaint'],
  ['tickets', 'searchTickets'],
  ['tickets', 'getTicket'],
  ['tickets', 'recordResponse'],
  ['reports', 'getRates'],
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
    browser = await (driver as NonNullable<typeof driver>).chromium.launch({
      executablePath: executablePath as string,
      args: ['--no-sandbox', '--host-resolver-rules=MAP tickets.example 127.0.0.1'],
    })
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await service?.kill('SIGKILL')
    await remove?.()
  }, 120_000)

  test('shows the API on any host name over plain HTTP, and asks no other host', async () => {
    page = await browser.newPage()
    const complaints: string[] = []
    const asked = new Set<string>()
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('request', (request) => {
      const { protocol, host } = new URL(request.url())
      if (protocol !== 'data:') asked.add(`${protocol}//${host}`)
    })
    const { port } = new URL(service.url)
    const answer = await page.goto(`http://tickets.example:${port}/docs/`)
    expect(answer?.status()).toBe(200)
    for (const tag of new Set(calls.map(([tag]) => tag)))
      await page.locator(`[id="operations-tag-${tag}"]`).click({ timeout: 60_000 })
    expect(await page.locator('.opblock-summary-path').allTextContents()).toContainEqual(
      expect.stringContaining('complaints'),
    )
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
    page.on('pageerror', (error) => failed.push(error.message))
    // reads the document again, whose examples now name these tickets
    await page.reload()
    for (const tag of new Set(calls.map(([tag]) => tag))) {
      const heading = page.locator(`[id="operations-tag-${tag}"]`)
      await heading.waitFor({ timeout: 60_000 })
      if ((await heading.getAttribute('data-is-open')) === 'false') await heading.click()
    }
    // one who may do all of it
    await page.locator('.btn.authorize').first().click()
    await page.locator('.auth-container input').fill(await tokenOf(anybody))
    await page.locator('.auth-btn-wrapper .authorize').click()
    await page.locator('.auth-btn-wrapper .btn-done').click()
    for (const [tag, operationId] of calls) {
      const block = page.locator(`[id="operations-${tag}-${operationId}"]`)
      await block.locator('.opblock-summary-control').first().click()
      await block.locator('.try-out__btn').click()
      await block.locator('.execute').click()
      const status = block.locator('.live-responses-table .response-col_status').last()
      await status.waitFor({ timeout: 30_000 })
      expect([operationId, (await status.textContent())?.slice(0, 2)]).toEqual([operationId, '20'])
    }
    expect(failed).toEqual([])
  }, 240_000)
})
