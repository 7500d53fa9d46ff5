/** A zip that is made as its files come. */
import { strToU8, Zip, ZipDeflate } from 'fflate'

/** The same content is the same file: no clock in it. */
const written = new Date(1980, 0, 1)

/** A zip that returns what it has made so far whenever more goes in. */
export const createZip = () => {
  let made: Uint8Array[] = []
  const zip = new Zip((error, chunk) => {
    if (error) throw error
    made.push(chunk)
  })
  const taken = (): Uint8Array[] => {
    const chunks = made.filter(({ length }) => length > 0)
    made = []
    return chunks
  }
  return {
    /** Returns what the generator of the texts returns. */
    async *add<R>(name: string, texts: AsyncGenerator<string, R>): AsyncGenerator<Uint8Array, R> {
      const entry = new ZipDeflate(name)
      entry.mtime = written
      zip.add(entry)
      let next = await texts.next()
      try {
        for (; !next.done; next = await texts.next()) {
          entry.push(strToU8(next.value))
          yield* taken()
        }
      } finally {
        // a client that goes away ends the reading of rows
        if (!next.done) await texts.return(undefined as never)
      }
      entry.push(new Uint8Array(0), true)
      yield* taken()
      return next.value as R
    },
    end: (): Uint8Array[] => {
      zip.end()
      return taken()
    },
  }
}

/** A text as the parts of a file. */
export async function* only(text: string): AsyncGenerator<string, void> {
  yield text
}
