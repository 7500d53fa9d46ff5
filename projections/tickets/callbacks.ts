/** The call centre's list of customers to call back (rulebook §11). */
import type Database from 'better-sqlite3'
import { type Instant, toEpoch } from '../../domain/instant.ts'
import { attemptsApart } from '../../domain/ticket/callbacks.ts'
import { all, type Condition } from '../scope.ts'
import type { Statements } from '../statements.ts'
import { type DuePageQuery, duePage } from './duePage.ts'
import type { TicketIndex } from './ticketIndex.ts'
import type { TicketPage } from './ticketPage.ts'

export type CallbackQuery = DuePageQuery & {
  /** `due`: not done and in time; `overdue`: not done and past its due; `done`: answered, or given up. */
  status: 'due' | 'overdue' | 'done'
  now: Instant
  /** The policy's numbers: so many attempts, so far apart, make a customer unreachable. */
  attempts: number
  hoursApart: number
}

/** The instants, epoch ms, at which nobody was reached, of the callbacks of a ticket's row. */
export const attemptsInVain = (callbacks: string): number[] =>
  (JSON.parse(callbacks) as [number, string][])
    .filter(([, outcome]) => outcome === 'unreachable')
    .map(([at]) => at)

/** Makes `attemptsApart` known to SQL, where it is asked only of tickets that nobody has answered yet. */
export const defineAttemptsApart = (db: Database.Database): void => {
  db.function('attemptsApart', { deterministic: true }, (callbacks, hoursApart) =>
    attemptsApart(attemptsInVain(String(callbacks)), Number(hoursApart)),
  )
}

const givenUp = 'attemptsApart(callbacks, ?) >= ?'

/** The two stages of callbacks a list is made of, see `callbackStage`; each is in order by itself. */
const partsOf = ({ status, attempts, hoursApart, now }: CallbackQuery): Condition[] => {
  const unreachable = [hoursApart, attempts]
  if (status === 'done')
    return [
      { sql: 'callbackStage = 2', params: [] },
      { sql: `callbackStage = 1 AND ${givenUp}`, params: unreachable },
    ]
  const due = `callbackDueAt ${status === 'due' ? '>' : '<='} ?`
  return [
    { sql: `callbackStage = 0 AND ${due}`, params: [toEpoch(now)] },
    { sql: `callbackStage = 1 AND ${due} AND NOT ${givenUp}`, params: [toEpoch(now), ...unreachable] },
  ]
}

/** Completed tickets by when their callback is due, the earliest first. */
export const callbackPage = (
  index: TicketIndex,
  statements: Statements,
  query: CallbackQuery,
): TicketPage => {
  const parts = partsOf(query).map((part) => all([part, { sql: `state = 'completed'`, params: [] }]))
  return duePage(index, statements, query, { column: 'callbackDueAt', parts, reading: '' })
}
