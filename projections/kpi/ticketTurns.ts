/** What the rates need to remember of a ticket, and the rows that follow from it (rulebook §8). */
import type { Category } from '../../domain/ticket/routing.ts'
import { countedTurns, type UnitTier } from '../../domain/ticket/units.ts'
import { never } from '../epoch.ts'

/** One unit's turn; instants are epoch ms. */
export type KpiTurn = {
  tier: UnitTier
  unit: string
  dealer: string | null
  rbo: string | null
  /** As a responsible dealer of a B ticket, not as holder. */
  named: boolean
  startedAt: number
  respondedAt: number | null
  responseDueAt: number
  closeDueAt: number | null
  ended: boolean
  kept: boolean
  /** From when on the row it has now is known; `null`: it has none. */
  knownFrom: number | null
}

export type KpiTicket = {
  ticketNo: string
  category: Category
  level: string
  over: boolean
  closedAt: number | null
  repeatWindowEndsAt: number | null
  repeatLinkedAt: number | null
  turns: KpiTurn[]
}

/** A unit as it was known over `[knownFrom, knownTo)`; the verdict at an instant follows from met and failed. */
export type KpiSpan = {
  tier: string
  unit: string
  dispatchedAt: number
  ticketNo: string
  knownFrom: number
  knownTo: number
  /** Shanghai month of the dispatch as a number, 202603. */
  month: number
  dealer: string | null
  rbo: string | null
  category: string
  level: string
  /** 1: counts in the total and as failed on response, nowhere else. */
  onlyResponse: number
  responseMetAt: number
  responseFailedAt: number
  closeMetAt: number
  closeFailedAt: number
  firstTimeMetAt: number
  firstTimeFailedAt: number
  responseDueAt: number
  respondedAt: number | null
  closeDueAt: number | null
  closedAt: number | null
  repeatWindowEndsAt: number | null
}

const shanghaiOffset = 8 * 3_600_000

/** The Shanghai month of an instant as a number, 202603. */
export const monthNumber = (epochMs: number): number => {
  const date = new Date(epochMs + shanghaiOffset)
  return date.getUTCFullYear() * 100 + date.getUTCMonth() + 1
}

// The same rules as `domain/ticket/measures.ts`, on epoch ms; `test/projections` holds the two together.
/** Instants of a measure that must be done `before` an instant. */
const turnsOf = (doneAt: number | null, before: number) =>
  doneAt !== null && doneAt < before ? { metAt: doneAt, failedAt: never } : { metAt: never, failedAt: before }

const spanOf = (ticket: KpiTicket, turn: KpiTurn, knownFrom: number): KpiSpan => {
  const response = turnsOf(turn.respondedAt, turn.responseDueAt + 1)
  const notCounted = { metAt: never, failedAt: never }
  const close = turn.kept ? notCounted : turnsOf(ticket.closedAt, turn.closeDueAt ?? never)
  return {
    tier: turn.tier,
    unit: turn.unit,
    dispatchedAt: turn.startedAt,
    ticketNo: ticket.ticketNo,
    knownFrom,
    knownTo: never,
    month: monthNumber(turn.startedAt),
    dealer: turn.dealer,
    rbo: turn.rbo,
    category: ticket.category,
    level: ticket.level,
    onlyResponse: turn.kept ? 1 : 0,
    responseMetAt: response.metAt,
    responseFailedAt: response.failedAt,
    closeMetAt: close.metAt,
    closeFailedAt: close.failedAt,
    firstTimeMetAt: turn.kept ? never : (ticket.repeatWindowEndsAt ?? never),
    firstTimeFailedAt: turn.kept ? never : (ticket.repeatLinkedAt ?? never),
    responseDueAt: turn.responseDueAt,
    respondedAt: turn.respondedAt,
    closeDueAt: turn.kept ? null : turn.closeDueAt,
    closedAt: turn.kept ? null : ticket.closedAt,
    repeatWindowEndsAt: turn.kept ? null : ticket.repeatWindowEndsAt,
  }
}

/** The rows a ticket has by what is known of it now, by turn; `knownFrom` of a turn without a row is 0 in them. */
export const spansOf = (ticket: KpiTicket): Map<KpiTurn, KpiSpan> =>
  new Map(
    countedTurns(ticket.turns, ticket.over).map((turn) => [turn, spanOf(ticket, turn, turn.knownFrom ?? 0)]),
  )

type PackedTurn = (string | number | null)[]

/** Turns as the JSON of a column; a turn that is gone for good need not be kept. */
export const packTurns = (turns: readonly KpiTurn[]): string =>
  JSON.stringify(
    turns
      .filter((turn) => !turn.ended || turn.kept)
      .map(
        (turn): PackedTurn => [
          turn.tier,
          turn.unit,
          turn.dealer,
          turn.rbo,
          turn.named ? 1 : 0,
          turn.startedAt,
          turn.respondedAt,
          turn.responseDueAt,
          turn.closeDueAt,
          turn.kept ? 1 : 0,
          turn.knownFrom,
        ],
      ),
  )

export const unpackTurns = (json: string): KpiTurn[] =>
  (JSON.parse(json) as PackedTurn[]).map((packed) => ({
    tier: packed[0] as UnitTier,
    unit: packed[1] as string,
    dealer: packed[2] as string | null,
    rbo: packed[3] as string | null,
    named: packed[4] === 1,
    startedAt: packed[5] as number,
    respondedAt: packed[6] as number | null,
    responseDueAt: packed[7] as number,
    closeDueAt: packed[8] as number | null,
    ended: packed[9] === 1,
    kept: packed[9] === 1,
    knownFrom: packed[10] as number | null,
  }))
