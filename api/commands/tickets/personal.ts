/** What the sealed boxes of a ticket's events hold, and what of it who may see (rulebook §2, personal data). */
import type { Sealed } from '../../../domain/sealed.ts'
import type { Sealing } from '../../../domain/sealing.ts'

export type Customer = {
  customerId: string | null
  name: string | null
  phone: string | null
  email: string | null
  address: string | null
  postcode: string | null
  fax: string | null
  contactPerson: string | null
}

export type Vehicle = {
  vin: string | null
  plateNo: string | null
  engineNo: string | null
  model: string | null
  mileageKm: number | null
  purchasedOn: string | null
  salesConsultant: string | null
}

/** The `customer` box of a registration or contact. */
export type Person = { customer: Customer; vehicle: Vehicle }

/** The `text` box of an event: free text by the name of the field it was sent in. */
export type Text = Record<string, string | null>

export const noCustomer: Customer = {
  customerId: null,
  name: null,
  phone: null,
  email: null,
  address: null,
  postcode: null,
  fax: null,
  contactPerson: null,
}

export const noVehicle: Vehicle = {
  vin: null,
  plateNo: null,
  engineNo: null,
  model: null,
  mileageKm: null,
  purchasedOn: null,
  salesConsultant: null,
}

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

/** First character of the name and last four digits of the phone: all that HQ sales, admin and auditor see. */
const masked = ({ customer, vehicle }: Person): Person => ({
  customer: {
    ...noCustomer,
    name: customer.name === null ? null : ([...customer.name][0] ?? null),
    phone: customer.phone === null ? null : customer.phone.normalize('NFKC').replace(/\D/g, '').slice(-4),
  },
  // what names the car names its owner; model, mileage and date of purchase do not
  vehicle: {
    ...noVehicle,
    model: vehicle.model,
    mileageKm: vehicle.mileageKm,
    purchasedOn: vehicle.purchasedOn,
  },
})

/** Opens boxes for a reader; where the subject is erased all fields are `null`. */
export type Reader = {
  person(box: Sealed | null): Person
  text(box: Sealed | null): Text
}

/** A reader that sees everything, or one that sees masked names and no free text; `once` as in `Sealing.open`. */
export const readerOf = (sealing: Sealing, seesAll: boolean, once = false): Reader => ({
  person: (box) => {
    const person = toPerson((box === null ? null : (sealing.open(box, once) as SealedPerson | null)) ?? {})
    return seesAll ? person : masked(person)
  },
  text: (box) => (box === null || !seesAll ? {} : ((sealing.open(box, once) as Text | null) ?? {})),
})
