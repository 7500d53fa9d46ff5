/** A service that listens with the built page, and a browser that signs in at it. */
import { execFileSync } from 'node:child_process'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Browser } from 'puppeteer-core'
import { toEpoch } from '../../domain/instant.ts'
import { readBuilt } from '../../src/console/built.ts'
import type { TestService, Who } from '../support/service.ts'
import { launch, openPage, type sizes } from './chromium.ts'

/** Builds the page unless that was done since its sources changed; in a process, for esbuild does not run in a test's. */
const buildOnce = (): void => {
  if (readBuilt() !== null) return
  execFileSync(process.execPath, [join(import.meta.dirname, '../../src/cli/console.ts')])
}

type PageOptions = { size?: keyof typeof sizes; language?: string; query?: string }

/** The page takes the service's clock from the header `Date`, which is the clock that tests set. */
export const servePage = async (service: TestService) => {
  buildOnce()
  service.app.server.prependListener('request', (_request, response) => {
    response.setHeader('date', new Date(toEpoch(service.deps.now())).toUTCString())
  })
  const [browser] = await Promise.all([launch(), service.app.listen({ host: '127.0.0.1', port: 0 })])
  const origin = `http://127.0.0.1:${(service.app.server.address() as AddressInfo).port}`
  return {
    origin,
    browser: browser as Browser,
    /** A page that is signed in by a link, as the demo gives it. */
    signedIn: async (who: Who, { size = 'desk', language = 'zh-CN', query = '' }: PageOptions = {}) => {
      const opened = await openPage(browser, { origin, size, language })
      await opened.page.goto(`${origin}/console${query}#token=${await service.tokenOf(who)}`)
      await opened.page.waitForSelector('.live-live, .desks', { timeout: 30_000 })
      return opened
    },
    /** Nobody answers any more: every connection is cut, and none is taken. */
    hangUp: (): Promise<void> =>
      new Promise((resolve) => {
        service.app.server.close(() => resolve())
        service.app.server.closeAllConnections()
      }),
    /** The service is there again, at the same address. */
    listenAgain: (): Promise<void> =>
      new Promise((resolve) => {
        service.app.server.listen(Number(new URL(origin).port), '127.0.0.1', () => resolve())
      }),
    stop: async (): Promise<void> => {
      await browser.close()
      service.app.server.closeAllConnections()
      await service.close()
    },
  }
}
