/** What the sealed texts of a ticket's events hold, and what of it who may see (rulebook §2, personal data). */
import type { SealedText } from '../../../domain/sealed.ts'
import { type Sealer, unreadable } from '../../../domain/sealing.ts'
import {
  type Customer,
  maskedContact,
  maskedPerson,
  noCustomer,
  noVehicle,
  type Person,
  type StaffContact,
  type Vehicle,
} from '../../../domain/ticket/person.ts'

/** The sealed `text` of an event: free text by the name of the field it was sent in. */
export type Text = Record<string, string | null>

const given = <F extends object>(fields: F): Partial<F> => {
  const filled: Partial<F> = {}
  for (const name in fields) if (fields[name] !== null) filled[name] = fields[name]
  return filled
}

/** What of a person is sealed: what was given, for most fields mostly are not. */
export const toSeal = ({ customer, vehicle }: Person) => ({
  customer: given(customer),
  vehicle: given(vehicle),
})

type SealedPerson = { customer?: Partial<Customer>; vehicle?: Partial<Vehicle> }

const toPerson = ({ customer, vehicle }: SealedPerson): Person => ({
  customer: { ...noCustomer, ...customer },
  vehicle: { ...noVehicle, ...vehicle },
})

/** Opens sealed texts for a reader; where the subject is erased all fields are `null`. */
export type Reader = {
  /** It masks persons and gives no free text. */
  masks: boolean
  person(sealed: SealedText | null): Person
  text(sealed: SealedText | null): Text
  /** Name and mobile of a dealer's SMS contact. */
  contact(sealed: SealedText): StaffContact
}

/** A reader that also keeps what was made of a person. */
export type KeepingReader = Reader & {
  /** As `Sealing.kept`, of what shows the person as `person` does. */
  kept(sealed: SealedText): unknown
  /** As `Sealing.keep`. */
  keep(sealed: SealedText, made: unknown): void
}

/** What is shown in place of what was sealed and does not open any more. */
const unreadableWord = 'unreadable'

const unreadablePerson: Person = {
  customer: { ...noCustomer, name: unreadableWord },
  vehicle: noVehicle,
}

/** Every field that is asked for is unreadable: nobody knows which were given. */
const unreadableText: Text = new Proxy<Text>(
  { unreadable: unreadableWord },
  { get: (own, field) => (typeof field === 'string' ? unreadableWord : Reflect.get(own, field)) },
)

/**
 * A reader that sees everything, or one that sees masked names and no free text; `once` as in `Sealing.open`. `onOpened`
 * is called with every sealed text that is shown.
 */
export const readerOf = (
  sealing: Sealer,
  seesAll: boolean,
  once = false,
  onOpened: (sealed: SealedText) => void = () => {},
): KeepingReader => ({
  masks: !seesAll,
  person: (sealed) => {
    const value = sealed === null ? null : sealing.open(sealed, once)
    if (value === unreadable) return unreadablePerson
    const person = toPerson((value as SealedPerson | null) ?? {})
    if (!seesAll) return maskedPerson(person)
    if (sealed !== null && value !== null) onOpened(sealed)
    return person
  },
  kept: (sealed) => {
    const made = sealing.kept(sealed)
    if (made !== undefined && seesAll) onOpened(sealed)
    return made
  },
  keep: sealing.keep,
  text: (sealed) => {
    const value = sealed === null || !seesAll ? null : sealing.open(sealed, once)
    if (value === unreadable) return unreadableText
    if (sealed !== null && value !== null) onOpened(sealed)
    return (value as Text | null) ?? {}
  },
  contact: (sealed) => {
    const value = sealing.open(sealed, once)
    if (value === unreadable) return { name: unreadableWord, mobile: null }
    if (value === null) return { name: null, mobile: null }
    if (!seesAll) return maskedContact(value as StaffContact)
    onOpened(sealed)
    return value as StaffContact
  },
})

const nobody: Person = { customer: noCustomer, vehicle: noVehicle }

/** A reader that opens nothing: for what is sent to where nothing of a person goes. */
export const closedReader: Reader = {
  masks: true,
  person: () => nobody,
  text: () => ({}),
  contact: () => ({ name: null, mobile: null }),
}
