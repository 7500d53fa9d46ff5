import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { z } from 'zod'
import { columnsOf } from '../../../api/files/columns.ts'
import { csvCell, csvOf } from '../../../api/files/csv.ts'
import { stateSchema, warningCodeSchema } from '../../../domain/codes.ts'
import { collect } from '../../support/collect.ts'
import { codesOnly, csvRows, readCsv } from '../../support/readCsv.ts'
import { readingIn } from '../../support/readingIn.ts'

const schema = z.object({
  ticketNo: z.string().nullable(),
  receivedAt: z.iso.datetime(),
  calls: z.int(),
  score: z.number().nullable(),
  provisional: z.boolean(),
  holder: z.object({ tier: z.enum(['dealer', 'rbo']), unit: z.string() }),
  warnings: z.array(z.object({ code: warningCodeSchema, raisedAt: z.iso.datetime() })),
})
const columns = columnsOf(schema)

const fileOf = async (pages: object[][], language: 'en' | 'zh' = 'en'): Promise<Buffer> =>
  Buffer.from((await collect(csvOf(columns, pages, readingIn(language)))).join(''))

const row = {
  ticketNo: 'T1',
  receivedAt: '2026-03-01T16:00:00.007Z',
  calls: -3,
  score: 99.95,
  provisional: true,
  holder: { tier: 'rbo', unit: 'EAST' },
  warnings: [
    { code: 'W1', raisedAt: '2026-03-01T16:00:00.000Z' },
    { code: 'W4', raisedAt: '2026-03-01T16:00:00.000Z' },
  ],
}

describe('a CSV file', () => {
  it('has a byte order mark, a line of paths, and a line for every row, each ended by CRLF', async () => {
    expect(
      (await fileOf([[row], [], [{ ...row, ticketNo: null, score: null, warnings: [] }]])).toString(),
    ).toBe(
      '\uFEFFticketNo,receivedAt,calls,score,provisional,holder.tier,holder.tierName,holder.unit,holder.unitName,warnings,warningsName\r\n' +
        'T1,2026-03-02 00:00:00,-3,99.95,true,rbo,regional business office,EAST,华东大区,W1;W4,unhandled and called again;customer agitated\r\n' +
        ',2026-03-02 00:00:00,-3,,true,rbo,regional business office,EAST,华东大区,,\r\n',
    )
  })

  it('has Chinese headings where Chinese is asked for', async () => {
    const { headings } = readCsv(await fileOf([], 'zh'))
    expect(headings).toEqual([
      '工单号',
      '受理时间',
      '来电次数',
      '得分',
      '期限暂定',
      '处理层级',
      '处理层级名称',
      '处理单位',
      '处理单位名称',
      '预警',
      '预警名称',
    ])
  })

  it.each([
    '＝1',
    '＋1',
    '－1',
    '＠a',
    '\n=1',
    ' =1',
    '\u3000＝1',
    '\u200B+1',
    '\uFEFF-1',
    '"=1',
    '\u00A0@a',
    '\x01=1',
  ])('has an apostrophe before a formula however it is dressed: %j', (text) => {
    expect(csvCell(text).replace(/^"/, '').startsWith("'")).toBe(true)
  })

  it.each([
    ['=HYPERLINK("http://x")', `"'=HYPERLINK(""http://x"")"`],
    ['+8613800000000', `'+8613800000000`],
    ['-1', `'-1`],
    ['@SUM(A1)', `'@SUM(A1)`],
    ['\tTAB', `'\tTAB`],
    ['\rCR', `"'\rCR"`],
    ['a=b', 'a=b'],
    ['a,b', '"a,b"'],
    ['a"b', '"a""b"'],
    ['a\r\nb', '"a\r\nb"'],
    ['王小明😀', '王小明😀'],
    [' 空 ', ' 空 '],
    ['', ''],
    [null, ''],
    [-10_000, '-10000'],
    [0.1, '0.1'],
    [false, 'false'],
  ])('writes %j as %j', (cell, text) => {
    expect(csvCell(cell)).toBe(text)
  })

  it('reads back as what went in, whatever the text', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', '"', ',', "'", '王', '😀') }),
    )
    const rows = fc.array(
      fc.record({
        ticketNo: fc.option(text),
        unit: text,
        calls: fc.integer(),
        score: fc.double({ noNaN: true }),
      }),
    )
    await fc.assert(
      fc.asyncProperty(rows, async (some) => {
        const full = some.map(({ unit, ...rest }) => ({ ...row, ...rest, holder: { tier: 'dealer', unit } }))
        expect(codesOnly(readCsv(await fileOf([full]))).rows).toEqual(csvRows(full))
      }),
      { numRuns: 300 },
    )
  })
})

describe('columns', () => {
  it('of a path without a label are refused, and of a value that has no form in a cell', () => {
    expect(() => columnsOf(z.object({ nobodyNamedThis: z.string() }))).toThrow('nobodyNamedThis')
    expect(() => columnsOf(z.object({ content: z.record(z.string(), z.unknown()) }))).toThrow('content')
    expect(() => columnsOf(z.object({ content: z.array(z.object({ at: z.unknown() })) }))).toThrow('list')
  })

  it('of codes that no closed list has are refused', () => {
    expect(() => columnsOf(z.object({ state: z.enum(['unhandled', 'nobody_named_this']) }))).toThrow(
      'nobody_named_this',
    )
  })

  it('of codes have their names beside them, in the language of the file', async () => {
    const ticket = z.object({ state: stateSchema, dealer: z.string().nullable(), rbo: z.string().nullable() })
    const rows = [
      [
        { state: 'in_progress', dealer: 'D001', rbo: null },
        { state: 'completed', dealer: 'D9', rbo: 'EAST' },
      ],
    ]
    const texts = await collect(csvOf(columnsOf(ticket), rows, readingIn('zh')))
    expect(readCsv(Buffer.from(texts.join('')))).toEqual({
      headings: ['状态', '状态名称', '经销商', '经销商名称', '品牌营销大区', '品牌营销大区名称'],
      rows: [
        ['in_progress', '处理中', 'D001', '上海一店', '', ''],
        ['completed', '处理完成', 'D9', '', 'EAST', '华东大区'],
      ],
    })
  })

  it('under an object that is null are empty', () => {
    const [tier] = columnsOf(z.object({ holder: schema.shape.holder.nullable() }))
    expect(tier?.read({ holder: null }, readingIn('en'))).toBeNull()
  })
})
