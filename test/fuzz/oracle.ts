/** What every answer must be, whatever was asked. */
import { z } from 'zod'
import { problems } from '../../api/http/problemCodes.ts'
import { problemSchema } from '../../api/http/schemas.ts'
import type { Json } from '../support/service.ts'
import { isDocumented, type Operation } from './operations.ts'
import type { Answer } from './wire.ts'

const problemType = 'application/problem+json; charset=utf-8'

/** No answer takes longer, in milliseconds. */
export const longestMs = 1_000

const parsedJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Where a mistake is told, it is told which place it is in. */
const hasPlace = new Set([400, 422])

const wrongProblem = ({ status, headers, body }: Answer): string[] => {
  if (headers['content-type'] !== problemType) return [`${status} is ${headers['content-type']}`]
  const parsed = problemSchema.safeParse(parsedJson(body.toString()))
  if (!parsed.success) return [`${status} is no problem: ${z.prettifyError(parsed.error)}`]
  const { code, status: inside, errors } = parsed.data
  const known = problems[code as keyof typeof problems]
  return [
    ...(known?.status === status && inside === status ? [] : [`${code} is answered as ${status}`]),
    ...(hasPlace.has(status) && code !== 'malformed_http' && errors.length === 0
      ? [`${code} names no place`]
      : []),
  ]
}

const isReadable = ({ headers, body }: Answer): boolean =>
  !headers['content-type']?.includes('json') || body.length === 0 || parsedJson(body.toString()) !== undefined

/** Refusals of the request as HTTP, or of its address, which no operation was asked yet to have. */
const isOfHttp = ({ body }: Answer): boolean => {
  const { code, errors } = (parsedJson(body.toString()) ?? {}) as { code?: string; errors?: Json[] }
  return (
    /^(malformed_http|headers_too_large|request_timeout)$/.test(code ?? '') || errors?.[0]?.pointer === ''
  )
}

/** What is wrong with an answer; `operation` is given where the request was one of the document's. */
export const faultsOf = (answer: Answer, method: string, operation?: Operation): string[] => {
  const { status } = answer
  if (status <= 0) return [status === 0 ? 'hung up without an answer' : 'no answer in 10 s']
  const faults = status >= 500 && status !== 503 ? [`answered ${status}`] : []
  if (operation !== undefined && !isDocumented(operation, status) && !isOfHttp(answer))
    faults.push(`${status} is not documented`)
  const { code } = (parsedJson(answer.body.toString()) ?? {}) as { code?: string }
  if (status >= 400 && code !== undefined && operation?.codes?.includes(code) === false && !isOfHttp(answer))
    faults.push(`${code} is not among the operation's codes`)
  if (status < 300 && /\\u0000|\\ud[89a-f]/.test(answer.body.toString()))
    faults.push('gives text that cannot be stored as it is')
  if (!isReadable(answer)) faults.push('the JSON is broken')
  if (status >= 400 && status !== 503 && method !== 'HEAD') faults.push(...wrongProblem(answer))
  if (status === 503 && answer.headers['retry-after'] === undefined) faults.push('503 without Retry-After')
  return faults
}
