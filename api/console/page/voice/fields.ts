/** Fields of forms about items. */
import { choicesOf } from '../core/codes.ts'
import { dealers } from '../time/units.ts'
import type { AskedField } from '../ui/asked.tsx'
import { voiceWords as words } from './words.ts'

const isMonth = (text: string): boolean => /^[1-9]\d{3}-(0[1-9]|1[0-2])$/.test(text)
const isScore = (text: string): boolean => /^([1-9]|10)$/.test(text)

export const dealerField: AskedField = {
  name: 'dealerCode',
  text: words.findDealer,
  kind: 'search',
  isRequired: true,
  choices: () => [...dealers.value.values()].map(({ code, name }) => ({ value: code, text: name })),
}

export const monthField: AskedField = {
  name: 'month',
  text: words.monthField,
  kind: 'line',
  isRequired: true,
  fault: (text) => (isMonth(text) ? null : words.monthFault),
}

export const itemFields: readonly AskedField[] = [
  dealerField,
  monthField,
  {
    name: 'survey',
    text: words.survey,
    kind: 'choice',
    isRequired: true,
    choices: () => choicesOf('voiceSurveys'),
  },
  { name: 'indicator', text: words.indicator, kind: 'line', isRequired: true },
  {
    name: 'score',
    text: words.score,
    kind: 'number',
    fault: (text) => (isScore(text) ? null : words.scoreFault),
  },
  { name: 'text', text: words.said, kind: 'area', isRequired: true },
  { name: 'externalNo', text: words.externalNo, kind: 'line' },
]

export const rewordFields: readonly AskedField[] = [
  { name: 'text', text: words.said, kind: 'area', isRequired: true },
]

export const dropFields: readonly AskedField[] = [
  {
    name: 'reason',
    text: words.dropReason,
    kind: 'choice',
    isRequired: true,
    choices: () => choicesOf('voiceDropReasons'),
  },
]
