/** A real browser: Debian's `chromium`, or what `CHROMIUM` names, driven by puppeteer-core. */
import { existsSync } from 'node:fs'
import type { Browser, HTTPRequest, Page } from 'puppeteer-core'

const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser'].find(
  (path) => path !== undefined && existsSync(path),
)
const driver = await import('puppeteer-core').catch(() => null)
/** Why there is no browser here; `null`: there is one. */
export const missing =
  executablePath === undefined
    ? 'there is no Chromium'
    : driver === null
      ? 'there is no puppeteer-core'
      : null

export const sizes = {
  desk: { width: 1366, height: 768 },
  phone: { width: 390, height: 844 },
} as const

export const launch = async (args: readonly string[] = []): Promise<Browser> =>
  (driver as NonNullable<typeof driver>).default.launch({
    executablePath: executablePath as string,
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--lang=zh-CN', ...args],
  })

/** What a page did that it must not: errors of its console, violations of its policy, requests to elsewhere. */
export type WatchedPage = { faults: string[] }

const ofOrigin = (request: HTTPRequest, origin: string): boolean =>
  /^(data|blob):/.test(request.url()) || new URL(request.url()).origin === origin

/** An empty page in a browser context of its own, watched. */
export const openPage = async (
  browser: Browser,
  {
    origin,
    size = 'desk',
    language = 'zh-CN',
  }: { origin: string; size?: keyof typeof sizes; language?: string },
): Promise<{ page: Page } & WatchedPage> => {
  const context = await browser.createBrowserContext()
  const page = await context.newPage()
  await page.setViewport(sizes[size])
  await page.evaluateOnNewDocument((tag: string) => {
    Object.defineProperty(navigator, 'languages', { value: [tag] })
  }, language)
  return { page, ...watch(page, origin) }
}

/** Notes what the page does that it must not. */
export const watch = (page: Page, origin: string): WatchedPage => {
  const faults: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => faults.push(`error: ${String(error)}`))
  page.on('request', (request) => {
    if (!ofOrigin(request, origin)) faults.push(`request to ${request.url()}`)
  })
  return { faults }
}
