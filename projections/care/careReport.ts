/** What is counted of care calls: tasks of a period for the report, handovers of a quarter for the assessment. */
import { type Instant, type Quarter, quarterBounds, toEpoch } from '../../domain/instant.ts'
import { monthTextSql } from '../months.ts'
import { all, type Condition, filtersOn, ofUnitsIn, type Scopes } from '../scope.ts'
import type { Statements } from '../statements.ts'

export type CareGroupBy = 'dealer' | 'kind' | 'rbo' | 'month'

/** Tasks of one key that ended alike, with one outcome; `overdue`: open past the due. */
export type CareCount = {
  key: string
  ended: string | null
  outcome: string | null
  overdue: 0 | 1
  tasks: number
}

export type CareReport = {
  /** Tasks that have opened and are due in a period, by a key and how they are. */
  counts(query: {
    by: CareGroupBy
    from: Instant
    to: Instant
    now: Instant
    scope: Scopes
    kind?: readonly string[] | undefined
    dealer?: readonly string[] | undefined
    rbo?: readonly string[] | undefined
  }): CareCount[]
  /** Cars handed over in a quarter by dealer, as known at `at`, or to a revision of the quarter. */
  deliveries(quarter: Quarter, known: { at: Instant; revision?: number }): ReadonlyMap<string, number>
}

/** What a report's row stands for. */
const groups: Record<CareGroupBy, string> = {
  dealer: 'dealer',
  kind: 'kind',
  rbo: 'rbo',
  // the due is the first instant after the last day
  month: monthTextSql('dueAt - 1'),
}

export const careReport = (statements: Statements): CareReport => ({
  counts: ({ by, from, to, now, scope, kind, dealer, rbo }) => {
    if (scope.length === 0) return []
    const at = toEpoch(now)
    const { sql, params } = all([
      // a due at the end of a day belongs to that day
      { sql: 'dueAt > ? AND dueAt <= ?', params: [toEpoch(from), toEpoch(to)] },
      { sql: `opensAt <= ?`, params: [at] },
      ...filtersOn({ kind, dealer, rbo }),
      ...ofUnitsIn(scope),
    ])
    // open tasks and those that ended have an index each
    const counted = (ended: string): string =>
      `SELECT ${groups[by]} AS key, ended, outcome, (ended IS NULL AND lateFrom <= ?) AS overdue, count(*) AS tasks
       FROM careTasks WHERE ended ${ended} AND ${sql} GROUP BY 1, 2, 3, 4`
    return statements.all<CareCount>(
      `${counted('IS NULL')} UNION ALL ${counted('IS NOT NULL')} ORDER BY 1, 2, 3, 4`,
      [at, ...params, at, ...params],
    )
  },
  deliveries: (quarter, { at, revision }) => {
    const { from, to } = quarterBounds(quarter)
    const known: Condition[] =
      revision === undefined
        ? []
        : [
            {
              sql: 'seq <= coalesce((SELECT seq FROM careRevisions WHERE quarter = ? AND version = ?), 0)',
              params: [quarter, revision],
            },
          ]
    const { sql, params } = all([
      { sql: 'handedOverAt >= ? AND handedOverAt < ?', params: [toEpoch(from), toEpoch(to)] },
      { sql: 'recordedAt <= ?', params: [toEpoch(at)] },
      ...known,
    ])
    const rows = statements.all<{ dealer: string; cars: number }>(
      `SELECT dealer, count(*) AS cars FROM handovers WHERE ${sql} GROUP BY dealer`,
      params,
    )
    return new Map(rows.map(({ dealer, cars }) => [dealer, cars]))
  },
})
