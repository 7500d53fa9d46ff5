/** The customer and the vehicle of a complaint (rulebook §4): one entry a field, from which everything else derives. */
import { z } from 'zod'
import { daySchema } from '../instant.ts'

/** What those without personal data see of a field (rulebook §2): nothing, all of it, or a part. */
type MaskRule<T> = 'hidden' | 'shown' | ((value: T) => T | null)

type Field<S extends z.ZodType> = { schema: S; masked: MaskRule<z.infer<S>> }

const text = (max: number, masked: MaskRule<string> = 'hidden'): Field<z.ZodString> => ({
  schema: z.string().max(max),
  masked,
})

const firstCharacter = (name: string): string | null => [...name][0] ?? null
const lastFourDigits = (phone: string): string => phone.normalize('NFKC').replace(/\D/g, '').slice(-4)

export const customerFields = {
  customerId: text(100),
  name: text(200, firstCharacter),
  phone: text(40, lastFourDigits),
  email: text(200),
  address: text(500),
  postcode: text(20),
  fax: text(40),
  contactPerson: text(200),
}

/** What names the car names its owner; model, mileage and date of purchase do not. */
export const vehicleFields = {
  vin: text(40),
  plateNo: text(20),
  engineNo: text(40),
  model: text(100, 'shown'),
  mileageKm: { schema: z.int().min(0).max(10_000_000), masked: 'shown' } as Field<z.ZodInt>,
  purchasedOn: { schema: daySchema, masked: 'shown' } as Field<typeof daySchema>,
  salesConsultant: text(100),
}

type Fields = Record<string, Field<z.ZodType>>
type ValuesOf<F extends Fields> = { [N in keyof F]: z.infer<F[N]['schema']> | null }

export type Customer = ValuesOf<typeof customerFields>
export type Vehicle = ValuesOf<typeof vehicleFields>
export type Person = { customer: Customer; vehicle: Vehicle }

const nothingOf = <F extends Fields>(fields: F): ValuesOf<F> =>
  Object.fromEntries(Object.keys(fields).map((name) => [name, null])) as ValuesOf<F>

export const noCustomer: Customer = nothingOf(customerFields)
export const noVehicle: Vehicle = nothingOf(vehicleFields)

const maskedOf = <F extends Fields>(fields: F, values: ValuesOf<F>): ValuesOf<F> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, { masked }]) => {
      const value = values[name as keyof F] as unknown
      if (masked === 'shown') return [name, value]
      return [name, masked === 'hidden' || value === null ? null : masked(value)]
    }),
  ) as ValuesOf<F>

/** A person of a dealer's who gets text messages (rulebook §13). */
export type StaffContact = { name: string | null; mobile: string | null }

/** The same for a person of a dealer's. */
export const maskedContact = ({ name, mobile }: StaffContact): StaffContact => ({
  name: name === null ? null : firstCharacter(name),
  mobile: mobile === null ? null : lastFourDigits(mobile),
})

/** What a reader without personal data sees: the name's first character, the phone's last four digits (rulebook §2). */
export const maskedPerson = ({ customer, vehicle }: Person): Person => ({
  customer: maskedOf(customerFields, customer),
  vehicle: maskedOf(vehicleFields, vehicle),
})
