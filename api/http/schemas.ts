/** Pieces that requests and answers of all resources are made of. */

import { z } from 'zod'
import { codesOf } from '../../domain/codeList.ts'
import type { Words } from '../../domain/refusal.ts'
import { problems } from './problemCodes.ts'

/** The body of a call that says all by its address: `{}`, `null` or nothing. */
export const noBody = z.strictObject({}).nullish()

/** An instant in an answer: UTC with milliseconds. */
export const instantOutput = z
  .string()
  .meta({ description: 'UTC, milliseconds kept.', examples: ['2026-03-02T02:00:00.000Z'] })

/** Who did what the log has recorded: `role` is the one in which it was allowed. */
export const recordedActorOutput = z.strictObject({
  id: z.string(),
  role: z.string(),
  sub: z
    .string()
    .optional()
    .meta({ description: 'The token’s own subject, where it wrote on behalf of `id`.' }),
})

/** A whole number in a query or path: decimal digits and nothing else, where `Number` would take `1e1` and `0x10`. */
export const digits = (schema: z.ZodInt) =>
  z.preprocess((text) => (typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : text), schema)

/** Items of a page where the caller does not say. */
export const usualLimit = 50

const limit = z.int().min(1).max(200)
const limitMeta = {
  description: 'Most items of a page; a file, which is whole, takes none.',
  default: usualLimit,
}

/** `limit` in a body, as a search has it. */
export const limitInBody = limit.optional().meta(limitMeta)

/** Lists: how many, and where to go on. */
export const pageQuery = {
  // no default of the schema's: a file must know whether it was given
  limit: digits(limit).optional().meta(limitMeta),
  cursor: z.string().min(1).max(2000).optional().meta({ description: 'nextCursor of the page before.' }),
}

/** A page of a list. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.strictObject({
    items: z.array(item),
    nextCursor: z.string().nullable().meta({ description: 'null: this is the last page.' }),
  })

/** What a comma list of such codes looks like, for the documentation; only an enumeration can be written out. */
const formOf = (item: z.ZodType): { pattern?: string } => {
  if (!(item instanceof z.ZodEnum)) return {}
  const one = `(?:${item.options.join('|')})`
  return { pattern: `^${one}(?:,${one})*$` }
}

/** A comma list of codes in a query, `A4a,A4d`. */
export const commaList = <T extends z.ZodType<unknown, string>>(item: T) =>
  z
    .string()
    .max(2000)
    .meta(formOf(item))
    .transform((list) => list.split(','))
    .pipe(z.array(item).min(1).max(100))

export const problemSchema = z
  .strictObject({
    type: z.string().meta({ examples: ['/problems/not_the_holder'] }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'In the language of Accept-Language, zh-CN or en.' }),
    code: z
      .enum(codesOf(problems))
      .meta({ description: 'One of a closed list; GET /problems/{code} explains each.' }),
    errors: z.array(
      z.strictObject({
        in: z.enum(['body', 'query', 'path', 'header']),
        pointer: z.string().meta({ examples: ['#/customer/phone', 'limit'] }),
        detail: z.string(),
      }),
    ),
  })
  .meta({ id: 'Problem', description: 'RFC 9457.' })

/** A label in both languages. */
export const wordsSchema = z.strictObject({ 'zh-CN': z.string(), en: z.string() }).meta({ id: 'Words' })

/** A label as callers read it. */
export const labelOf = ({ zh, en }: Words): z.infer<typeof wordsSchema> => ({ 'zh-CN': zh, en })
