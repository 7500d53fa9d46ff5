/**
 * A line of the access log as it is in a file: JSON that begins with its count, in a field of fixed width. So the count
 * of a file, which is known when it has gone out, is written in place.
 */
import type { AccessLine } from '../../domain/accessLog.ts'

/** What is kept beside a line: the file whose count comes later, and where the line is in the log of EventStoreDB. */
export type Beside = { file?: string; position?: string }
export type KeptLine = Beside & { line: AccessLine }

const head = '{"count":'
/** Where the count begins in a line, and its width, bytes. */
export const countAt = head.length
const countWidth = 10
/** Of a line that is none any more: its file showed nothing in the end. */
const takenBack = -1

/** The count as it stands in a line. `0` takes the line back. */
export const countText = (count: number | null): string =>
  String(count === 0 ? takenBack : count).padEnd(countWidth)

/** The line with its end. */
export const textOf = (line: AccessLine, beside: Beside | null = null): string => {
  const more = beside === null ? '' : `"beside":${JSON.stringify(beside)},`
  // a count that is 0 from the beginning stays: an answer may hold personal data of no ticket
  return `${head}${String(line.count).padEnd(countWidth)},${more}"line":${JSON.stringify(line)}}\n`
}

/** Reads a line without its end; `null`: it was taken back, or is damaged. */
export const lineIn = (text: string): KeptLine | null => {
  try {
    const { count, line, beside } = JSON.parse(text) as {
      count: number | null
      line: AccessLine
      beside?: Beside
    }
    return count === takenBack ? null : { line: { ...line, count }, ...beside }
  } catch {
    return null
  }
}

/** Where each whole line of a file begins and ends, in order; what comes after the last end is no line. */
export const placesIn = (bytes: Uint8Array): { from: number; to: number }[] => {
  const places: { from: number; to: number }[] = []
  for (let from = 0, to = bytes.indexOf(10); to >= 0; from = to + 1, to = bytes.indexOf(10, from))
    places.push({ from, to })
  return places
}
