/** Inquiries as they are asked for: a list with filters, and the month's (rulebook §12). */
import type { Channel, InquiryState } from '../../domain/codes.ts'
import { type Instant, toEpoch } from '../../domain/instant.ts'
import { newestBy, type Order, type Page, type PageParts, scopedPage } from '../keysetPage.ts'
import { all, type Condition, either, filtersOn, ofUnitsIn, one, type Scopes } from '../scope.ts'
import type { Statements } from '../statements.ts'
import { type InquiryRow, type InquiryView, toInquiryView } from './inquiryRow.ts'

/** What is left out filters nothing. */
export type InquiryFilters = {
  state?: readonly InquiryState[] | undefined
  topic?: readonly string[] | undefined
  channel?: readonly Channel[] | undefined
  dealer?: readonly string[] | undefined
  rbo?: readonly string[] | undefined
  /** Open clocks whose due has passed. */
  overdue?: readonly ('answer' | 'relay')[] | undefined
  externalNo?: string | undefined
  /** Of the registration; half-open. */
  from?: Instant | undefined
  to?: Instant | undefined
}

export const inquirySorts = ['dueAt', '-registeredAt'] as const

/** `sort`: the newest first where it is left out. */
export type InquiryPageQuery = PageParts & {
  filters: InquiryFilters
  sort?: (typeof inquirySorts)[number] | undefined
  scope: Scopes
  now: Instant
}

export type InquiryPage = Page<InquiryView>

/** An inquiry as the monthly report counts it, as it was known at an instant; epoch ms, `null`: not done by then. */
export type InquiryFact = {
  topic: string
  channel: string
  rbo: string | null
  dealer: string | null
  answeredAtOnce: boolean
  becameComplaint: boolean
  /** From the forwarding to the SE's answer. */
  forwardedAt: number | null
  seAnsweredAt: number | null
  answeredAt: number | null
  relayedAt: number | null
}

/** An answer is late from its due on, a relay after it. */
const overdue = (clocks: readonly ('answer' | 'relay')[], now: Instant): Condition =>
  either(
    clocks.map((clock) =>
      clock === 'answer'
        ? { sql: `(state = 'forwarded' AND answerDueAt <= ?)`, params: [toEpoch(now)] }
        : { sql: `(state = 'answered' AND relayDueAt < ?)`, params: [toEpoch(now)] },
    ),
  )

const conditionsOf = (filters: InquiryFilters, now: Instant): Condition[] => {
  const { state, topic, channel, dealer, rbo, externalNo, from, to } = filters
  return [
    ...filtersOn({ state, topic, channel, dealer, rbo, externalNo: one(externalNo) }),
    ...(filters.overdue === undefined ? [] : [overdue(filters.overdue, now)]),
    ...(from === undefined ? [] : [{ sql: 'registeredAt >= ?', params: [toEpoch(from)] }]),
    ...(to === undefined ? [] : [{ sql: 'registeredAt < ?', params: [toEpoch(to)] }]),
  ]
}

/** Later than every due. */
const never = Number.MAX_SAFE_INTEGER

/** Since when or until when the next act is awaited, by state; an open inquiry waits since its registration. */
const awaited: Partial<Record<InquiryState, 'registeredAt' | 'answerDueAt' | 'relayDueAt'>> = {
  open: 'registeredAt',
  forwarded: 'answerDueAt',
  answered: 'relayDueAt',
}

/** The instant that a page by due is ordered by; also the expression of an index. */
export const awaitedSql = `CASE state ${Object.entries(awaited)
  .map(([state, column]) => `WHEN '${state}' THEN ${column}`)
  .join(' ')} ELSE ${never} END`

const byDue: Order<InquiryRow> = {
  sql: awaitedSql,
  key: (row) => {
    const column = awaited[row.state as InquiryState]
    return (column && row[column]) ?? never
  },
  isDown: false,
}

/** Keeps a page by due from reading all that is over, where none of it is asked for. */
const onlyAwaited = ({ state }: InquiryFilters): Condition[] =>
  state?.every((each) => awaited[each] !== undefined) ? [{ sql: `${awaitedSql} < ${never}`, params: [] }] : []

/** The newest registration first, or by due: what awaits nothing comes last. */
export const inquiryPage = (statements: Statements, query: InquiryPageQuery): InquiryPage =>
  scopedPage<InquiryRow, InquiryView>(
    statements,
    {
      table: 'inquiries',
      order: query.sort === 'dueAt' ? byDue : newestBy('registeredAt'),
      view: toInquiryView,
    },
    query,
    [
      ...conditionsOf(query.filters, query.now),
      ...(query.sort === 'dueAt' ? onlyAwaited(query.filters) : []),
    ],
  )

/** Inquiries registered in a period, as they were known at `asOf` (inclusive). */
export const inquiryFacts = (
  statements: Statements,
  { from, to, asOf, scope }: { from: Instant; to: Instant; asOf: Instant; scope: Scopes },
): InquiryFact[] => {
  if (scope.length === 0) return []
  const last = toEpoch(asOf)
  const { sql, params } = all([
    {
      sql: 'registeredAt >= ? AND registeredAt < ? AND registeredAt <= ?',
      params: [toEpoch(from), toEpoch(to), last],
    },
    ...ofUnitsIn(scope),
  ])
  const known = (at: number | null): number | null => (at === null || at > last ? null : at)
  return statements.all<InquiryRow>(`SELECT * FROM inquiries WHERE ${sql} ORDER BY id`, params).map((row) => {
    const answeredAt = known(row.answeredAt)
    return {
      topic: row.topic,
      channel: row.channel,
      rbo: row.rbo,
      dealer: row.dealer,
      answeredAtOnce: answeredAt !== null && row.answeredBy === 'csc',
      becameComplaint: known(row.complaintAt) !== null,
      forwardedAt: known(row.forwardedAt),
      seAnsweredAt: row.answeredBy === 'se' ? answeredAt : null,
      answeredAt,
      relayedAt: known(row.relayedAt),
    }
  })
}
