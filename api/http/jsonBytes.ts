/** Answers as the bytes of their JSON. */

/** Texts of up to so many characters are encoded through one buffer; 3 bytes a character are enough. */
const mostCharacters = 512 * 1024
let scratch = Buffer.alloc(0)

/**
 * The JSON of a value in UTF-8. Node encodes a text with Chinese in it many times slower where it is given to a socket or to
 * `Buffer.from` than where it is written into a buffer that is there already. `allocate`: bytes that are kept for long should not share a
 * piece of Node's pool, which lives as long as any of them.
 */
export const jsonBytes = (value: unknown, allocate = Buffer.allocUnsafe): Buffer => {
  const text = JSON.stringify(value)
  if (text.length > mostCharacters) return Buffer.from(text)
  const most = text.length * 3
  if (scratch.length < most) scratch = Buffer.allocUnsafeSlow(most * 2)
  const length = scratch.write(text)
  const bytes = allocate(length)
  scratch.copy(bytes, 0, 0, length)
  return bytes
}
