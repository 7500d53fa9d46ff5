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
