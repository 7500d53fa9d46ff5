/** Rows on their way into a file. */

/** Rows, a page at a time; whoever stops asking stops the reading. */
export type Pages<Row> = Iterable<readonly Row[]> | AsyncIterable<readonly Row[]>

/** Rows read at once: few, for commands wait that long. */
const pageRows = 50

/** Lets whatever else waits have its turn. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** One page of a list after a place, and the place where it ended; `null`: the list ends there. */
export type FindPage<Row, K> = (page: { after: K | null; limit: number }) => { items: Row[]; next: K | null }

/** A whole list, each page read when the one before has gone out. Between them others have their turn. */
export async function* everyPage<Row, Answer, K>(
  find: FindPage<Row, K>,
  present: (row: Row) => Answer,
): AsyncGenerator<Answer[]> {
  let after: K | null = null
  do {
    const { items, next } = find({ after, limit: pageRows })
    yield items.map(present)
    after = next
    await turn()
  } while (after !== null)
}
