import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { strFromU8, unzipSync } from 'fflate'
import { z } from 'zod'
import { columnsOf } from '../../../api/files/columns.ts'
import { type XlsxSheet, xlsxOf } from '../../../api/files/xlsx.ts'
import { lettersOf, sheetNames } from '../../../api/files/xlsxCells.ts'
import { collect } from '../../support/collect.ts'
import { readingIn } from '../../support/readingIn.ts'
import { readXlsx, valuesOf } from '../../support/readXlsx.ts'

const columns = columnsOf(
  z.object({
    name: z.string().nullable(),
    total: z.int(),
    score: z.number().nullable(),
    amount: z.int(),
    active: z.boolean(),
    asOf: z.iso.datetime(),
  }),
)
const row = {
  name: '上海一店',
  total: 3,
  score: 99.95,
  amount: -10_000,
  active: true,
  asOf: '2026-03-02T02:00:00.007Z',
}
const sheet: XlsxSheet = { name: 'EAST', title: 'Title', facts: [], columns, rows: [] }

const bytesOf = async (sheets: XlsxSheet[], language: 'en' | 'zh' = 'en'): Promise<Uint8Array> =>
  Buffer.concat(await collect(xlsxOf(sheets, readingIn(language))))
const read = async (more: Partial<XlsxSheet>, language: 'en' | 'zh' = 'en') =>
  readXlsx(await bytesOf([{ ...sheet, ...more }], language))[0]!

describe('a sheet', () => {
  it('has its title, what holds for all of it, headings, and typed cells', async () => {
    const facts = [
      { label: 'revision', value: 2, kind: 'integer' as const },
      { label: 'status', value: 'live', kind: 'text' as const },
    ]
    const { rows } = await read({
      facts,
      rows: [[row], [{ ...row, name: null, score: null, active: false }]],
    })
    expect(valuesOf(rows).slice(0, -2)).toEqual([
      ['Title'],
      ['revision', 2],
      ['status', 'live'],
      ['name', 'total', 'score', 'amount', 'active', 'asOf'],
      ['上海一店', 3, 99.95, -10_000, true, '2026-03-02 10:00:00'],
      [null, 3, null, -10_000, false, '2026-03-02 10:00:00'],
    ])
    expect(rows[4]?.map(({ type }) => type)).toEqual(['s', 'n', 'n', 'n', 'b', 'n'])
  })

  it('shows rates with two decimals and amounts in yuan, the negative ones red', async () => {
    const { rows } = await read({ rows: [[row]] })
    expect(rows[2]?.map(({ format }) => format).slice(1, 4)).toEqual([
      '0',
      '0.00',
      '"¥"#,##0;[Red]\\-"¥"#,##0',
    ])
  })

  it('marks rows by color, all cells of them', async () => {
    const rows = [
      [
        { ...row, amount: 1 },
        { ...row, amount: -1 },
        { ...row, amount: 0 },
        { ...row, amount: 7 },
      ],
    ]
    const mark = (each: unknown) => {
      const { amount } = each as { amount: number }
      return amount === 7 ? 'open' : amount > 0 ? 'good' : amount < 0 ? 'bad' : 'none'
    }
    const colors = (await read({ rows, mark })).rows
      .slice(2, -2)
      .map((cells) => cells.map(({ color }) => color))
    expect(colors).toEqual(['C6EFCE', 'FFC7CE', undefined, 'FFEB9C'].map((color) => Array(6).fill(color)))
  })

  it('has columns wide enough for their headings, and stays in view with them', async () => {
    const { xml } = await read({}, 'zh')
    expect(xml).toContain('<pane ySplit="2" topLeftCell="A3" activePane="bottomLeft" state="frozen"/>')
    expect(xml.match(/<col [^>]+>/g)).toHaveLength(columns.length)
    expect(xml).toContain('<col min="1" max="1" width="44" customWidth="1"/>')
  })

  it('has columns as wide as the longest text in them, and as what stands above', async () => {
    const texts = columnsOf(z.object({ code: z.string(), name: z.string(), total: z.int() }))
    const name = '克孜勒苏柯尔克孜自治州阿图什市天山汽车销售服务有限公司第一分公司'
    const rows = [
      [
        { code: 'lack_of_product_knowledge', name, total: 1 },
        { code: 'x', name: 'y', total: 2 },
      ],
    ]
    const facts = [{ label: '即将到期范围以内的全部工单（分钟）', value: 120, kind: 'integer' as const }]
    const widths = async (more: object) =>
      [...(await read({ columns: texts, rows, ...more }, 'zh')).xml.matchAll(/<col [^>]*width="(\d+)"/g)].map(
        ([, width]) => Number(width),
      )
    const [code = 0, named = 0, total] = await widths({})
    expect([code >= 'lack_of_product_knowledge'.length + 2, named >= 2 * name.length + 2, total]).toEqual([
      true,
      true,
      9,
    ])
    expect((await widths({ facts }))[0]).toBeGreaterThan(2 * 17)
  })

  it('has a filter over its headings and rows, without totals, and a line to sign on', async () => {
    const mark = (each: unknown) => ((each as { total: number }).total === 9 ? 'total' : 'none')
    const bytes = await bytesOf([{ ...sheet, rows: [[row, row], [{ ...row, total: 9 }]], mark }], 'zh')
    const [{ xml, rows } = { xml: '', rows: [] }] = readXlsx(bytes)
    expect(xml).toContain('</sheetData><autoFilter ref="A2:F4"/>')
    const workbook = strFromU8(unzipSync(bytes)['xl/workbook.xml'] as Uint8Array)
    expect(workbook).toContain('hidden="1">\'EAST\'!$A$2:$F$4</definedName>')
    expect(valuesOf(rows).slice(5)).toEqual([
      [],
      [expect.stringMatching(/^编制：_+ +审核：_+ +批准：_+ +日期：_+$/)],
    ])
  })

  it('is printed on several pages beside each other where it is too wide to be read on one, each with the key', async () => {
    const paths = Array.from({ length: 27 }, (_, i) => `column${i + 1}`)
    const wide = columnsOf(
      z.object(Object.fromEntries(paths.map((path) => [path, z.string()]))),
      Object.fromEntries(paths.map((path) => [path, { zh: path }])),
    )
    const text = 'as long as a name of a dealer'
    const rows = [[Object.fromEntries(paths.map((path) => [path, text]))]]
    const printedAs = async (columns: typeof wide) => {
      const bytes = await bytesOf([{ ...sheet, columns, rows }])
      const [{ xml } = { xml: '' }] = readXlsx(bytes)
      const workbook = strFromU8(unzipSync(bytes)['xl/workbook.xml'] as Uint8Array)
      return {
        pages: /fitToWidth="(\d+)"/.exec(xml)?.[1],
        titles: /Print_Titles"[^>]*>([^<]*)</.exec(workbook)?.[1],
      }
    }
    expect(await printedAs(wide)).toEqual({ pages: '4', titles: "'EAST'!$A:$B,'EAST'!$2:$2" })
    expect(await printedAs(wide.slice(0, 8))).toEqual({ pages: '1', titles: "'EAST'!$2:$2" })
  })

  it('has no addresses of the API', async () => {
    const linked = columnsOf(z.object({ name: z.string(), tickets: z.string() }))
    const { rows } = await read({ columns: linked, rows: [[{ name: 'x', tickets: '/v1/reports' }]] })
    expect(valuesOf(rows).slice(1, 3)).toEqual([['name'], ['x']])
  })

  it('shows changes with their sign', async () => {
    const kinds = ['change', 'decimalChange', 'moneyChange'] as const
    const changes = kinds.map((kind) => ({ path: kind, zh: kind, kind, read: () => 1 }))
    const { rows } = await read({ columns: changes, rows: [[{}]] })
    expect(rows[2]?.map(({ format }) => format)).toEqual([
      '+0;\\-0;0',
      '+0.00;\\-0.00;0.00',
      '+"¥"#,##0;\\-"¥"#,##0;0',
    ])
  })

  it('has no formula: text stays text, whatever it begins with and whatever is in it', async () => {
    const texts = [
      '=1+1',
      '+86',
      '-1',
      '@x',
      '\tx',
      'a\nb',
      'a\rb',
      '<b>&"\'',
      '_x0041_',
      '\u0001',
      '王😀',
      ' x ',
      '007',
    ]
    const { rows } = await read({ rows: [texts.map((name) => ({ ...row, name }))] })
    const cells = rows.slice(2, -2).map(([first]) => first)
    expect(cells.map((cell) => cell?.value)).toEqual(texts)
    expect(cells.map((cell) => cell?.type)).toEqual(texts.map(() => 's'))
    expect(rows.flat().filter(({ formula }) => formula !== undefined)).toEqual([])
  })

  it('reads back as what went in, whatever the text and the number', async () => {
    // this reader takes CRLF for LF, as Excel shows it
    const text = fc
      .string({ unit: 'grapheme' })
      .filter((each) => each.isWellFormed() && !each.includes('\r\n'))
    const some = fc.array(
      fc.record({ name: text, score: fc.double({ noNaN: true, noDefaultInfinity: true }) }),
    )
    await fc.assert(
      fc.asyncProperty(some, async (given) => {
        const { rows } = await read({ rows: [given.map((each) => ({ ...row, ...each }))] })
        const back = rows.slice(2, -2).map((cells) => [cells[0]?.value ?? '', cells[2]?.value])
        // a sheet knows no negative zero
        expect(back).toEqual(given.map(({ name, score }) => [name, score === 0 ? 0 : score]))
      }),
      { numRuns: 50 },
    )
  })
})

describe('a workbook', () => {
  it('is made as its rows come, and the same from the same', async () => {
    const produced: number[] = []
    async function* pages() {
      for (let page = 0; page < 50; page++) {
        produced.push(page)
        yield Array.from({ length: 500 }, (_, i) => ({ ...row, name: `${page} ${i} ${(i * 7919) % 1009}` }))
      }
    }
    const seen: number[] = []
    for await (const chunk of xlsxOf([{ ...sheet, rows: pages() }], readingIn('en')))
      if (chunk.length > 1_000) seen.push(produced.length)
    expect(seen.length).toBeGreaterThan(10)
    expect(seen[0]).toBeLessThan(20)
    const all = { ...sheet, rows: [[row]] }
    expect(Buffer.compare(await bytesOf([all]), await bytesOf([all]))).toBe(0)
  })

  it('has a sheet for each, in order, under names a workbook takes', async () => {
    const names = [
      'EAST 华东',
      'east 华东',
      "'quoted'",
      'a/b:c*d?e[f]g\\h',
      'x'.repeat(40),
      'x'.repeat(41),
      '',
      'History',
    ]
    const sheets = readXlsx(await bytesOf(names.map((name) => ({ ...sheet, name, title: name }))))
    expect(sheets.map(({ name }) => name)).toEqual(sheetNames(names))
    expect(sheetNames(names)).toEqual([
      'EAST 华东',
      'east 华东 (2)',
      '_quoted_',
      'a_b_c_d_e_f_g_h',
      'x'.repeat(31),
      `${'x'.repeat(27)} (2)`,
      'Sheet',
      'History (2)',
    ])
  })

  it('names any column', () => {
    expect([0, 25, 26, 51, 52, 701, 702].map(lettersOf)).toEqual(['A', 'Z', 'AA', 'AZ', 'BA', 'ZZ', 'AAA'])
  })
})
