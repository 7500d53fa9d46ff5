/** What an act on a ticket is: its name, who may, and what is asked. */
import type { TicketAnswer } from '../../../tickets/responseSchemas.ts'
import type { Words } from '../core/words.ts'
import type { Me } from '../session/claims.ts'
import type { Choice } from '../ui/Field.tsx'

export type Values = Readonly<Record<string, string>>

/** What an act is about. */
export type Subject = { ticket: TicketAnswer; me: Me; now: number }

export type FieldSpec = {
  name: string
  words: Words
  kind: 'line' | 'area' | 'choice' | 'search' | 'instant' | 'number' | 'check'
  isRequired?: boolean
  hint?: Words
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
  body?: (values: Values, subject: Subject) => unknown
  /** What is still open, said before sending; it does not stop anybody. */
  advice?: (values: Values, subject: Subject) => readonly Words[]
  /** Loads what the fields need, such as the policy. */
  prepare?: () => Promise<void>
}

/** The wall clock of a field as an instant: it is Shanghai's. */
export const instantOf = (local: string): string => `${local}:00+08:00`

const sentValue = ({ kind, name }: FieldSpec, values: Values): unknown => {
  const value = (values[name] ?? '').trim()
  if (kind === 'check') return value === 'yes'
  if (value === '') return undefined
  if (kind === 'instant') return instantOf(value)
  return kind === 'number' ? Number(value) : value
}

export const askedFields = ({ fields }: Act, values: Values, subject: Subject): FieldSpec[] =>
  fields.filter(({ isAsked }) => isAsked?.(values, subject) ?? true)

/** The body of an act: the fields that were asked and filled in. */
export const bodyOf = (act: Act, values: Values, subject: Subject): unknown => {
  if (act.body !== undefined) return act.body(values, subject)
  const entries = askedFields(act, values, subject).map(
    (field) => [field.name, sentValue(field, values)] as const,
  )
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}

/** The required fields that are empty. */
export const missingOf = (act: Act, values: Values, subject: Subject): FieldSpec[] =>
  askedFields(act, values, subject).filter(
    ({ isRequired, name }) => isRequired === true && (values[name] ?? '').trim() === '',
  )
