/** The care desk in a browser: handover, call, the call centre's judgement, scope, and a desk that is switched off. */
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { ElementHandle, Page } from 'puppeteer-core'
import { admin, csr, dealer, rbo } from '../support/scenario.ts'
import type { Who } from '../support/service.ts'
import { findingsOf } from './axe.ts'
import { inBrowser } from './browser.ts'
import { startDesk, type TestDesk, textOf, waitUntil } from './desk.ts'

inBrowser('care desk', () => {
  let desk: TestDesk

  const openAs = async (who: Who, hash: string, size: 'desk' | 'phone' = 'desk') => {
    const opened = await desk.signedIn(who, { size })
    await opened.page.evaluate((to) => {
      location.hash = to
    }, `#/${hash}`)
    await opened.page.waitForSelector('.report')
    return opened
  }
  const field = async (page: Page, label: string): Promise<ElementHandle<HTMLInputElement>> => {
    const found = await page.evaluateHandle((text) => {
      const labels = [...document.querySelectorAll<HTMLLabelElement>('dialog label')]
      return labels.find(({ textContent }) => textContent?.includes(text))?.control ?? null
    }, label)
    return found.asElement() as ElementHandle<HTMLInputElement>
  }
  const press = (page: Page, selector: string): Promise<void> =>
    page.$eval(selector, (button) => (button as HTMLElement).click())
  const isGone = (page: Page): Promise<void> =>
    waitUntil(async () => (await page.$('dialog[open]')) === null, 'the dialog is closed')
  const picture = async (page: Page, name: string): Promise<void> => {
    const folder = process.env.PICTURES
    if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png` })
  }

  beforeAll(async () => {
    desk = await startDesk()
    desk.go('2026-03-04 11:00')
  })
  afterAll(() => desk?.stop())

  test('a dissatisfied customer goes from the dealer to the call centre and becomes a ticket', async () => {
    const { page, faults } = await openAs(dealer(), 'care')
    await press(page, '[data-act="handover"]')
    await page.waitForSelector('dialog[open]')
    await (await field(page, '交车时间')).type('2026-03-04 10:00')
    await (await field(page, '底盘号')).type('LSVAA4187E2000001')
    await (await field(page, '客户姓名')).type('李小红')
    await (await field(page, '电话')).type('13611000001')
    expect(await findingsOf(page)).toEqual([])
    await press(page, 'dialog [type="submit"]')
    await isGone(page)
    await page.waitForSelector('tbody [data-act="call"]')
    expect(await textOf(page, 'tbody tr')).toContain('交车24小时回访')
    expect(await textOf(page, 'tbody tr')).toContain('李小红')
    await picture(page, 'care-dealer')

    await press(page, 'tbody [data-act="call"]')
    await page.waitForSelector('dialog[open]')
    await (await field(page, '接通情况')).select('reached')
    await (await field(page, '回访结果')).select('dissatisfied')
    await press(page, 'dialog [type="submit"]')
    await page.waitForSelector('dialog .problem')
    await (await field(page, '服务反馈')).type('等了三个小时')
    expect(await findingsOf(page)).toEqual([])
    await picture(page, 'care-call')
    await press(page, 'dialog [type="submit"]')
    await isGone(page)

    const office = await openAs(csr, 'care-triage', 'phone')
    await office.page.waitForSelector('tbody [data-act="complaint"]')
    expect(await textOf(office.page, 'tbody tr')).toContain('等了三个小时')
    expect(await findingsOf(office.page)).toEqual([])
    await picture(office.page, 'care-triage')
    await press(office.page, 'tbody [data-act="complaint"]')
    await office.page.waitForSelector('dialog[open]')
    await press(office.page, 'dialog [type="submit"]')
    await office.page.waitForSelector('dialog .fault')
    const category = await field(office.page, '细分类')
    await category.select(
      await category.evaluate((element) => (element as unknown as HTMLSelectElement).options[1]?.value ?? ''),
    )
    await press(office.page, 'dialog [type="submit"]')
    await isGone(office.page)
    const registered = async () => (await desk.get('care/triage?status=registered', csr)).body.items
    expect((await registered()).map(({ ticketNo }: { ticketNo: string }) => ticketNo)).toEqual([
      expect.stringMatching(/\d/),
    ])
    expect(faults.filter((fault) => !/422/.test(fault))).toEqual([])
  })

  test('an RBO reads its dealers’ tasks and acts on none', async () => {
    const { page, faults } = await openAs(rbo(), 'care')
    await page.select('.report-head select', '')
    await page.waitForSelector('tbody tr')
    expect(await page.$('[data-act]:not(.acts *)')).toBeNull()
    expect(faults).toEqual([])
  })

  test('a desk that is switched off has no entry', async () => {
    const { version: _, effectiveFrom: __, ...policy } = (await desk.get('policy', admin)).body
    const sent = { ...policy, care: { ...policy.care, enabled: false } }
    const answer = await desk.service.call(admin, 'PUT', '/v1/policy', { body: sent })
    expect(answer.status).toBeLessThan(300)
    const { page } = await desk.signedIn(dealer())
    await page.waitForSelector('nav')
    expect(await page.$('nav a[href="#/care"]')).toBeNull()
    expect(await page.$('nav a[href="#/rates"]')).not.toBeNull()
  })
})
