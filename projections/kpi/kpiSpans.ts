/** Turns what happens to a ticket into rows that are valid for an interval of knowledge. */
import type Database from 'better-sqlite3'
import type { Bound } from '../statements.ts'
import type { Columns } from './kpiColumns.ts'
import { inPlace } from './kpiHandlers.ts'
import { type KpiSpan, type KpiTicket, type KpiTurn, spansOf } from './ticketTurns.ts'

const types: Record<keyof KpiSpan, string> = {
  tier: 'TEXT NOT NULL',
  unit: 'TEXT NOT NULL',
  dispatchedAt: 'INTEGER NOT NULL',
  ticketNo: 'TEXT NOT NULL',
  knownFrom: 'INTEGER NOT NULL',
  knownTo: 'INTEGER NOT NULL',
  onlyResponse: 'INTEGER NOT NULL',
  responseMetAt: 'INTEGER NOT NULL',
  responseFailedAt: 'INTEGER NOT NULL',
  closeMetAt: 'INTEGER NOT NULL',
  closeFailedAt: 'INTEGER NOT NULL',
  firstTimeMetAt: 'INTEGER NOT NULL',
  firstTimeFailedAt: 'INTEGER NOT NULL',
  month: 'INTEGER NOT NULL',
  category: 'TEXT NOT NULL',
  level: 'TEXT NOT NULL',
  dealer: 'TEXT',
  rbo: 'TEXT',
  responseDueAt: 'INTEGER NOT NULL',
  respondedAt: 'INTEGER',
  closeDueAt: 'INTEGER',
  closedAt: 'INTEGER',
  repeatWindowEndsAt: 'INTEGER',
}
const columns = Object.keys(types) as (keyof KpiSpan)[]

const identity = ['tier', 'unit', 'dispatchedAt', 'ticketNo', 'knownFrom'] as const

/**
 * The table is its own index: a period of a unit lies together, and a whole tier's is one seek a unit.
 */
export const createSpansSql = `CREATE TABLE kpiSpans (${columns.map((name) => `${name} ${types[name]}`).join(', ')},
  PRIMARY KEY (${identity.join(', ')})) STRICT, WITHOUT ROWID`

/** Every unit that ever had a row: what a report walks. */
export const createUnitsSql =
  'CREATE TABLE kpiUnits (tier TEXT NOT NULL, unit TEXT NOT NULL, PRIMARY KEY (tier, unit)) STRICT, WITHOUT ROWID'

/** A row to be written, or to be deleted where it was known for no time at all. */
type Change = { span: KpiSpan; deleted: boolean }

export const createSpans = (db: Database.Database, kept: Pick<Columns, 'put' | 'remove'>) => {
  const write = db.prepare<Bound[]>(
    `INSERT OR REPLACE INTO kpiSpans (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
  )
  const remove = db.prepare<Bound[]>(
    `DELETE FROM kpiSpans WHERE ${identity.map((name) => `${name} = ?`).join(' AND ')}`,
  )
  const addUnit = db.prepare<[string, string]>('INSERT INTO kpiUnits VALUES (?, ?) ON CONFLICT DO NOTHING')
  const changes = new Map<string, Change>()
  /** Units written before, and those to be written. */
  const units = new Set<string>()
  let newUnits: [string, string][] = []
  const note = (span: KpiSpan, deleted: boolean): void => {
    const key = `${span.ticketNo} ${span.dispatchedAt} ${span.knownFrom} ${span.tier} ${span.unit}`
    changes.set(key, { span, deleted })
  }

  const close = (turn: KpiTurn, span: KpiSpan, at: number): void => {
    turn.knownFrom = null
    if (at > span.knownFrom) note({ ...span, knownTo: at }, false)
    else note(span, true)
  }
  const open = (turn: KpiTurn, span: KpiSpan, at: number): void => {
    turn.knownFrom = at
    span.knownFrom = at
    note(span, false)
    const unit = `${turn.tier} ${turn.unit}`
    if (units.has(unit)) return
    units.add(unit)
    newUnits.push([turn.tier, turn.unit])
  }
  const isSame = (a: KpiSpan, b: KpiSpan): boolean => columns.every((column) => a[column] === b[column])

  return {
    /** Brings the rows of a ticket from `before` to what it is now, which it returns; `at` is when that became known. */
    follow: (
      before: Map<KpiTurn, KpiSpan>,
      ticket: KpiTicket,
      { at, type }: { at: number; type: string },
    ): Map<KpiTurn, KpiSpan> => {
      const after = spansOf(ticket)
      for (const [turn, span] of before) if (!after.has(turn)) close(turn, span, at)
      for (const [turn, span] of after) {
        const former = before.get(turn)
        if (former === undefined) open(turn, span, at)
        else if (isSame(former, span)) continue
        else if (inPlace.includes(type) || at <= former.knownFrom) note(span, false)
        else {
          close(turn, former, at)
          open(turn, span, at)
        }
      }
      return after
    },
    flush: (): void => {
      for (const { span, deleted } of changes.values()) {
        if (deleted) remove.run(...identity.map((column) => span[column]))
        else write.run(...columns.map((column) => span[column]))
        if (deleted) kept.remove(span)
        else kept.put(span)
      }
      for (const unit of newUnits) addUnit.run(...unit)
      newUnits = []
      changes.clear()
    },
    discard: (): void => {
      changes.clear()
      units.clear()
      newUnits = []
    },
  }
}
