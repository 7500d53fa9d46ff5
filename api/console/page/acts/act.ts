/** What an act on a ticket is: its name, who may, and what is asked. */
import type { TicketAnswer } from '../../../tickets/responseSchemas.ts'
import type { Words } from '../core/words.ts'
import type { Me } from '../session/claims.ts'
import { type AskedField, faultOf, bodyOf as sentOf, type Values } from '../ui/asked.tsx'
import type { Choice } from '../ui/Field.tsx'

export type { Values } from '../ui/asked.tsx'

/** What an act is about. */
export type ActSubject = { ticket: TicketAnswer; me: Me; now: number }

/** Where an act is sent, and at which version of what it is about. */
export type Target = { path: string; version: number }

export const targetOf = ({ ticketNo, version }: Pick<TicketAnswer, 'ticketNo' | 'version'>): Target => ({
  path: `/v1/tickets/${encodeURIComponent(ticketNo)}`,
  version,
})

/** A field whose choices and first value depend on what the act is about. */
export type FieldSpec<S = ActSubject> = Pick<
  AskedField,
  'name' | 'kind' | 'isRequired' | 'hint' | 'fault' | 'group'
> & {
  words: Words
  choices?: (subject: S) => readonly Choice[]
  initial?: (subject: S) => string
  /** Whether it is asked, by what was filled in so far; always where it is left out. */
  isAsked?: (values: Values, subject: S) => boolean
}

export type TicketAct<S = ActSubject> = {
  /** Tells it apart; the path below the target where `path` is left out. */
  name: string
  words: Words
  /** The first acts of the handler stand first. */
  isMain?: true
  /** It cannot be taken back: said before it is sent. */
  caution?: Words
  may(subject: S): boolean
  /** A function where they are several of a kind, such as one for each item. */
  fields: readonly FieldSpec<S>[] | ((subject: S) => readonly FieldSpec<S>[])
  path?: (values: Values, subject: S) => string
  /** `attachmentIds`: of the files that were chosen. */
  body?: (values: Values, subject: S, attachmentIds: readonly string[]) => unknown
  /** Whether files may be chosen; they are attached to the target before the act is sent. */
  takesFiles?: (subject: S) => boolean
  /** What is still open, said before sending; it does not stop anybody. */
  advice?: (values: Values, subject: S) => readonly Words[]
  /** Loads what the fields need, such as the policy. */
  prepare?: () => Promise<void>
}

/** Every field, asked or not. */
export const specsOf = <S>({ fields }: TicketAct<S>, subject: S): readonly FieldSpec<S>[] =>
  typeof fields === 'function' ? fields(subject) : fields

/** The fields that are asked, by what was filled in so far. */
export const askedFields = <S>(act: TicketAct<S>, values: Values, subject: S): AskedField[] =>
  specsOf(act, subject)
    .filter(({ isAsked }) => isAsked?.(values, subject) ?? true)
    .map(({ words, choices, initial: _, isAsked: __, ...field }) => ({
      ...field,
      text: words,
      ...(choices !== undefined && { choices: () => choices(subject) }),
    }))

/** The body of an act: the fields that were asked and filled in. */
export const bodyOf = <S>(
  act: TicketAct<S>,
  values: Values,
  subject: S,
  attachmentIds: readonly string[] = [],
): unknown => {
  if (act.body !== undefined) return act.body(values, subject, attachmentIds)
  return sentOf(askedFields(act, values, subject), values)
}

/** The required fields that are empty. */
export const missingOf = <S>(act: TicketAct<S>, values: Values, subject: S): AskedField[] =>
  askedFields(act, values, subject).filter((field) => faultOf(field, values) !== null)
