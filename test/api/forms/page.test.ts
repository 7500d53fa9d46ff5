/** What all forms have in common: the page, its headers, its escaping. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Scenario, startScenario } from '../../support/scenario.ts'
import { fieldsOf } from './printed.ts'

let s: Scenario
beforeAll(async () => {
  s = await startScenario()
})
afterAll(() => s.service.close())

describe('a form', () => {
  it('is a page that runs nothing, loads nothing and is not kept', async () => {
    const { headers, text } = await s.get(`tickets/${await s.register()}/forms/handling`)
    expect(headers).toMatchObject({
      'content-language': 'zh-CN',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'; style-src 'sha256-[\w+/]{43}='; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
      ),
    })
    expect(text).toMatch(/^<!doctype html>\n<html lang="zh-CN">/)
    expect(text).not.toMatch(/<script|<link|<img|<iframe|\son\w+=|\sstyle=|https?:/)
  })

  it('shows a mark for control characters and for those that turn the direction of text', async () => {
    const content = 'a\u0001b\u202Ec\u2066d\u0085e'
    const page = (await s.get(`tickets/${await s.register({ content })}/forms/handling`)).text
    expect(fieldsOf(page)).toMatchObject({ 投诉内容: 'a�b�c�d�e' })
  })

  it('keeps the marks that ordinary text from right to left needs', async () => {
    const content = 'تويوتا (كورولا)\u200F 2024\u200E، \u061C13'
    const page = (await s.get(`tickets/${await s.register({ content })}/forms/handling`)).text
    expect(fieldsOf(page)).toMatchObject({ 投诉内容: content })
  })

  it.each([
    ['markup', '<script>alert(1)</script><img src=x onerror=alert(2)>'],
    ['what closes an attribute or an element', `"'></td></style></title>`],
    ['what looks like an entity', '&lt;b&gt; &amp; &#39;'],
    ['what a replacement would take for a pattern', "$& $1 $` $' \\0"],
    ['names of any script', 'محمد بن سلمان Ødegård 𠮷野家 ไทย 👩‍🔧'],
  ])('shows %s as it was written', async (_, words) => {
    const ticketNo = await s.register({
      customer: { name: words, address: words },
      vehicle: { model: words.slice(0, 100) },
      content: words,
    })
    const page = (await s.get(`tickets/${ticketNo}/forms/handling`)).text
    const fields = fieldsOf(page)
    const shown = words.replace(/\s+/g, ' ')
    expect(fields).toMatchObject({ 客户姓名: shown, 地址: shown, 投诉内容: shown })
    expect(page).not.toMatch(/<script|<img|<b&/)
    expect(page.match(/<\/style>/g)).toHaveLength(1)
    expect(page.match(/<\/title>/g)).toHaveLength(1)
  })
})
