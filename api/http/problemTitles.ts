/** The short names of problem codes, in both languages. */
import type { Words } from '../../domain/refusal.ts'
import { type ProblemCode, problems } from './problemCodes.ts'

/** The beginning of a sentence, up to its first pause, without its parameters. */
const shortOf = (sentence: string): string =>
  sentence
    .replace(/（[^（）]*\{\w+\}[^（）]*）/g, '')
    .replace(/ ?\{\w+\} ?/g, '')
    .replace(/[，；。：].*$/su, '')

/** Words of codes that are written in capitals: abbreviations, and the levels B and C. */
const abbreviations: ReadonlySet<string> = new Set(['b', 'c', 'https', 'json', 'rbo', 'sms', 'url'])

/** The short name of a code: `not_the_holder` is `Not the holder`, `malformed_json` `Malformed JSON`. */
export const titleOf = (code: ProblemCode): Words => {
  const words = code
    .replace(/[^_]+/g, (word) => (abbreviations.has(word) ? word.toUpperCase() : word))
    .replaceAll('_', ' ')
  return {
    en: words.charAt(0).toUpperCase() + words.slice(1),
    zh: problems[code].title ?? shortOf(problems[code].zh),
  }
}
