/** Shanghai months as whole numbers, counted from January 1970. */
import { shanghaiOffset } from '../domain/instant.ts'

/** The month of an instant, epoch ms. */
export const monthIndex = (epochMs: number): number => {
  const date = new Date(epochMs + shanghaiOffset)
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth()
}

/** First instant of a month, epoch ms. */
export const monthStart = (month: number): number => Date.UTC(1970, month, 1) - shanghaiOffset

/** `2026-03`. */
export const monthText = (month: number): string =>
  new Date(Date.UTC(1970, month, 1)).toISOString().slice(0, 7)

/** The same in SQL, of an expression in epoch ms. */
export const monthTextSql = (epochMs: string): string =>
  `strftime('%Y-%m', (${epochMs}) / 1000 + ${shanghaiOffset / 1_000}, 'unixepoch')`
