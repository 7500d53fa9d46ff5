/** Field schemas that the inputs of several commands share. */
import { z } from 'zod'
import { type Instant, readInstant } from '../../domain/instant.ts'
import { isBlank } from '../../domain/plainText.ts'
import type { Words } from '../../domain/refusal.ts'

/** Gives a check words of its own in both languages, see `validation.ts`. */
export const saying = (en: string, zh: string): { params: { words: Words } } => ({
  params: { words: { en, zh } },
})

const instantBy = (read: (text: string) => Instant | null) =>
  z
    .string()
    .max(64)
    .transform((text, context): Instant => {
      const instant = read(text)
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

/** An instant as callers write it: ISO-8601 with any offset, or a bare date, 00:00 in Shanghai. Read as UTC. */
export const instantInput = instantBy(readInstant)

/** An instant in a query, where a `+` that was not escaped arrives as a space. */
export const instantInQuery = instantBy((text) => readInstant(text.replace(/ (?=\d\d:?\d\d$)/, '+')))

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
  text(max, 1).refine((value) => !isBlank(value), saying('must not be blank.', '不能为空白。'))
