/** Lines of imports, and what comes of them. */
import { expect } from '@jest/globals'
import { admin, at, type Scenario } from '../../support/scenario.ts'
import type { Answer, Json } from '../../support/service.ts'

export const customer = (phone: string): Json => ({ name: '进口客户', phone })

const roleOf: Record<string, string> = {
  respond: 'dealer',
  close: 'dealer',
  record: 'dealer',
  reclassify: 'se',
  rescind: 'se',
  'duplicate-of': 'se',
  acknowledge: 'rbo',
  resolve: 'rbo',
  'responsible-dealer': 'se_media',
  'convert-to-c': 'sa',
}

/** A line as it is written; `time` is Shanghai's clock. */
export const line = (time: string, ref: string, command: string, data: Json, more: Json = {}): Json => ({
  at: at(time),
  actor: { id: 'legacy', role: roleOf[command] ?? 'csr' },
  ref,
  command,
  data,
  ...more,
})

export const register = (time: string, ref: string, phone: string, data: Json = {}, more: Json = {}): Json =>
  line(
    time,
    ref,
    'register',
    {
      channel: 'phone',
      category: 'A4a',
      dealerCode: 'D001',
      customer: customer(phone),
      content: '历史投诉',
      ...data,
    },
    more,
  )
export const respond = (time: string, ref: string, more: Json = {}): Json =>
  line(time, ref, 'respond', { method: 'phone', reached: true, note: '已联系' }, more)
export const close = (time: string, ref: string, more: Json = {}): Json =>
  line(time, ref, 'close', { result: '属实', measures: '道歉' }, more)
export const contact = (time: string, ref: string, data: Json = {}): Json =>
  line(time, ref, 'contact', { channel: 'phone', content: '催办', ...data })

export const ndjson = (lines: readonly Json[]): string =>
  lines.map((each) => `${JSON.stringify(each)}\n`).join('')

export const send = (s: Scenario, body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
  s.service.call(admin, 'POST', '/v1/imports', {
    body,
    headers: { 'content-type': 'application/x-ndjson', ...headers },
  })

/** Imports lines, or bytes as they are; gives the answer with the rejected as `[line, code]`. */
export const importing = async (s: Scenario, lines: readonly Json[] | string | Buffer): Promise<Json> => {
  const body = typeof lines === 'string' || Buffer.isBuffer(lines) ? lines : ndjson(lines)
  const { status, text, body: answer } = await send(s, body)
  expect([status, text]).toEqual([200, text])
  expect(answer.rejectedCount).toBe(answer.rejected.length)
  return { ...answer, rejected: answer.rejected.map((each: Json) => [each.line, each.code]) }
}

/** What an import answers where so many lines were applied and unchanged, and those rejected. */
export const result = (applied: number, unchanged = 0, rejected: [number, string][] = [], blank = 0) => ({
  lines: applied + unchanged + rejected.length + blank,
  applied,
  unchanged,
  rejectedCount: rejected.length,
  rejected,
})

/** The ticket of a legacy number. */
export const ticketOf = async (s: Scenario, ref: string): Promise<Json> => {
  const [ticketNo] = await s.numbers(`tickets?externalNo=${encodeURIComponent(ref)}`)
  return s.ticket(ticketNo as string)
}
