/** The id in the name of a stream, which begins with the prefix of its kind; `null`: it is of another kind. */
export const idOfStream = (prefix: string, stream: string): string | null =>
  stream.startsWith(prefix) ? stream.slice(prefix.length) : null
