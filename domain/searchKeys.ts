/**
 * What a ticket can be searched by and no customer is matched by: plate number and name, in the one form that is
 * compared. Many people share a name, and a car changes hands (rulebook §6).
 */
import { hasHiddenSigns, isPlaceholder } from './customerKeys.ts'
import { compactOf } from './plainText.ts'
import type { Sealer, SearchKeyKind } from './sealing.ts'

/** Dots that people write between the place and the number of a plate. */
const dots = /[.·•・‧∙]/gu

/** A plate number as it is compared: upper case, without dots; `null` where it is too short or repeats one character. */
export const plateKey = (plateNo: string | null | undefined): string | null => {
  if (hasHiddenSigns((plateNo ?? '').replace(dots, ''))) return null
  const plate = compactOf(plateNo ?? '')
    .replace(dots, '')
    .toUpperCase()
  return /^[\p{L}\p{N}]{5,12}$/u.test(plate) && !/^(.)\1*$/u.test(plate) ? plate : null
}

/** A name as it is compared: lower case, without white space; `null` where it has no letter, or hides some. */
export const nameKey = (name: string | null | undefined): string | null => {
  const compact = compactOf(name ?? '').toLowerCase()
  return /\p{L}/u.test(compact) && !hasHiddenSigns(compact) ? compact : null
}

/** What of a person a search can name; anything may be missing. */
export type Searchable = {
  customer?: { name?: string | null }
  vehicle?: { plateNo?: string | null }
}

/** The keyed hashes a search finds a person by; `null` where there is no key. What `placeholders` names is none. */
export const searchHashes = (
  sealing: Pick<Sealer, 'lookupHash'>,
  { customer, vehicle }: Searchable,
  placeholders: readonly string[],
): Record<SearchKeyKind, Uint8Array | null> => {
  const hash = (kind: SearchKeyKind, given: string | null | undefined, key: string | null) =>
    key === null || isPlaceholder(given ?? '', placeholders) ? null : sealing.lookupHash(kind, key)
  return {
    plateNo: hash('plateNo', vehicle?.plateNo, plateKey(vehicle?.plateNo)),
    customerName: hash('customerName', customer?.name, nameKey(customer?.name)),
  }
}
