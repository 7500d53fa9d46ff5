/** An assessment as the API answers it, and amounts in words. */
import { language } from '../core/words.ts'

export type Outcome = 'reward' | 'penalty' | 'none' | 'unranked' | 'tie_unresolved'

export type DealerRow = {
  dealer: string
  name: string
  total: number
  responseRate: number | null
  closeRate: number | null
  firstTimeResolutionRate: number | null
  score: number | null
  deliveries: number | null
  rank: number | null
  outcome: Outcome
  amount: number
}

export type Assessment = {
  quarter: string
  status: 'live' | 'frozen'
  revision: number | null
  asOf: string
  rbos: { rbo: string; dealers: DealerRow[] }[]
}

const formats = {
  en: new Intl.NumberFormat('en', { style: 'currency', currency: 'CNY', maximumFractionDigits: 0 }),
  zh: new Intl.NumberFormat('zh-CN', { style: 'currency', currency: 'CNY', maximumFractionDigits: 0 }),
}

/** Whole CNY. */
export const money = (amount: number): string => (amount === 0 ? '–' : formats[language.value].format(amount))
