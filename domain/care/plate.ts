import { compactOf } from '../plainText.ts'

/** A number plate as it is compared; `null` where there is none. Never equal to a VIN, whose hashes it shares a list with. */
export const plateKey = (plateNo: string | null | undefined): string | null => {
  const plate = compactOf(plateNo ?? '')
    .replace(/[·.•]/gu, '')
    .toUpperCase()
  return /[\p{L}\p{N}]{5,}/u.test(plate) ? `plate ${plate}` : null
}
