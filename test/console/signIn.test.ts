/** Signing in and out in a browser: by a link, with a pasted token, and at an identity provider. */
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { HTTPRequest } from 'puppeteer-core'
import { dealer, one, se } from '../support/scenario.ts'
import { inBrowser, openPage } from './browser.ts'
import { startDesk, type TestDesk, textOf, waitUntil } from './desk.ts'
import { type IdentityProvider, startProvider } from './identityProvider.ts'

const clientId = 'console'

inBrowser('signing in', () => {
  let desk: TestDesk
  let provider: IdentityProvider
  beforeAll(async () => {
    provider = await startProvider(clientId)
    desk = await startDesk({
      variables: { CONSOLE_OIDC_ISSUER: provider.issuer, CONSOLE_OIDC_CLIENT_ID: clientId },
    })
  })
  afterAll(async () => {
    await desk?.stop()
    await provider?.stop()
  })

  test('by a link keeps the token out of address, page and localStorage, and forgets it on signing out, in other tabs too', async () => {
    const token = await desk.service.tokenOf(se)
    const { page, faults } = await desk.signedIn(se)
    expect(page.url()).not.toContain(token)
    const places = () =>
      page.evaluate(() =>
        [document.documentElement.outerHTML, JSON.stringify(localStorage), location.href].join(),
      )
    expect(await places()).not.toContain(token)
    const other = await page.browserContext().newPage()
    await other.goto(`${desk.origin}/console#token=${token}`)
    await other.waitForSelector('.live-live')
    await page.evaluate(() => {
      ;[...document.querySelectorAll<HTMLElement>('.user button')].at(-1)?.click()
    })
    for (const tab of [page, other]) {
      await tab.waitForSelector('.sign-in input')
      expect(await tab.evaluate(() => JSON.stringify(sessionStorage))).not.toContain(token)
    }
    expect(await places()).not.toContain(token)
    expect(faults).toEqual([])
  })

  test('once over asks for nothing more, whatever answer still comes', async () => {
    const { page } = await openPage(desk.browser, { origin: desk.origin })
    await page.goto(`${desk.origin}/console#token=${await desk.service.tokenOf(se)}`)
    await page.waitForSelector('.live-live')
    const held: { rbos?: HTTPRequest; warnings?: HTTPRequest } = {}
    const asked: string[] = []
    let isOver = false
    await page.setRequestInterception(true)
    page.on('request', (request) => {
      if (isOver) asked.push(request.url())
      // the calendars are asked for once this is answered
      if (/\/v1\/rbos/.test(request.url())) held.rbos = request
      else if (/\/v1\/warnings/.test(request.url())) held.warnings = request
      else void request.continue()
    })
    // everything is read again in another language
    await page.click('.user .language')
    await waitUntil(async () => held.rbos !== undefined && held.warnings !== undefined, 'both are asked for')
    await held.warnings?.respond({ status: 401, contentType: 'application/problem+json', body: '{}' })
    await page.waitForSelector('.sign-in input')
    isOver = true
    const rbos = JSON.stringify({ items: [], nextCursor: null })
    await held.rbos?.respond({ contentType: 'application/json', body: rbos })
    await page.waitForNetworkIdle({ idleTime: 300 })
    expect(asked).toEqual([])
  })

  test('with a token that is pasted works in the role that is chosen', async () => {
    const { page, faults } = await openPage(desk.browser, { origin: desk.origin })
    await page.goto(`${desk.origin}/console`)
    await page.type('input[type="password"]', 'nonsense')
    await page.keyboard.press('Enter')
    await page.waitForSelector('.sign-in .problem')
    await page.type(
      'input[type="password"]',
      await desk.service.tokenOf({ ...one('csr'), roles: ['csr', 'se'] }),
    )
    await page.keyboard.press('Enter')
    await page.waitForSelector('.desks button')
    await page.evaluate(() => [...document.querySelectorAll<HTMLElement>('.desks button')].at(-1)?.click())
    await page.waitForSelector('.live-live')
    expect(await textOf(page, '.head nav')).toContain('预警与到期')
    expect(faults).toEqual([])
  })

  /** Faults but the requests to the provider, which are allowed. */
  const faultsBut = (faults: readonly string[]): string[] =>
    faults.filter((fault) => !fault.startsWith(`request to ${provider.issuer}`))

  test('at the identity provider goes by code and PKCE, and renews silently before it ends', async () => {
    // each lasts some seconds, so that it is renewed while we look; the service takes them all
    provider.tokens = () => desk.service.shortToken(dealer(), 4)
    const { page, faults } = await openPage(desk.browser, { origin: desk.origin })
    await page.goto(`${desk.origin}/console#/rates`)
    await page.waitForSelector('.sign-in .primary')
    await page.click('.sign-in .primary')
    await page.waitForSelector('.live-live', { timeout: 20_000 })
    expect(await textOf(page, '.who')).toContain('上海一店')
    // what was asked for before is shown after, and the code is nowhere
    expect(page.url()).toBe(`${desk.origin}/console#/rates`)
    const [asked] = provider.asked
    expect([asked?.code_challenge_method, asked?.response_type, asked?.client_id]).toEqual([
      'S256',
      'code',
      clientId,
    ])
    expect(provider.grants).toEqual(['authorization_code'])
    const before = await page.evaluate(() => sessionStorage.getItem('console.token'))
    await waitUntil(async () => provider.grants.includes('refresh_token'), 'it is renewed')
    await waitUntil(
      async () => (await page.evaluate(() => sessionStorage.getItem('console.token'))) !== before,
      'the new token is taken',
    )
    expect(await page.$('.sign-in')).toBeNull()
    expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain('ey')
    expect(faultsBut(faults)).toEqual([])
    await page.evaluate(() => [...document.querySelectorAll<HTMLElement>('.user button')].at(-1)?.click())
    await page.waitForSelector('.sign-in input')
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0)
  })

  test('with a way back that was not begun here is refused', async () => {
    const { page } = await openPage(desk.browser, { origin: desk.origin })
    await page.goto(`${desk.origin}/console?code=stolen&state=made-up`)
    await page.waitForSelector('.sign-in .problem')
    expect(await textOf(page, '.sign-in .problem')).toContain('身份认证未成功')
    expect(page.url()).toBe(`${desk.origin}/console`)
  })
})
