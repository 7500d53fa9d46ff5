/** How a request is answered that cannot be done: RFC 9457, in the caller's language. */
import { fill, type Refusal, type RefusalParams, refusals, type Words } from '../../domain/refusal.ts'
import { sayIn } from '../../domain/refusalWords.ts'
import { type ApiProblemCode, apiProblems, type ProblemCode, problems } from './problemCodes.ts'
import { titleOf } from './problemTitles.ts'

export type { ProblemCode } from './problemCodes.ts'

/** One field that is wrong; `pointer` is a JSON pointer (`#/customer/phone`) in a body, else the name. */
export type FieldError = { in: 'body' | 'query' | 'path' | 'header'; pointer: string; detail: Words }

/** What a problem may carry beside its code. */
export type ProblemDetails = {
  params?: RefusalParams
  /** Instead of the sentence of its code. */
  detail?: Words
  errors?: readonly FieldError[]
  /** Header names in lower case. A code that a retry cures brings `retry-after`; one given here wins. */
  headers?: Readonly<Record<string, string>>
}

/** The API says no. Thrown anywhere under a route, answered by the one error handler. */
export class Problem extends Error {
  readonly code: ApiProblemCode
  readonly params: RefusalParams
  readonly detail: Words | undefined
  readonly errors: readonly FieldError[]
  readonly headers: Readonly<Record<string, string>>

  constructor(code: ApiProblemCode, { params = {}, detail, errors = [], headers = {} }: ProblemDetails = {}) {
    super(detail?.en ?? fill(apiProblems[code].en, params))
    this.name = 'Problem'
    this.code = code
    this.params = params
    this.detail = detail
    this.errors = errors
    const { retryAfter } = problems[code]
    this.headers = { ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }), ...headers }
  }
}

/** A 400 about one header. */
export const invalidHeader = (name: string, detail: Words): Problem =>
  new Problem('invalid_request', { errors: [{ in: 'header', pointer: name, detail }] })

export type ProblemBody = {
  type: string
  title: string
  status: number
  detail: string
  code: ProblemCode
  errors: { in: FieldError['in']; pointer: string; detail: string }[]
}

export type Language = 'en' | 'zh'

/** The RFC 9457 body of a problem or a refusal, in one language. */
export const problemBody = (problem: Problem | Refusal, language: Language): ProblemBody => {
  const { code, params } = problem
  const entry = problems[code]
  const own = problem instanceof Problem ? problem.detail : undefined
  const detail = own?.[language] ?? sayIn(language, entry, params)
  const errors = 'errors' in problem ? placesOf(problem) : fieldOfRefusal(problem)
  return {
    type: `/problems/${code}`,
    title: titleOf(code)[language],
    status: entry.status,
    detail,
    code,
    errors: errors.map((error) => ({ in: error.in, pointer: error.pointer, detail: error.detail[language] })),
  }
}

const bothOf = (words: Words, params: RefusalParams): Words => ({
  en: sayIn('en', words, params),
  zh: sayIn('zh', words, params),
})

const placesOf = ({ code, params, errors }: Problem): readonly FieldError[] => {
  const entry = apiProblems[code]
  if (errors.length > 0 || !('place' in entry)) return errors
  return [{ ...entry.place, detail: bothOf(entry, params) }]
}

const fieldOfRefusal = ({ code, params, pointer }: Refusal): FieldError[] => {
  if (pointer === undefined) return []
  // what is no JSON pointer is the name of a parameter
  const place = pointer.startsWith('#') ? 'body' : 'path'
  return [{ in: place, pointer, detail: bothOf(refusals[code], params) }]
}

/** The language an `Accept-Language` asks for most, of those there are; English where it asks for neither. */
export const languageOf = (acceptLanguage: string | undefined): Language => {
  if (acceptLanguage === undefined) return 'en'
  const wanted = acceptLanguage.split(',').map((range) => {
    const [tag = '', ...params] = range.split(';').map((part) => part.trim().toLowerCase())
    const quality = Number(params.find((param) => param.startsWith('q='))?.slice(2) ?? 1)
    return { tag, quality: Number.isFinite(quality) ? quality : 0 }
  })
  const quality = (language: string) =>
    Math.max(0, ...wanted.filter(({ tag }) => tag.split('-')[0] === language).map((each) => each.quality))
  return quality('zh') > quality('en') ? 'zh' : 'en'
}
