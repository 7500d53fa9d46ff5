/** The closed lists of `domain/codes.ts` as rows and SQL hold them. */
import {
  overStates,
  type Severity,
  severitySchema,
  type WarningCode,
  warningCodeSchema,
} from '../domain/codes.ts'

/** The bits that fit the columns the lists are filtered by. */
const mostBits = 16

/**
 * A bit for each code, in the order of the list.
 * @throws Error where there are more codes than bits
 */
export const bitsOf = <Code extends string>(codes: readonly Code[]): ReadonlyMap<Code, number> => {
  if (codes.length > mostBits) throw new Error(`${codes.length} codes do not fit ${mostBits} bits`)
  return new Map(codes.map((code, index) => [code, 1 << index]))
}

const bitOfWarning = bitsOf(warningCodeSchema.options)

/** The bits of all warning codes. */
export const warningBits: readonly number[] = [...bitOfWarning.values()]

/** The bit of a warning code in `openWarnings`. @throws Error for a code that is not in the list */
export const warningBit = (code: string): number => {
  const bit = bitOfWarning.get(code as WarningCode)
  if (bit === undefined) throw new Error(`the warning code ${code} is not in the list of codes`)
  return bit
}

/** What the lists filter by beside words, as bits of one column. */
export const markBits = { claimed: 1, safety: 2 } as const

/** The number of a severity in the marks, beside `markBits`; 0: none. */
export const severityMark = (severity: string | null): number =>
  severity === null ? 0 : (severitySchema.options.indexOf(severity as Severity) + 1) * 4
export const severityMarks = 7 * 4

/** The number of unresolved warnings stands above the other marks; beyond the most that fits it stays there. */
const unresolvedShift = 5
const mostUnresolved = (1 << (mostBits - unresolvedShift)) - 1
export const unresolvedMark = (count: number): number => Math.min(count, mostUnresolved) << unresolvedShift
/** How many unresolved warnings the marks say. */
export const unresolvedOf = (marks: number): number => marks >> unresolvedShift

/** The codes as an SQL list, `('a', 'b')`. */
const sqlList = (codes: readonly string[]): string => `(${codes.map((code) => `'${code}'`).join(', ')})`

/** The condition that a ticket has not left the counts: it is neither rescinded nor a duplicate. */
export const countsSql = (column = 'state'): string => `${column} NOT IN ${sqlList(overStates)}`
