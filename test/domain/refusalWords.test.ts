import { describe, expect, test } from '@jest/globals'
import { refusals } from '../../domain/refusal.ts'
import { sayIn } from '../../domain/refusalWords.ts'

const both = (code: keyof typeof refusals, params: Record<string, string | number>) => [
  sayIn('en', refusals[code], params),
  sayIn('zh', refusals[code], params),
]

describe('a refusal in words', () => {
  test.each([
    [
      'wrong_state',
      { state: 'in_progress', allowed: 'unhandled / completed' },
      'A ticket that is in_progress does not take this; it must be unhandled / completed.',
      '工单当前为“处理中”，此操作要求“未处理、处理完成”。',
    ],
    [
      'inquiry_wrong_state',
      { state: 'answered', allowed: 'open, forwarded' },
      'An inquiry that is answered does not take this; it must be open, forwarded.',
      '咨询当前为“已答复”，此操作要求“待答复、已转SE”。',
    ],
    [
      'role_not_allowed',
      { roles: 'csr, sa' },
      'None of your roles may do this; it takes one of: csr, sa.',
      '您的角色无权执行此操作，需要以下角色之一：客户服务专员、投诉处理部门主管。',
    ],
    [
      'instant_not_allowed',
      { roles: 'csc_system' },
      'Only csc_system may send this instant.',
      '只有客服中心系统可以提供此时间。',
    ],
    [
      'not_yet_due',
      { dueAt: '2026-03-05T09:00:00.000Z' },
      'A B ticket becomes C only once its closing deadline (2026-03-05T09:00:00.000Z) is reached.',
      'B 类工单仅在到达封闭期限（上海时间 2026-03-05 17:00:00）后才能升级为 C 类。',
    ],
    [
      'freeze_too_early',
      { quarter: '2026Q1', from: '2026-04-21T16:00:00.000Z' },
      'Quarter 2026Q1 can be frozen from 2026-04-21T16:00:00.000Z on.',
      '2026Q1 季度自上海时间 2026-04-22 00:00:00 起方可冻结。',
    ],
    [
      'dealer_required',
      { tier: 'dealer' },
      'This complaint goes to the dealer, so it needs a dealerCode.',
      '该投诉应分配给经销商，必须填写经销商代码。',
    ],
    [
      'warning_already_open',
      { warningCode: 'W4' },
      'A warning W4 is open on this assignment already.',
      '当前分配已存在未处理的预警 W4（客户情绪激动）。',
    ],
    ['unknown_dealer', { code: 'D009' }, 'There is no dealer D009.', '经销商 D009 不存在。'],
    ['weights_not_100', { sum: 99 }, 'The weights sum to 99, not 100.', '权重之和为 99，应为 100。'],
  ] as const)(
    '%s has codes and UTC in English, labels and Shanghai time in Chinese',
    (code, params, en, zh) => {
      expect(both(code, params)).toEqual([en, zh])
    },
  )

  test('has a code that has no label as it is', () => {
    expect(sayIn('zh', refusals.role_not_allowed, { roles: 'sa, pilot' })).toContain(
      '投诉处理部门主管、pilot',
    )
  })

  test('is filled once, also where a parameter looks like a place', () => {
    expect(sayIn('zh', { en: '', zh: '{a}{b}' }, { a: '{b}', b: 'x' })).toBe('{b}x')
  })
})
