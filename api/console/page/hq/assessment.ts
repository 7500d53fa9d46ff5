/** A dealer's row of an assessment, and amounts in words. */
import type { AssessmentAnswer } from '../../../reports/assessmentAnswer.ts'
import { language } from '../core/words.ts'

export type DealerRow = AssessmentAnswer['rbos'][number]['dealers'][number]
export type DealerOutcome = DealerRow['outcome']

const formats = {
  en: new Intl.NumberFormat('en', { style: 'currency', currency: 'CNY', maximumFractionDigits: 0 }),
  zh: new Intl.NumberFormat('zh-CN', { style: 'currency', currency: 'CNY', maximumFractionDigits: 0 }),
}

/** Whole CNY. */
export const money = (amount: number): string => (amount === 0 ? '–' : formats[language.value].format(amount))
