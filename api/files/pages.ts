/** Rows on their way into a file. */

/** Rows, some at a time; whoever stops asking stops the reading. */
export type Pages<Row> = Iterable<readonly Row[]> | AsyncIterable<readonly Row[]>

/** Rows of a query: some queries cost by what they look through, so there should not be many of them. */
const pageRows = 200
/** Rows worked on at once, about two milliseconds: commands wait that long. */
const sliceRows = 20

/** Lets whatever else waits have its turn. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** One page of a list after a place, and the place where it ended; `null`: the list ends there. */
export type FindPage<Row, K> = (page: { after: K | null; limit: number }) => { items: Row[]; next: K | null }

/** A whole list, each page read when the one before has gone out; others have their turn again and again. */
export async function* everyPage<Row, Answer, K>(
  find: FindPage<Row, K>,
  present: (row: Row) => Answer,
): AsyncGenerator<Answer[]> {
  let after: K | null = null
  do {
    const { items, next } = find({ after, limit: pageRows })
    await turn()
    for (let from = 0; from < items.length; from += sliceRows) {
      yield items.slice(from, from + sliceRows).map(present)
      await turn()
    }
    after = next
  } while (after !== null)
}
