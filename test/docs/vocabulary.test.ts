/** One word for one thing: no synonym stands where the rulebook has a word, in files, forms, timelines and labels. */
import { describe, expect, it } from '@jest/globals'
import { labelOfPath } from '../../api/files/labels.ts'
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
})
