/** The ticket in a browser: its acts, its clocks, what is typed, and shortcuts. */
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Page } from 'puppeteer-core'
import { csr, dealer, se } from '../support/scenario.ts'
import { inBrowser } from './browser.ts'
import { startDesk, type TestDesk, textOf, waitUntil } from './desk.ts'

inBrowser('the ticket', () => {
  let desk: TestDesk
  beforeAll(async () => {
    desk = await startDesk()
  })
  afterAll(() => desk?.stop())

  const open = async (page: Page, ticketNo: string): Promise<void> => {
    await page.evaluate((no) => {
      location.hash = `#/tickets/${no}`
    }, ticketNo)
    await page.waitForSelector('.ticket .facts')
  }
  const choose = async (page: Page, act: string): Promise<void> => {
    await page.click(`.acts [data-act="${act}"]`)
    await page.waitForSelector('.act-form')
  }
  const actsOf = (page: Page): Promise<string[]> =>
    page.$$eval('.acts [data-act]', (buttons) =>
      buttons.map((each) => (each as HTMLElement).dataset.act ?? ''),
    )
  const respond = async (page: Page, note: string): Promise<void> => {
    await choose(page, 'responses')
    await page.select('.act-form select', 'phone')
    await page.type('.act-form textarea', note)
  }
  const events = async (ticketNo: string, type: string): Promise<number> =>
    (await desk.get(`tickets/${ticketNo}/timeline`)).body.items.filter(
      (each: { type: string }) => each.type === type,
    ).length

  test('offers what the user may do now, and nothing more', async () => {
    const ticketNo = await desk.register()
    const { page, faults } = await desk.signedIn(dealer())
    await open(page, ticketNo)
    expect(await actsOf(page)).toEqual(['claim', 'responses', 'records'])
    await desk.respond(ticketNo)
    await page.waitForSelector('.acts [data-act="close"]')
    expect(await actsOf(page)).toEqual(['claim', 'responses', 'records', 'close'])
    expect(faults).toEqual([])
  })

  test('says what is missing before it sends, and takes a double press for one act', async () => {
    const ticketNo = await desk.register()
    const { page, faults } = await desk.signedIn(dealer())
    await open(page, ticketNo)
    await choose(page, 'responses')
    expect(await textOf(page, '.missing')).toContain('尚缺：联系方式、说明')
    await page.click('.act-form [type="submit"]')
    expect(await page.$$eval('.act-form .fault', (all) => all.length)).toBe(2)
    await page.select('.act-form select', 'phone')
    await page.type('.act-form textarea', '已联系')
    await page.evaluate(() => {
      const form = document.querySelector('.act-form') as HTMLFormElement
      form.requestSubmit()
      form.requestSubmit()
    })
    await page.waitForSelector('.acts [data-act="close"]')
    expect(await events(ticketNo, 'ResponseRecorded')).toBe(1)
    expect(faults).toEqual([])
  })

  test('keeps what was typed when the ticket changes, shows the change after a 412, and sends all the same', async () => {
    const ticketNo = await desk.register()
    const { page } = await desk.signedIn(dealer())
    await open(page, ticketNo)
    await respond(page, '客户要求周五前答复')
    await desk.call(ticketNo, { content: '客户再次来电催促' })
    await waitUntil(
      async () => (await textOf(page, '.facts')).includes('再次来电'),
      'the ticket is read again',
    )
    const typed = () => page.$eval('.act-form textarea', (area) => (area as HTMLTextAreaElement).value)
    expect(await typed()).toBe('客户要求周五前答复')
    await page.click('.act-form [type="submit"]')
    await page.waitForSelector('.act-form .changes li')
    expect(await textOf(page, '.act-form .changes')).toContain('您填写的内容仍然保留')
    expect(await typed()).toBe('客户要求周五前答复')
    expect(await events(ticketNo, 'ResponseRecorded')).toBe(0)
    await page.click('.act-form [type="submit"]')
    await page.waitForSelector('.acts [data-act="close"]')
    expect(await events(ticketNo, 'ResponseRecorded')).toBe(1)
  })

  test('shows a refusal in its words and at its place', async () => {
    const ticketNo = await desk.register()
    const { page } = await desk.signedIn(csr)
    await open(page, ticketNo)
    await choose(page, 'redispatch')
    await page.select('.act-form select', 'other')
    await page.waitForSelector('.act-form input[list]')
    await page.type('.act-form input[list]', 'D404')
    await page.type('.act-form textarea', '错派')
    await page.click('.act-form [type="submit"]')
    await page.waitForSelector('.act-form .problem')
    expect(await textOf(page, '.act-form .problem')).toContain('D404')
    expect(await textOf(page, '.act-form .field-search .fault')).toContain('D404')
  })

  test('explains each clock by its intervals', async () => {
    const ticketNo = await desk.register()
    const { page } = await desk.signedIn(se)
    await open(page, ticketNo)
    const clocks = await textOf(page, '.clocks')
    expect(clocks).toContain('响应')
    expect(clocks).toContain('时限：服务时间 2 小时')
    expect(clocks).toContain('时限：3 个工作日')
  })

  test('is reached, left and acted on by keys, which are off while somebody types', async () => {
    await desk.register()
    const { page } = await desk.signedIn(dealer())
    await page.waitForSelector('main .row')
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await page.keyboard.press('k')
    const first = await page.$eval('main .row a', ({ textContent }) => textContent)
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(first)
    await page.keyboard.press('Enter')
    await page.waitForSelector('.acts [data-act]')
    await page.keyboard.press('a')
    expect(await page.evaluate(() => (document.activeElement as HTMLElement).dataset.act)).toBe('claim')
    await page.keyboard.press('Escape')
    await waitUntil(async () => (await page.$('.ticket')) === null, 'the ticket is closed')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(first)
    // the first letters of what is composed are no shortcuts, wherever the focus is
    await page.evaluate(() => {
      document.body.dispatchEvent(
        new KeyboardEvent('keydown', { key: '/', isComposing: true, bubbles: true }),
      )
    })
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(first)
    await page.keyboard.press('/')
    await page.keyboard.type('jk?')
    expect(await page.$eval('#find', (input) => (input as HTMLInputElement).value)).toBe('jk?')
    await page.evaluate(() => (document.activeElement as HTMLElement).blur())
    await page.keyboard.press('?')
    await page.waitForSelector('dialog[open]')
    await page.click('dialog .check input')
    await page.keyboard.press('Escape')
    await waitUntil(async () => (await page.$('dialog')) === null, 'the help is closed')
    await page.keyboard.press('?')
    expect(await page.$('dialog')).toBeNull()
  })

  test('Escape closes a form in which nothing was typed, and keeps what was typed', async () => {
    const ticketNo = await desk.register()
    const { page } = await desk.signedIn(dealer())
    await open(page, ticketNo)
    await choose(page, 'responses')
    await page.keyboard.press('Escape')
    await waitUntil(async () => (await page.$('.act-form')) === null, 'the form is closed')
    expect(await page.$('.ticket')).not.toBeNull()
    await page.waitForFunction(() => (document.activeElement as HTMLElement).dataset.act === 'responses')
    await respond(page, '已联系')
    await page.keyboard.press('Escape')
    // from a button of the form too, where the key would close the ticket
    await page.focus('.act-form [type="submit"]')
    await page.keyboard.press('Escape')
    expect(await page.$eval('.act-form textarea', (field) => (field as HTMLTextAreaElement).value)).toBe(
      '已联系',
    )
  })

  test('Escape leaves the field that finds a ticket, and the first key of Tab skips the head', async () => {
    const { page } = await desk.signedIn(dealer())
    await page.waitForSelector('main section')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('MAIN')
    await page.keyboard.press('/')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('find')
    await page.keyboard.press('Escape')
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('BODY')
  })

  test('opens the form to print in a tab of its own, in its own style', async () => {
    const ticketNo = await desk.register()
    const { page, faults } = await desk.signedIn(se)
    await open(page, ticketNo)
    const opened = new Promise<Page>((resolve) => {
      page.once('popup', (tab) => resolve(tab as Page))
    })
    await page.evaluate(() => {
      const buttons = [...document.querySelectorAll<HTMLElement>('.ticket .quiet')]
      buttons.find(({ textContent }) => textContent?.includes('F1'))?.click()
    })
    const tab = await opened
    await tab.waitForSelector('h1')
    expect(await tab.content()).toContain(ticketNo)
    // its style sheet comes after the page
    await tab.waitForFunction(() => {
      const table = document.querySelector('table')
      return table !== null && getComputedStyle(table).borderCollapse === 'collapse'
    })
    expect(faults).toEqual([])
  })

  test('changes its language without loading again', async () => {
    const ticketNo = await desk.register()
    const { page } = await desk.signedIn(dealer())
    await open(page, ticketNo)
    await respond(page, '写到一半')
    await page.click('.language')
    await waitUntil(async () => (await textOf(page, '.act-form h3')) === 'Respond', 'it is in English')
    // an effect sets it, after the words are drawn
    await page.waitForFunction(() => document.documentElement.lang === 'en')
    expect(await page.$eval('.act-form textarea', (area) => (area as HTMLTextAreaElement).value)).toBe(
      '写到一半',
    )
    await waitUntil(
      async () => (await textOf(page, '.timeline')).includes('Complaint no. 1'),
      'the timeline too',
    )
  })
})
