/** The desk of the SE in a browser: what is live, what stays in its place, what is said. */
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { HTTPRequest, Page } from 'puppeteer-core'
import { csr, rbo, se } from '../support/scenario.ts'
import { inBrowser, openPage } from './browser.ts'
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
  const equalsApi = (page: Page): Promise<void> =>
    waitUntil(
      async () => (await keysOf(page, 0)).join() === (await warningIds()).join(),
      'rows are those of the API',
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
    await equalsApi(page)
    const said = await page.evaluate(() => (window as unknown as { said: string[] }).said)
    expect(said.filter((each) => each.includes(ticketNo) && each.includes('W5'))).toHaveLength(1)
    expect(faults).toEqual([])
  })

  test('loads no more than 80 kB, compressed, up to its first row', async () => {
    await alarm()
    const { page } = await openPage(desk.browser, { origin: desk.origin })
    const session = await page.createCDPSession()
    await session.send('Network.enable')
    const files = new Set<string>()
    let bytes = 0
    session.on('Network.requestWillBeSent', ({ requestId, request }) => {
      if (request.url.includes('/console')) files.add(requestId)
    })
    session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      if (files.has(requestId)) bytes += encodedDataLength
    })
    await page.goto(`${desk.origin}/console#token=${await desk.service.tokenOf(se)}`)
    await page.waitForSelector('main .row')
    expect(bytes).toBeGreaterThan(10_000)
    expect(bytes).toBeLessThanOrEqual(80_000)
    await page.browserContext().close()
  })

  test('shows its first row after four round trips, before dealers, RBOs and calendars are known', async () => {
    const ticketNo = await alarm()
    const { page } = await openPage(desk.browser, { origin: desk.origin })
    let held: HTTPRequest[] = []
    await page.setRequestInterception(true)
    page.on('request', (request) => {
      // these are never answered
      if (!/\/v1\/(dealers|rbos|calendars)/.test(request.url())) held.push(request)
    })
    const loading = page.goto(`${desk.origin}/console#token=${await desk.service.tokenOf(se)}`)
    const trips: string[][] = []
    while (!trips.flat().some((url) => url.includes('/v1/warnings'))) {
      await waitUntil(async () => held.length > 0, 'something is asked')
      // what is asked together with it
      await new Promise((resolve) => setTimeout(resolve, 300))
      const asked = held
      held = []
      trips.push(asked.map((request) => request.url()))
      await Promise.all(asked.map((request) => request.continue()))
    }
    expect(trips.length).toBeLessThanOrEqual(4)
    await waitUntil(() => has(page, ticketNo), 'the row is shown')
    await loading
    expect(await textOf(page, 'main .row .due')).toMatch(/^确认 3月\d日 \d\d:\d\d 到期$/)
    await page.browserContext().close()
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
    // the calendar comes after the list
    await waitUntil(async () => (await due()).includes('剩余'), 'the time left is counted')
    expect(await due()).toMatch(/^确认 剩余服务时间 (2 小时|1 小时 59 分钟) · 3月4日 10:30 到期$/)
    desk.go('2026-03-03 20:00')
    await page.reload()
    await waitUntil(async () => (await due()).includes('计时暂停'), 'it stands still')
    expect(await due()).toMatch(
      /^确认 剩余服务时间 1 小时 30 分钟 · 3月4日 10:30 到期 · 计时暂停，周三09:00 恢复$/,
    )
    desk.go('2026-03-04 11:00')
    await page.reload()
    await waitUntil(async () => (await due()).includes('已超期'), 'it is overdue')
    expect(await due()).toBe('确认 已超期，应于 3月4日 10:30 前完成 · 已超出服务时间 30 分钟')
  })

  test('is equal to the API, row by row, after fifty changes that it did not see', async () => {
    const { page } = await desk.signedIn(se)
    await page.setOfflineMode(true)
    await page.waitForSelector('.live-reconnecting', { timeout: 20_000 })
    expect(await textOf(page, '.live')).toMatch(/^\d\d:\d\d 起重新连接中$/)
    const [first] = (await desk.get('warnings?status=open', se)).body.items
    for (let count = 0; count < 16; count++) {
      const ticketNo = await alarm()
      await desk.call(ticketNo)
    }
    await desk.does(first.ticketNo, `warnings/${first.warningId}/resolve`, { result: '已答复' }, se)
    await page.setOfflineMode(false)
    await page.waitForSelector('.live-live', { timeout: 20_000 })
    await equalsApi(page)
  })

  test('says within 20 seconds that the service is gone, and is live and equal again when it is back', async () => {
    const { page } = await desk.signedIn(se)
    await waitUntil(async () => (await keysOf(page, 0)).length > 0, 'warnings are shown')
    const goneAt = Date.now()
    await desk.hangUp()
    await page.waitForSelector('.live-reconnecting', { timeout: 20_000 })
    expect(Date.now() - goneAt).toBeLessThan(20_000)
    await alarm()
    await desk.listenAgain()
    await page.waitForSelector('.live-live', { timeout: 20_000 })
    await equalsApi(page)
  })

  test('reads one stream for eight tabs of a browser, and another takes over when its tab closes', async () => {
    const { page } = await desk.signedIn(se)
    const token = await desk.service.tokenOf(se)
    const others = await Promise.all(
      Array.from({ length: 7 }, async () => {
        const tab = await page.browserContext().newPage()
        await tab.goto(`${desk.origin}/console#token=${token}`)
        await tab.waitForSelector('.live-live', { timeout: 30_000 })
        return tab
      }),
    )
    const streams = () => openStreams(desk)
    await waitUntil(async () => (await streams()) >= 1, 'a stream is open')
    const before = await streams()
    await page.close()
    const ticketNo = await alarm()
    for (const tab of others) await waitUntil(() => has(tab, ticketNo), 'each tab shows it')
    expect(await streams()).toBe(before)
  })

  test('works on under ten events a second: no long task, and no memory that grows', async () => {
    const ticketNo = await alarm()
    const { page, faults } = await desk.signedIn(se)
    await waitUntil(() => has(page, ticketNo), 'the warning is shown')
    const play = async (seconds: number): Promise<void> => {
      const end = Date.now() + seconds * 1_000
      for (let next = Date.now(); next < end; next += 100) {
        await desk.call(ticketNo, { content: `再次来电 ${next}` })
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, next + 100 - Date.now())))
      }
    }
    const heapOf = async (): Promise<number> => {
      const session = await page.createCDPSession()
      await session.send('HeapProfiler.collectGarbage')
      await session.detach()
      return (await page.metrics()).JSHeapUsedSize ?? 0
    }
    await play(2)
    const before = await heapOf()
    await page.tracing.start({ categories: ['-*', 'toplevel'] })
    await play(8)
    const trace = Buffer.from((await page.tracing.stop()) ?? []).toString()
    const grown = (await heapOf()) - before
    // by the time of the processor, for the machine may be busy with others
    expect(Math.max(...mainTasksMs(trace))).toBeLessThanOrEqual(100)
    expect(grown).toBeLessThan(1_000_000)
    await equalsApi(page)
    expect(faults).toEqual([])
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

type TraceEvent = {
  name: string
  ph: string
  pid: number
  tid: number
  tdur?: number
  args?: { name?: string }
}

/** What each task of the page's main thread took of the processor, ms. */
const mainTasksMs = (trace: string): number[] => {
  const { traceEvents } = JSON.parse(trace) as { traceEvents: TraceEvent[] }
  const main = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  )
  const tasks = traceEvents.filter(
    ({ ph, pid, tid, tdur }) => ph === 'X' && tdur !== undefined && main.has(`${pid} ${tid}`),
  )
  return tasks.map(({ tdur = 0 }) => tdur / 1_000)
}

/** How many streams the service is read by. */
const openStreams = async (desk: TestDesk): Promise<number> => {
  const text = await desk.service.deps.metrics.registry.getSingleMetricAsString('stream_readers')
  return Number(/^stream_readers (\d+)/m.exec(text)?.[1])
}
