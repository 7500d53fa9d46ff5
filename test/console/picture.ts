/**
 * `npm run console:picture [-- --all FOLDER]`: makes `docs/console.png`, the picture of the README, on the demo's history.
 * With `--all` it makes one of every screen of some roles in both sizes, languages and colours, to be looked at.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'puppeteer-core'
import { screensOf } from '../../api/console/page/screens/registry.ts'
import type { Role } from '../../domain/authority.ts'
import { toInstant } from '../../domain/instant.ts'
import { readCommandLine } from '../../src/cli/command.ts'
import { createClient, dealerPeople, demoDealer, rboPeople } from '../../src/demo/client.ts'
import { deskSteps, takeSteps } from '../../src/demo/desks.ts'
import { demoSeed } from '../../src/demo/history.ts'
import { takeComplaints } from '../../src/demo/live.ts'
import { createNetwork } from '../../src/demo/network.ts'
import { presentHistory, presentQuarters, presentSpan } from '../../src/demo/present.ts'
import { enterNetwork, replay } from '../../src/demo/replay.ts'
import { loadDevelopmentKey } from '../../src/devKey.ts'
import { startTestService, type Who } from '../support/service.ts'
import { openPage, sizes } from './chromium.ts'
import { servePage } from './served.ts'

const usage = `Usage: npm run console:picture [-- --all FOLDER]
Makes docs/console.png. With --all it makes pictures of every screen in FOLDER instead.`

/** A Wednesday morning: desks are open, and the quarter is half over. */
const now = '2026-11-18T02:40:00.000Z'
const complaints = 1_500

const prepare = async () => {
  const at = Date.parse(now)
  const span = presentSpan(at)
  const service = await startTestService({ now: toInstant(span.from) })
  const page = await servePage(service)
  const client = createClient(page.origin, loadDevelopmentKey(service.folder))
  const network = createNetwork(demoSeed)
  await enterNetwork(client, network, [...new Set(presentQuarters(at))])
  const lines = presentHistory(at, complaints)
  // older handovers are imported when the time that is told begins, as the demo's clock has it
  const goTo = (instant: number): void =>
    service.setClock(toInstant(Math.min(Math.max(instant, span.from), at)))
  await takeSteps(client, { goTo }, deskSteps({ network, seed: demoSeed, span, lines }), () => undefined)
  service.setClock(now)
  await replay(client, lines, () => undefined)
  await takeComplaints(client, network)
  return { ...page, service }
}
type PreparedService = Awaited<ReturnType<typeof prepare>>

const open = async (page: Page, hash: string, ready: string): Promise<void> => {
  await page.evaluate((to) => {
    location.hash = to
  }, hash)
  await page.waitForSelector(ready, { timeout: 20_000 })
  await page.waitForNetworkIdle({ idleTime: 400, concurrency: 1, timeout: 20_000 }).catch(() => undefined)
}

/** The desk of the SE with a ticket of its own beside it, which falls due next. */
const picture = async ({ signedIn }: PreparedService): Promise<void> => {
  const { page } = await signedIn({ sub: 'li.na', roles: ['se'] }, { language: 'en' })
  await page.waitForSelector('main .list .row')
  const ticketNo = await page.$$eval(
    'main .list',
    (lists) => lists.at(-1)?.querySelector('a.row-link')?.textContent ?? '',
  )
  await open(page, `#/se/${ticketNo}`, '.ticket .timeline')
  await page.evaluate(() => (document.activeElement as HTMLElement).blur())
  await page.screenshot({ path: join(import.meta.dirname, '../../docs/console.png') as `${string}.png` })
}

const roles: readonly Role[] = ['se', 'csr', 'dealer', 'rbo', 'hq_sales', 'sa', 'auditor']
const personOf = (role: Role): Who => {
  if (role === 'dealer') return dealerPeople(demoDealer)
  return role === 'rbo' ? rboPeople('EAST') : { sub: `demo-${role}`, roles: [role] }
}

type Look = { language: string; scheme: 'light' | 'dark'; size: keyof typeof sizes }
const looks: readonly Look[] = (
  [
    ['zh-CN', 'light'],
    ['en', 'dark'],
    ['zh-CN', 'dark'],
    ['en', 'light'],
  ] as const
).flatMap(([language, scheme]) =>
  (Object.keys(sizes) as Look['size'][]).map((size) => ({ language, scheme, size })),
)

const all = async ({ browser, origin, signedIn }: PreparedService, folder: string): Promise<void> => {
  mkdirSync(folder, { recursive: true })
  const taken = new Set<string>()
  for (const { language, scheme, size } of looks) {
    const fileOf = (name: string): string => `${name}-${size}-${language}-${scheme}`
    const colour = (page: Page) =>
      page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
    const take = async (page: Page, name: string): Promise<void> => {
      taken.add(fileOf(name))
      const path = join(folder, `${fileOf(name)}.png`) as `${string}.png`
      await page.screenshot({ path, fullPage: true })
    }
    const stranger = await openPage(browser, { origin, size, language })
    await colour(stranger.page)
    await stranger.page.goto(`${origin}/console`)
    await stranger.page.waitForSelector('.sign-in')
    await take(stranger.page, 'sign-in')
    await stranger.page.browserContext().close()
    for (const role of roles) {
      const { page } = await signedIn(personOf(role), { language, size })
      await colour(page)
      for (const { id } of screensOf(role)) {
        if (taken.has(fileOf(id))) continue
        await open(page, `#/${id}`, 'main section')
        await take(page, id)
      }
      if (role === 'se' || role === 'dealer' || role === 'hq_sales') {
        await open(page, '#/tickets', 'main a.row-link')
        const first = await page.$eval('main a.row-link', ({ textContent }) => textContent ?? '')
        await open(page, `#/tickets/${first}`, '.ticket .timeline')
        await take(page, `ticket-${role}`)
        await page.keyboard.press('?')
        await page.waitForSelector('dialog[open]')
        await take(page, 'help')
      }
      await page.browserContext().close()
    }
  }
}

const asked = readCommandLine({ usage, options: { all: { type: 'string' } } }).values.all
const prepared = await prepare()
try {
  await (asked === undefined ? picture(prepared) : all(prepared, asked))
} finally {
  await prepared.stop()
}
