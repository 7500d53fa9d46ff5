/** The counts of now, counted again from each ticket as its events have it. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { readTicket } from '../../../api/commands/tickets/execute.ts'
import { isOpenState, isOverState } from '../../../domain/codes.ts'
import { HOUR, toEpoch, toInstant } from '../../../domain/instant.ts'
import { isWithin, placeOf, type Scope } from '../../../domain/scope.ts'
import { currentAssignment, type Ticket } from '../../../domain/ticket/state.ts'
import { codesOnly, readCsv } from '../../support/readCsv.ts'
import {
  at,
  csr,
  dealer,
  one,
  rbo,
  type Scenario,
  sa,
  se,
  seMedia,
  startScenario,
} from '../../support/scenario.ts'
import type { Json, Who } from '../../support/service.ts'

let s: Scenario
const numbers: string[] = []

beforeAll(async () => {
  s = await startScenario({ now: '2026-03-02 09:00' })
  const register = async (more: Json = {}): Promise<string> => {
    const ticketNo = await s.register(more)
    numbers.push(ticketNo)
    return ticketNo
  }
  const completed = await register({ dealerCode: 'D001', flags: ['agitated'] })
  await s.respond(completed)
  await s.close(completed)
  const moved = await register({ dealerCode: 'D002', flags: ['agitated', 'media'] })
  await s.does(moved, 'redispatch', { dealerCode: 'D003', reason: '错误', misrouted: true }, csr)
  await s.does(moved, 'warnings', { code: 'W4', reason: '又来电' }, se)
  const resolved = await register({ dealerCode: 'D002', flags: ['no_contact'] })
  const [{ warningId }] = (await s.ticket(resolved)).warnings
  await s.does(resolved, `warnings/${warningId}/resolve`, { result: '已处理' }, rbo('EAST'))
  const gone = await register({ dealerCode: 'D001', flags: ['agitated'] })
  await s.does(gone, 'rescind', { reason: '误登记' }, se)
  const media = await s.registerB({ source: 'website' })
  numbers.push(media)
  await s.does(media, 'responsible-dealer', { dealerCode: 'D003' }, seMedia)
  await register({ category: 'A4c', dealerCode: 'D004' })
  const working = await register({ dealerCode: 'D001' })
  await s.respond(working)
  s.go('2026-03-02 12:30')
  await register({ dealerCode: 'D001' })
  await register({ category: 'A4d', dealerCode: 'D002' })
}, 60_000)
afterAll(() => s.service.close())

const noCounts = () => ({ unhandled: 0, inProgress: 0, overdue: 0, dueSoon: 0, openWarnings: 0 })

/** What one ticket adds, by the rules as they are written. */
const addsOf = (ticket: Ticket, now: number) => {
  const counts = noCounts()
  const { clocks } = currentAssignment(ticket)
  const [response, close] = [clocks.responseDueAt, clocks.closeDueAt].map((due) =>
    due === null ? Number.POSITIVE_INFINITY : toEpoch(due),
  ) as [number, number]
  if (!isOverState(ticket.state))
    counts.openWarnings = ticket.warnings.filter(({ resolvedAt }) => resolvedAt === null).length
  if (!isOpenState(ticket.state)) return counts
  const isUnhandled = ticket.state === 'unhandled'
  counts[isUnhandled ? 'unhandled' : 'inProgress'] = 1
  const isLate = (isUnhandled && response < now) || close <= now
  if (isLate) counts.overdue = 1
  else if ((isUnhandled ? response : close) <= now + 2 * HOUR) counts.dueSoon = 1
  return counts
}

const recount = async (now: string, scope: Scope) => {
  const totals = noCounts()
  const rows = new Map<string, ReturnType<typeof noCounts>>()
  for (const ticketNo of numbers) {
    const ticket = (await readTicket(s.service.deps, ticketNo)) as Ticket
    if (!isWithin(placeOf(ticket), scope)) continue
    const adds = addsOf(ticket, toEpoch(now))
    if (Object.values(adds).every((count) => count === 0)) continue
    const { tier, unit } = currentAssignment(ticket)
    const cells = [`holder ${tier} ${unit}`, `rbo null ${ticket.rbo}`, `category null ${ticket.category}`]
    for (const cell of cells) rows.set(cell, rows.get(cell) ?? noCounts())
    for (const counts of [totals, ...cells.map((cell) => rows.get(cell)!)])
      for (const [name, count] of Object.entries(adds)) counts[name as keyof typeof counts] += count
  }
  return { totals, rows: Object.fromEntries(rows) }
}

const scopes: [string, Who, Scope][] = [
  ['SA', sa, { kind: 'all' }],
  ['an auditor', one('auditor'), { kind: 'all' }],
  ['a dealer', dealer('D001'), { kind: 'dealer', code: 'D001' }],
  ['the responsible dealer', dealer('D003'), { kind: 'dealer', code: 'D003' }],
  ['an RBO', rbo('EAST'), { kind: 'rbo', code: 'EAST' }],
  ['a dealer without tickets', dealer('D009'), { kind: 'dealer', code: 'D009' }],
]

describe('the counts of now', () => {
  it.each(scopes)(
    'are those of the tickets in scope, counted one by one, whenever they are asked, for %s',
    async (_, who, scope) => {
      for (const day of [
        '2026-03-02 12:30',
        '2026-03-02 14:00',
        '2026-03-05 23:00',
        '2026-03-06 00:00',
        '2026-03-12 09:00',
      ]) {
        s.service.setClock(at(day))
        const { asOf, dueSoonMinutes, rows, totals } = (await s.get('reports/now', who)).body
        const counted = Object.fromEntries(
          rows.map(({ dimension, tier, key, name: _name, ...counts }: Json) => [
            `${dimension} ${tier} ${key}`,
            counts,
          ]),
        )
        expect({ totals, rows: counted }).toEqual(await recount(asOf, scope))
        expect([asOf, dueSoonMinutes]).toEqual([at(day), 120])
      }
    },
  )

  it('have late and soon ones, and warnings of one code on two terms, to be counted', async () => {
    s.service.setClock(at('2026-03-02 14:00'))
    const { totals, rows } = (await s.get('reports/now')).body
    expect(Object.values(totals as Record<string, number>).every((count) => count > 0)).toBe(true)
    const moved = rows.find(({ dimension, key }: Json) => dimension === 'holder' && key === 'D003')
    expect(moved.openWarnings).toBe(3)
  })

  it('are a file too, with names beside codes', async () => {
    const { rows, totals, ...facts } = (await s.get('reports/now')).body
    const file = readCsv((await s.get('reports/now?format=csv', sa, { 'accept-language': 'zh-CN' })).bytes)
    expect(file.headings).toEqual(expect.arrayContaining(['维度名称', '未处理', '超时未处理', '未解决预警']))
    const english = codesOnly(readCsv((await s.get('reports/now?format=csv')).bytes))
    expect(english.rows).toHaveLength(rows.length + 1)
    expect(english.rows.at(-1)?.at(-1)).toBe(String(totals.openWarnings))
    expect(facts.asOf).toBe(toInstant(toEpoch(facts.asOf)))
  })

  it('take no parameters', async () => {
    expect((await s.get('reports/now?dealer=D001')).status).toBe(400)
  })
})
