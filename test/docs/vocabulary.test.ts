/** One word for one thing: no synonym stands where the rulebook has a word, in files, forms, timelines and labels. */
import { describe, expect, it } from '@jest/globals'
import { careLabels } from '../../api/care/labels.ts'
import { careTaskRowAnswer } from '../../api/care/responseSchemas.ts'
import { columnsOf } from '../../api/files/columns.ts'
import { type Labels, labelOfPath } from '../../api/files/labels.ts'
import { ledgerLabels, voiceLabels } from '../../api/voice/labels.ts'
import { voiceEntryAnswer, voiceItemAnswer, voiceSheetRowAnswer } from '../../api/voice/responseSchemas.ts'
import { filesOf, textOf } from './files.ts'

/** Each synonym with the rulebook's word for it (rulebook §1, §3, §4, §8, §10). */
const synonyms: readonly { synonym: RegExp; word: string }[] = [
  { synonym: /关闭|关单|结案|办结/, word: '封闭' },
  { synonym: /派单|派发|指派|下派/, word: '分配' },
  { synonym: /转派|改派|误派/, word: '再分配、误分配' },
  { synonym: /(?<!品牌营销|华东)大区/, word: '品牌营销大区' },
  { synonym: /(?<!投诉等)级别|投诉级/, word: '投诉等级' },
  { synonym: /类别|投诉分类/, word: '细分类' },
  { synonym: /车架号|车辆识别/, word: '底盘号' },
  { synonym: /响应比例|按时响应|按时封闭|首次解决/, word: '及时响应率、及时封闭率、一次解决率' },
  { synonym: /交车量/, word: '季度交车数' },
  { synonym: /服务商|4S店|门店/, word: '经销商' },
]

/** What people read comes from these; the customers of the demo speak as customers do. */
const isRead = (path: string): boolean => /^(api|domain|projections|src)\/(?!demo\/)/.test(path)
const files = [...filesOf('.ts').filter(isRead), 'docs/glossary.md']

describe('the words of the rulebook', () => {
  it.each(synonyms)('$word has no synonym', ({ synonym }) => {
    const found = files.flatMap((path) =>
      textOf(path)
        .split('\n')
        .flatMap((line, i) => (synonym.test(line) ? [`${path}:${i + 1} ${line.trim()}`] : [])),
    )
    expect(found).toEqual([])
  })

  it('head the columns of files', () => {
    const headings = Object.fromEntries(
      [
        'level',
        'category',
        'rbo',
        'dispatchedAt',
        'closeRate',
        'responseRate',
        'vehicle.vin',
        'deliveries',
      ].map((path) => [path, labelOfPath(path).zh]),
    )
    expect(headings).toEqual({
      level: '投诉等级',
      category: '细分类代码',
      rbo: '品牌营销大区',
      dispatchedAt: '分配时间',
      closeRate: '及时封闭率（%）',
      responseRate: '及时响应率（%）',
      'vehicle.vin': '底盘号',
      deliveries: '季度交车数',
    })
  })

  it('head the columns of a desk by what they are there', () => {
    const headingsOf = (schema: Parameters<typeof columnsOf>[0], labels: Labels, paths: string[]) =>
      columnsOf(schema, labels).flatMap(({ path, zh }) => (paths.includes(path) ? [zh] : []))
    expect(headingsOf(careTaskRowAnswer, careLabels, ['kind', 'status', 'statusName', 'dueAt'])).toEqual([
      '任务类型',
      '任务状态',
      '任务状态名称',
      '任务期限',
    ])
    expect(headingsOf(voiceItemAnswer, voiceLabels, ['month', 'score', 'status'])).toEqual([
      '调查月份',
      '评分',
      '状态',
    ])
    const ofSheet = ['status', 'step', 'dueAt', 'closedAt']
    expect(headingsOf(voiceSheetRowAnswer, voiceLabels, ofSheet)).toEqual([
      '状态',
      '待办环节',
      '环节期限',
      '全部评价时间',
    ])
    expect(headingsOf(voiceEntryAnswer, ledgerLabels, ['kind', 'step', 'reason'])).toEqual([
      '记账类型',
      '超期环节',
      '冲销原因',
    ])
    // 封闭 is a ticket's word
    for (const [schema, labels] of [
      [careTaskRowAnswer, careLabels],
      [voiceSheetRowAnswer, voiceLabels],
    ] as const)
      expect(columnsOf(schema, labels).filter(({ zh }) => /封闭|性质/.test(zh))).toEqual([])
  })
})
