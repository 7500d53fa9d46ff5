/** `/docs` in a real browser, over plain HTTP on a host name that is not loopback; skipped with a word without one. */
import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { temporaryFolder } from '../store/folder.ts'
import { type ServiceProcess, startProcess } from './serviceProcess.ts'

const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser'].find(
  (path) => path !== undefined && existsSync(path),
)
const driver = await import('playwright-core').catch(() => null)
const isMissing = executablePath === undefined || driver === null
if (isMissing)
  process.stderr.write('/docs is not rendered: there is no Chromium or no playwright-core here\n')
const inBrowser = isMissing ? describe.skip : describe

inBrowser('/docs', () => {
  let service: ServiceProcess
  let browser: Browser
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
    const page = await browser.newPage()
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
    await page.locator('.opblock').first().waitFor({ timeout: 60_000 })
    expect(await page.locator('.opblock-summary-path').allTextContents()).toContainEqual(
      expect.stringContaining('complaints'),
    )
    expect(complaints).toEqual([])
    expect([...asked]).toEqual([`http://tickets.example:${port}`])
  }, 120_000)
})
