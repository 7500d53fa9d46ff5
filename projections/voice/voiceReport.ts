/** What the report on customer voice counts (rulebook §16), as it was known at an instant. */
import { type Instant, monthBounds, monthOf, toEpoch } from '../../domain/instant.ts'
import { monthTextSql } from '../months.ts'
import { all, type Condition, filtersOn, ofUnitsIn, type Scopes } from '../scope.ts'
import type { Bound, Statements } from '../statements.ts'

export const voiceDimensions = ['dealer', 'indicator', 'month'] as const
export type VoiceDimension = (typeof voiceDimensions)[number]

/** `asOf` inclusive; the months of surveys are those that the period touches, entries those booked in it. */
export type VoiceReportQuery = {
  by: VoiceDimension
  from: Instant
  to: Instant
  asOf: Instant
  scope: Scopes
  dealer?: readonly string[]
  rbo?: readonly string[]
}

/** Sums of one key. Amounts are whole CNY, penalties negative. */
export type VoiceSums = {
  items: number
  scored: number
  scoreSum: number
  promoters: number
  detractors: number
  effective: number
  ineffective: number
  met: number
  failed: number
  pending: number
  late: number
  recurrence: number
  published: number
  reversal: number
}

export const noVoiceSums: VoiceSums = {
  ...{ items: 0, scored: 0, scoreSum: 0, promoters: 0, detractors: 0, effective: 0, ineffective: 0 },
  ...{ met: 0, failed: 0, pending: 0, late: 0, recurrence: 0, published: 0, reversal: 0 },
}

export type VoiceFigures = {
  /** By key; `null`: entries of no indicator. */
  rows: Map<string | null, VoiceSums>
  totals: VoiceSums
  /** Those named most, at most ten. */
  indicators: { indicator: string; items: number }[]
}

const mostIndicators = 10

/** The month before an instant that begins one, else its own: the last month of a half-open period. */
const lastMonth = (to: Instant): string => {
  const month = monthOf(to)
  return monthBounds(month).from === to ? monthOf(new Date(toEpoch(to) - 1).toISOString()) : month
}

type Part = { select: string; from: string; where: Condition[]; key: string; params: readonly Bound[] }

const itemSums = `count(*) AS items, count(score) AS scored, ifnull(sum(score), 0) AS scoreSum,
  ifnull(sum(score >= 9), 0) AS promoters, ifnull(sum(score <= 6), 0) AS detractors,
  ifnull(sum(judgedAt <= ? AND effective = 1), 0) AS effective,
  ifnull(sum(judgedAt <= ? AND effective = 0), 0) AS ineffective`

/** A step done after `asOf` was awaited then. */
const stepSums = `ifnull(sum(doneAt <= ? AND doneAt < dueAt), 0) AS met,
  ifnull(sum(iif(doneAt <= ?, doneAt >= dueAt, dueAt <= ?)), 0) AS failed,
  ifnull(sum((doneAt IS NULL OR doneAt > ?) AND dueAt > ?), 0) AS pending`

const entrySums = ['late', 'recurrence', 'published', 'reversal']
  .map((kind) => `ifnull(sum(iif(kind = '${kind}', amount, 0)), 0) AS ${kind}`)
  .join(', ')

const partsOf = ({ by, from, to, asOf, scope, dealer, rbo }: VoiceReportQuery): Part[] => {
  const last = toEpoch(asOf)
  const units: Condition[] = [...filtersOn({ dealer, rbo }), ...ofUnitsIn(scope)]
  const months = { sql: 'month >= ? AND month <= ?', params: [monthOf(from), lastMonth(to)] }
  const sent = { sql: `status = 'sent' AND sentAt <= ?`, params: [last] }
  const open = { sql: 'openedAt <= ? AND (movedAt IS NULL OR movedAt > ?)', params: [last, last] }
  const booked = {
    sql: 'bookedAt >= ? AND bookedAt < ? AND bookedAt <= ?',
    params: [toEpoch(from), toEpoch(to), last],
  }
  return [
    { select: itemSums, from: 'voiceItems', where: [months, sent, ...units], key: by, params: [last, last] },
    {
      select: stepSums,
      from: 'voiceSteps',
      where: [months, open, ...units],
      // those of the sheets that an indicator stands on
      key: by === 'indicator' ? 'standing.indicator' : by,
      params: [last, last, last, last, last],
    },
    {
      select: entrySums,
      from: 'voiceEntries',
      where: [booked, ...units],
      key: by === 'month' ? monthTextSql('bookedAt') : by,
      params: [],
    },
  ]
}

const standing = `JOIN (SELECT DISTINCT dealer || '.' || month AS onSheet, indicator FROM voiceItems
  WHERE status = 'sent') standing ON standing.onSheet = sheetId`

/** The figures of a period within a scope. */
export const voiceFigures = (statements: Statements, query: VoiceReportQuery): VoiceFigures => {
  const rows = new Map<string | null, VoiceSums>()
  let totals = noVoiceSums
  if (query.scope.length === 0) return { rows, totals, indicators: [] }
  const parts = partsOf(query)
  for (const { select, from, where, key, params } of parts) {
    const condition = all(where)
    const bound = [...params, ...condition.params]
    const of = (what: string, joined: string, end: string): string =>
      `SELECT ${what} FROM ${from} ${joined} WHERE ${condition.sql} ${end}`
    const joined = key === 'standing.indicator' ? standing : ''
    for (const { key: found, ...sums } of statements.all<{ key: string | null } & Partial<VoiceSums>>(
      of(`${key} AS key, ${select}`, joined, `GROUP BY ${key}`),
      bound,
    ))
      rows.set(found, { ...(rows.get(found) ?? noVoiceSums), ...sums })
    totals = { ...totals, ...statements.get<Partial<VoiceSums>>(of(select, '', ''), bound) }
  }
  const [ofItems] = parts as [Part]
  const condition = all(ofItems.where)
  const indicators = statements.all<VoiceFigures['indicators'][number]>(
    `SELECT indicator, count(*) AS items FROM voiceItems WHERE ${condition.sql}
     GROUP BY indicator ORDER BY items DESC, indicator LIMIT ${mostIndicators}`,
    condition.params,
  )
  return { rows, totals, indicators }
}
