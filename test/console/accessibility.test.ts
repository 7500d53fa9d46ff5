/** Every screen and state by axe (WCAG 2.2 AA), in both languages, light and dark; narrow, zoomed, and in a made-up language. */
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Page } from 'puppeteer-core'
import { csr, dealer, se } from '../support/scenario.ts'
import { findingsOf } from './axe.ts'
import { inBrowser, openPage, sizes } from './browser.ts'
import { startDesk, type TestDesk } from './desk.ts'

inBrowser('accessibility', () => {
  let desk: TestDesk
  let ticketNo: string
  beforeAll(async () => {
    desk = await startDesk()
    ticketNo = await desk.register({ safety: true, severity: 'high' })
    await desk.does(ticketNo, 'contacts', { channel: 'phone', content: '我是记者', flags: ['media'] }, csr)
    await desk.respond(ticketNo)
  })
  afterAll(() => desk?.stop())

  const openTicket = async (page: Page, screen: string): Promise<void> => {
    await page.evaluate((hash) => {
      location.hash = hash
    }, `#/${screen}/${ticketNo}`)
    await page.waitForSelector('.ticket .timeline')
  }

  for (const language of ['zh-CN', 'en'])
    for (const scheme of ['light', 'dark'])
      test(`finds nothing to mend in ${language}, ${scheme}`, async () => {
        const { page: door } = await openPage(desk.browser, { origin: desk.origin, language })
        await door.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
        await door.goto(`${desk.origin}/console`)
        await door.waitForSelector('.sign-in input')
        expect(await findingsOf(door)).toEqual([])

        const { page } = await desk.signedIn(se, { language })
        await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
        await page.waitForSelector('main .row')
        expect(await findingsOf(page)).toEqual([])
        await openTicket(page, 'se')
        await page.$$eval('.clocks details', (all) => {
          for (const each of all) (each as HTMLDetailsElement).open = true
        })
        expect(await findingsOf(page)).toEqual([])

        const { page: handling } = await desk.signedIn(dealer(), { language, size: 'phone' })
        await handling.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
        await openTicket(handling, 'tickets')
        await handling.click('.acts [data-act="close"]')
        await handling.click('.act-form [type="submit"]')
        await handling.waitForSelector('.act-form .fault')
        expect(await findingsOf(handling)).toEqual([])
        await page.keyboard.press('Escape')
        await page.keyboard.press('?')
        await page.waitForSelector('dialog[open]')
        expect(await findingsOf(page)).toEqual([])
      })

  test.each([
    ['on a phone', sizes.phone.width, {}],
    ['at 320 pixels, which is a desk at 400 % zoom', 320, {}],
    ['with wider text spacing', 390, { spacing: true }],
  ])('nothing is cut off sideways %s', async (_, width, { spacing = false }: { spacing?: boolean }) => {
    const { page } = await desk.signedIn(se)
    await page.setViewport({ width, height: 844 })
    await page.waitForSelector('main .row')
    if (spacing)
      await page.evaluate(() => {
        for (const each of document.querySelectorAll<HTMLElement>('body, body *')) {
          each.style.letterSpacing = '0.12em'
          each.style.wordSpacing = '0.16em'
          each.style.lineHeight = '1.5'
        }
      })
    const excess = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    expect(await excess()).toBeLessThanOrEqual(0)
    await openTicket(page, 'se')
    expect(await excess()).toBeLessThanOrEqual(0)
  })

  test('has no text that was not translated', async () => {
    const { page } = await desk.signedIn(se, { query: '?pseudo' })
    await page.waitForSelector('main .row')
    await openTicket(page, 'se')
    const plain = await page.evaluate(() => {
      const found: string[] = []
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        const text = node.textContent?.trim() ?? ''
        const parent = node.parentElement as HTMLElement
        const isData = parent.closest('[translate="no"], noscript') !== null
        if (/\p{L}/u.test(text) && !isData && !text.includes('⟦') && !/^[^⟦]*⟧/.test(text)) found.push(text)
      }
      return found
    })
    expect(plain).toEqual([])
  })
})
