/** A service that listens, on a clock that tests set, with the built page: what the tests of the console play on. */
import { execFileSync } from 'node:child_process'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Browser, Page } from 'puppeteer-core'
import { toEpoch } from '../../domain/instant.ts'
import { readBuilt } from '../../src/console/built.ts'
import { startScenario } from '../support/scenario.ts'
import type { Who } from '../support/service.ts'
import { launch, openPage, type sizes } from './browser.ts'

/** Builds the page unless that was done since its sources changed; in a process, for esbuild does not run in a test's. */
const buildOnce = (): void => {
  if (readBuilt() !== null) return
  execFileSync(process.execPath, [join(import.meta.dirname, '../../src/cli/console.ts')])
}

/** The scenario over HTTP. The page takes the service's clock from the header `Date`, which is the clock tests set. */
export const startDesk = async () => {
  buildOnce()
  const scenario = await startScenario()
  const { service } = scenario
  service.app.server.prependListener('request', (_request, response) => {
    response.setHeader('date', new Date(toEpoch(service.deps.now())).toUTCString())
  })
  await service.app.listen({ host: '127.0.0.1', port: 0 })
  const origin = `http://127.0.0.1:${(service.app.server.address() as AddressInfo).port}`
  const browser: Browser = await launch()
  return {
    ...scenario,
    origin,
    browser,
    /** A page that is signed in by a link, as the demo gives it. */
    signedIn: async (
      who: Who,
      {
        size = 'desk',
        language = 'zh-CN',
        query = '',
      }: { size?: keyof typeof sizes; language?: string; query?: string } = {},
    ) => {
      const opened = await openPage(browser, { origin, size, language })
      await opened.page.goto(`${origin}/console${query}#token=${await service.tokenOf(who)}`)
      await opened.page.waitForSelector('.live-live, .desks', { timeout: 30_000 })
      return opened
    },
    stop: async (): Promise<void> => {
      await browser.close()
      service.app.server.closeAllConnections()
      await service.close()
    },
  }
}
export type TestDesk = Awaited<ReturnType<typeof startDesk>>

/** Waits until something on the page holds, at most so long. */
export const waitUntil = async (holds: () => Promise<boolean>, what: string, ms = 15_000): Promise<void> => {
  const end = Date.now() + ms
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not in ${ms} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

export const textOf = (page: Page, selector: string): Promise<string> =>
  page.$eval(selector, ({ textContent }) => textContent ?? '')
