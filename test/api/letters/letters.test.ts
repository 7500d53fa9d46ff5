/** Letters 回函 over the API: numbered, listed, printed, masked, and gone with the customer (rulebook §14, §17). */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  csr,
  dealer,
  one,
  problemOf,
  refused,
  type Scenario,
  sa,
  seMedia,
  startScenario,
} from '../../support/scenario.ts'
import { textOf } from '../forms/printed.ts'

let s: Scenario
beforeAll(async () => {
  s = await startScenario()
})
afterAll(() => s.service.close())

const letter = {
  kind: 'customer',
  addressee: '尊敬的王先生',
  subject: '关于您投诉的答复',
  body: '您的来信收悉。\n经核实，情况属实。\n此致\n敬礼！',
}
const auditor = one('auditor')

describe('a letter', () => {
  it('is written, numbered, read and in the timeline; the ticket stays as it was', async () => {
    const ticketNo = await s.register()
    const before = await s.ticket(ticketNo)
    const first = await s.act(ticketNo, 'letters', letter, dealer())
    expect(first.status).toBe(201)
    expect(first.headers.location).toBe(`/v1/tickets/${ticketNo}/letters/1`)
    expect(first.headers['x-position']).toBe(await s.head())
    expect(first.body).toEqual({
      ticketNo,
      number: 1,
      ...letter,
      from: { tier: 'dealer', unit: 'D001' },
      writtenAt: '2026-03-02T02:00:00.000Z',
      writtenBy: 'people of D001',
    })
    expect((await s.get(`tickets/${ticketNo}/letters/1`, csr)).body).toEqual(first.body)
    const second = await s.act(ticketNo, 'letters', { ...letter, kind: 'media' }, seMedia)
    expect(second.body).toMatchObject({ number: 2, from: { tier: 'se_media', unit: 'SE_MEDIA' } })
    const { items } = (await s.get(`tickets/${ticketNo}/letters`)).body
    const { body: _, ...row } = first.body
    expect(items).toEqual([
      row,
      { ...row, number: 2, kind: 'media', from: second.body.from, writtenBy: 'se_media' },
    ])
    const { version, ...after } = await s.ticket(ticketNo)
    expect({ ...after, version: before.version }).toEqual(before)
    expect(version).toBe(before.version + 2)
    const timeline = await s.get(`tickets/${ticketNo}/timeline`, sa, { 'accept-language': 'zh-CN' })
    expect(timeline.body.items.at(-2)).toMatchObject({
      type: 'LetterWritten',
      text: '第1号回函：用户回函，落款 经销商 D001',
      data: { number: 1, text: { addressee: letter.addressee, subject: letter.subject, body: letter.body } },
    })
  })

  it('sent again with its key is one letter, and answered by the rights of now', async () => {
    const ticketNo = await s.register()
    const key = { 'idempotency-key': 'letter-1' }
    const first = await s.act(ticketNo, 'letters', letter, dealer(), key)
    await s.act(ticketNo, 'letters', { ...letter, subject: '更正' }, dealer())
    const again = await s.act(ticketNo, 'letters', letter, dealer(), key)
    expect([again.status, again.body]).toEqual([201, first.body])
    expect(again.headers['idempotent-replayed']).toBe('true')
    const other = await s.act(ticketNo, 'letters', { ...letter, body: '另文' }, dealer(), key)
    expect(problemOf(other)).toMatchObject({ status: 422, code: 'idempotency_key_reused' })
    const stale = await s.act(ticketNo, 'letters', letter, dealer(), { 'if-match': '"2"' })
    expect(problemOf(stale)).toMatchObject({ status: 412, code: 'version_conflict' })
  })

  it('is masked for who sees no personal data, also on the page', async () => {
    const ticketNo = await s.register()
    await s.does(ticketNo, 'letters', letter, dealer())
    const { body } = await s.get(`tickets/${ticketNo}/letters/1`, auditor)
    expect(body).toMatchObject({ number: 1, kind: 'customer', addressee: null, subject: null, body: null })
    const page = await s.get(`tickets/${ticketNo}/letters/1/print`, auditor)
    expect(page.text).not.toMatch(/王先生|来信收悉/)
    expect(textOf(page.text)).toContain('已按权限隐去')
    const timeline = await s.get(`tickets/${ticketNo}/timeline`, auditor)
    expect(timeline.text).not.toContain('来信收悉')
    const absent = await s.get(`tickets/${ticketNo}/letters/1`, dealer('D003'))
    expect(problemOf(absent)).toMatchObject({ status: 404, code: 'ticket_not_found' })
  })

  it('prints as a letter: head, subject, salutation, paragraphs, unit and date', async () => {
    const ticketNo = await s.register()
    await s.does(ticketNo, 'letters', { ...letter, body: `${letter.body}\n<script>1</script>` }, dealer())
    const page = await s.get(`tickets/${ticketNo}/letters/1/print`, dealer())
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-/)
    const words = textOf(page.text.slice(page.text.indexOf('<body>')))
    for (const part of [
      `用户回函 工单 ${ticketNo} 第 1 号`,
      letter.subject,
      '尊敬的王先生：',
      '上海一店（D001） 2026年3月2日',
    ])
      expect(words).toContain(part)
    expect(page.text).toContain('<p class="flush">敬礼！</p>')
    expect(page.text).toContain('&lt;script&gt;')
    expect(page.text).not.toContain('<script>')
  })

  it('of an erased customer keeps its number and nothing of what was written', async () => {
    const ticketNo = await s.register()
    await s.does(ticketNo, 'letters', letter, dealer())
    await s.respond(ticketNo)
    await s.close(ticketNo)
    const { customer } = await s.ticket(ticketNo)
    await s.post(sa, `privacy/subjects/${customer.subjectId}/erase`, { reason: '客户要求' })
    const erased = { number: 1, addressee: null, subject: null, body: null }
    expect((await s.get(`tickets/${ticketNo}/letters/1`)).body).toMatchObject(erased)
    expect((await s.get(`tickets/${ticketNo}/letters/1/print`)).text).toContain('客户信息已删除')
    const later = await s.act(ticketNo, 'letters', letter, dealer())
    expect([later.status, later.body]).toMatchObject([201, { ...erased, number: 2 }])
  })

  it.each([
    [{ ...letter, kind: 'press' }, 400, 'invalid_request', ['body', '#/kind']],
    [{ ...letter, addressee: ' ' }, 400, 'invalid_request', ['body', '#/addressee']],
    [{ ...letter, body: '\n ' }, 400, 'invalid_request', ['body', '#/body']],
    [{ ...letter, body: 'x'.repeat(10_001) }, 400, 'invalid_request', ['body', '#/body']],
    [{ ...letter, sign: true }, 400, 'unknown_field', ['body', '#/sign']],
  ] as const)('refuses the body %#', async (body, status, code, field) => {
    const ticketNo = await s.register()
    const answer = await s.act(ticketNo, 'letters', body, dealer())
    expect(problemOf(answer)).toEqual(refused(status, code, field as unknown as [string, string]))
    expect(problemOf(await s.get(`tickets/${ticketNo}/letters/1`))).toMatchObject({
      status: 404,
      code: 'letter_not_found',
    })
  })
})
