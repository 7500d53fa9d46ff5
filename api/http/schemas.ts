/** Pieces that requests and answers of all resources are made of. */
import { z } from 'zod'
import { type Instant, readInstant } from '../../domain/instant.ts'
import type { Words } from '../../domain/refusal.ts'

/** Gives a check words of its own in both languages, see `validation.ts`. */
export const saying = (en: string, zh: string): { params: { words: Words } } => ({
  params: { words: { en, zh } },
})

/** An instant as callers write it: ISO-8601 with any offset, or a bare date, 00:00 in Shanghai. Read as UTC. */
export const instantInput = z
  .string()
  .max(64)
  .transform((text, context): Instant => {
    const instant = readInstant(text)
    if (instant !== null) return instant
    context.addIssue({
      code: 'custom',
      ...saying(
        'must be an ISO-8601 instant with an offset, or a date.',
        '应为带时区偏移的 ISO-8601 时间，或日期。',
      ),
    })
    return z.NEVER
  })
  .meta({
    description: 'ISO-8601 with any offset, or a bare date, which is 00:00 in Shanghai.',
    examples: ['2026-03-02T10:00:00+08:00'],
  })

/** An instant in an answer: UTC with milliseconds. */
export const instantOutput = z
  .string()
  .meta({ description: 'UTC, milliseconds kept.', examples: ['2026-03-02T02:00:00.000Z'] })

/** NUL ends a text for some that read it later, and a lone surrogate has no UTF-8 form. */
export const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed()

/** What is said of a text that is not `isStorable`. */
export const unstorable = {
  ...saying('must not contain NUL or half a character.', '不能包含 NUL 或不完整的字符。'),
  abort: true,
}

/** A text schema of the domain's, without what cannot be stored as it is. */
export const storableOnly = <T extends z.ZodType<string>>(schema: T) => schema.refine(isStorable, unstorable)

/** Text, kept as it is, of at most `max` UTF-16 units and at least `min`. */
export const text = (max: number, min = 0) => z.string().min(min).max(max).refine(isStorable, unstorable)

/** Text with something to read in it. */
export const filledText = (max: number) =>
  text(max, 1).refine((value) => value.trim() !== '', saying('must not be blank.', '不能为空白。'))

/** Lists: how many, and where to go on. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(200).default(50).meta({ description: 'Most items of a page.' }),
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
    code: z.string().meta({ description: 'One of a closed list, see /v1/codes.' }),
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
