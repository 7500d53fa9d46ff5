/** The desk of the SE in a browser: what is live, what stays in its place, what is said. */
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Page } from 'puppeteer-core'
import { csr, rbo, se } from '../support/scenario.ts'
import { inBrowser } from './browser.ts'
import { startDesk, type TestDesk, textOf, waitUntil } from './desk.ts'

/** Keys of the rows of the list at that place on the screen, from the top. */
const keysOf = (page: Page, list: number): Promise<string[]> =>
  page.$$eval(
    'main .list',
    (lists, index) =>
      [...(lists[index]?.querySelectorAll<HTMLElement>('.row') ?? [])].map((row) => row.dataset.key ?? ''),
    list,
  )

inBrowser('the desk of the SE', () => {
  let desk: TestDesk
  beforeAll(async () => {
    desk = await startDesk()
  })
  afterAll(() => desk?.stop())

  /** A ticket that W5 is raised on: it goes to the SE at once. */
  const alarm = async (): Promise<string> => {
    const ticketNo = await desk.register()
    await desk.does(ticketNo, 'contacts', { channel: 'phone', content: '我是记者', flags: ['media'] }, csr)
    return ticketNo
  }
  const warningIds = async (): Promise<string[]> =>
    (await desk.get('warnings?status=open', se)).body.items.map(
      (each: { warningId: string }) => each.warningId,
    )
  const has = (page: Page, ticketNo: string): Promise<boolean> =>
    keysOf(page, 0).then((keys) => keys.some((key) => key.startsWith(ticketNo)))

  test('shows a warning within a second without loading again, and announces it once', async () => {
    const { page, faults } = await desk.signedIn(se)
    await page.evaluate(() => {
      const said: string[] = []
      Object.assign(window, { said })
      const region = document.querySelector('.announced') as HTMLElement
      new MutationObserver(() => said.push(region.textContent ?? '')).observe(region, {
        childList: true,
        characterData: true,
        subtree: true,
      })
    })
    const ticketNo = await alarm()
    const raisedAt = Date.now()
    await waitUntil(() => has(page, ticketNo), 'the warning is shown', 5_000)
    expect(Date.now() - raisedAt).toBeLessThan(1_000)
    expect(await keysOf(page, 0)).toEqual(await warningIds())
    // a second thing on the same ticket announces nothing more
    await desk.does(ticketNo, 'contacts', { channel: 'phone', content: '再次来电' }, csr)
    await waitUntil(
      async () => (await keysOf(page, 0)).join() === (await warningIds()).join(),
      'all is shown',
    )
    const said = await page.evaluate(() => (window as unknown as { said: string[] }).said)
    expect(said.filter((each) => each.includes(ticketNo) && each.includes('W5'))).toHaveLength(1)
    expect(faults).toEqual([])
  })

  test('keeps rows in their places under the pointer; news wait behind a button', async () => {
    const first = await alarm()
    const { page, faults } = await desk.signedIn(se)
    await waitUntil(() => has(page, first), 'the first is shown')
    const before = await keysOf(page, 0)
    await page.hover('main .list .row')
    const second = await alarm()
    await page.waitForSelector('main .list .fresh')
    expect(await textOf(page, 'main .list .fresh')).toBe('1 条新增')
    expect(await keysOf(page, 0)).toEqual(before)
    await page.click('main .list .fresh')
    await waitUntil(() => has(page, second), 'the second is shown')
    expect(await keysOf(page, 0)).toEqual(await warningIds())
    expect(faults).toEqual([])
  })

  test('marks a row that left the list while the focus is in it', async () => {
    const ticketNo = await alarm()
    const { page } = await desk.signedIn(se)
    await waitUntil(() => has(page, ticketNo), 'the warning is shown')
    const [warningId] = (await keysOf(page, 0)).filter((key) => key.startsWith(ticketNo))
    await page.focus(`main [data-key="${warningId}"] a`)
    await desk.does(ticketNo, `warnings/${warningId}/resolve`, { result: '已答复' }, se)
    await page.waitForSelector(`main [data-key="${warningId}"].row-gone`)
    await page.evaluate(() => (document.activeElement as HTMLElement).blur())
    await waitUntil(async () => !(await has(page, ticketNo)), 'it is gone')
  })

  test('counts service minutes, names clock and due, and stands still in the evening', async () => {
    desk.go('2026-03-03 17:30')
    const ticketNo = await alarm()
    const { page } = await desk.signedIn(se)
    await waitUntil(() => has(page, ticketNo), 'the warning is shown')
    const due = () =>
      page.$$eval(
        'main .row',
        (rows, no) =>
          rows.find((row) => row.textContent?.includes(no))?.querySelector('.due')?.textContent ?? '',
        ticketNo,
      )
    expect(await due()).toMatch(/^确认 剩余服务时间 (2 小时|1 小时 59 分钟) 3月4日 10:30 到期$/)
    desk.go('2026-03-03 20:00')
    await page.reload()
    await waitUntil(async () => (await due()).includes('计时暂停'), 'it stands still')
    expect(await due()).toMatch(
      /^确认 剩余服务时间 1 小时 30 分钟 3月4日 10:30 到期 · 计时暂停，周三09:00 恢复$/,
    )
    desk.go('2026-03-04 11:00')
    await page.reload()
    await waitUntil(async () => (await due()).includes('已超期'), 'it is overdue')
    expect(await due()).toBe('确认 已超期，应于 3月4日 10:30 前完成 已超出服务时间 30 分钟')
  })

  test('says that the connection is lost, and is equal to the API when it is back', async () => {
    const { page } = await desk.signedIn(se)
    await page.setOfflineMode(true)
    await page.waitForSelector('.live-reconnecting', { timeout: 20_000 })
    expect(await textOf(page, '.live')).toMatch(/^\d\d:\d\d 起重新连接中$/)
    for (let count = 0; count < 5; count++) await alarm()
    await page.setOfflineMode(false)
    await page.waitForSelector('.live-live', { timeout: 20_000 })
    await waitUntil(
      async () => (await keysOf(page, 0)).join() === (await warningIds()).join(),
      'rows are equal',
    )
  })

  test('reads one stream for all tabs of a browser, and another takes over when its tab closes', async () => {
    const { page } = await desk.signedIn(se)
    const address = page.url()
    const token = await desk.service.tokenOf(se)
    const others = []
    for (let count = 0; count < 3; count++) {
      const tab = await page.browserContext().newPage()
      await tab.goto(`${address.split('#')[0]}#token=${token}`)
      await tab.waitForSelector('.live-live')
      others.push(tab)
    }
    const streams = () => openStreams(desk)
    await waitUntil(async () => (await streams()) >= 1, 'a stream is open')
    const before = await streams()
    await page.close()
    const ticketNo = await alarm()
    for (const tab of others) await waitUntil(() => has(tab, ticketNo), 'each tab shows it')
    expect(await streams()).toBe(before)
  })

  test('shows nothing of another RBO in any answer', async () => {
    const mine = await desk.register({ category: 'A4b', dealerCode: 'D001' })
    const { page } = await desk.signedIn(rbo('EAST'))
    const answers: string[] = []
    page.on('response', async (response) => {
      if (response.url().includes('/v1/') && !response.url().includes('/stream'))
        answers.push(await response.text().catch(() => ''))
    })
    const theirs = await desk.register({ category: 'A4b', dealerCode: 'D003' })
    await desk.call(mine)
    await waitUntil(async () => answers.some((text) => text.includes(mine)), 'the list was read again')
    expect(answers.join()).not.toContain(theirs)
    expect(await page.content()).not.toContain(theirs)
  })
})

/** How many streams the service is read by. */
const openStreams = async (desk: TestDesk): Promise<number> => {
  const text = await desk.service.deps.metrics.registry.getSingleMetricAsString('stream_readers')
  return Number(/^stream_readers (\d+)/m.exec(text)?.[1])
}
