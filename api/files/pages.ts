/** Rows on their way into a file. */
import type { InFlight } from '../commands/inFlight.ts'

/** Rows, one page at a time; when no more pages are requested, reading stops. */
export type Pages<Row> = Iterable<readonly Row[]> | AsyncIterable<readonly Row[]>

/** Rows read at once. */
const pageRows = 50
/** Rows made ready at once. Either is half a millisecond's work, for others wait that long. */
export const sliceRows = 10

/** One page of a list after a place, and the place where it ended; `null`: the list ends there. */
export type FindPage<Row, K> = (page: {
  after: K | null
  limit: number
}) => FoundPage<Row, K> | Promise<FoundPage<Row, K>>
type FoundPage<Row, K> = { items: Row[]; next: K | null }

/** A whole list, each slice made ready when the one before has gone out; before each, commands go first. */
export async function* everyPage<Row, Answer, K>(
  find: FindPage<Row, K>,
  present: (row: Row) => Answer,
  { pause }: Pick<InFlight, 'pause'>,
): AsyncGenerator<Answer[]> {
  let after: K | null = null
  do {
    await pause()
    const { items, next } = await find({ after, limit: pageRows })
    for (let from = 0; from < items.length; from += sliceRows) {
      await pause()
      yield items.slice(from, from + sliceRows).map(present)
    }
    after = next
  } while (after !== null)
}
