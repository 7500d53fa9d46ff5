/** Correction of the customer's and vehicle's data (rulebook §14). */
import { Refusal } from '../refusal.ts'
import type { CommandOf } from './commands.ts'
import type { TicketEvent } from './events.ts'
import type { Customer, Person, Vehicle } from './person.ts'
import { isOver, type Ticket } from './state.ts'

/** What a caller corrects: only the fields that are there; `null` empties one. */
export type PersonChanges = {
  customer?: { [N in keyof Customer]?: Customer[N] | undefined } | undefined
  vehicle?: { [N in keyof Vehicle]?: Vehicle[N] | undefined } | undefined
}

const given = <F extends object>(fields: F | undefined): Partial<F> =>
  Object.fromEntries(Object.entries(fields ?? {}).filter(([, value]) => value !== undefined)) as Partial<F>

/** The person after the correction. */
export const correctedPerson = (person: Person, { customer, vehicle }: PersonChanges): Person => ({
  customer: { ...person.customer, ...given(customer) } as Customer,
  vehicle: { ...person.vehicle, ...given(vehicle) } as Vehicle,
})

const namesOf = <F extends object>(part: string, before: F, after: F): string[] =>
  (Object.keys(after) as (keyof F & string)[])
    .filter((name) => before[name] !== after[name])
    .map((name) => `${part}.${name}`)

/** The names of the fields that differ, `customer.phone`. */
export const changedFields = (before: Person, after: Person): string[] => [
  ...namesOf('customer', before.customer, after.customer),
  ...namesOf('vehicle', before.vehicle, after.vehicle),
]

/**
 * Puts the corrected data in place of the old; the ticket keeps its data subject. Where every field is as it was,
 * nothing happens.
 * @throws Refusal `ticket_is_over`
 */
export const correct = (ticket: Ticket, { fields, customer, text }: CommandOf<'Correct'>): TicketEvent[] => {
  if (isOver(ticket)) throw new Refusal('ticket_is_over')
  return fields.length === 0 ? [] : [{ type: 'TicketCorrected', data: { fields, customer, text } }]
}
