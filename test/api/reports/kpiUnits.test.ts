import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { at, dealer, one, rbo, type Scenario, sa } from '../../support/scenario.ts'
import type { Json, Who } from '../../support/service.ts'
import { kpi as kpiOf, startQuarter } from './quarter.ts'

let s: Scenario
beforeAll(async () => {
  s = await startQuarter()
})
afterAll(() => s.service.close())
const kpi = (query: string, who?: Who, headers?: Record<string, string>) => kpiOf(s, query, who, headers)

describe('scope', () => {
  it.each<[string, Who, string[]]>([
    ['a dealer sees its own row', dealer('D001'), ['D001']],
    ['a former holder keeps the unit it kept', dealer('D003'), ['D003']],
    ['the responsible dealer sees its unit', dealer('D004'), ['D004']],
    ['a dealer without units sees none', dealer('D009'), []],
    ['an RBO sees its dealers', rbo('EAST'), ['D001', 'D002']],
    ['an auditor sees all', one('auditor'), ['D001', 'D002', 'D003', 'D004']],
  ])('%s', async (_, who, keys) => {
    const body = await kpi('quarter=2026Q1', who)
    expect(body.rows.map(({ key }: Json) => key)).toEqual(keys)
    expect(body.totals.total).toBe(body.rows.reduce((sum: number, row: Json) => sum + row.total, 0))
  })

  it('a filter naming a unit outside matches nothing, and a dealer sees no RBO’s units', async () => {
    expect((await kpi('quarter=2026Q1&dealer=D001', dealer('D002'))).totals.total).toBe(0)
    expect((await kpi('quarter=2026Q1&rbo=NORTH', rbo('EAST'))).totals.total).toBe(0)
    expect((await kpi('quarter=2026Q1&tier=rbo&by=rbo', dealer('D001'))).totals.total).toBe(0)
    const own = await kpi('quarter=2026Q1&tier=rbo&by=rbo', rbo('NORTH'))
    expect(own.rows.map(({ key }: Json) => key)).toEqual(['NORTH'])
  })
})

describe('the units behind every row', () => {
  const units = async (link: string, who: Who = sa): Promise<Json[]> => {
    const found: Json[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const { body }: Json = await s.service.call(
        who,
        'GET',
        `${link}&limit=2${cursor && `&cursor=${cursor}`}`,
      )
      found.push(...body.items)
      cursor = body.nextCursor
    }
    return found
  }
  const count = (items: Json[], name: string, verdict: string) =>
    items.filter((item) => item[name].verdict === verdict).length

  it.each<[string, Who]>([
    ...['dealer', 'rbo', 'category', 'level', 'month'].map((by): [string, Who] => [
      `quarter=2026Q1&by=${by}`,
      sa,
    ]),
    ['quarter=2026Q1&by=channel', sa],
    ['quarter=2026Q1&by=source', sa],
    ['quarter=2026Q1&by=tier', sa],
    ['quarter=2026Q1&tier=rbo&by=rbo', sa],
    ['quarter=2026Q1&category=A4a,B4&dealer=D001,D004&by=month', sa],
    ['from=2026-03-01&to=2026-03-05&by=category&asOf=2026-03-05T00:00:00%2B08:00', sa],
    ['quarter=2026Q1&by=category', dealer('D001')],
    ['quarter=2026Q1', rbo('EAST')],
  ])('of %s add up to it', async (query, who) => {
    const body = await kpi(query, who)
    expect(body.rows.length).toBeGreaterThan(0)
    for (const row of [...body.rows, body.totals]) {
      const items = await units(row.tickets, who)
      expect(items).toHaveLength(row.total)
      for (const name of ['response', 'close', 'firstTime'])
        for (const verdict of ['met', 'failed', 'pending'])
          expect([row.key, name, verdict, count(items, name, verdict)]).toEqual([
            row.key,
            name,
            verdict,
            row[name][verdict],
          ])
    }
  })

  it('tell when each was due and done; of a unit kept only the response', async () => {
    const [kept] = await units((await kpi('quarter=2026Q1&dealer=D003')).rows[0].tickets)
    expect(kept).toMatchObject({
      unit: 'D003',
      dispatchedAt: at('2026-03-05 10:00'),
      response: { verdict: 'failed', dueAt: at('2026-03-05 12:00'), doneAt: null },
      close: { verdict: null, dueAt: null, doneAt: null },
      firstTime: { verdict: null, dueAt: null, doneAt: null },
    })
    const [late] = await units((await kpi('quarter=2026Q1&dealer=D002')).rows[0].tickets)
    expect(late).toMatchObject({
      response: { verdict: 'met', dueAt: at('2026-03-04 12:00'), doneAt: at('2026-03-04 12:00') },
      close: { verdict: 'failed', dueAt: at('2026-03-10 00:00'), doneAt: at('2026-03-10 00:00') },
      firstTime: { verdict: 'met', dueAt: at('2026-03-18 00:00'), doneAt: at('2026-03-10 00:00') },
    })
  })
})
