/** The typed lists of what was done on a ticket, and its typed timeline. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ticketTimelineAnswer } from '../../../api/tickets/timelineSchemas.ts'
import { timelineTypes } from '../../../api/tickets/timelineWords.ts'
import { ticketEventData } from '../../../domain/ticket/events.ts'
import {
  at,
  csr,
  dealer,
  one,
  problemOf,
  refused,
  type Scenario,
  sa,
  startScenario,
} from '../../support/scenario.ts'
import type { Json, Who } from '../../support/service.ts'

const auditor = one('auditor')
const hq = one('hq_sales')

let s: Scenario
let ticketNo: string
beforeAll(async () => {
  s = await startScenario({ now: '2026-03-02 09:00' })
  ticketNo = await s.register({ dealerCode: 'D001', customer: { name: '王芳', phone: '13811112222' } })
  s.go('2026-03-02 10:00')
  await s.does(ticketNo, 'contacts', { channel: 'phone', content: '再次来电', flags: ['agitated'] }, csr)
  // the front door joins it too, with what the caller said of themselves
  await s.post(csr, 'complaints', {
    channel: 'email',
    category: 'A4a',
    dealerCode: 'D001',
    customer: { name: '王芳', phone: '13811112222' },
    content: '第二次来信',
    severity: 'high',
  })
  await s.respond(ticketNo)
  await s.does(ticketNo, 'responses', { method: 'email', reached: true, note: '补充说明' }, dealer('D001'))
  await s.does(ticketNo, 'records', { kind: 'investigation', note: '已调查' }, dealer('D001'))
  s.go('2026-03-02 11:00')
  await s.close(ticketNo)
  await s.does(ticketNo, 'callbacks', { outcome: 'unreachable' }, csr)
  await s.does(ticketNo, 'callbacks', { outcome: 'satisfied', score: 5, note: '满意' }, csr)
})
afterAll(() => s.service.close())

const list = async (name: string, who: Who = sa, query = ''): Promise<Json> => {
  const { status, text, body } = await s.get(`tickets/${ticketNo}/${name}${query}`, who)
  expect([status, text]).toEqual([200, text])
  return body
}

describe('the lists of a ticket', () => {
  it('have its further contacts, from whichever call', async () => {
    const { items, nextCursor } = await list('contacts')
    expect(nextCursor).toBeNull()
    expect(items).toEqual([
      expect.objectContaining({
        at: at('2026-03-02 10:00'),
        occurredAt: null,
        channel: 'phone',
        flags: ['agitated'],
        content: '再次来电',
        customer: expect.objectContaining({ name: null, phone: null }),
        vehicle: expect.objectContaining({ vin: null }),
        severity: null,
        safety: false,
        actor: { id: csr.sub, role: 'csr', sub: null },
      }),
      expect.objectContaining({
        channel: 'email',
        content: '第二次来信',
        severity: 'high',
        customer: expect.objectContaining({ name: '王芳', phone: '13811112222' }),
      }),
    ])
  })

  it('have its responses, records and callbacks', async () => {
    expect((await list('responses')).items).toEqual([
      expect.objectContaining({ unit: 'D001', countsFor: 'holder', reached: true }),
      expect.objectContaining({ unit: 'D001', countsFor: null, method: 'email', note: '补充说明' }),
    ])
    expect((await list('records')).items).toEqual([
      expect.objectContaining({ kind: 'investigation', note: '已调查' }),
    ])
    expect((await list('callbacks')).items).toEqual([
      expect.objectContaining({ outcome: 'unreachable', score: null, withdrawn: false, note: null }),
      expect.objectContaining({ outcome: 'satisfied', score: 5, sameProblem: false, note: '满意' }),
    ])
  })

  it('come in pages, and as they were known at an instant', async () => {
    const first = await list('contacts', sa, '?limit=1')
    expect(first.items).toHaveLength(1)
    const second = await list('contacts', sa, `?limit=1&cursor=${encodeURIComponent(first.nextCursor)}`)
    expect(second.items.map(({ channel }: Json) => channel)).toEqual(['email'])
    expect(second.nextCursor).toBeNull()
    const other = await s.get(`tickets/${ticketNo}/records?cursor=${first.nextCursor}`, sa)
    expect(other.body.code).toBe('cursor_mismatch')
    const before = encodeURIComponent(at('2026-03-02 10:30'))
    expect((await list('callbacks', sa, `?asOf=${before}`)).items).toEqual([])
    expect((await list('contacts', sa, `?asOf=${before}`)).items).toHaveLength(2)
  })

  it('are for those who see the ticket, without personal data for those who see none', async () => {
    for (const name of ['contacts', 'responses', 'records', 'callbacks']) {
      const strange = await s.get(`tickets/${ticketNo}/${name}`, dealer('D003'))
      expect(problemOf(strange)).toEqual(refused(404, 'ticket_not_found'))
      for (const who of [auditor, hq])
        for (const row of (await list(name, who)).items) {
          expect([row.content ?? null, row.note ?? null]).toEqual([null, null])
          if (row.customer?.name) expect(row.customer).toMatchObject({ name: '王', phone: '2222' })
        }
    }
  })

  it('are files too', async () => {
    for (const name of ['contacts', 'responses', 'records', 'callbacks']) {
      const { items } = await list(name)
      const { status, text } = await s.get(`tickets/${ticketNo}/${name}?format=csv`, sa)
      expect(status).toBe(200)
      expect(text.trim().split('\r\n')).toHaveLength(items.length + 1)
      for (const { eventId } of items) expect(text).toContain(eventId)
    }
  })
})

describe('the timeline of a ticket', () => {
  it('has a schema for the data of every event, and a label', async () => {
    const { body } = await s.get(`tickets/${ticketNo}/timeline`, sa)
    expect(ticketTimelineAnswer.safeParse(body).error).toBeUndefined()
    expect(body.items.find(({ type }: Json) => type === 'ResponseRecorded').data).toMatchObject({
      method: 'phone',
      text: expect.objectContaining({ note: expect.any(String) }),
    })
    const codes = (await s.get('codes', sa)).body.timelineEvents
    const listed = new Map(codes.map(({ code, label }: Json) => [code, label]))
    for (const type of [...Object.keys(ticketEventData), 'DuePassed', 'DueNear'])
      expect(listed.get(type)).toEqual({
        en: expect.stringMatching(/^[A-Z]/),
        'zh-CN': expect.stringMatching(/\p{Script=Han}/u),
      })
    expect(Object.keys(timelineTypes)).toEqual(codes.map(({ code }: Json) => code))
  })
})

describe('a row', () => {
  it('says when something last happened to the ticket', async () => {
    const ticket = await s.ticket(ticketNo)
    expect(ticket.updatedAt).toBe(at('2026-03-02 11:00'))
    const { body } = await s.get('tickets?limit=1', sa)
    expect(body.items[0].updatedAt).toBe(ticket.updatedAt)
    const before = encodeURIComponent(at('2026-03-02 09:30'))
    expect((await s.get(`tickets/${ticketNo}?asOf=${before}`, sa)).body.updatedAt).toBe(
      at('2026-03-02 09:00'),
    )
  })
})
