import type { Instant } from '../../domain/instant.ts'
import { instantInQuery } from '../commands/fields.ts'
import { apiProblems } from './problemCodes.ts'
import { Problem } from './problems.ts'

/** `asOf` in a query: the answer is as the system knew it then. */
export const asOfQuery = instantInQuery.optional()

/**
 * The instant a read answers for.
 * @throws Problem `as_of_in_future`
 */
export const asOfOr = (now: Instant, asOf: Instant | undefined): Instant => {
  if (asOf !== undefined && asOf > now) {
    const detail = apiProblems.as_of_in_future
    throw new Problem('as_of_in_future', { errors: [{ in: 'query', pointer: 'asOf', detail }] })
  }
  return asOf ?? now
}
