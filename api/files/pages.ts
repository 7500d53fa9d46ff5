/** Rows on their way into a file. */
import type { InFlight } from '../commands/inFlight.ts'

/** Rows, one page at a time; when no more pages are requested, reading stops. */
export type Pages<Row> = Iterable<readonly Row[]> | AsyncIterable<readonly Row[]>

/** Rows read at once. */
const pageRows = 50
/** Rows made ready at once. Either is half a millisecond's work, for others wait that long. */
const sliceRows = 10

/** One page of a list after a place, and the place where it ended; `null`: the list ends there. */
export type FindPage<Row, K> = (page: {
  after: K | null
  limit: number
}) => FoundPage<Row, K> | Promise<FoundPage<Row, K>>
type FoundPage<Row, K> = { items: Row[]; next: K | null }

/** The part of a list that is wanted: after a place, `null` from its beginning, and at most so many rows. */
type Part<K> = { after: K | null; most: number }

/**
 * A whole list, or a part of it, each slice made ready when the one before has gone out; before each, commands go first.
 * Returns the place where the part ended; `null`: the list ends there.
 */
export async function* everyPage<Row, Answer, K>(
  find: FindPage<Row, K>,
  present: (row: Row) => Answer,
  { pause }: Pick<InFlight, 'pause'>,
  { after, most }: Part<K> = { after: null, most: Number.POSITIVE_INFINITY },
): AsyncGenerator<Answer[], K | null> {
  let [place, left] = [after, most]
  do {
    await pause()
    const { items, next } = await find({ after: place, limit: Math.min(pageRows, left) })
    for (let from = 0; from < items.length; from += sliceRows) {
      await pause()
      yield items.slice(from, from + sliceRows).map(present)
    }
    place = next
    left -= items.length
  } while (place !== null && left > 0)
  return place
}
