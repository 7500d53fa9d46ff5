/** What is wrong with one line of an import, in words. */
import { Refusal } from '../../domain/refusal.ts'
import { type Explanation, InvalidLine } from '../commands/imports/run.ts'
import { NotUtf8 } from '../commands/textEncoding.ts'
import { notUtf8Problem, problemOfError } from './errorHandler.ts'
import { type Language, Problem, problemBody } from './problems.ts'
import { problemOf } from './validation.ts'

const problemOfLine = (error: unknown): Problem | Refusal => {
  if (error instanceof NotUtf8) return notUtf8Problem(error, { en: 'The line', zh: '该行' })
  if (!(error instanceof InvalidLine)) return problemOfError(error)
  return error.issues === null ? new Problem('malformed_json') : problemOf(error.issues, 'body', error.json)
}

/** Makes the function that says in one language why a line was refused, with the places of its wrong fields. */
export const explainLine =
  (language: Language) =>
  (error: unknown): Explanation => {
    const problem = problemOfLine(error)
    const isSaid = problem instanceof Problem && problem.detail !== undefined
    const { code, detail, errors, status } = problemBody(problem, language)
    const hasPlaces = !isSaid && !(problem instanceof Refusal) && problem.errors.length > 0
    const places = hasPlaces ? errors.map((each) => `${each.pointer} ${each.detail}`) : []
    return { code, detail: [detail, ...places].join(' '), isFault: status >= 500 }
  }
