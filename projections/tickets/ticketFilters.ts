/** The filters of `GET /v1/tickets` as conditions on the rows. */
import type { HolderTier, Level, State, WarningCode } from '../../domain/codes.ts'
import { type Instant, toEpoch } from '../../domain/instant.ts'
import type { Category } from '../../domain/ticket/routing.ts'
import { registrationOfKey } from '../customers.ts'
import { never } from '../epoch.ts'
import { all, type Condition, either, oneOf, type Scopes, ticketsInScope } from '../scope.ts'
import { warningBit } from './ticketRow.ts'

/** Each names alternatives, all together must hold; an empty list matches nothing. `state=open` comes expanded. */
export type TicketFilters = {
  state?: readonly State[]
  level?: readonly Level[]
  category?: readonly Category[]
  dealer?: readonly string[]
  rbo?: readonly string[]
  tier?: readonly HolderTier[]
  /** Units. */
  holder?: readonly string[]
  overdue?: readonly ('response' | 'close')[]
  /** Codes of which one is unresolved now. */
  warning?: readonly WarningCode[]
  ordinal?: readonly number[]
  /** For the escalations: this ordinal and more. */
  minOrdinal?: number
  /** On `registeredAt`, half-open. */
  from?: Instant
  to?: Instant
  externalNo?: readonly string[]
  /** Lookup hashes of phone, VIN and customer number: the customer must have all of them. */
  personHashes?: readonly Uint8Array[]
}

const openStates: readonly string[] = ['unhandled', 'in_progress']
const overStates: readonly string[] = ['rescinded', 'duplicate']

const isWithin = (values: readonly string[] | undefined, allowed: readonly string[]): boolean =>
  values?.every((value) => allowed.includes(value)) ?? false

/** What is known of every ticket that can match; each lets a partial index serve. */
export const narrowedTo = (filters: TicketFilters) => ({
  open: isWithin(filters.state, openStates) || filters.overdue !== undefined,
  closed: isWithin(filters.state, ['completed', ...overStates]),
  over: isWithin(filters.state, overStates),
  repeats: (filters.minOrdinal ?? 0) >= 2 || (filters.ordinal?.every((ordinal) => ordinal >= 2) ?? false),
  media:
    isWithin(filters.level, ['B', 'C']) ||
    isWithin(filters.category, ['B4', 'C4']) ||
    isWithin(filters.tier, ['se_media']) ||
    isWithin(filters.holder, ['SE_MEDIA']),
  warned: filters.warning !== undefined,
  named: filters.externalNo !== undefined || filters.personHashes !== undefined,
})

const overdue = (kind: 'response' | 'close', now: number): Condition =>
  kind === 'response'
    ? { sql: `(state = 'unhandled' AND responseDueAt < ?)`, params: [now] }
    : { sql: 'closeDueAt <= ?', params: [now] }

/** Conditions that repeat what is known already, in the words of the partial indexes. */
const forIndexes = (narrowed: ReturnType<typeof narrowedTo>): Condition[] => {
  const words = [
    narrowed.open ? 'open = 1' : null,
    narrowed.closed ? `sortDue = ${never}` : null,
    narrowed.over ? `state IN ('rescinded', 'duplicate')` : null,
    narrowed.repeats ? 'ordinal >= 2' : null,
    narrowed.media ? `level <> 'A'` : null,
  ]
  return words.flatMap((sql) => (sql === null ? [] : [{ sql, params: [] }]))
}

const ofPersons = (hashes: readonly Uint8Array[]): Condition[] =>
  hashes.map((hash) => ({
    sql: `ticketNo IN (SELECT r.ticketNo FROM customerKeys k JOIN registrations r ON r.id = ${registrationOfKey('k.id')} WHERE k.hash = ?)`,
    params: [Buffer.from(hash)],
  }))

const ofExternalNos = (numbers: readonly string[]): Condition => {
  const { sql, params } = oneOf('externalNo', numbers)
  return { sql: `ticketNo IN (SELECT ticketNo FROM externalNos WHERE ${sql})`, params }
}

/** All that a ticket must fulfil. */
export const ticketConditions = (filters: TicketFilters, scopes: Scopes, now: Instant): Condition => {
  const conditions: Condition[] = forIndexes(narrowedTo(filters))
  const scope = ticketsInScope(scopes)
  if (scope !== null) conditions.push(scope)
  const lists = {
    state: filters.state,
    level: filters.level,
    category: filters.category,
    dealer: filters.dealer,
    rbo: filters.rbo,
    tier: filters.tier,
    unit: filters.holder,
    ordinal: filters.ordinal,
  }
  for (const [column, values] of Object.entries(lists))
    if (values !== undefined) conditions.push(oneOf(column, values))
  if (filters.overdue !== undefined)
    conditions.push(either(filters.overdue.map((kind) => overdue(kind, toEpoch(now)))))
  if (filters.warning !== undefined) {
    const bits = filters.warning.reduce((sum, code) => sum | warningBit(code), 0)
    conditions.push({ sql: 'openWarnings <> 0 AND (openWarnings & ?) <> 0', params: [bits] })
  }
  if (filters.minOrdinal !== undefined) conditions.push({ sql: 'ordinal >= ?', params: [filters.minOrdinal] })
  if (filters.from !== undefined)
    conditions.push({ sql: 'registeredAt >= ?', params: [toEpoch(filters.from)] })
  if (filters.to !== undefined) conditions.push({ sql: 'registeredAt < ?', params: [toEpoch(filters.to)] })
  if (filters.externalNo !== undefined) conditions.push(ofExternalNos(filters.externalNo))
  if (filters.personHashes !== undefined) conditions.push(...ofPersons(filters.personHashes))
  return all(conditions)
}
