/** What belongs to a ticket and is set by HQ, and the care desk, in one browser: objections, attachments, letters, contacts, policy, calendars, pictures. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { ElementHandle, Page } from 'puppeteer-core'
import { admin, csr, dealer, one, supervisor } from '../support/scenario.ts'
import type { Json, Who } from '../support/service.ts'
import { findingsOf } from './axe.ts'
import { inBrowser } from './browser.ts'
import { careTests } from './careTests.ts'
import { startDesk, type TestDesk, textOf, waitUntil } from './desk.ts'

const hq = one('hq_sales')

inBrowser('papers and settings', () => {
  let desk: TestDesk
  let ticketNo: string
  let objectedNo: string
  let folder: string
  const faults: string[] = []
  /** One page for each user, for the whole file. */
  const pages = new Map<string, Page>()

  const pageOf = async (who: Who, hash: string, selector: string): Promise<Page> => {
    const name = JSON.stringify(who)
    const known = pages.get(name)
    const opened = known === undefined ? await desk.signedIn(who) : null
    const page = known ?? (opened as { page: Page }).page
    if (opened !== null) opened.page.on('close', () => faults.push(...opened.faults))
    pages.set(name, page)
    await page.evaluate((to) => {
      location.hash = to
    }, `#/${hash}`)
    await page.waitForSelector(selector)
    return page
  }
  /** The field with that label, in the dialog or the form that is there. */
  const field = async (page: Page, label: string): Promise<ElementHandle<HTMLInputElement>> => {
    const found = await page.evaluateHandle((text) => {
      const labels = [...document.querySelectorAll<HTMLLabelElement>('main label, aside label, dialog label')]
      return labels.find(({ textContent }) => textContent?.includes(text))?.control ?? null
    }, label)
    return found.asElement() as ElementHandle<HTMLInputElement>
  }
  const write = async (page: Page, label: string, text: string): Promise<void> => {
    const input = await field(page, label)
    await input.evaluate((element) => {
      element.value = ''
    })
    await input.type(text)
  }
  const press = async (page: Page, selector: string): Promise<void> => {
    await page.waitForSelector(selector)
    await page.$eval(selector, (button) => (button as HTMLElement).click())
  }
  const says = (page: Page, selector: string, text: string): Promise<void> =>
    waitUntil(
      async () =>
        (
          await page.$eval('body', (body, at) => body.querySelector(at)?.textContent ?? '', selector)
        ).includes(text),
      `${selector} says ${text}`,
    )

  const writeFile = (name: string, text: string): string => {
    const path = join(folder, name)
    writeFileSync(path, text)
    return path
  }

  beforeAll(async () => {
    desk = await startDesk()
    folder = mkdtempSync(join(tmpdir(), 'papers-'))
    ticketNo = await desk.register({ dealerCode: 'D001' })
    objectedNo = await desk.register({ dealerCode: 'D001' })
    await desk.respond(ticketNo)
    await desk.respond(objectedNo)
    desk.go('2026-03-04 11:00')
  })
  afterAll(async () => {
    await desk?.stop()
    if (folder !== undefined) rmSync(folder, { recursive: true })
  })

  test('a dealer objects to its unit once, with a file, HQ decides, and the dealer reads why', async () => {
    const page = await pageOf(dealer(), `tickets/${objectedNo}`, '[data-act="objections"]')
    await press(page, '[data-act="objections"]')
    await (await field(page, '及时响应')).click()
    await write(page, '理由', '客户当日不在本市')
    const input = (await page.$('.act-form input[type="file"]')) as ElementHandle<HTMLInputElement>
    await input.uploadFile(writeFile('出差证明.txt', '本人当日出差。'))
    await page.click('.act-form [type="submit"]')
    await page.waitForSelector('.objections .papers li')
    await press(page, '.objections [data-act="files"]')
    await says(page, '.objections .papers .papers', '出差证明.txt')
    await says(page, '.attachments', '出差证明.txt')
    expect(await page.$('[data-act="objections"]')).toBeNull()
    expect(await page.$('.objections [data-act="withdraw"]')).not.toBeNull()

    const office = await pageOf(hq, 'objections', '.list .row')
    expect(await textOf(office, '.list .row')).toContain('客户当日不在本市')
    // HQ decides without seeing the customer, and so without the customer's files
    expect(await textOf(office, '.list .row')).toContain('附件 1 个')
    expect(await office.$('.list [data-act="files"]')).toBeNull()
    expect(await findingsOf(office)).toEqual([])
    await press(office, '.list [data-act="decide"]')
    await office.waitForSelector('dialog[open]')
    await press(office, 'dialog [type="submit"]')
    expect(await office.$$eval('dialog .fault', (all) => all.length)).toBe(2)
    await (await field(office, '裁定结果')).select('upheld')
    await write(office, '理由', '情况属实')
    await press(office, 'dialog [type="submit"]')
    await waitUntil(async () => (await office.$('.list .row')) === null, 'it is not open any more')

    await says(page, '.objections', '申诉成立')
    await says(page, '.objections', '情况属实')
    const [decided] = (await desk.get('objections', hq)).body.items
    expect([decided.ticketNo, decided.measures, decided.status]).toEqual([objectedNo, ['response'], 'upheld'])
    expect(decided.attachmentIds).toHaveLength(1)
  })

  test('a dialog begins at its first field; Escape closes it, and keeps what was typed', async () => {
    const page = await pageOf(csr, 'inquiries', '.list [data-act="new"]')
    await press(page, '.list [data-act="new"]')
    await page.waitForSelector('dialog[open]')
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('SELECT')
    await page.keyboard.press('Escape')
    await waitUntil(async () => (await page.$('dialog')) === null, 'nothing was typed, and it is closed')
    await press(page, '.list [data-act="new"]')
    await page.waitForSelector('dialog[open]')
    await write(page, '咨询内容', '写到一半')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    expect(await page.$eval('dialog[open] textarea', (area) => (area as HTMLTextAreaElement).value)).toBe(
      '写到一半',
    )
  })

  test('an inquiry takes files in its form, once registered also where one is refused first', async () => {
    const page = await pageOf(csr, 'inquiries', '.list [data-act="new"]')
    await press(page, '.list [data-act="new"]')
    await page.waitForSelector('dialog[open]')
    await (await field(page, '咨询主题')).select('price')
    await write(page, '咨询内容', '优惠到什么时候？')
    const input = (await page.$('dialog input[type="file"]')) as ElementHandle<HTMLInputElement>
    await input.uploadFile(writeFile('空.txt', ''))
    await press(page, 'dialog [type="submit"]')
    await says(page, 'dialog .hint', '咨询已登记为')
    await page.waitForSelector('dialog .problem')
    expect(await findingsOf(page)).toEqual([])
    await input.uploadFile(writeFile('广告.txt', '本月优惠'))
    await press(page, 'dialog [type="submit"]')
    await waitUntil(async () => (await page.$('dialog')) === null, 'it is sent')
    const { items } = (await desk.get('inquiries', csr)).body
    expect(items).toHaveLength(1)

    await page.waitForSelector('.list .row')
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await says(page, '.row-detail', '广告.txt')
    await says(page, '.row-detail', '优惠到什么时候？')
    expect(await findingsOf(page)).toEqual([])
    const answered = page.waitForResponse((response) => /attachments\/[\da-f-]{36}$/.test(response.url()))
    await press(page, '.row-detail [data-act="download"]')
    expect((await answered).status()).toBe(200)
    await press(page, '.row [data-act="answer"]')
    await page.waitForSelector('dialog[open]')
    await write(page, '答复', '到月底。')
    await press(page, 'dialog [type="submit"]')
    await says(page, '.row-detail', '到月底。')
    await says(page, '.row', '回复客户')
  })

  test('a file is added, downloaded, and removed by whoever may', async () => {
    const file = writeFile('投诉信.txt', '尊敬的客服：请尽快处理。')
    const page = await pageOf(csr, `tickets/${ticketNo}`, '.attachments')
    await press(page, '[data-act="attach"]')
    await page.waitForSelector('dialog[open]')
    await press(page, 'dialog [type="submit"]')
    await page.waitForSelector('dialog .fault')
    const input = (await page.$('dialog input[type="file"]')) as ElementHandle<HTMLInputElement>
    await input.uploadFile(file)
    await write(page, '说明', '客户来信')
    await press(page, 'dialog [type="submit"]')
    await says(page, '.attachments', '投诉信.txt')
    expect(await page.$('.attachments [data-act="remove"]')).toBeNull()
    const answered = page.waitForResponse((response) => /attachments\/[\da-f-]{36}$/.test(response.url()))
    await press(page, '.attachments [data-act="download"]')
    expect((await answered).status()).toBe(200)

    const office = await pageOf(supervisor, `tickets/${ticketNo}`, '.attachments [data-act="remove"]')
    await press(office, '.attachments [data-act="remove"]')
    await office.waitForSelector('dialog[open]')
    await write(office, '原因', '传错文件')
    expect(await findingsOf(office)).toEqual([])
    await press(office, 'dialog [type="submit"]')
    await says(office, '.attachments', '没有附件')
    expect((await desk.get(`tickets/${ticketNo}/attachments`, csr)).body.items).toEqual([])
    // HQ does not see the customer, and so not that there are files
    const hqPage = await pageOf(hq, `objections/${ticketNo}`, '.ticket .timeline')
    expect(await hqPage.$('.attachments')).toBeNull()
  })

  test('a form that is open goes on after the user’s own file, and tells of what others did', async () => {
    const no = await desk.register({ dealerCode: 'D003' })
    const page = await pageOf(csr, `tickets/${no}`, '.ticket')
    await says(page, '.ticket h1', no)
    const addFile = async (name: string): Promise<void> => {
      await press(page, '[data-act="attach"]')
      await page.waitForSelector('dialog[open]')
      const input = (await page.$('dialog input[type="file"]')) as ElementHandle<HTMLInputElement>
      await input.uploadFile(writeFile(name, '见附件'))
      await press(page, 'dialog [type="submit"]')
      await says(page, '.attachments', name)
    }
    await press(page, '.acts [data-act="contacts"]')
    await write(page, '客户反映内容', '补充一封来信')
    await addFile('补充一.txt')
    await page.click('.act-form [type="submit"]')
    await waitUntil(async () => (await page.$('.act-form')) === null, 'it is sent')
    expect((await desk.get(`tickets/${no}/contacts`, csr)).body.items.at(-1).content).toBe('补充一封来信')

    await press(page, '.acts [data-act="contacts"]')
    await write(page, '客户反映内容', '再补充一封')
    await desk.call(no)
    await addFile('补充二.txt')
    await page.click('.act-form [type="submit"]')
    await page.waitForSelector('.act-form .problem')
    await says(page, '.act-form [type="submit"]', '仍然提交')
    await page.click('.act-form [type="submit"]')
    await waitUntil(async () => (await page.$('.act-form')) === null, 'it is sent all the same')
  })

  test('a letter is written by the holder, read and printed in its own style', async () => {
    const page = await pageOf(dealer(), `dealer/${ticketNo}`, '[data-act="letters"]')
    await press(page, '[data-act="letters"]')
    await (await field(page, '回函类型')).select('customer')
    await write(page, '收函人', '王先生')
    await write(page, '事由', '关于您的投诉')
    await write(page, '正文', '您好，问题已处理。')
    await page.click('.act-form [type="submit"]')
    await says(page, '.letters', '关于您的投诉')
    await press(page, '.letters [data-act="read"]')
    await says(page, '.letters .quote', '问题已处理')
    const opened = new Promise<Page>((resolve) => {
      page.once('popup', (tab) => resolve(tab as Page))
    })
    await press(page, '.letters [data-act="print"]')
    const tab = await opened
    // its style sheet comes after the page
    await tab.waitForFunction(() => {
      const header = document.querySelector('header')
      return header !== null && getComputedStyle(header).display === 'flex'
    })
    await tab.close()
  })

  test('a dealer asks for an SMS contact, and the call centre accepts it', async () => {
    const page = await pageOf(dealer(), 'sms-contacts', '.report-head .primary')
    await press(page, '.report-head .primary')
    await page.waitForSelector('dialog[open]')
    await write(page, '姓名', '陈经理')
    await write(page, '手机号', '13900001111')
    await (await field(page, '职责')).select('manager')
    await press(page, 'dialog [type="submit"]')
    await says(page, '.report', '待审核')
    const office = await pageOf(csr, 'sms-contacts', '[data-act="accept"]')
    expect(await textOf(office, '.report')).toContain('陈经理')
    expect(await findingsOf(office)).toEqual([])
    await press(office, '[data-act="accept"]')
    await office.waitForSelector('dialog[open]')
    await press(office, 'dialog [type="submit"]')
    await says(office, '.report', '没有符合条件的申请')
    await says(page, '.report', '已接受')
    expect((await desk.get('dealers/D001/sms-contacts', dealer())).body.contacts).toHaveLength(1)
  })

  test('the policy is set against the version that was looked at, and says that it is set', async () => {
    const page = await pageOf(hq, 'policy', '.settings')
    const { version: first, effectiveFrom: _, ...before } = (await desk.get('policy', hq)).body
    await desk.service.call(admin, 'PUT', '/v1/policy', { body: { ...before, rewardAmount: 4_000 } })
    await write(page, '奖励名次', '7')
    await press(page, '.settings [type="submit"]')
    await says(page, '.settings .changes', '奖励金额（元）')
    expect(await textOf(page, '.settings .changes')).toContain('→ 4000')
    expect(await (await field(page, '奖励名次')).evaluate(({ value }) => value)).toBe('7')
    expect((await desk.get('policy', hq)).body).toMatchObject({
      rewardAmount: 4_000,
      rewardTop: before.rewardTop,
    })
    await press(page, '.settings [type="submit"]')
    await says(page, '.report', '已设置第')
    const { version, ...set } = (await desk.get('policy', hq)).body
    expect([version, set.rewardAmount, set.rewardTop]).toEqual([first + 2, 4_000, 7])
    // the form was made again of the new version, and still says so
    await waitUntil(async () => (await page.$('.settings .changes')) === null, 'the form is made again')
    expect(await textOf(page, '.report')).toContain(`已设置第 ${version} 版`)
    expect(await findingsOf(page)).toEqual([])
  })

  test('a calendar is shown and its year entered', async () => {
    const page = await pageOf(hq, 'calendars', '.settings + h3 ~ .settings')
    await page.select('.report-head .choose:nth-of-type(2) select', '2027')
    await says(page, '.report', '2027 年放假安排')
    await page.waitForFunction(() => document.querySelectorAll('.settings').length === 2)
    await write(page, '放假日', '2027-01-01')
    await write(page, '调休工作日', '2026-01-02')
    await press(page, '.settings:last-of-type [type="submit"]')
    await says(page, '.fault', '每行应为该年度的日期')
    await write(page, '调休工作日', '2027-01-03')
    await write(page, '依据', '国务院办公厅通知')
    expect(await findingsOf(page)).toEqual([])
    await press(page, '.settings:last-of-type [type="submit"]')
    await says(page, '.report', '已保存日历 CN')
    expect((await desk.get('calendars/CN/2027', hq)).body).toMatchObject({
      off: ['2027-01-01'],
      work: ['2027-01-03'],
      source: '国务院办公厅通知',
    })
  })

  test('pictures show the numbers of the API, and by one key their tables', async () => {
    const page = await pageOf(hq, 'picture', '.heat')
    const now = (await desk.get('reports/now', hq)).body
    expect(
      await page.$$eval('.counts dd', (all) => all.map(({ textContent }) => Number(textContent))),
    ).toEqual(
      ['unhandled', 'inProgress', 'overdue', 'dueSoon', 'openWarnings'].map((name) => now.totals[name]),
    )
    expect(await findingsOf(page)).toEqual([])
    await page.keyboard.press('t')
    await page.waitForSelector('.chart table')
    const { rows } = (
      await desk.get('reports/statistics?from=2026-01-01&to=2026-04-01&groupBy=weekday,hour', hq)
    ).body
    const shown = await page.$$eval('.chart', (figures) =>
      [...(figures[1]?.querySelectorAll('tbody tr') ?? [])].map((row) =>
        [...row.children].map(({ textContent }) => textContent ?? ''),
      ),
    )
    const told = shown.flatMap(([hour = '', ...days]) =>
      days
        .slice(0, 7)
        .flatMap((count, day) => (count === '0' ? [] : [[hour.slice(0, 2), String(day + 1), Number(count)]])),
    )
    expect(told.sort()).toEqual(
      rows.map(({ keys, complaints }: Json) => [keys.hour, keys.weekday, complaints]).sort(),
    )
    expect(await findingsOf(page)).toEqual([])
  })

  careTests(() => desk)

  test('nothing of it was against the policy of the page, and no error was logged', async () => {
    for (const page of pages.values()) await page.close()
    // answers that are no by intention: the version that was looked at was not the newest, and a file was empty
    expect(faults.filter((fault) => !/412|422/.test(fault))).toEqual([])
  })
})
