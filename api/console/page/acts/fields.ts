/** Fields that several acts have. */
import { type CodeList, choicesOf } from '../core/codes.ts'
import { dealers } from '../time/units.ts'
import type { ActSubject, FieldSpec } from './act.ts'

export const reason: FieldSpec = {
  name: 'reason',
  words: { en: 'Reason', zh: '原因' },
  kind: 'area',
  isRequired: true,
}

export const note: FieldSpec = {
  name: 'note',
  words: { en: 'Note', zh: '说明' },
  kind: 'area',
  isRequired: true,
}

export const ticketNo: FieldSpec = {
  name: 'ticketNo',
  words: { en: 'Number of the other ticket', zh: '另一工单号' },
  kind: 'line',
  isRequired: true,
}

/** A choice among a list of codes. */
export const coded = <S = ActSubject>(
  name: string,
  list: CodeList,
  more: Omit<FieldSpec<S>, 'name' | 'kind'>,
): FieldSpec<S> => ({
  name,
  kind: 'choice',
  choices: () => choicesOf(list),
  ...more,
})

/** A dealer by code, searched by name; those that take no new work are left out. */
export const dealer = (more: Partial<FieldSpec> = {}): FieldSpec => ({
  name: 'dealerCode',
  words: { en: 'Dealer (code; type a name to find it)', zh: '经销商（代码，可按名称查找）' },
  kind: 'search',
  choices: () =>
    [...dealers.value.values()]
      .filter(({ active }) => active)
      .map(({ code, name }) => ({ value: code, text: name })),
  ...more,
})
