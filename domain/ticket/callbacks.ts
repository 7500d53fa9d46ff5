/** What the calls to the customer after closing have come to (rulebook §11). */
import { HOUR } from '../instant.ts'

/** Which attempts make a customer unreachable (policy `callback`). */
export type CallbackRule = { attempts: number; hoursApart: number }

/** How many of the attempts count: each at least `hoursApart` after the one that counted before; epoch ms. */
export const attemptsApart = (instants: readonly number[], hoursApart: number): number => {
  let counted = 0
  let last = Number.NEGATIVE_INFINITY
  for (const at of instants) {
    if (at - last < hoursApart * HOUR) continue
    counted += 1
    last = at
  }
  return counted
}

/** What the customer said when asked last; `null`: nobody was reached. */
export const lastAnswer = (outcomes: readonly string[]): string | null =>
  outcomes.findLast((outcome) => outcome !== 'unreachable') ?? null

/** `pending`: still to be called; `overdue`: the same, and the days for it are over. */
export const callbackResults = [
  'satisfied',
  'dissatisfied',
  'declined',
  'unreachable',
  'pending',
  'overdue',
] as const
export type CallbackResult = (typeof callbackResults)[number]

/** The calls of a closed ticket: by when, what was answered last, and the attempts in vain; epoch ms. */
export type Calls = { dueAt: number; answer: string | null; inVain(): readonly number[] }

/** What the calls of a closed ticket have come to at `asOf`, epoch ms. */
export const callbackResult = (
  { dueAt, answer, inVain }: Calls,
  { attempts, hoursApart }: CallbackRule,
  asOf: number,
): CallbackResult => {
  if (answer !== null) return answer as CallbackResult
  if (attemptsApart(inVain(), hoursApart) >= attempts) return 'unreachable'
  return dueAt <= asOf ? 'overdue' : 'pending'
}
