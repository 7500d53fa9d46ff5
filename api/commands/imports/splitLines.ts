/** Longer than any line that is asked for. */
export const maxLineBytes = 1024 * 1024

/**
 * The lines of a stream of bytes, as bytes: a character may lie across two chunks, a line break may not. A line
 * that is too long is given cut off, and so is no JSON any more.
 */
export async function* splitLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let parts: Buffer[] = []
  let length = 0
  const keep = (part: Buffer): void => {
    if (length <= maxLineBytes) parts.push(part)
    length += part.length
  }
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    let from = 0
    for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, from)) {
      keep(bytes.subarray(from, end))
      yield Buffer.concat(parts)
      parts = []
      length = 0
      from = end + 1
    }
    if (from < bytes.length) keep(bytes.subarray(from))
  }
  if (length > 0) yield Buffer.concat(parts)
}
