/** Amounts of money in words. */
import { say, type Words } from './words.ts'

const words = { cny: { en: '{amount} CNY', zh: '{amount} 元' } } as const satisfies Record<string, Words>

// both languages group by three digits
const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

/** Whole CNY. */
export const money = (amount: number): string => say(words.cny, { amount: grouped.format(amount) })
