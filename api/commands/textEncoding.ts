/** Text in UTF-8, and what it looks like when it is not. */

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Bytes that are not text in UTF-8. `looksLike` is the name of an encoding or kind of file they may be. */
export class NotUtf8 extends Error {
  readonly looksLike: string

  constructor(looksLike: string) {
    super('the text is not UTF-8')
    this.name = 'NotUtf8'
    this.looksLike = looksLike
  }
}

/** So many bytes at the beginning are looked at for UTF-16. */
const probeBytes = 512

/** UTF-16 by its mark, or because every other byte of Latin text and JSON's signs is zero; of Chinese few are (一 is U+4E00). */
const utf16Of = (bytes: Uint8Array): string | null => {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'UTF-16LE'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'UTF-16BE'
  const probe = bytes.subarray(0, probeBytes)
  const zeros = [0, 0]
  for (const [at, byte] of probe.entries()) if (byte === 0) zeros[at % 2]! += 1
  const [atEven = 0, atOdd = 0] = zeros
  const [most, least] = [Math.max(atEven, atOdd), Math.min(atEven, atOdd)]
  if (most * 8 < probe.length || least * 4 > most) return null
  return atOdd > atEven ? 'UTF-16LE' : 'UTF-16BE'
}

/** In the order of likelihood here; what is valid Big5 is mostly valid GB18030 too, and then taken for that. */
const others = { 'GB18030 (GBK)': 'gb18030', Big5: 'big5', Shift_JIS: 'shift_jis' } as const

/** Whether the bytes above 127 are mostly alone, as accents between Latin letters are; those of Chinese come in pairs. */
const hasAccents = (bytes: Uint8Array): boolean => {
  let [runs, alone] = [0, 0]
  for (const [at, byte] of bytes.entries()) {
    if (byte < 0x80 || (bytes[at - 1] ?? 0) >= 0x80) continue
    runs += 1
    if ((bytes[at + 1] ?? 0) < 0x80) alone += 1
  }
  return alone * 4 > runs * 3
}

const otherOf = (bytes: Uint8Array): string => {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'gzip'
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return 'ZIP / XLSX'
  if (hasAccents(bytes)) return 'Windows-1252'
  for (const [name, label] of Object.entries(others)) {
    try {
      new TextDecoder(label, { fatal: true }).decode(bytes)
      return name
    } catch {
      // not that one
    }
  }
  // any bytes can be that
  return 'Windows-1252'
}

/** The text of bytes in UTF-8, without a byte order mark. @throws NotUtf8 */
export const decodeUtf8 = (bytes: Uint8Array): string => {
  const utf16 = bytes.length > 1 ? utf16Of(bytes) : null
  if (utf16 !== null) throw new NotUtf8(utf16)
  try {
    return utf8.decode(bytes)
  } catch {
    throw new NotUtf8(otherOf(bytes))
  }
}
