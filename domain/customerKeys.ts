/** What a customer is found by: phone, VIN and customer number in the one form that is compared (rulebook §6). */
import { compactOf, lineOf } from './plainText.ts'
import type { CustomerKeyKind, Sealer } from './sealing.ts'

/** A mobile number of mainland China. */
const mobile = '1[3-9]\\d{9}'
/** A mobile with its country code, a trunk 0, both or neither. */
const mobileForm = new RegExp(`^(?:0{0,2}86)?0?(${mobile})$`)
/** Signs that people write in place of digits they hide. */
const hidden = /[*∗×•●○■□?]/u
export const hasHiddenSigns = (text: string): boolean => hidden.test(text)
/** What ends the first number: a separator, or the mark of an extension. */
const numberEnd = /[/\\、,;|&#]|转|轉|分机|分機|ext|x|或|和|及|or/iu
/** A letter ends a number that has ten digits already. */
const wordsAfter = /^((?:[^\d]*\d){10}[^\p{L}]*)\p{L}.*$/su

const fewestDigits = 7

/** One digit, with or without a trunk 0 before it. */
const isOneDigit = (digits: string): boolean => /^0?(\d)\1*$/.test(digits)

/** One step of taking prefixes off; each step is shorter than the one before, or changes nothing. */
const withoutPrefix = (dialled: string): string => {
  const digits = dialled.replace(/^\+/, '')
  const found = mobileForm.exec(digits)
  if (found !== null) return found[1]!
  if (!/^(\+|00)/.test(dialled)) return dialled
  const abroad = digits.replace(/^00(?=[1-9])/, '')
  if (!abroad.startsWith('86')) return abroad
  const national = abroad.slice(2)
  // 400 and 800 numbers have no area code
  return national.startsWith('0') || /^[48]00\d{7}$/.test(national) ? national : `0${national}`
}

const nationalNumber = (dialled: string): string => {
  const next = withoutPrefix(dialled)
  return next === dialled ? dialled : nationalNumber(next)
}

/**
 * The digits of the first of several numbers with nothing but space between them: a further group begins another
 * number where the groups before are a whole one. A space inside one number does not split it.
 */
const firstNumber = (text: string): string => {
  let dialled = ''
  for (const group of text.split(/[\s()]+|(?=\+)/)) {
    const digits = group.replace(/\D/g, '')
    const before = nationalNumber(dialled)
    const isMobile = new RegExp(`^${mobile}$`).test(before)
    const isWhole = isMobile || (before.length >= 10 && /^0\d{2}/.test(digits))
    const bothLong = before.length >= fewestDigits && digits.length >= fewestDigits
    if (digits !== '' && !/^(\+|00)(?!86)/.test(dialled) && (isWhole || bothLong)) return dialled
    dialled += dialled === '' && group.startsWith('+') ? `+${digits}` : digits
  }
  return dialled
}

/**
 * A phone number as it is compared, `null` where it is none (rulebook §6): the digits of the first number, without
 * country code, trunk 0 before a mobile, or extension; with the area code's 0.
 */
export const phoneKey = (phone: string | null | undefined): string | null => {
  const line = lineOf(phone ?? '')
  if (hidden.test(line)) return null
  const from = line.replace(/^[^\d+]+/u, '')
  const end = from.search(numberEnd)
  const one = (end < 0 ? from : from.slice(0, end)).replace(wordsAfter, '$1')
  const digits = nationalNumber(firstNumber(one)).replace(/\D/g, '')
  return digits.length < fewestDigits || isOneDigit(digits) ? null : digits
}

/** A VIN as it is compared: upper case; `null` where it cannot be one, or repeats one character (rulebook §6). */
export const vinKey = (vin: string | null | undefined): string | null => {
  const letters = compactOf(vin ?? '').toUpperCase()
  return /^[A-HJ-NPR-Z0-9]{17}$/.test(letters) && !/^(.)\1*$/.test(letters) ? letters : null
}

/** Brackets, quotes, stops and other signs at both ends. */
const signsAround = /^[\p{P}\p{S}]+|[\p{P}\p{S}]+$/gu

/** Without signs around it; text of nothing but signs stays. Signs inside stay, as the one in `N/A`. */
const bare = (compact: string): string => compact.replace(signsAround, '') || compact

/**
 * A customer number as it is compared, in the case it was given; `null` where it has neither letter nor digit, hides
 * some behind `*`, or, whatever signs are around it, is nothing but zeros or repeats one character three times or more
 * (rulebook §6).
 */
export const customerIdKey = (customerId: string | null | undefined): string | null => {
  const compact = compactOf(customerId ?? '')
  const isKey = /[\p{L}\p{N}]/u.test(compact) && !compact.includes('*')
  return isKey && !/^0+$|^(.)\1{2,}$/u.test(bare(compact)) ? compact : null
}

const keyOf = { customerId: customerIdKey, phone: phoneKey, vin: vinKey } as const satisfies Record<
  CustomerKeyKind,
  unknown
>

/** The words of a list in the form in which they are compared, by list: a policy's list is asked for at every call. */
const known = new WeakMap<readonly string[], ReadonlySet<string>>()

const wordOf = (text: string): string => bare(compactOf(text)).toLowerCase()

const wordsOf = (placeholders: readonly string[]): ReadonlySet<string> => {
  const words =
    known.get(placeholders) ?? new Set(placeholders.flatMap((each) => [wordOf(each), phoneKey(each) ?? '']))
  known.set(placeholders, words)
  return words
}

/** Whether a text is one of the policy's placeholders, however it is written. */
export const isPlaceholder = (text: string, placeholders: readonly string[]): boolean =>
  wordsOf(placeholders).has(wordOf(text))

/** What of a person identifies a customer; anything may be missing. */
export type IdentifyingFields = {
  customer?: { customerId?: string | null; phone?: string | null }
  vehicle?: { vin?: string | null }
}

/** The keys of a person; `null` where there is none to compare. */
export type CustomerKeys = Record<CustomerKeyKind, string | null>

/**
 * All that a customer is found by; what `placeholders` (policy) names, however it is written, is no key and joins
 * nobody (rulebook §6).
 */
export const customerKeys = (
  { customer, vehicle }: IdentifyingFields,
  placeholders: readonly string[],
): CustomerKeys => {
  const words = wordsOf(placeholders)
  const key = (kind: CustomerKeyKind, text: string | null | undefined): string | null => {
    const found = keyOf[kind](text)
    return found === null || words.has(found.toLowerCase()) || words.has(wordOf(text as string))
      ? null
      : found
  }
  return {
    customerId: key('customerId', customer?.customerId),
    phone: key('phone', customer?.phone),
    vin: key('vin', vehicle?.vin),
  }
}

/** Lookup hashes of all that a customer is found by; `null` where there is no key. */
export type CustomerHashes = Record<CustomerKeyKind, Uint8Array | null>

/** The keyed hashes of what identifies a customer (rulebook §6). */
export const customerHashes = (
  sealing: Pick<Sealer, 'lookupHash'>,
  person: IdentifyingFields,
  placeholders: readonly string[],
): CustomerHashes => {
  const { customerId, phone, vin } = customerKeys(person, placeholders)
  const hash = (kind: CustomerKeyKind, key: string | null) =>
    key === null ? null : sealing.lookupHash(kind, key)
  return { customerId: hash('customerId', customerId), phone: hash('phone', phone), vin: hash('vin', vin) }
}

/** Those that are there. */
export const givenHashes = (hashes: CustomerHashes): Uint8Array[] =>
  [hashes.customerId, hashes.phone, hashes.vin].filter((hash) => hash !== null)
