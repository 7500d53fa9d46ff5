/** The desks of the call centre, the RBO and HQ in a browser: what they show is what the API answers. */

import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { csr, dealer, one, rbo, sa, se } from '../support/scenario.ts'
import { findingsOf } from './axe.ts'
import { inBrowser } from './browser.ts'
import { startDesk, type TestDesk, textOf, waitUntil } from './desk.ts'

const hq = one('hq_sales')
const quarter = '2026Q1'

inBrowser('the desks', () => {
  let desk: TestDesk
  let closedNo: string
  const phone = '13912345678'

  beforeAll(async () => {
    desk = await startDesk()
    closedNo = await desk.register({ dealerCode: 'D001', customer: { name: '李回头', phone } })
    await desk.respond(closedNo)
    await desk.close(closedNo)
    await desk.register({ dealerCode: 'D003' })
    desk.go('2026-03-03 10:00')
  }, 60_000)
  afterAll(() => desk?.stop())

  test('of the call centre proposes what a call is while the phone is typed, and shows the number of the ticket', async () => {
    const { page, faults } = await desk.signedIn(csr)
    await page.waitForSelector('.intake')
    await page.type('.intake input', phone)
    await page.waitForSelector('.candidates .row')
    expect(await textOf(page, '.candidates')).toContain(closedNo)
    const fields = await page.$$('.intake .field')
    await (await fields[1]!.$('input'))!.type('李回头')
    await (await fields[2]!.$('select'))!.select('A4a')
    await waitUntil(async () => (await textOf(page, '.candidates')).includes('升级处理'), 'it is proposed')
    await (await fields[4]!.$('textarea'))!.type('还是没有解决')
    expect(await findingsOf(page)).toEqual([])
    await page.click('.intake button[type=submit]')
    await page.waitForSelector('.number')
    const ticketNo = await textOf(page, '.number')
    const ticket = await desk.ticket(ticketNo)
    expect([ticket.ordinal, ticket.escalatedFrom, ticket.content]).toEqual([2, closedNo, '还是没有解决'])
    expect(await textOf(page, '.taken')).toContain('已升级')
    expect(faults).toEqual([])
  })

  test('of the call centre registers once however often the button is pressed', async () => {
    const { page } = await desk.signedIn(csr)
    await page.waitForSelector('.intake')
    const fields = await page.$$('.intake .field')
    await (await fields[0]!.$('input'))!.type('13911112222')
    await (await fields[1]!.$('input'))!.type('王一次')
    await (await fields[2]!.$('select'))!.select('A4z')
    await (await fields[3]!.$('input'))!.type('D001')
    await (await fields[4]!.$('textarea'))!.type('只登记一次')
    await page.$eval('.intake button[type=submit]', (button) => {
      for (let press = 0; press < 3; press++) (button as HTMLButtonElement).click()
    })
    await page.waitForSelector('.number')
    const { body } = await desk.post(csr, 'tickets/search', { phone: '13911112222' })
    expect(body.items).toHaveLength(1)
  })

  test('of the RBO has its own queue, its dealers’ and its warnings, and nothing of another RBO', async () => {
    const { page, faults } = await desk.signedIn(rbo('EAST'))
    await waitUntil(async () => (await page.$$('.lists .list')).length === 3, 'three lists')
    await waitUntil(async () => (await textOf(page, 'main')).includes('T2603'), 'the tickets are there')
    const { body } = await desk.get('tickets?state=open&sort=dueAt&tier=dealer,rbo', rbo('EAST'))
    const shown = await page.$$eval('main a.row-link', (links) => links.map(({ textContent }) => textContent))
    expect(shown.sort()).toEqual(body.items.map((item: { ticketNo: string }) => item.ticketNo).sort())
    expect(await findingsOf(page)).toEqual([])
    expect(faults).toEqual([])
  })

  test('show the rates of the API, and the units behind a number by one press', async () => {
    const { page, faults } = await desk.signedIn(rbo('EAST'))
    await page.evaluate(() => {
      location.hash = '#/rates'
    })
    await page.waitForSelector('.rates tbody tr')
    const { body } = await desk.get(`reports/kpi?quarter=${quarter}&by=dealer`, rbo('EAST'))
    const [row] = body.rows
    expect(await textOf(page, '.rates tbody tr')).toContain(`${row.response.rate.toFixed(2)}%`)
    await page.click('.rates .row-key')
    await page.waitForSelector('.detail a')
    expect(await textOf(page, '.detail')).toContain(closedNo)
    await page.waitForSelector('.chart')
    const chart = await page.$$('.chart path')
    expect(chart.length).toBeGreaterThanOrEqual(3)
    expect(await findingsOf(page)).toEqual([])
    await page.click('.chart button')
    await page.waitForSelector('.chart table')
    expect(faults).toEqual([])
  })

  test('of HQ freezes a quarter, and explains a dealer’s score', async () => {
    desk.go('2026-05-10 10:00')
    const { page, faults } = await desk.signedIn(hq, { language: 'en' })
    await page.waitForSelector('.report select')
    await page.select('.report select', quarter)
    await page.waitForSelector('.rbo .row-key')
    expect(await findingsOf(page)).toEqual([])
    await page.click('.rbo .row-key')
    await page.waitForSelector('.explanation')
    await page.click('.acts .main')
    await page.waitForSelector('dialog[open]')
    expect(await findingsOf(page)).toEqual([])
    await page.click('dialog button[type=submit]')
    await page.waitForFunction(() => document.querySelector('.hint')?.textContent?.includes('revision 1'))
    expect((await desk.get(`assessments/${quarter}`, hq)).body.status).toBe('frozen')
    // units and tickets are shown to roles that see no personal data without any
    expect(await page.content()).not.toContain('李回头')
    expect(faults).toEqual([])
  })

  test('of HQ tries other weights and records nothing', async () => {
    const { page, faults } = await desk.signedIn(hq, { language: 'en' })
    await page.evaluate(() => {
      location.hash = '#/what-if'
    })
    await page.waitForSelector('.trial select')
    await page.select('.trial select', quarter)
    const head = await desk.head()
    await page.click('.trial button[type=submit]')
    await page.waitForSelector('.report > .empty, .report .numbers')
    expect(await findingsOf(page)).toEqual([])
    expect(await desk.head()).toBe(head)
    expect(faults).toEqual([])
  })

  test('show the policy, the access log and inquiries without a fault', async () => {
    await desk.post(csr, 'inquiries', { channel: 'phone', topic: 'price', question: '优惠到什么时候' })
    for (const [who, screen, selector] of [
      [hq, 'policy', '.settings'],
      [sa, 'access-log', '.numbers tbody tr'],
      [csr, 'inquiries', '.list .row'],
      [dealer('D001'), 'dealer', '.lists .list'],
    ] as const) {
      const { page, faults } = await desk.signedIn(who)
      await page.evaluate((hash: string) => {
        location.hash = hash
      }, `#/${screen}`)
      await page.waitForSelector(selector)
      expect([screen, await findingsOf(page)]).toEqual([screen, []])
      expect([screen, faults]).toEqual([screen, []])
      await page.browserContext().close()
    }
  }, 60_000)

  test('of the SE has on top the inquiry whose answer is due first', async () => {
    const forwarded = async (): Promise<string> => {
      const asked = { channel: 'phone', topic: 'price', question: '优惠到什么时候' }
      const { inquiryNo } = (await desk.post(csr, 'inquiries', asked)).body
      await desk.post(csr, `inquiries/${inquiryNo}/forward`, {})
      return inquiryNo
    }
    const first = await forwarded()
    desk.go('2026-05-11 10:00')
    const second = await forwarded()
    const { page, faults } = await desk.signedIn(se)
    await page.evaluate(() => {
      location.hash = '#/inquiries'
    })
    await page.waitForSelector('.list .row [data-act="answer"]')
    const shown = await page.$$eval('main .row', (rows) =>
      rows.map((row) => (row as HTMLElement).dataset.key),
    )
    expect(shown).toEqual([first, second])
    expect(faults).toEqual([])
  })

  test('read the rows of wide tables whole on a phone, with their buttons', async () => {
    const contact = { action: 'add', name: '陈经理', mobile: '13900001111', duty: 'manager' }
    await desk.post(dealer('D001'), 'dealers/D001/sms-contacts', contact)
    for (const [who, screen] of [
      [csr, 'sms-contacts'],
      [dealer('D001'), 'sms-contacts'],
      [sa, 'access-log'],
    ] as const) {
      const { page } = await desk.signedIn(who, { size: 'phone' })
      await page.evaluate((hash: string) => {
        location.hash = hash
      }, `#/${screen}`)
      await page.waitForSelector('.cards tbody tr')
      const cut = await page.$$eval('.scroll', (all) =>
        all.map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth),
      )
      expect([screen, Math.max(...cut)]).toEqual([screen, 0])
      expect([screen, await findingsOf(page)]).toEqual([screen, []])
      await page.browserContext().close()
    }
  }, 60_000)

  test('open their reports on the newest quarter that has something, else on the running one', async () => {
    desk.go('2026-07-06 10:00')
    const { page, faults } = await desk.signedIn(hq)
    const chosen = () => page.$eval('.report-head select', (select) => (select as HTMLSelectElement).value)
    const opensOn = async (screen: string, selector: string): Promise<string> => {
      await page.evaluate((hash: string) => {
        location.hash = hash
      }, `#/${screen}`)
      await page.waitForSelector(selector)
      return chosen()
    }
    expect(await opensOn('rates', '.rates tbody tr')).toBe(quarter)
    // what was chosen stays, empty or not
    await page.select('.report-head select', '2026Q2')
    await page.waitForSelector('.report > .empty')
    expect(await chosen()).toBe('2026Q2')
    expect(await opensOn('picture', '.rates-of-rbos')).toBe(quarter)
    const asked: string[] = []
    page.on('response', (response) => asked.push(response.url()))
    await opensOn('care-report', '.report')
    await waitUntil(
      async () => asked.filter((url) => /quarter=2026Q3/.test(url)).length === 2,
      'it is back at the running quarter',
    )
    await page.waitForSelector('.report > .empty')
    expect(await chosen()).toBe('2026Q3')
    expect(faults).toEqual([])
  })
})
