/** Sentences, names of files and headers are made of codes: what a caller wrote is in none of them. */
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { admin, csr, dealer, type Scenario, sa, startScenario } from '../../support/scenario.ts'
import type { Answer, Json } from '../../support/service.ts'

/** Control characters but line breaks, and everything that turns the direction of text. */
const tricky = /[\p{Cc}\u061C\u200E\u200F\u2028-\u202E\u2066-\u206F]/u
/** Text that a caller may send, with all of them in it. */
const hostile = (words: string): string => `\u202E${words}\u0001\u2066\u200F"\r\nX-Evil: 1`

let s: Scenario
let ticketNo: string
beforeAll(async () => {
  s = await startScenario()
  ticketNo = await s.register({
    content: hostile('内容'),
    customer: { name: hostile('王') },
    vehicle: { model: hostile('明锐'), plateNo: hostile('沪A') },
  })
  await s.does(ticketNo, 'contacts', { channel: 'phone', content: hostile('再次来电') }, csr)
  await s.respond(ticketNo, dealer())
  await s.does(ticketNo, 'records', { kind: 'investigation', note: hostile('调查') }, dealer())
  await s.close(ticketNo, dealer())
  await s.does(ticketNo, 'callbacks', { outcome: 'satisfied', note: hostile('满意') }, csr)
})
afterAll(() => s.service.close())

const expectPlainHeaders = ({ headers }: Answer): void => {
  for (const [name, value] of Object.entries(headers))
    expect([name, String(value)]).toEqual([name, expect.not.stringMatching(tricky)])
  expect(headers).not.toHaveProperty('x-evil')
}

it('the sentences of a timeline have none of it, in both languages; its data keep it as it was', async () => {
  for (const language of ['en', 'zh-CN']) {
    const { items } = (
      await s.service.call(sa, 'GET', `/v1/tickets/${ticketNo}/timeline`, {
        headers: { 'accept-language': language },
      })
    ).body
    for (const { text } of items as Json[]) expect(text).not.toMatch(tricky)
    expect(JSON.stringify(items)).toContain('\u202E')
  }
})

it('neither names of files nor other headers have any of it', async () => {
  const value = encodeURIComponent(hostile('x'))
  for (const path of [
    `tickets?externalNo=${value}&format=csv`,
    `tickets/${value}`,
    `tickets/${value}/timeline`,
    `dealers/${value}`,
    `reports/kpi?quarter=2026Q1&dealer=${value}&format=csv`,
    `assessments/2026Q1/dealers/${value}?format=csv`,
    `calendars/${value}`,
    `reports/monthly?month=${value}&format=xlsx`,
    `tickets?limit=1&holder=${value}`,
  ])
    expectPlainHeaders(await s.service.call(sa, 'GET', `/v1/${path}`))
  const file = await s.service.call(sa, 'GET', '/v1/tickets?format=csv')
  expect(file.headers['content-disposition']).toMatch(/^attachment; filename="[\w-]+\.csv"$/)
  for (const code of [value, hostile('x')])
    expectPlainHeaders(
      await s.service.call(admin, 'PUT', `/v1/rbos/${encodeURIComponent(code)}`, {
        body: { name: hostile('华东') },
      }),
    )
})
