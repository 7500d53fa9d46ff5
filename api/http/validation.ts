/** Zod at the door: what does not fit becomes one problem that names the fields, in words, never their values. */
import type { FastifySchemaCompiler } from 'fastify'
import { type $ZodIssue, type $ZodType, safeParse } from 'zod/v4/core'
import { wallClockForm } from '../../domain/calendar/calendar.ts'
import { monthForm, quarterForm } from '../../domain/instant.ts'
import type { Words } from '../../domain/refusal.ts'
import { unitCodeForm } from '../../domain/unitCode.ts'
import { voiceMonthForm } from '../../domain/voice/events.ts'
import { type FieldError, Problem } from './problems.ts'

type Place = FieldError['in']

const places: Record<string, Place> = {
  body: 'body',
  querystring: 'query',
  params: 'path',
  headers: 'header',
}

/** Enough to mend a call by, without answering a flood with a flood. */
const maxErrors = 50

/**
 * Compiles a route's zod schemas for Fastify. An input that does not fit is `unknown_field` where all that is wrong
 * are fields nobody knows, else `invalid_request` (400).
 */
export const validatorCompiler: FastifySchemaCompiler<$ZodType> = ({ schema, httpPart }) => {
  const place = places[httpPart ?? 'body'] ?? 'body'
  return (data: unknown) => {
    const result = safeParse(schema, data)
    return result.success ? { value: result.data } : { error: problemOf(result.error.issues, place, data) }
  }
}

/** The problem that zod's issues with `data` amount to. */
export const problemOf = (issues: readonly $ZodIssue[], place: Place, data: unknown): Problem => {
  const errors = issues.flatMap((issue) => fieldErrors(issue, place, data)).slice(0, maxErrors)
  const onlyUnknown = issues.every(({ code }) => code === 'unrecognized_keys')
  return new Problem(onlyUnknown ? 'unknown_field' : 'invalid_request', { errors })
}

/**
 * Of the forms that a value may have, what is wrong with the one that was meant: whose outside fits, else with the
 * fewest faults. `null`: nobody can tell which it was.
 */
const issuesOfMeantForm = (forms: readonly (readonly $ZodIssue[])[]): readonly $ZodIssue[] | null => {
  const rank = (issues: readonly $ZodIssue[]): number =>
    (issues.some(({ path }) => path.length === 0) ? 1_000_000 : 0) + issues.length
  const [best, next] = forms.toSorted((a, b) => rank(a) - rank(b))
  return best === undefined || (next !== undefined && rank(next) === rank(best)) ? null : best
}

const fieldErrors = (issue: $ZodIssue, place: Place, data: unknown): FieldError[] => {
  if (issue.code === 'invalid_union') {
    const meant = issuesOfMeantForm(issue.errors)
    if (meant !== null)
      return meant.flatMap((each) =>
        fieldErrors({ ...each, path: [...issue.path, ...each.path] }, place, data),
      )
  }
  if (issue.code !== 'unrecognized_keys') {
    // a check of its own says more than that something is missing, and a part of a list is no field
    const isField = place === 'body' || issue.path.length === 1
    const missing = issue.code !== 'custom' && isField && valueAt(data, issue.path) === undefined
    return [{ in: place, pointer: pointerTo(place, issue.path), detail: missing ? required : wordsOf(issue) }]
  }
  return issue.keys.slice(0, maxErrors).map((key) => ({
    in: place,
    pointer: pointerTo(place, [...issue.path, key.slice(0, 64)]),
    detail: unknownField,
  }))
}

const valueAt = (data: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    // A body that is not there at all arrives as null.
    data ?? undefined,
  )

const escaped = (key: PropertyKey): string => String(key).replaceAll('~', '~0').replaceAll('/', '~1')

const pointerTo = (place: Place, path: readonly PropertyKey[]): string =>
  place === 'body' ? ['#', ...path.map(escaped)].join('/') : String(path[0] ?? '')

const required: Words = { en: 'is required.', zh: '为必填项。' }
const unknownField: Words = { en: 'is not a field known here.', zh: '是未知字段。' }
const wrongForm: Words = { en: 'does not have the form asked for.', zh: '格式不正确。' }

const kinds: Record<string, Words> = {
  string: { en: 'text', zh: '文本' },
  number: { en: 'a number', zh: '数字' },
  int: { en: 'a whole number', zh: '整数' },
  boolean: { en: 'true or false', zh: 'true 或 false' },
  array: { en: 'a list', zh: '列表' },
  object: { en: 'an object', zh: '对象' },
  record: { en: 'an object', zh: '对象' },
  null: { en: 'null', zh: 'null' },
}

const formats: Record<string, Words> = {
  email: { en: 'must be an e-mail address.', zh: '应为电子邮件地址。' },
  url: { en: 'must be a URL.', zh: '应为网址。' },
  uuid: { en: 'must be a UUID.', zh: '应为 UUID。' },
  date: { en: 'must be a date, YYYY-MM-DD.', zh: '应为日期，格式为 YYYY-MM-DD。' },
}

const aMonth: Words = { en: 'must be a month, such as 2026-11.', zh: '应为月份，例如 2026-11。' }

/** What texts with a pattern must be, by the pattern as zod names it in an issue. */
const patterns: Record<string, Words> = {
  [`${quarterForm}`]: { en: 'must be a quarter, such as 2026Q4.', zh: '应为季度，例如 2026Q4。' },
  [`${monthForm}`]: aMonth,
  [`${voiceMonthForm}`]: aMonth,
  [`${unitCodeForm}`]: {
    en: 'must be a code of 1 to 20 letters, digits, _ or -.',
    zh: '应为 1 至 20 个字母、数字、_ 或 - 组成的代码。',
  },
  [`${wallClockForm}`]: {
    en: 'must be a time of day, HH:MM, 24:00 at most.',
    zh: '应为时刻 HH:MM，最晚 24:00。',
  },
}

/** Words a schema brings along: `ctx.addIssue({ code: 'custom', params: { words } })` or `refine(…, { params: { words } })`. */
const ownWords = (params: Record<string, unknown> | undefined): Words | undefined =>
  params?.words as Words | undefined

const wordsOf = (issue: $ZodIssue): Words => {
  switch (issue.code) {
    case 'invalid_type': {
      const kind = kinds[issue.expected]
      return kind ? { en: `must be ${kind.en}.`, zh: `应为${kind.zh}。` } : wrongForm
    }
    case 'invalid_value': {
      const values = issue.values.map(String).join(', ')
      return issue.values.length === 1
        ? { en: `must be ${values}.`, zh: `应为 ${values}。` }
        : { en: `must be one of: ${values}.`, zh: `应为以下之一：${values}。` }
    }
    case 'too_big':
      return bound(
        issue.origin,
        Number(issue.maximum),
        { en: 'at most', zh: '不得超过', bare: 'below', bareZh: '应小于' },
        issue.inclusive,
      )
    case 'too_small':
      return bound(
        issue.origin,
        Number(issue.minimum),
        { en: 'at least', zh: '不得少于', bare: 'above', bareZh: '应大于' },
        issue.inclusive,
      )
    case 'not_multiple_of':
      return { en: `must be a multiple of ${issue.divisor}.`, zh: `应为 ${issue.divisor} 的倍数。` }
    case 'invalid_format':
      return formats[issue.format] ?? patterns[issue.pattern ?? ''] ?? wrongForm
    case 'custom':
      return ownWords(issue.params) ?? wrongForm
    default:
      return wrongForm
  }
}

type Bound = { en: string; zh: string; bare: string; bareZh: string }

const bound = (origin: string, limit: number, words: Bound, inclusive = true): Words => {
  const { en, zh } = words
  if (origin === 'string') {
    if (limit === 1 && en === 'at least') return { en: 'must not be empty.', zh: '不能为空。' }
    return { en: `must have ${en} ${limit} characters.`, zh: `长度${zh} ${limit} 个字符。` }
  }
  if (origin === 'array') return { en: `must have ${en} ${limit} entries.`, zh: `条目${zh} ${limit} 项。` }
  return inclusive
    ? { en: `must be ${en} ${limit}.`, zh: `${zh} ${limit}。` }
    : { en: `must be ${words.bare} ${limit}.`, zh: `${words.bareZh} ${limit}。` }
}
