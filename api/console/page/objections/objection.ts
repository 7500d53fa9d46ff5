/** Objections of dealers on the page: what one is in words, and what the user may do about it (rulebook §14). */
import type { ObjectionAnswer } from '../../../objections/present.ts'
import { isOfUnit } from '../acts/rights.ts'
import { choicesOf, label } from '../core/codes.ts'
import { say, type Words } from '../core/words.ts'
import type { Me } from '../session/claims.ts'
import type { AskedField } from '../ui/asked.tsx'

export type ShownObjection = ObjectionAnswer

export const objectionWords = {
  title: { en: 'Objections', zh: '申诉' },
  raise: { en: 'Object to the unit', zh: '提出申诉' },
  measures: { en: 'Not to count in', zh: '申请不计入的指标' },
  reason: { en: 'Reason', zh: '理由' },
  chooseOne: { en: 'Choose at least one measure.', zh: '请至少选择一项指标。' },
  withdraw: { en: 'Withdraw', zh: '撤回申诉' },
  decide: { en: 'Decide', zh: '裁定' },
  decision: { en: 'Decision', zh: '裁定结果' },
  unit: { en: 'Unit of {at}, {quarter}', zh: '{at} 分配的考核单元，{quarter}' },
  raised: { en: 'raised {at} by {who}', zh: '{at} 由 {who} 提出' },
  decided: { en: 'decided {at} by {who}', zh: '{at} 由 {who} 裁定' },
  masked: { en: 'not shown to your role', zh: '您的角色不可查看' },
  refersTo: { en: 'Refers to the file {name}', zh: '引用附件：{name}' },
  comma: { en: ', ', zh: '、' },
} as const satisfies Record<string, Words>

export const measuresInWords = (measures: readonly string[]): string =>
  measures.map((measure) => label('measures', measure)).join(say(objectionWords.comma))

export type ObjectionAct = 'withdraw' | 'decide'

/** Its dealer withdraws, HQ decides; only what nobody has decided. */
export const mayOnObjection = ({ status, dealer }: ShownObjection, me: Me): ObjectionAct[] => {
  if (status !== 'open') return []
  return [
    ...(isOfUnit(me, { tier: 'dealer', unit: dealer }) ? (['withdraw'] as const) : []),
    ...(me.roles.includes('hq_sales') ? (['decide'] as const) : []),
  ]
}

export const fieldsOfAct: Record<ObjectionAct, readonly AskedField[]> = {
  withdraw: [],
  decide: [
    {
      name: 'decision',
      text: objectionWords.decision,
      kind: 'choice',
      isRequired: true,
      choices: () => choicesOf('objectionDecisions'),
    },
    { name: 'reason', text: objectionWords.reason, kind: 'area', isRequired: true },
  ],
}

/** Below the API's address of a ticket. */
export const pathOfAct = ({ ticketNo, objectionId }: ShownObjection, act: ObjectionAct): string =>
  `/v1/tickets/${encodeURIComponent(ticketNo)}/objections/${encodeURIComponent(objectionId)}/${act}`
