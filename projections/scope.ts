/** What a caller sees of tickets, see `domain/scope.ts`, as conditions on rows. */
import type { Scopes } from '../domain/scope.ts'
import type { Bound } from './statements.ts'

export type { Scope, Scopes } from '../domain/scope.ts'

export type Condition = { sql: string; params: readonly Bound[] }

export const seesAll = (scopes: Scopes): boolean => scopes.some((scope) => scope.kind === 'all')

export const dealersOf = (scopes: Scopes): string[] =>
  scopes.flatMap((scope) => (scope.kind === 'dealer' ? [scope.code] : []))

export const rbosOf = (scopes: Scopes): string[] =>
  scopes.flatMap((scope) => (scope.kind === 'rbo' ? [scope.code] : []))

/** `column = ?` or `column IN (?, …)`; of no value at all: nothing. */
export const oneOf = (column: string, values: readonly Bound[]): Condition => {
  if (values.length === 0) return { sql: '0', params: [] }
  if (values.length === 1) return { sql: `${column} = ?`, params: values }
  return { sql: `${column} IN (${values.map(() => '?').join(', ')})`, params: values }
}

export const either = (conditions: readonly Condition[]): Condition =>
  conditions.length === 0
    ? { sql: '0', params: [] }
    : {
        sql: `(${conditions.map(({ sql }) => sql).join(' OR ')})`,
        params: conditions.flatMap(({ params }) => params),
      }

export const all = (conditions: readonly Condition[]): Condition =>
  conditions.length === 0
    ? { sql: '1', params: [] }
    : {
        sql: conditions.map(({ sql }) => sql).join(' AND '),
        params: conditions.flatMap(({ params }) => params),
      }

/** One value that was asked for, as a list; `undefined`: none was. */
export const one = <Value>(value: Value | undefined): Value[] | undefined =>
  value === undefined ? undefined : [value]

/** A condition for each column that is given values: it has one of them. */
export const filtersOn = (columns: Readonly<Record<string, readonly Bound[] | undefined>>): Condition[] =>
  Object.entries(columns).flatMap(([column, values]) => (values === undefined ? [] : [oneOf(column, values)]))

/** The rows in scope of a table whose rows are a dealer's and an RBO's, columns `dealer` and `rbo`. */
export const ofUnitsIn = (scopes: Scopes): Condition[] =>
  seesAll(scopes) ? [] : [either([oneOf('dealer', dealersOf(scopes)), oneOf('rbo', rbosOf(scopes))])]

/**
 * The tickets in scope, on the columns of table `t`; `null`: no condition. A dealer that holds a ticket is its
 * `dealer`, and an RBO that holds one its `rbo`, so the holder needs no condition of its own.
 */
export const ticketsInScope = (scopes: Scopes, t = 'tickets'): Condition | null => {
  if (seesAll(scopes)) return null
  const [dealers, rbos] = [dealersOf(scopes), rbosOf(scopes)]
  const conditions: Condition[] = []
  if (dealers.length > 0)
    conditions.push(oneOf(`${t}.dealer`, dealers), oneOf(`${t}.responsibleDealer`, dealers))
  if (rbos.length > 0) conditions.push(oneOf(`${t}.rbo`, rbos))
  return either(conditions)
}
