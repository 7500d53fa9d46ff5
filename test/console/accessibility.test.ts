/**
 * Every screen and state by axe (WCAG 2.2 AA): the states of a desk, a ticket and a sheet in both languages, light and dark; every
 * screen of every role narrow and in a made-up language, without a fault of the page.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Page } from 'puppeteer-core'
import { screensOf } from '../../api/console/page/screens/registry.ts'
import type { Role } from '../../domain/authority.ts'
import { deskOf } from '../api/voice/desk.ts'
import { csr, dealer, one, rbo, sa, se } from '../support/scenario.ts'
import { findingsOf } from './axe.ts'
import { inBrowser, openPage } from './browser.ts'
import { startDesk, type TestDesk } from './desk.ts'

const sheetId = 'D001.2026-02'

/** A desk at 400 % zoom is so wide. */
const narrow = { width: 320, height: 844 }

inBrowser('accessibility', () => {
  let desk: TestDesk
  let ticketNo: string
  let door: Page
  let page: Page
  let handling: Page
  let planning: Page

  const openSheet = async (at: Page): Promise<void> => {
    await at.evaluate((hash) => {
      location.hash = hash
    }, `#/voice/sheet/${sheetId}`)
    await at.waitForSelector('.ticket .timeline')
  }

  const openTicket = async (at: Page, screen: string): Promise<void> => {
    await at.evaluate((hash) => {
      location.hash = hash
    }, `#/${screen}/${ticketNo}`)
    await at.waitForSelector('.ticket .timeline')
  }

  beforeAll(async () => {
    desk = await startDesk()
    ticketNo = await desk.register({ safety: true, severity: 'high' })
    await desk.does(ticketNo, 'contacts', { channel: 'phone', content: '我是记者', flags: ['media'] }, csr)
    await desk.respond(ticketNo)
    await deskOf(desk).sent('D001', '2026-02', ['交车时间', '价格透明度'])
    const opened = await Promise.all([
      openPage(desk.browser, { origin: desk.origin }),
      desk.signedIn(se),
      desk.signedIn(dealer(), { size: 'phone' }),
      desk.signedIn(dealer()),
    ])
    ;[door, page, handling, planning] = opened.map((each) => each.page) as [Page, Page, Page, Page]
    await door.goto(`${desk.origin}/console`)
    await door.waitForSelector('.sign-in input')
    await openTicket(handling, 'tickets')
    await handling.click('.acts [data-act="close"]')
    await handling.click('.act-form [type="submit"]')
    await handling.waitForSelector('.act-form .fault')
    await openSheet(planning)
    await planning.click('.acts [data-act="meeting"]')
    await planning.click('.act-form [type="submit"]')
    await planning.waitForSelector('.act-form .fault')
    await planning.$$eval('.clocks details', (all) => {
      for (const each of all) (each as HTMLDetailsElement).open = true
    })
  })
  afterAll(() => desk?.stop())

  const show = async (at: Page, language: string, scheme: string): Promise<void> => {
    // without motion: a colour on its way from one scheme to the other has no contrast of its own
    await at.emulateMediaFeatures([
      { name: 'prefers-color-scheme', value: scheme },
      { name: 'prefers-reduced-motion', value: 'reduce' },
    ])
    if ((await at.evaluate(() => document.documentElement.lang)) !== language) await at.click('.language')
    await at.waitForFunction((tag) => document.documentElement.lang === tag, {}, language)
  }

  for (const language of ['zh-CN', 'en'])
    for (const scheme of ['light', 'dark'])
      test(`finds nothing to mend in ${language}, ${scheme}`, async () => {
        for (const at of [door, handling, planning]) {
          await show(at, language, scheme)
          expect(await findingsOf(at)).toEqual([])
        }
        await show(page, language, scheme)
        await page.evaluate(() => {
          location.hash = '#/se'
        })
        await page.waitForFunction(() => document.querySelector('.ticket') === null)
        await page.waitForSelector('main .row')
        expect(await findingsOf(page)).toEqual([])
        await openTicket(page, 'se')
        await page.$$eval('.clocks details', (all) => {
          for (const each of all) (each as HTMLDetailsElement).open = true
        })
        expect(await findingsOf(page)).toEqual([])
        await page.keyboard.press('?')
        await page.waitForSelector('dialog[open]')
        expect(await findingsOf(page)).toEqual([])
        await page.keyboard.press('Escape')
        await page.waitForFunction(() => document.querySelector('dialog') === null)
      })

  const excessOf = (at: Page): Promise<number> =>
    at.evaluate(() => document.documentElement.scrollWidth - innerWidth)

  test('nothing of a list and a ticket is cut off sideways with wider text spacing', async () => {
    const { page: spaced } = await desk.signedIn(se, { size: 'phone' })
    await spaced.waitForSelector('main .row')
    const space = () =>
      spaced.evaluate(() => {
        for (const each of document.querySelectorAll<HTMLElement>('body, body *')) {
          each.style.letterSpacing = '0.12em'
          each.style.wordSpacing = '0.16em'
          each.style.lineHeight = '1.5'
        }
      })
    await space()
    expect(await excessOf(spaced)).toBeLessThanOrEqual(0)
    await openTicket(spaced, 'se')
    await space()
    expect(await excessOf(spaced)).toBeLessThanOrEqual(0)
    await spaced.browserContext().close()
  })

  test('nothing moves for those who want no motion, and marks have a border where colours are forced', async () => {
    const { page: plain } = await desk.signedIn(se)
    await plain.waitForSelector('main .row .tag')
    const session = await plain.createCDPSession()
    await session.send('Emulation.setEmulatedMedia', {
      features: [
        { name: 'prefers-reduced-motion', value: 'reduce' },
        { name: 'forced-colors', value: 'active' },
      ],
    })
    const seen = await plain.$eval('main .row .tag', (tag) => ({
      border: getComputedStyle(tag).borderTopStyle,
      width: getComputedStyle(tag).borderTopWidth,
      row: getComputedStyle(tag.closest('.row') as HTMLElement).transitionDuration,
      button: getComputedStyle(document.querySelector('button') as HTMLElement).transitionDuration,
    }))
    expect(seen).toEqual({ border: 'solid', width: '1px', row: '0s', button: '0s' })
    expect(await findingsOf(plain)).toEqual([])
    await plain.browserContext().close()
  })

  /** Texts that did not go through the dictionary, in the made-up language. */
  const plainTextsOf = (at: Page): Promise<string[]> =>
    at.evaluate(() => {
      const found: string[] = []
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        const text = node.textContent?.trim() ?? ''
        const parent = node.parentElement as HTMLElement
        const isData = parent.closest('[translate="no"], noscript, option, textarea') !== null
        if (/\p{L}/u.test(text) && !isData && !text.includes('⟦') && !/^[^⟦]*⟧/.test(text)) found.push(text)
      }
      return found
    })

  const seen = new Set<string>()
  test.each([
    ['se', se],
    ['csr', csr],
    ['dealer', dealer()],
    ['rbo', rbo()],
    ['hq_sales', one('hq_sales')],
    ['sa', sa],
  ] as const)(
    'every screen of %s is whole at 320 pixels, translated, and without a fault',
    async (role, who) => {
      const { page: at, faults } = await desk.signedIn(who, { query: '?pseudo' })
      const token = await desk.service.tokenOf(who)
      await at.setViewport(narrow)
      for (const { id } of screensOf(role as Role).filter((each) => !seen.has(each.id))) {
        seen.add(id)
        await at.evaluate((hash) => {
          location.hash = hash
        }, `#/${id}`)
        await at.waitForSelector('main section')
        await at.waitForNetworkIdle({ idleTime: 100, concurrency: 1 })
        expect([id, await plainTextsOf(at), await excessOf(at)]).toEqual([id, [], expect.any(Number)])
        expect([id, Math.max(0, await excessOf(at))]).toEqual([id, 0])
        expect([id, await findingsOf(at)]).toEqual([id, []])
        expect(await at.content()).not.toContain(token)
      }
      if (screensOf(role as Role).some(({ id }) => id === 'voice')) {
        await openSheet(at)
        expect([await plainTextsOf(at), Math.max(0, await excessOf(at))]).toEqual([[], 0])
      }
      await openTicket(at, 'tickets')
      expect([await plainTextsOf(at), Math.max(0, await excessOf(at))]).toEqual([[], 0])
      expect(await at.evaluate(() => JSON.stringify(localStorage))).not.toContain(token)
      expect(faults).toEqual([])
      await at.browserContext().close()
    },
  )
})
