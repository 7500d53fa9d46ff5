/** The care desk in a browser: handover, call, the call centre's judgement, scope, and a desk that is switched off. */
import { describe, expect, test } from '@jest/globals'
import type { ElementHandle, Page } from 'puppeteer-core'
import { admin, csr, dealer, one, rbo } from '../support/scenario.ts'
import type { Json, Who } from '../support/service.ts'
import { findingsOf } from './axe.ts'
import { type TestDesk, textOf, waitUntil } from './desk.ts'

/** Beside other tests on one service and browser; the last one switches the desk off. `at`: it is there once tests run. */
export const careTests = (at: () => TestDesk): void =>
  describe('care desk', () => {
    const openAs = async (who: Who, hash: string, size: 'desk' | 'phone' = 'desk') => {
      const opened = await at().signedIn(who, { size })
      await opened.page.evaluate((to) => {
        location.hash = to
      }, `#/${hash}`)
      await opened.page.waitForSelector('main .list, main .report')
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

    test('a dissatisfied customer goes from the dealer to the call centre and becomes a ticket', async () => {
      const { page, faults } = await openAs(dealer(), 'care')
      await press(page, '[data-act="handover"]')
      await page.waitForSelector('dialog[open]')
      await (await field(page, '交车时间')).evaluate((input) => {
        input.value = '2026-03-04T10:00'
        input.dispatchEvent(new Event('input', { bubbles: true }))
      })
      await (await field(page, '底盘号')).type('LSVAA4187E2000001')
      await (await field(page, '客户姓名')).type('李小红')
      await (await field(page, '电话')).type('13611000001')
      expect(await findingsOf(page)).toEqual([])
      await press(page, 'dialog [type="submit"]')
      await isGone(page)
      await page.waitForSelector('main .row [data-act="call"]')
      expect(await textOf(page, 'main .row')).toContain('交车24小时回访')
      expect(await textOf(page, 'main .row')).toContain('李小红')
      await picture(page, 'care-dealer')

      await press(page, 'main .row [data-act="call"]')
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
      await office.page.waitForSelector('main .row [data-act="complaint"]')
      expect(await textOf(office.page, 'main .row')).toContain('等了三个小时')
      expect(await findingsOf(office.page)).toEqual([])
      await picture(office.page, 'care-triage')
      await press(office.page, 'main .row [data-act="complaint"]')
      await office.page.waitForSelector('dialog[open]')
      await press(office.page, 'dialog [type="submit"]')
      await office.page.waitForSelector('dialog .fault')
      const category = await field(office.page, '细分类')
      await category.select(
        await category.evaluate(
          (element) => (element as unknown as HTMLSelectElement).options[1]?.value ?? '',
        ),
      )
      await press(office.page, 'dialog [type="submit"]')
      await isGone(office.page)
      const registered = async () => (await at().get('care/triage?status=registered', csr)).body.items
      expect((await registered()).map(({ ticketNo }: { ticketNo: string }) => ticketNo)).toEqual([
        expect.stringMatching(/\d/),
      ])
      expect(faults.filter((fault) => !/422/.test(fault))).toEqual([])
    })

    test('an RBO reads its dealers’ tasks by keys, whole on a phone, and acts on none', async () => {
      const { page, faults } = await openAs(rbo(), 'care', 'phone')
      await page.select('.list-head select', '')
      await page.waitForSelector('main .row')
      expect(await page.$('main .row [data-act]')).toBeNull()
      await page.keyboard.press('j')
      await page.keyboard.press('Enter')
      await page.waitForSelector('.row-detail .plan li')
      expect(await textOf(page, '.row-detail')).toContain('首保提醒')
      expect(await findingsOf(page)).toEqual([])
      const excess = await page.evaluate(() =>
        Math.max(
          ...[...document.querySelectorAll('main, main *')].map((each) => each.scrollWidth - innerWidth),
        ),
      )
      expect(excess).toBeLessThanOrEqual(0)
      await page.keyboard.press('Escape')
      expect(await page.$('.row-detail')).toBeNull()
      expect(await page.evaluate(() => document.activeElement?.matches('main .row-link'))).toBe(true)
      expect(faults).toEqual([])
    })

    test('the report of HQ has the numbers of the API, as a picture and as a table', async () => {
      const { page, faults } = await openAs(one('hq_sales'), 'care-report')
      await page.waitForSelector('.stack')
      const chinese = { 'accept-language': 'zh-CN' }
      const { rows } = (await at().get('reports/care?quarter=2026Q1&by=kind', one('hq_sales'), chinese)).body
      await page.select('.report-head .choose:nth-of-type(2) select', 'kind')
      await waitUntil(
        async () => (await page.$$('.report > .scroll tbody tr')).length === rows.length,
        'a row for each kind',
      )
      expect(await findingsOf(page)).toEqual([])
      await page.keyboard.press('t')
      await page.waitForSelector('.chart table')
      // the keys of lists lead through the rows of tables too
      const isIn = (place: string): Promise<boolean | undefined> =>
        page.evaluate((within) => document.activeElement?.matches(`${within} tbody th[scope="row"]`), place)
      await page.keyboard.press('j')
      expect(await isIn('.chart')).toBe(true)
      for (const _ of rows) await page.keyboard.press('j')
      expect(await isIn('.report > .scroll')).toBe(true)
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(rows[0].name)
      await page.keyboard.press('k')
      expect(await isIn('.chart')).toBe(true)
      const shown = (selector: string) =>
        page.$$eval(selector, (all) =>
          all.map((row) => [...row.children].map(({ textContent }) => textContent ?? '')),
        )
      const counts = ['doneInTime', 'doneLate', 'failedCalls', 'overdueCalls', 'openCalls'] as const
      expect(await shown('.chart tbody tr')).toEqual(
        rows.map((row: Json) => [row.name, ...counts.map((name) => String(row[name]))]),
      )
      expect(await shown('.report > .scroll tbody tr')).toEqual(
        rows.map((row: Json) => [
          row.name,
          ...['due', ...counts, 'notNeeded'].map((name) => String(row[name])),
          row.satisfactionRate === null ? '无' : `${row.satisfactionRate.toFixed(2)}%`,
        ]),
      )
      expect(await findingsOf(page)).toEqual([])
      expect(faults).toEqual([])
    })

    test('a desk that is switched off has no entry', async () => {
      const { version: _, effectiveFrom: __, ...policy } = (await at().get('policy', admin)).body
      const sent = { ...policy, care: { ...policy.care, enabled: false } }
      const answer = await at().service.call(admin, 'PUT', '/v1/policy', { body: sent })
      expect(answer.status).toBeLessThan(300)
      const { page } = await at().signedIn(dealer())
      await page.waitForSelector('nav')
      expect(await page.$('nav a[href="#/care"]')).toBeNull()
      expect(await page.$('nav a[href="#/rates"]')).not.toBeNull()
    })
  })
