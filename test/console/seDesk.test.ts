/** The desk of the SE in a browser: what is live, what stays in its place, what is said. */
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { at, csr, dealer, se } from '../support/scenario.ts'
import { inBrowser, keysOf } from './browser.ts'
import { startDesk, type TestDesk, textOf, waitUntil } from './desk.ts'

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

  test('shows a warning within a second without loading again, and announces it once', async () => {
    const { page, faults } = await desk.signedIn(se)
    const ticketNo = await alarm()
    const raisedAt = Date.now()
    await page.waitForFunction(
      (no: string) => document.querySelector('main .list .row')?.textContent?.includes(no),
      { polling: 20 },
      ticketNo,
    )
    expect(Date.now() - raisedAt).toBeLessThan(1_000)
    await waitUntil(async () => (await textOf(page, '.announced')).includes(ticketNo), 'it is announced')
    expect(await keysOf(page, 1)).toEqual(
      (await desk.get('warnings', se)).body.items.map((each: { warningId: string }) => each.warningId),
    )
    await page.screenshot({ path: '/tmp/shots/se.png' })
    expect(faults).toEqual([])
  })
})
void at
void dealer
