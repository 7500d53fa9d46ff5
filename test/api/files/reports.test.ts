/** The rates and the assessment as CSV and XLSX, cell by cell against their JSON. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { cellOf, codesOnly, csvRows, csvText, flat, isNameColumn, readCsv } from '../../support/readCsv.ts'
import { readXlsx, valuesOf } from '../../support/readXlsx.ts'
import { at, csr, dealer, rbo, type Scenario, sa } from '../../support/scenario.ts'
import type { Json, Who } from '../../support/service.ts'
import { startQuarter } from '../reports/quarter.ts'

let s: Scenario
beforeAll(async () => {
  s = await startQuarter()
  const now = s.service.deps.now()
  s.service.setClock(at('2026-03-10 10:00'))
  const inquiry = { channel: 'phone', topic: 'price', question: '有优惠吗', answer: '有', dealerCode: 'D001' }
  expect((await s.post(csr, 'inquiries', inquiry)).status).toBe(201)
  s.service.setClock(now)
}, 60_000)
afterAll(() => s.service.close())

const asked = (path: string, format: string): string =>
  `${path}${path.includes('?') ? '&' : '?'}format=${format}`
const json = async (path: string, who: Who = sa): Promise<Json> => (await s.get(path, who)).body
const file = async (path: string, format: string, who: Who = sa, language = 'en') => {
  const { status, bytes } = await s.get(asked(path, format), who, { 'accept-language': language })
  expect(status).toBe(200)
  return bytes
}
const cells = (row: Json) => flat(row).map(([, cell]) => cell)
const factsOf = (answer: Json) => Object.entries(answer).map(([name, value]) => [name, cellOf(value)])
/** The rows of a sheet by what they are, so many of them facts, without the names of codes and the line to sign on. */
const partsOf = ([title, ...rows]: unknown[][], facts: number) => {
  const labels = rows.slice(0, facts).map(([label]) => label)
  const headings = rows[facts] as unknown[]
  const kept = (row: unknown[]): unknown[] => row.filter((_, i) => !isNameColumn(headings[i], headings))
  return {
    title: title as unknown[],
    facts: rows.slice(0, facts).filter(([label]) => !isNameColumn(label, labels)),
    headings: kept(headings),
    body: rows.slice(facts + 1, -2).map(kept),
  }
}
/** Quarter, status and its name, revision, instant, policy. */
const factsOfAssessment = 6
/** From, to, instant, dimension and its name. */
const factsOfRates = 5
/** Addresses of the API, which sheets leave out. */
const withoutLink = ({ tickets: _, ...row }: Json): Json => row

describe('the rates', () => {
  const queries = [
    'quarter=2026Q1',
    'quarter=2026Q1&by=rbo&tier=rbo',
    'quarter=2026Q1&by=category',
    'from=2026-03-01&to=2026-04-01&by=month&dealer=D001,D002',
    'quarter=2026Q1&dealer=D999',
    'quarter=2026Q1&asOf=2026-03-05T02:00:00Z&by=level',
  ]
  const callers: [string, Who][] = [
    ['SA', sa],
    ['a dealer', dealer('D001')],
    ['an RBO', rbo('EAST')],
  ]

  it.each(callers)('as CSV are the JSON with its totals, for %s', async (_, who) => {
    for (const query of queries) {
      const { rows, totals, ...facts } = await json(`reports/kpi?${query}`, who)
      const read = codesOnly(readCsv(await file(`reports/kpi?${query}`, 'csv', who)))
      const all = [...rows, { key: 'totals', name: null, ...totals }]
      expect(read.rows).toEqual(csvRows(all.map((row) => ({ ...facts, ...row }))))
      expect(read.headings).toEqual(flat({ ...facts, ...all.at(-1) }).map(([path]) => path))
    }
  })

  it.each(callers)('as XLSX are the JSON, cell by cell, for %s', async (_, who) => {
    for (const query of queries) {
      const { rows, totals, ...facts } = await json(`reports/kpi?${query}`, who)
      const [sheet] = readXlsx(await file(`reports/kpi?${query}`, 'xlsx', who))
      const expected = factsOf(facts)
      const all = [...rows, { key: 'totals', name: null, ...totals }].map(withoutLink)
      expect(partsOf(valuesOf(sheet!.rows), factsOfRates)).toEqual({
        title: [expect.stringContaining(' Complaint rates')],
        facts: expected,
        headings: flat(all.at(-1)).map(([path]) => path),
        body: all.map(cells),
      })
    }
  })

  it('in Chinese have Chinese headings and totals', async () => {
    const { headings, rows } = readCsv(await file('reports/kpi?quarter=2026Q1', 'csv', sa, 'zh-CN'))
    expect(headings.slice(0, 7)).toEqual(['起', '止', '截至', '分组', '分组名称', '组别', '名称'])
    expect(rows[0]?.[4]).toBe('经销商')
    expect(headings).toContain('及时封闭率（%）')
    expect(rows.at(-1)?.[5]).toBe('合计')
    const [sheet] = readXlsx(await file('reports/kpi?quarter=2026Q1', 'xlsx', sa, 'zh-CN'))
    expect(sheet?.name).toBe('投诉指标')
  })
})

/** The parts of statistics as the table has them: rows, totals, RBOs' own rates, causes. */
const named = (part: string, rows: Json[]) => rows.map((row) => ({ part, ...row }))
const partsAsRows = ({ rows, causes, inquiries, ...rest }: Json, totals: Json, rboRates: Json): Json[] => {
  const { totals: _, rboRates: __, ...facts } = rest
  const all = [
    ...named('rows', rows),
    ...named('totals', [totals]),
    ...named('RBOs’ own rates', [rboRates]),
    ...named('causes', causes),
    ...(inquiries === undefined
      ? []
      : [
          ...named('inquiries in total', [{ inquiries: inquiries.totals }]),
          ...named(
            'inquiries',
            inquiries.rows.map(({ figures, ...row }: Json) => ({ ...row, inquiries: figures })),
          ),
        ]),
  ]
  return all.map((row) => ({ ...facts, ...row }))
}
/** What a row has, by its path; a cell that is empty has nothing. */
const filled = (cells: [string, string][]) => Object.fromEntries(cells.filter(([, text]) => text !== ''))
const records = async (path: string, who: Who) => {
  const { headings, rows } = codesOnly(readCsv(await file(path, 'csv', who)))
  return rows.map((row) => filled(row.map((text, i) => [headings[i] as string, text])))
}
const asRecords = (rows: Json[]) =>
  rows.map((row) => filled(flat(row).map(([path, cell]) => [path, csvText(cell)])))
const pinned = `asOf=${encodeURIComponent('2026-04-20T00:00:00Z')}`

describe('statistics', () => {
  const period = `reports/statistics?from=2026-01-01&to=2026-04-01&${pinned}`

  it.each(['', '&groupBy=dealer', '&groupBy=rbo,category', '&groupBy=source,tier'])(
    'as CSV are the JSON, each part of it: %s',
    async (groupBy) => {
      for (const who of [sa, dealer('D001')]) {
        const answer = await json(period + groupBy, who)
        const expected = partsAsRows(answer, answer.totals, { rates: answer.rboRates })
        expect(await records(period + groupBy, who)).toEqual(asRecords(expected))
        expect(answer.rows.length > 0).toBe(groupBy !== '')
      }
    },
  )

  it('have no workbook', async () => {
    expect((await s.get(asked(period, 'xlsx'), sa)).status).toBe(400)
  })
})

describe('the monthly report', () => {
  const path = `reports/monthly?month=2026-03&${pinned}`
  const factsOfMonth = 4

  it('as CSV is the JSON, each part of it', async () => {
    const answer = await json(path)
    const rates = Object.entries(answer.rboRates).map(([period, rates]) => [period, { rates }])
    const expected = partsAsRows(answer, { figures: answer.totals }, { figures: Object.fromEntries(rates) })
    expect(await records(path, sa)).toEqual(asRecords(expected))
    expect(new Set(answer.rows.map(({ dimension }: Json) => dimension)).size).toBe(7)
  })

  const five = (month: unknown, monthBefore: unknown, yearBefore: unknown) => {
    const less = (now: unknown, then: unknown) =>
      typeof now === 'number' && typeof then === 'number' ? Math.round((now - then) * 100) / 100 : null
    return [month, monthBefore, less(month, monthBefore), yearBefore, less(month, yearBefore)]
  }
  const shown = ['complaints', 'rates.response.rate', 'rates.close.rate', 'rates.firstTime.rate', 'goodwill']
  /** This month, last month, the same of last year, with the changes, of each figure that a sheet shows. */
  const cellsOf = ({ month, monthBefore, yearBefore }: Json, figures: string[]) => {
    const [now, before, year] = [month, monthBefore, yearBefore].map(
      (each) => new Map<string, unknown>(flat(each)),
    )
    return figures.flatMap((path) => five(now!.get(path), before!.get(path), year!.get(path)))
  }

  it('as XLSX has a sheet for each dimension, one row a key, three months side by side with the change', async () => {
    const answer = await json(path)
    const sheets = readXlsx(await file(path, 'xlsx'))
    const dimensions = ['level', 'category', 'tier', 'RBO', 'dealer', 'channel', 'source']
    expect(sheets.map(({ name }) => name)).toEqual([
      'summary',
      ...dimensions.map((each) => `by ${each}`),
      'causes',
      'inquiries',
    ])
    const parts = sheets.map(({ rows }) => partsOf(valuesOf(rows), factsOfMonth))
    for (const [index, each] of dimensions.entries()) {
      const { headings, body } = parts[index + 1]!
      const own = answer.rows.filter(({ dimension }: Json) => dimension === each.toLowerCase())
      const rows = own.map(({ key, name, figures }: Json) => [key, name, ...cellsOf(figures, shown)])
      expect(body).toEqual([...rows, ['totals', null, ...cellsOf(answer.totals, shown)]])
      const places = ['month', 'monthBefore', 'changeOnMonth', 'yearBefore', 'changeOnYear']
      expect(headings).toEqual([
        'key',
        'name',
        ...shown.flatMap((figure) => places.map((place) => `${figure}.${place}`)),
      ])
    }
    const causes = answer.causes.map(({ code, name, complaints: c, goodwill: g }: Json) => [
      code,
      name,
      ...five(c.month, c.monthBefore, c.yearBefore),
      ...five(g.month, g.monthBefore, g.yearBefore),
    ])
    expect(parts.at(-2)!.body.slice(0, -1)).toEqual(causes)
    const sum = (of: (cause: Json) => number) =>
      answer.causes.reduce((total: number, each: Json) => total + of(each), 0)
    expect([parts.at(-2)!.body.at(-1)![0], parts.at(-2)!.body.at(-1)![2]]).toEqual([
      'totals',
      sum((each) => each.complaints.month),
    ])
    const counts = ['inquiries', 'answeredAtOnce', 'becameComplaints']
    expect(parts.at(-1)!.body).toEqual([
      ...answer.inquiries.rows.map(({ dimension, key, name, figures }: Json) => [
        dimension,
        key,
        name,
        ...cellsOf(figures, counts),
      ]),
      [null, 'totals', null, ...cellsOf(answer.inquiries.totals, counts)],
    ])
    expect(answer.inquiries.rows.map(({ dimension, key }: Json) => [dimension, key])).toEqual([
      ['topic', 'price'],
      ['channel', 'phone'],
      ['rbo', 'EAST'],
      ['dealer', 'D001'],
    ])
  })

  it('as XLSX begins with every figure of the month, a line each, shown as what it is', async () => {
    const answer = await json(path)
    const [summary] = readXlsx(await file(path, 'xlsx'))
    const { body } = partsOf(valuesOf(summary!.rows), factsOfMonth)
    const isShown = (figure: string): boolean => !/\.(met|failed|pending)$/.test(figure)
    const linesOf = (of: string, three: Json) =>
      flat(three.month)
        .map(([figure]) => figure)
        .filter(isShown)
        .map((figure) => [`${of} · ${figure}`, ...cellsOf(three, [figure])])
    const rates = Object.fromEntries(
      Object.entries(answer.rboRates).map(([period, each]) => [period, { rates: each }]),
    )
    expect(body).toEqual([
      ...linesOf('totals', answer.totals),
      ...linesOf('RBOs’ own rates', rates),
      ...linesOf('inquiries', answer.inquiries.totals),
    ])
    const formatOf = (figure: string) =>
      summary!.rows
        .find(([first]) => first?.value === figure)
        ?.map(({ format }) => format)
        .slice(1, 4)
    expect(formatOf('totals · complaints')).toEqual(['0', '0', '+0;\\-0;0'])
    expect(formatOf('totals · rates.close.rate')).toEqual(['0.00', '0.00', '+0.00;\\-0.00;0.00'])
    expect(formatOf('totals · goodwill')?.[2]).toBe('+"¥"#,##0;\\-"¥"#,##0;0')
  })

  it('in Chinese has Chinese sheets, headings, title and file name, with the unit it is of', async () => {
    const { bytes, headers } = await s.get(asked(path, 'xlsx'), rbo('EAST'), { 'accept-language': 'zh-CN' })
    const sheets = readXlsx(bytes)
    expect(sheets.map(({ name }) => name).slice(0, 3)).toEqual(['汇总', '按投诉等级', '按细分类'])
    const rows = valuesOf(sheets[1]!.rows)
    expect(rows[0]).toEqual(['2026-03 投诉月报 · 华东大区 · 按投诉等级'])
    expect(rows[5]?.slice(0, 5)).toEqual(['组别', '名称', '投诉量 本月', '投诉量 上月', '投诉量 较上月'])
    expect(headers['content-disposition']).toBe(
      `attachment; filename="monthly-2026-03-EAST.xlsx"; filename*=UTF-8''${encodeURIComponent('2026-03 投诉月报 · 华东大区.xlsx')}`,
    )
  })
})

/** The line of sums, in the columns of a dealer. */
const sumsOf = (dealers: Json[]) => {
  const sum = (name: string) => dealers.reduce((total, dealer) => total + (dealer[name] ?? 0), 0)
  const sums: Json = {
    dealer: 'totals',
    ...Object.fromEntries(['total', 'deliveries', 'amount'].map((name) => [name, sum(name)])),
  }
  return Object.keys(dealers[0]).map((name) => sums[name] ?? null)
}

describe('an assessment', () => {
  it.each<[string, Who]>([
    ['SA', sa],
    ['a dealer', dealer('D001')],
    ['an RBO', rbo('EAST')],
    ['a dealer nobody knows', dealer('D999')],
  ])('as CSV is the JSON, for %s', async (_, who) => {
    const { rbos, ...facts } = await json('assessments/2026Q1', who)
    const rows = rbos.flatMap(({ rbo: code, dealers }: Json) =>
      dealers.map((row: Json) => ({ ...facts, rbo: code, ...row })),
    )
    expect(codesOnly(readCsv(await file('assessments/2026Q1', 'csv', who))).rows).toEqual(csvRows(rows))
  })

  it.each<[string, string, Who]>([
    ['SA', '2026Q1', sa],
    ['SA as of a day', '2026Q1?asOf=2026-03-05', sa],
    ['SA of one RBO', '2026Q1?rbo=EAST', sa],
    ['an RBO', '2026Q1', rbo('EAST')],
  ])('as XLSX is a sheet for each RBO, cell by cell the JSON, for %s', async (_, path, who) => {
    const { rbos, ...facts } = await json(`assessments/${path}`, who)
    const sheets = readXlsx(await file(`assessments/${path}`, 'xlsx', who))
    const names: Record<string, string> = { EAST: '华东大区', NORTH: '华北大区', WEST: '西部大区' }
    expect(sheets.map(({ name }) => name)).toEqual(rbos.map((each: Json) => `${each.rbo} ${names[each.rbo]}`))
    for (const [i, { rbo: code, dealers }] of rbos.entries()) {
      expect(partsOf(valuesOf(sheets[i]!.rows), factsOfAssessment)).toEqual({
        title: [`2026Q1 dealer assessment · ${code} ${names[code]}`],
        facts: factsOf(facts),
        headings: flat(dealers[0]).map(([name]) => name),
        body: [...dealers.map(cells), sumsOf(dealers)],
      })
      expect(sheets[i]?.xml).toContain('state="frozen"')
    }
  })

  it('marks rewards green, penalties red and open ties amber', async () => {
    const { rbos } = await json('assessments/2026Q1')
    const sheets = readXlsx(await file('assessments/2026Q1', 'xlsx'))
    const color: Record<string, string> = {
      reward: 'C6EFCE',
      penalty: 'FFC7CE',
      tie_unresolved: 'FFEB9C',
    }
    const outcomes = rbos.flatMap(({ dealers }: Json) => dealers.map((row: Json) => row.outcome))
    expect(outcomes).toEqual(expect.arrayContaining(['reward', 'penalty', 'unranked']))
    const shown = sheets.flatMap(({ rows }) =>
      rows.slice(2 + factsOfAssessment, -3).map((row) => row.map((cell) => cell.color)),
    )
    expect(shown).toEqual(outcomes.map((outcome: string) => Array(12).fill(color[outcome])))
  })

  it('shows rates, ranks and amounts as such', async () => {
    const [sheet] = readXlsx(await file('assessments/2026Q1', 'xlsx', sa, 'zh-CN'))
    const [headings = [], first] = sheet!.rows.slice(1 + factsOfAssessment)
    const format = Object.fromEntries(headings.map(({ value }, i) => [value, first?.[i]?.format]))
    expect(format).toMatchObject({
      '及时响应率（%）': '0.00',
      得分: '0.00',
      排名: '0',
      '金额（元）': '"¥"#,##0;[Red]\\-"¥"#,##0',
    })
    expect(sheet?.rows[0]?.[0]?.value).toBe('2026Q1 经销商考核 · EAST 华东大区')
  })

  it('has a sheet also where there is nobody to assess', async () => {
    const sheets = readXlsx(await file('assessments/2026Q1', 'xlsx', dealer('D999')))
    expect(sheets.map(({ name, rows }) => [name, rows.length])).toEqual([['2026Q1', 4 + factsOfAssessment]])
  })
})
