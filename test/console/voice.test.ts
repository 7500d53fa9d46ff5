/** The customer-voice desk in a browser: a sheet on its whole way, who sees what, news, and a desk that is switched off. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { ElementHandle, Page } from 'puppeteer-core'
import { deskOf } from '../api/voice/desk.ts'
import { admin, dealer, one, rbo } from '../support/scenario.ts'
import type { Json, Who } from '../support/service.ts'
import { findingsOf } from './axe.ts'
import { inBrowser } from './browser.ts'
import { startDesk, type TestDesk, textOf, waitUntil } from './desk.ts'

const hq = one('hq_sales')
const sheetId = 'D001.2026-02'

inBrowser('customer-voice desk', () => {
  let desk: TestDesk

  const openAs = async (who: Who, hash: string, size: 'desk' | 'phone' = 'desk') => {
    const opened = await desk.signedIn(who, { size })
    await opened.page.evaluate((to) => {
      location.hash = to
    }, `#/${hash}`)
    await opened.page.waitForSelector(hash.includes('/') ? '.ticket .timeline' : 'main section')
    return opened
  }
  const press = (page: Page, selector: string): Promise<void> =>
    page.$eval(selector, (button) => (button as HTMLElement).click())
  /** Fills in the field whose label begins so; `nth` where several have it. */
  const fillIn = async (page: Page, label: string, value: string, nth = 0): Promise<void> => {
    await page.waitForSelector('.act-form, dialog[open]')
    const isThere = await page.evaluate(
      (text, index, wanted) => {
        const labels = [...document.querySelectorAll<HTMLLabelElement>('.act-form label, dialog label')]
        const field = labels.filter(({ textContent }) => textContent?.trim().startsWith(text))[index]?.control
        if (field == null) return false
        const setter = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value')?.set
        setter?.call(field, wanted)
        field.dispatchEvent(new Event('input', { bubbles: true }))
        return true
      },
      label,
      nth,
      value,
    )
    expect([label, isThere]).toEqual([label, true])
  }
  const isDialogGone = (page: Page): Promise<void> =>
    waitUntil(async () => (await page.$('dialog[open]')) === null, 'the dialog is closed')
  const isFormGone = (page: Page): Promise<void> =>
    waitUntil(async () => (await page.$('.act-form')) === null, 'the form is closed')
  const sendForm = async (page: Page): Promise<void> => {
    await press(page, '.act-form [type="submit"]')
    await isFormGone(page)
  }
  const shows = (page: Page, selector: string, text: string): Promise<void> =>
    waitUntil(
      async () =>
        (await page.$$eval(selector, (all) => all.map(({ textContent }) => textContent).join(' '))).includes(
          text,
        ),
      `${selector} shows ${text}`,
    )
  const sheet = async (who: Who = hq): Promise<Json> => (await desk.get(`voice/sheets/${sheetId}`, who)).body
  const actsOn = (page: Page): Promise<(string | undefined)[]> =>
    page.$$eval('.ticket .acts [data-act], .sheet-item [data-act]', (all) =>
      all.map((each) => (each as HTMLElement).dataset.act),
    )
  const picture = async (page: Page, name: string): Promise<void> => {
    const folder = process.env.PICTURES
    if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png` })
  }

  beforeAll(async () => {
    desk = await startDesk()
    desk.go('2026-03-04 11:00')
  }, 60_000)
  afterAll(() => desk?.stop())

  test('HQ enters and cleans items, and makes a sheet of them', async () => {
    const { page, faults } = await openAs(hq, 'voice-items')
    for (const [indicator, text] of [
      ['交车时间', '约好上午交车，等到下午四点'],
      ['价格', '最后多了一笔服务费'],
      ['接待', '记错了人'],
    ] as const) {
      await press(page, '[data-act="new"]')
      await fillIn(page, '经销商', 'D001')
      await fillIn(page, '调查月份', '2026-02')
      await fillIn(page, '调查', 'SSI', 1)
      await fillIn(page, '指标', indicator)
      await fillIn(page, '评分', '5')
      await fillIn(page, '客户声音', text)
      await press(page, 'dialog [type="submit"]')
      await isDialogGone(page)
      await shows(page, '.rows', indicator)
    }
    expect(await findingsOf(page)).toEqual([])
    const rowOf = (indicator: string): Promise<string> =>
      page.$$eval(
        '.row',
        (rows, text) =>
          (rows.find((row) => row.textContent?.includes(text)) as HTMLElement).dataset.key ?? '',
        indicator,
      )
    await press(page, `[data-key="${await rowOf('接待')}"] [data-act="drop"]`)
    await fillIn(page, '剔除原因', 'wrong_data')
    await press(page, 'dialog [type="submit"]')
    await isDialogGone(page)
    await press(page, `[data-key="${await rowOf('价格')}"] [data-act="reword"]`)
    await fillIn(page, '客户声音', '结算时多收服务费')
    await press(page, 'dialog [type="submit"]')
    await isDialogGone(page)
    await shows(page, '.rows', '结算时多收服务费')
    await press(page, `[data-key="${await rowOf('价格')}"] [data-act="send"]`)
    await shows(page, 'dialog', '将下发条目：2 项')
    expect(await findingsOf(page)).toEqual([])
    await picture(page, 'voice-send')
    await press(page, 'dialog [type="submit"]')
    await page.waitForSelector('.ticket .timeline')
    expect(await textOf(page, '.ticket-head')).toContain('待开会')
    expect((await sheet()).items).toHaveLength(2)
    // a dealer acts, HQ waits
    expect(await actsOn(page)).toEqual([])
    expect(faults).toEqual([])
  }, 60_000)

  test('its dealer plans: what is missing is said, a change meanwhile keeps the text, many presses are one act', async () => {
    const { page, faults } = await openAs(dealer(), 'voice', 'phone')
    await page.waitForSelector('.rows .row-link')
    expect(await textOf(page, '.rows')).toContain('今日之后还剩 3 天')
    expect(await textOf(page, '.rows')).toContain('3月8日 00:00 之前到期')
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.waitForSelector('.ticket .timeline')
    expect(await actsOn(page)).toEqual(['meeting'])
    await press(page, '[data-act="meeting"]')
    await shows(page, '.act-form .missing', '1. 交车时间 – 改进措施')
    await press(page, '.act-form [type="submit"]')
    await page.waitForSelector('.act-form .fault')
    expect(await findingsOf(page)).toEqual([])
    await fillIn(page, '会议时间', '2026-03-04T10:00')
    await fillIn(page, '参会人员', '张总\n李经理')
    for (const item of [0, 1]) {
      await fillIn(page, '改进措施', '增设交车专岗', item)
      await fillIn(page, '责任人', '李经理', item)
      await fillIn(page, '完成日期', item === 0 ? '2026-03-20' : '2026-05-20', item)
    }
    desk.go('2026-03-04 11:05')
    await press(page, '.act-form [type="submit"]')
    // the meeting was before the sheet was sent, and the API says so at its place
    await shows(page, '.act-form .fault', '下发')
    await fillIn(page, '会议时间', '2026-03-04T11:01')
    await press(page, '.act-form [type="submit"]')
    await shows(page, '.act-form .group:nth-of-type(2) .fault', '2026-04-04')
    await fillIn(page, '完成日期', '2026-03-25', 1)
    const form = new FormData()
    form.set('file', new Blob(['纪要'], { type: 'text/plain' }), '纪要.txt')
    await fetch(`${desk.origin}/v1/voice/sheets/${sheetId}/attachments`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await desk.service.tokenOf(dealer())}` },
      body: form,
    })
    await press(page, '.act-form [type="submit"]')
    await page.waitForSelector('.act-form .changes li')
    expect(await page.$eval('.act-form textarea', ({ value }) => value)).toBe('张总\n李经理')
    await page.$eval('.act-form [type="submit"]', (button) => {
      for (let times = 0; times < 3; times++) (button as HTMLElement).click()
    })
    await isFormGone(page)
    const { status, items, meeting } = await sheet()
    expect([status, items[1].plan.endsOn, meeting.attendees]).toEqual([
      'met',
      '2026-03-25',
      ['张总', '李经理'],
    ])
    await shows(page, '.ticket', '返回改进单')
    await picture(page, 'voice-dealer-phone')
    await page.keyboard.press('Escape')
    await waitUntil(async () => (await page.$('.ticket')) === null, 'the sheet is closed')
    expect(faults.filter((fault) => !/4(12|22)/.test(fault))).toEqual([])
  }, 60_000)

  test('it is returned with a file, sent back with a reason, and accepted', async () => {
    const { page } = await openAs(dealer(), `voice/sheet/${sheetId}`)
    const giveBack = async (withFile: boolean): Promise<void> => {
      await page.waitForSelector('.acts [data-act="return"]')
      await press(page, '.acts [data-act="return"]')
      await fillIn(page, '总经理签字', '马总')
      if (withFile) {
        const path = join(mkdtempSync(join(tmpdir(), 'voice-')), '照片.txt')
        writeFileSync(path, '整改照片')
        await ((await page.$('.act-form input[type="file"]')) as ElementHandle<HTMLInputElement>).uploadFile(
          path,
        )
      }
      await sendForm(page)
    }
    await giveBack(true)
    expect((await sheet()).returns[0]).toMatchObject({
      signedBy: '马总',
      attachmentIds: [expect.any(String), expect.any(String)],
    })
    await shows(page, '.ticket', '附件：纪要.txt、照片.txt')
    const office = await openAs(hq, `voice/sheet/${sheetId}`)
    expect(await actsOn(office.page)).toEqual(['audit'])
    const audit = async (decision: string, reason: string | null): Promise<void> => {
      await office.page.waitForSelector('.acts [data-act="audit"]')
      await press(office.page, '.acts [data-act="audit"]')
      await fillIn(office.page, '审核结果', decision)
      if (reason !== null) {
        await shows(office.page, '.act-form .missing', '原因')
        await fillIn(office.page, '原因', reason)
      }
      await sendForm(office.page)
    }
    await audit('sent_back', '措施过于笼统')
    // what others do is there without reload
    await shows(page, '.ticket', '措施过于笼统')
    await giveBack(false)
    await audit('accepted', null)
    expect((await sheet()).status).toBe('running')
    expect(office.faults).toEqual([])
  }, 60_000)

  test('its RBO follows up, the dealer changes a plan and reports, HQ judges, publishes and reverses', async () => {
    const region = await openAs(rbo(), `voice/sheet/${sheetId}`)
    expect(await actsOn(region.page)).toEqual(['follow-ups'])
    await press(region.page, '[data-act="follow-ups"]')
    await fillIn(region.page, '说明', '到店检查')
    await sendForm(region.page)
    const { page } = await openAs(dealer(), `voice/sheet/${sheetId}`)
    expect(await actsOn(page)).toEqual(['report', 'plans', 'plans'])
    await press(page, '.sheet-item [data-act="plans"]')
    await fillIn(page, '完成日期', '2026-03-28')
    await fillIn(page, '说明', '供应商到货推迟')
    await sendForm(page)
    await press(page, '.acts [data-act="report"]')
    await shows(page, '.act-form .missing', '仍有改进计划未到完成日期')
    await fillIn(page, '改进结果', '抽查无同类反馈', 0)
    await fillIn(page, '改进结果', '签字率 100%', 1)
    await sendForm(page)
    const office = await openAs(hq, `voice/sheet/${sheetId}`)
    expect(await actsOn(office.page)).toEqual(['judge', 'judge'])
    for (const effective of ['yes', 'no']) {
      await press(office.page, '.sheet-item [data-act="judge"]')
      await fillIn(office.page, '效果评价', effective)
      await sendForm(office.page)
      await waitUntil(
        async () => (await office.page.$$('[data-act="judge"]')).length === (effective === 'yes' ? 1 : 0),
        'it is judged',
      )
    }
    await press(office.page, '.sheet-item [data-act="publish"]')
    await fillIn(office.page, '案例标题', '交车不等候')
    await fillIn(office.page, '金额', '1200')
    await press(office.page, '.act-form [type="submit"]')
    await shows(office.page, '.act-form .fault', '整数')
    await fillIn(office.page, '金额', '800')
    await sendForm(office.page)
    await office.page.waitForSelector('[data-act="reverse"]')
    expect(await findingsOf(office.page)).toEqual([])
    await picture(office.page, 'voice-hq')
    await press(office.page, '[data-act="reverse"]')
    await fillIn(office.page, '原因', '重复发布')
    await press(office.page, 'dialog [type="submit"]')
    await isDialogGone(office.page)
    const { status, ledger, followUps, items } = await sheet()
    expect([status, ledger.map(({ amount }: Json) => amount)]).toEqual(['closed', [800, -800]])
    expect([followUps[0].note, items[0].plan.endsOn]).toEqual(['到店检查', '2026-03-28'])
    await waitUntil(async () => (await office.page.$('[data-act="reverse"]')) === null, 'it is reversed')
    expect(office.faults).toEqual([])
  }, 60_000)

  test('the forms of a sheet open to be printed', async () => {
    const { page } = await openAs(hq, `voice/sheet/${sheetId}`)
    const opened = new Promise<Page | null>((resolve) => page.once('popup', resolve))
    await page.click('[data-act="print-evaluation"]')
    const form = await opened
    // it goes from an empty page to the form
    expect(
      await form?.waitForFunction(() => document.body?.textContent?.includes('改进效果评价表')),
    ).toBeDefined()
  })

  test('ledger and report show the numbers of the API, with a chart each and its table by one key', async () => {
    const { page, faults } = await openAs(hq, 'voice-ledger')
    await shows(page, 'tbody', '800 元')
    expect(await textOf(page, 'tfoot')).toContain('0 元')
    expect(await findingsOf(page)).toEqual([])
    await page.evaluate(() => {
      location.hash = '#/voice-report'
    })
    await page.waitForSelector('.ranks')
    expect(await textOf(page, 'tfoot')).toContain('-100.00%')
    await page.keyboard.press('t')
    await page.waitForSelector('figure table')
    expect(await textOf(page, 'figure:nth-of-type(2) tbody')).toContain('交车时间')
    expect(await findingsOf(page)).toEqual([])
    expect(faults).toEqual([])
  })

  test('a role that sees no person has no name of one, and another RBO nothing at all', async () => {
    const { page, faults } = await openAs(one('auditor'), `voice/sheet/${sheetId}`)
    const content = await page.content()
    for (const name of ['李经理', '马总', '张总', '约好上午交车']) expect(content).not.toContain(name)
    expect(content).toContain('您的角色不可查看')
    expect(await actsOn(page)).toEqual([])
    expect(faults).toEqual([])
    const north = await desk.signedIn(rbo('NORTH'))
    await north.page.evaluate((to) => {
      location.hash = to
    }, `#/voice/sheet/${sheetId}`)
    await shows(north.page, 'aside', '没有该改进单')
    expect(await north.page.content()).not.toContain('交车时间')
  })

  test('a sheet that comes waits while somebody is among the rows', async () => {
    const voice = deskOf(desk)
    await voice.sent('D001', '2026-01')
    const { page } = await openAs(dealer(), 'voice')
    await page.waitForSelector('.rows .row-link')
    const before = (await page.$$('.rows .row')).length
    await page.focus('.rows .row-link')
    await voice.sent('D001', '2025-12')
    await shows(page, '.fresh', '1 条新增')
    expect(await page.$$('.rows .row')).toHaveLength(before)
    await page.click('.fresh')
    await waitUntil(async () => (await page.$$('.rows .row')).length === before + 1, 'it is there')
  })

  test('ledger and report open on the newest quarter that has something', async () => {
    desk.go('2026-08-03 10:00')
    for (const [screen, selector] of [
      ['voice-ledger', '.report tbody tr'],
      ['voice-report', '.ranks'],
    ] as const) {
      const { page, faults } = await openAs(hq, screen)
      await page.waitForSelector(selector)
      expect(await page.$eval('.report-head select', ({ value }) => value)).toBe('2026Q1')
      expect(faults).toEqual([])
    }
  })

  test('a desk that is switched off has no entry', async () => {
    const { version: _, effectiveFrom: __, ...policy } = (await desk.get('policy', admin)).body
    const sent = { ...policy, voice: { ...policy.voice, enabled: false } }
    const answer = await desk.service.call(admin, 'PUT', '/v1/policy', { body: sent })
    expect(answer.status).toBeLessThan(300)
    const { page } = await desk.signedIn(hq)
    await page.waitForSelector('nav')
    expect(await page.$('nav a[href="#/voice"]')).toBeNull()
    expect(await page.$('nav a[href="#/rates"]')).not.toBeNull()
  })
})
