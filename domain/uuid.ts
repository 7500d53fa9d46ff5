/** A UUID as ids are written: lower case. */
export const uuidForm = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/

/** The 16 bytes of a UUID. */
export const uuidBytes = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex')

/** The lower-case UUID of 16 bytes. */
export const uuidText = (bytes: Buffer): string => hyphenated(bytes.toString('hex'))

/** The UUID that has these 32 hexadecimal digits. */
export const hyphenated = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
