import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  at,
  csr,
  dealer,
  problemOf,
  rbo,
  refused,
  type Scenario,
  sa,
  se,
  start,
  startScenario,
} from '../support/scenario.ts'
import type { Json, Who } from '../support/service.ts'

let s: Scenario
let [east, north, gone]: string[] = []
beforeAll(async () => {
  s = await startScenario()
  east = await s.register({ content: '请尽快处理' })
  s.go('2026-03-02 11:00')
  await s.call(east, { flags: ['agitated'], content: '非常生气' })
  s.go('2026-03-02 11:30')
  await s.does(east, 'warnings', { code: 'W6', reason: '总部关注' }, csr)
  north = await s.register({ dealerCode: 'D003', flags: ['no_contact'], content: '无人联系' })
  gone = await s.register({ dealerCode: 'D003', flags: ['media'] })
  await s.does(gone, 'rescind', { reason: '误登记' }, se)
})
afterAll(() => s.service.close())

const warningOf = async (ticketNo: string | undefined, code: string): Promise<string> =>
  (await s.ticket(ticketNo as string)).warnings.find((each: Json) => each.code === code).warningId
const listed = async (query = '', who: Who = sa): Promise<[string, string][]> =>
  (await s.get(`warnings${query}`, who)).body.items.map((item: Json) => [item.ticketNo, item.code])

describe('GET /v1/warnings', () => {
  it('lists open warnings, the earliest to acknowledge first, with what the customer said', async () => {
    const { items } = (await s.get('warnings')).body
    expect(items.map((item: Json) => [item.ticketNo, item.code, item.ackDueAt])).toEqual([
      [east, 'W4', at('2026-03-02 13:00')],
      [east, 'W6', at('2026-03-02 13:30')],
      [north, 'W3', at('2026-03-02 13:30')],
    ])
    expect(items[0]).toEqual({
      warningId: await warningOf(east, 'W4'),
      code: 'W4',
      ticketNo: east,
      from: { tier: 'dealer', unit: 'D001' },
      sentTo: { tier: 'rbo', unit: 'EAST' },
      raisedAt: at('2026-03-02 11:00'),
      raisedBy: 'csr',
      reason: null,
      content: '非常生气',
      ackDueAt: at('2026-03-02 13:00'),
      provisional: false,
      acknowledgedAt: null,
      acknowledgedBy: null,
      resolvedAt: null,
      resolvedBy: null,
      result: null,
      level: 'A',
      category: 'A4a',
      state: 'unhandled',
      dealer: 'D001',
      dueAt: at('2026-03-02 12:00'),
    })
    expect(items[1]).toMatchObject({ reason: '总部关注', content: null, sentTo: { tier: 'se', unit: 'SE' } })
    expect(items[2]).toMatchObject({
      reason: null,
      content: '无人联系',
      sentTo: { tier: 'rbo', unit: 'NORTH' },
    })
  })

  it('leaves out those of rescinded tickets, which keep them', async () => {
    expect((await listed('?status=open,acknowledged,resolved')).map(([ticketNo]) => ticketNo)).not.toContain(
      gone,
    )
    expect((await s.ticket(gone as string)).warnings).toMatchObject([{ code: 'W5', resolvedAt: null }])
  })

  it('shows a dealer its tickets’, an RBO those of its dealers, the others all', async () => {
    expect(await listed('', dealer())).toEqual([
      [east, 'W4'],
      [east, 'W6'],
    ])
    expect(await listed('', rbo('NORTH'))).toEqual([[north, 'W3']])
    expect(await listed('', rbo('WEST'))).toEqual([])
    expect(await listed('', csr)).toHaveLength(3)
  })

  it('goes by status: open, then acknowledged, then resolved, and open and acknowledged by default', async () => {
    const [w4, w3] = [await warningOf(east, 'W4'), await warningOf(north, 'W3')]
    s.go('2026-03-02 12:00')
    await s.does(east as string, `warnings/${w4}/acknowledge`, { note: '收到' }, rbo())
    expect(await listed('?status=open')).toEqual([
      [east, 'W6'],
      [north, 'W3'],
    ])
    expect(await listed('?status=acknowledged')).toEqual([[east, 'W4']])
    expect(await listed('?status=resolved')).toEqual([])
    s.go('2026-03-02 12:30')
    await s.does(north as string, `warnings/${w3}/resolve`, { result: '已联系客户' }, rbo('NORTH'))
    expect(await listed()).toEqual([
      [east, 'W4'],
      [east, 'W6'],
    ])
    expect((await s.get('warnings?status=resolved')).body.items).toMatchObject([
      {
        ticketNo: north,
        acknowledgedAt: at('2026-03-02 12:30'),
        acknowledgedBy: 'people of NORTH',
        resolvedAt: at('2026-03-02 12:30'),
        resolvedBy: 'people of NORTH',
        result: '已联系客户',
      },
    ])
    expect((await s.get('warnings?status=acknowledged')).body.items).toMatchObject([
      { acknowledgedAt: at('2026-03-02 12:00'), acknowledgedBy: 'people of EAST', resolvedAt: null },
    ])
    expect(await listed('?status=open,acknowledged,resolved')).toHaveLength(3)
  })

  it('follows the ticket: state, category and due are today’s', async () => {
    s.go('2026-03-02 12:40')
    await s.respond(east as string)
    const [item] = (await s.get('warnings')).body.items
    expect(item).toMatchObject({ state: 'in_progress', dueAt: at('2026-03-06 00:00') })
    await s.close(east as string)
    expect((await s.get('warnings')).body.items[0]).toMatchObject({ state: 'completed', dueAt: null })
  })

  it('knows no other status', async () => {
    for (const status of ['new', '', 'open,late'])
      expect(problemOf(await s.get(`warnings?status=${status}`))).toMatchObject({
        status: 400,
        code: 'invalid_request',
      })
  })
})

describe('a warning', () => {
  it('attaches later calls, and arises again on the next call once it is resolved', async () => {
    s.go(start)
    const ticketNo = await s.register({ dealerCode: 'D002' })
    const codes = async () =>
      (await s.ticket(ticketNo)).warnings.map((each: Json) => [each.code, each.resolvedAt])
    await s.call(ticketNo)
    await s.call(ticketNo)
    await s.call(ticketNo)
    expect(await codes()).toEqual([['W1', null]])
    await s.does(ticketNo, `warnings/${await warningOf(ticketNo, 'W1')}/resolve`, { result: '已跟进' }, rbo())
    expect(await codes()).toEqual([['W1', at(start)]])
    await s.call(ticketNo)
    expect(await codes()).toEqual([
      ['W1', at(start)],
      ['W1', null],
    ])
  })

  it('of a former assignment stays and can still be resolved, the new one starts with none', async () => {
    const ticketNo = await s.register({ dealerCode: 'D002', flags: ['agitated'] })
    const moved = await s.does(ticketNo, 'redispatch', { tier: 'rbo', reason: '升级' }, csr)
    expect(moved.warnings).toMatchObject([{ code: 'W4', resolvedAt: null }])
    const again = await s.call(ticketNo, { flags: ['agitated'] })
    expect(again.warnings.map(({ sentTo }: Json) => sentTo.unit)).toEqual(['EAST', 'SE'])
    const first = again.warnings[0].warningId
    const resolved = await s.does(ticketNo, `warnings/${first}/resolve`, { result: '已处理' }, rbo())
    expect(resolved.warnings.map(({ resolvedAt }: Json) => resolvedAt)).toEqual([at(start), null])
  })

  it('is known by its number on its own ticket only', async () => {
    const [one, other] = [await s.register({ flags: ['media'] }), await s.register({ flags: ['media'] })]
    const answer = await s.act(one, `warnings/${await warningOf(other, 'W5')}/acknowledge`, {}, se)
    expect(problemOf(answer)).toEqual(refused(404, 'warning_not_found'))
  })
})
