/** What an act on a ticket is: its name, who may, and what is asked. */
import type { TicketAnswer } from '../../../tickets/responseSchemas.ts'
import type { Words } from '../core/words.ts'
import type { Me } from '../session/claims.ts'
import { type AskedField, faultOf, bodyOf as sentOf, type Values } from '../ui/asked.tsx'
import type { Choice } from '../ui/Field.tsx'

export type { Values } from '../ui/asked.tsx'

/** What an act is about. */
export type Subject = { ticket: TicketAnswer; me: Me; now: number }

/** A field whose choices and first value depend on the ticket. */
export type FieldSpec = Pick<AskedField, 'name' | 'kind' | 'isRequired' | 'hint'> & {
  words: Words
  choices?: (subject: Subject) => readonly Choice[]
  initial?: (subject: Subject) => string
  /** Whether it is asked, by what was filled in so far; always where it is left out. */
  isAsked?: (values: Values, subject: Subject) => boolean
}

export type Act = {
  /** Tells it apart; the path below the ticket where `path` is left out. */
  name: string
  words: Words
  /** The first acts of the handler stand first. */
  isMain?: true
  /** It cannot be taken back: said before it is sent. */
  caution?: Words
  may(subject: Subject): boolean
  fields: readonly FieldSpec[]
  path?: (values: Values, subject: Subject) => string
  /** `attachmentIds`: of the files that were chosen. */
  body?: (values: Values, subject: Subject, attachmentIds: readonly string[]) => unknown
  /** Whether files may be chosen; they are attached to the ticket before the act is sent. */
  takesFiles?: (subject: Subject) => boolean
  /** What is still open, said before sending; it does not stop anybody. */
  advice?: (values: Values, subject: Subject) => readonly Words[]
  /** Loads what the fields need, such as the policy. */
  prepare?: () => Promise<void>
}

/** The fields that are asked, by what was filled in so far. */
export const askedFields = ({ fields }: Act, values: Values, subject: Subject): AskedField[] =>
  fields
    .filter(({ isAsked }) => isAsked?.(values, subject) ?? true)
    .map(({ words, choices, initial: _, isAsked: __, ...field }) => ({
      ...field,
      text: words,
      ...(choices !== undefined && { choices: () => choices(subject) }),
    }))

/** The body of an act: the fields that were asked and filled in. */
export const bodyOf = (
  act: Act,
  values: Values,
  subject: Subject,
  attachmentIds: readonly string[] = [],
): unknown => {
  if (act.body !== undefined) return act.body(values, subject, attachmentIds)
  return sentOf(askedFields(act, values, subject), values)
}

/** The required fields that are empty. */
export const missingOf = (act: Act, values: Values, subject: Subject): AskedField[] =>
  askedFields(act, values, subject).filter((field) => faultOf(field, values) !== null)
