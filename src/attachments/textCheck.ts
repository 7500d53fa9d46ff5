/** Whether bytes are text: valid UTF-8 or GB18030 without control bytes; and whether the text is an e-mail. */

/** Tab, line feed, form feed and carriage return are part of texts; other control bytes are of none. */
const isControl = (byte: number): boolean =>
  (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0c && byte !== 0x0d) || byte === 0x7f

/** Texts of a kind of their own, which a program might run or show as a page. */
const otherText =
  /^\ufeff?\s*(?:<(?:!doctype|html|head|body|svg|script|iframe|\?xml|\?php)\b|\{\\rtf|#!|%!PS|MZ\b)/i

/** A name has a bound: without one, a long line without a colon costs memory and may end in a full stack. */
const headerLine = /^[!-9;-~]{1,100}:(?:[ \t]|$)/
const headerNames = /^(?:from|to|subject|date|received|return-path|message-id|mime-version|delivered-to):/i

/** An e-mail begins with header lines, at least two of which every e-mail has some of, up to an empty line. */
const isEmail = (head: string): boolean => {
  const lines = head.replace(/^\ufeff/, '').split(/\r?\n/)
  let known = 0
  for (const [index, line] of lines.entries()) {
    if (line === '') return known >= 2
    const goesOn = index > 0 && /^[ \t]/.test(line)
    if (index === 0 && /^From /.test(line)) continue
    if (!goesOn && !headerLine.test(line)) return false
    if (headerNames.test(line)) known += 1
  }
  return known >= 2
}

/** So much of a text says what it is, in UTF-16 units. */
const headLength = 64 * 1024

type Decoder = { decoder: InstanceType<typeof TextDecoder>; head: string } | null

const decoded = (found: Decoder, bytes: Uint8Array | null): Decoder => {
  if (found === null) return null
  try {
    const text = bytes === null ? found.decoder.decode() : found.decoder.decode(bytes, { stream: true })
    const room = headLength - found.head.length
    return room > 0 ? { ...found, head: found.head + text.slice(0, room) } : found
  } catch {
    return null
  }
}

/** Looks at bytes part by part; memory is bounded whatever their number. */
export const createTextCheck = () => {
  let utf8: Decoder = { decoder: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }), head: '' }
  let gb18030: Decoder = { decoder: new TextDecoder('gb18030', { fatal: true }), head: '' }
  return {
    add: (bytes: Uint8Array): void => {
      if (utf8 === null && gb18030 === null) return
      if (bytes.some(isControl)) {
        utf8 = null
        gb18030 = null
        return
      }
      utf8 = decoded(utf8, bytes)
      gb18030 = decoded(gb18030, bytes)
    },
    /** `null`: it is no text. */
    end: (): 'text/plain' | 'message/rfc822' | null => {
      const found = decoded(utf8, null) ?? decoded(gb18030, null)
      if (found === null || otherText.test(found.head)) return null
      return isEmail(found.head) ? 'message/rfc822' : 'text/plain'
    },
  }
}
