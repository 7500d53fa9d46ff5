/** The short names of problem codes, in both languages. */
import type { Words } from '../../domain/refusal.ts'
import { type ProblemCode, problems } from './problemCodes.ts'

/** The beginning of a sentence, up to its first pause, without its parameters. */
const shortOf = (sentence: string): string =>
  sentence
    .replace(/（[^（）]*\{\w+\}[^（）]*）/g, '')
    .replace(/ ?\{\w+\} ?/g, '')
    .replace(/[，；。：].*$/su, '')

/** The short name of a code: `not_the_holder` is `Not the holder`. */
export const titleOf = (code: ProblemCode): Words => {
  const words = code.replaceAll('_', ' ')
  return {
    en: words.charAt(0).toUpperCase() + words.slice(1),
    zh: problems[code].title ?? shortOf(problems[code].zh),
  }
}
