import type { Sealing } from './sealing.ts'

/**
 * A phone number as it is compared: its digits without `+86` or `0086`, `null` where none are left (rulebook §6).
 * Full-width digits and signs count as plain ones.
 */
export const phoneKey = (phone: string | null | undefined): string | null => {
  const signsAndDigits = (phone ?? '').normalize('NFKC').replace(/[^\d+]/g, '')
  const digits = signsAndDigits.replace(/^(\+86|0086)/, '').replaceAll('+', '')
  return digits === '' ? null : digits
}

/** A VIN as it is compared: upper case without spaces, `null` where nothing is left (rulebook §6). */
export const vinKey = (vin: string | null | undefined): string | null => {
  const letters = (vin ?? '').normalize('NFKC').replace(/\s/g, '').toUpperCase()
  return letters === '' ? null : letters
}

/** A customer number as it is compared: as given but for spaces around it, `null` where blank (rulebook §6). */
export const customerIdKey = (customerId: string | null | undefined): string | null => {
  const trimmed = (customerId ?? '').normalize('NFKC').trim()
  return trimmed === '' ? null : trimmed
}

/** What of a person identifies a customer; anything may be missing. */
export type Identifying = {
  customer?: { customerId?: string | null; phone?: string | null }
  vehicle?: { vin?: string | null }
}

/** Lookup hashes of all that a customer is found by; `null` where it was not given. */
export type CustomerHashes = {
  customerId: Uint8Array | null
  phone: Uint8Array | null
  vin: Uint8Array | null
}

/** The keyed hashes of what identifies a customer (rulebook §6). */
export const customerHashes = (
  sealing: Pick<Sealing, 'lookupHash'>,
  { customer, vehicle }: Identifying,
): CustomerHashes => {
  const hash = (kind: keyof CustomerHashes, key: string | null) =>
    key === null ? null : sealing.lookupHash(kind, key)
  return {
    customerId: hash('customerId', customerIdKey(customer?.customerId)),
    phone: hash('phone', phoneKey(customer?.phone)),
    vin: hash('vin', vinKey(vehicle?.vin)),
  }
}

/** Those that were given. */
export const givenHashes = (hashes: CustomerHashes): Uint8Array[] =>
  [hashes.customerId, hashes.phone, hashes.vin].filter((hash) => hash !== null)
