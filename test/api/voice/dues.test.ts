/** Dues of sheets as facts, what they book, and who is told (rulebook §16). */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { DueData } from '../../../domain/dues.ts'
import { admin, at, dealer, one, rbo, type Scenario, startScenario } from '../../support/scenario.ts'
import type { Json } from '../../support/service.ts'
import { deskOf } from './desk.ts'

const hq = one('hq_sales')
const sheetId = 'D001.2026-02'

let s: Scenario
let desk: ReturnType<typeof deskOf>
beforeEach(async () => {
  s = await startScenario()
  desk = deskOf(s)
  await s.service.lookForDues()
})
afterEach(() => s.service.close())

/** What the next look leaves in the log, as `type clock` or `type entry amount`. */
const looked = async (wallClock: string): Promise<string[]> => {
  const head = await s.head()
  s.go(wallClock)
  await s.service.lookForDues()
  return (await s.service.deps.store.readAll(head, 1_000)).map(({ type, data }) => {
    const { clock, entryId, amount } = data as Partial<DueData> & { entryId?: string; amount?: number }
    return clock === undefined ? `${type} ${entryId} ${amount}` : `${type} ${clock}`
  })
}
const ledger = async (): Promise<Json[]> => (await s.get('voice/ledger', hq)).body.items

describe('the due of a step', () => {
  it('becomes a fact once, and books a late meeting with it', async () => {
    await desk.sent('D001', '2026-02')
    expect(await looked('2026-03-05 23:59:59')).toEqual([])
    expect(await looked('2026-03-06 00:00:01')).toEqual([
      'DuePassed voice_meeting',
      `VoiceEntryBooked ${sheetId}.late -1000`,
    ])
    expect(await looked('2026-03-07 10:00')).toEqual([])
    expect(await ledger()).toMatchObject([
      { entryId: `${sheetId}.late`, amount: -1_000, step: 'meeting', bookedBy: 'system', itemId: null },
    ])
    const [fact, entry] = (await s.service.deps.store.readAll(null, 1_000)).slice(-2)
    expect(entry?.metadata.causationId).toBe(fact?.id)
    // the meeting comes late, and the return too: booked is booked
    const { items } = (await s.get(`voice/sheets/${sheetId}`, hq)).body
    await desk.does(sheetId, 'meeting', desk.meeting([items[0].itemId], '2026-03-07 09:00', '2026-03-20'))
    expect(await looked('2026-03-12 10:00')).toEqual(['DuePassed voice_return'])
    expect(await ledger()).toHaveLength(1)
  })

  it('is booked by the late act where that comes before the look, and not again', async () => {
    const { items } = await desk.sent('D001', '2026-02')
    s.go('2026-03-06 00:00')
    const met = await desk.does(
      sheetId,
      'meeting',
      desk.meeting([items[0].itemId], '2026-03-05 09:00', '2026-03-20'),
    )
    expect(met.ledger).toMatchObject([{ kind: 'late', bookedBy: 'people of D001' }])
    expect(await looked('2026-03-06 00:00:02')).toEqual([])
    expect(await looked('2026-03-20 10:00')).toEqual(['DuePassed voice_return'])
  })

  it('of an audit and a report books nothing', async () => {
    const { items } = await desk.sent('D001', '2026-02')
    await desk.does(sheetId, 'meeting', desk.meeting([items[0].itemId], '2026-03-02 10:00', '2026-03-10'))
    await desk.does(sheetId, 'return', { signedBy: '张总' })
    expect(await looked('2026-03-09 10:00')).toEqual(['DuePassed voice_audit'])
    await desk.does(sheetId, 'audit', { decision: 'accepted' }, hq)
    expect(await looked('2026-03-13 23:59')).toEqual([])
    expect(await looked('2026-03-14 10:00')).toEqual(['DuePassed voice_report'])
    expect(await ledger()).toEqual([])
    const { steps } = (await s.get(`voice/sheets/${sheetId}`, hq)).body
    expect(steps.map(({ step, late }: Json) => [step, late])).toEqual([
      ['meeting', false],
      ['return', false],
      ['audit', true],
      ['report', true],
    ])
  })

  it('is none while the desk is switched off', async () => {
    await desk.sent('D001', '2026-02')
    const { version: _, effectiveFrom: __, ...values } = (await s.get('policy', hq)).body
    const set = (enabled: boolean) =>
      s.service.call(admin, 'PUT', '/v1/policy', { body: { ...values, voice: { ...values.voice, enabled } } })
    expect((await set(false)).status).toBe(200)
    expect(await looked('2026-03-06 10:00')).toEqual([])
    expect(await looked('2026-03-07 10:00')).toEqual([])
    await set(true)
    expect(await looked('2026-03-07 10:01')).toEqual([
      'DuePassed voice_meeting',
      `VoiceEntryBooked ${sheetId}.late -1000`,
    ])
  })

  it('stands in the list by `overdue`', async () => {
    await desk.sent('D001', '2026-02')
    await desk.sent('D003', '2026-02')
    const overdue = async (steps: string, who = hq) =>
      (await s.get(`voice/sheets?overdue=${steps}`, who)).body.items.map(({ dealer: code }: Json) => code)
    expect(await overdue('meeting')).toEqual([])
    s.go('2026-03-06 00:00')
    expect(await overdue('meeting,return')).toEqual(['D003', 'D001'])
    expect(await overdue('meeting', rbo())).toEqual(['D001'])
    expect(await overdue('return')).toEqual([])
  })

  it('stands in the list by its due, page by page; what awaits nothing with a due comes last', async () => {
    s.go('2026-03-02 10:00')
    await desk.closed('D001', '2026-01')
    s.go('2026-03-03 10:00')
    await desk.sent('D003', '2026-01')
    s.go('2026-03-02 11:00')
    await desk.sent('D001', '2026-02')
    s.go('2026-03-04 10:00')
    await desk.sent('D002', '2026-02')
    const ids: string[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const more: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
      const { body } = await s.get(`voice/sheets?sort=dueAt&limit=1${more}`, hq)
      ids.push(...body.items.map((each: Json) => each.sheetId))
      cursor = body.nextCursor
    }
    expect(ids).toEqual(['D001.2026-02', 'D003.2026-01', 'D002.2026-02', 'D001.2026-01'])
    const { items: newest } = (await s.get('voice/sheets?sort=-sentAt', hq)).body
    expect(newest).toEqual((await s.get('voice/sheets', hq)).body.items)
  })
})

describe('streams, feeds and webhooks', () => {
  it('tell each step of a sheet once, whatever is booked with it, and nothing of items', async () => {
    const { items } = await desk.sent('D001', '2026-02')
    await desk.enter('D001', '2026-03', ['交车时间'])
    s.go('2026-03-06 00:00')
    const itemId = items[0].itemId
    await desk.does(sheetId, 'meeting', desk.meeting([itemId], '2026-03-05 09:00', '2026-03-20'))
    await desk.does(sheetId, 'return', { signedBy: '张总' })
    await desk.does(sheetId, 'audit', { decision: 'accepted' }, hq)
    await desk.does(sheetId, 'follow-ups', { note: '到店检查' }, rbo())
    const plan = { note: '顺延', person: null, endsOn: '2026-03-22' }
    await desk.does(sheetId, `plans/${itemId}`, plan)
    await desk.does(sheetId, 'report', { results: '已改进' })
    await desk.does(sheetId, 'judge', { itemId, effective: true }, hq)
    await desk.does(sheetId, 'publish', { itemId, title: '交车不等候', amount: 800 }, hq)
    const reversed = await s.post(hq, `voice/ledger/${sheetId}.late/reverse`, { reason: '暴雪封路' })
    expect(reversed.status).toBe(200)
    const { items: told } = (await s.get('feed?topics=care&limit=200', dealer())).body
    expect(told.map(({ type }: Json) => type)).toEqual([
      'voice.sheet_sent',
      ...Array(9).fill('voice.changed'),
    ])
    for (const each of told) expect(each).toMatchObject({ sheetId, ticketNo: null, sheet: { sheetId } })
    expect((await s.get('feed?topics=care&limit=200', dealer('D002'))).body.items).toEqual([])
  })

  it('tell of a sheet and of its dues to its dealer, its RBO and HQ alone', async () => {
    await desk.sent('D001', '2026-02')
    await looked('2026-03-06 10:00')
    const feed = async (who = hq) => (await s.get('feed?topics=care&limit=200', who)).body.items
    expect(await feed()).toMatchObject([
      {
        ...{ type: 'voice.sheet_sent', sheetId, ticketNo: null, ticket: null },
        sheet: { status: 'sent', dealer: 'D001' },
      },
      { type: 'voice.overdue', sheetId, due: { clock: 'voice_meeting', dueAt: at('2026-03-06 00:00') } },
    ])
    expect((await feed(dealer())).map(({ type }: Json) => type)).toEqual([
      'voice.sheet_sent',
      'voice.overdue',
    ])
    expect(await feed(rbo())).toHaveLength(2)
    expect(await feed(dealer('D002'))).toEqual([])
    expect(await feed(rbo('NORTH'))).toEqual([])
    const { items } = (await s.get(`voice/sheets/${sheetId}/timeline`, dealer())).body
    expect(items.map(({ text }: Json) => text)).toContain(
      'Overdue: improvement meeting (D001), due 2026-03-06 00:00',
    )
  })
})
