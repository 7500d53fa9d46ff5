/** The scenario over HTTP, on a clock that tests set, with the built page: what the tests of the console play on. */
import type { Page } from 'puppeteer-core'
import { startScenario } from '../support/scenario.ts'
import { servePage } from './served.ts'

export const startDesk = async (options: Parameters<typeof startScenario>[0] = {}) => {
  const scenario = await startScenario(options)
  return { ...scenario, ...(await servePage(scenario.service)) }
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
