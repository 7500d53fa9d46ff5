/** When an indicator stands on a dealer's sheets of months running (rulebook §16). Pure functions. */
import { monthsAfter } from '../instant.ts'

/** One indicator of a dealer since its last effective judgement: the months of its sheets, and those that were booked. */
export type RecurrenceMonths = { months: readonly string[]; booked: readonly string[] }

export const noStanding: RecurrenceMonths = { months: [], booked: [] }

/** The months running around one of them, that one included. */
const runAround = (months: readonly string[], month: string): string[] => {
  const standing = new Set(months)
  const run = [month]
  for (let before = monthsAfter(month, -1); standing.has(before); before = monthsAfter(before, -1))
    run.unshift(before)
  for (let after = monthsAfter(month, 1); standing.has(after); after = monthsAfter(after, 1)) run.push(after)
  return run
}

/** Whether a sheet of one more month completes a run of so many months that was not booked yet. */
export const isRecurrence = (
  { months, booked }: RecurrenceMonths,
  month: string,
  length: number,
): boolean => {
  const run = runAround(months, month)
  return run.length >= length && !run.some((each) => booked.includes(each))
}
