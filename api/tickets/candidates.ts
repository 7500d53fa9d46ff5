/** What the agent should see before saving: the customer's tickets, and what the system would do (rulebook §6). */

import { z } from 'zod'
import { givenHashes } from '../../domain/customerKeys.ts'
import type { Instant } from '../../domain/instant.ts'
import { compactOf } from '../../domain/plainText.ts'
import { placeOf } from '../../domain/scope.ts'
import { searchHashes } from '../../domain/searchKeys.ts'
import {
  endOfChain,
  type MatchableTicket,
  matchAgainst,
  namedTicket,
  proposedTicket,
} from '../../domain/ticket/matching.ts'
import { noCustomer, noVehicle } from '../../domain/ticket/person.ts'
import { categorySchema } from '../../domain/ticket/routing.ts'
import type { Ticket } from '../../domain/ticket/state.ts'
import { text } from '../commands/fields.ts'
import { hashesOfPerson } from '../commands/tickets/customer.ts'
import { readTicket } from '../commands/tickets/execute.ts'
import type { Deps } from '../http/deps.ts'
import { presentTicket } from './present.ts'
import type { ReaderAt } from './requestContext.ts'

const key = text(100).nullable().default(null)

/** How a customer is looked for: in a body, for addresses end up in logs. */
export const personKeys = { phone: key, vin: key, customerId: key }
export const candidatesBody = z.strictObject({
  ...personKeys,
  category: categorySchema.nullable().default(null),
})
type CandidatesParams = z.infer<typeof candidatesBody>
type PersonKeys = Pick<CandidatesParams, 'phone' | 'vin' | 'customerId'>

/** Enough to choose from; a customer with more tickets is found in the list. */
const most = 20

const proposals = { contact: 'contact', escalate: 'escalate', new: 'new' } as const

/** Hashes of the keys a search names; those that are blank or no key (rulebook §6) have none. */
export const hashesOf = (
  deps: Pick<Deps, 'sealing' | 'views' | 'now'>,
  { phone, vin, customerId }: PersonKeys,
) =>
  givenHashes(
    hashesOfPerson(deps, {
      customer: { ...noCustomer, phone, customerId },
      vehicle: { ...noVehicle, vin },
    }),
  )

const isGiven = (key: string | null): boolean => key !== null && compactOf(key) !== ''

/** As `hashesOf`, but `null` where one that was given is no key: it finds nobody, and so do all together. */
export const hashesOfAll = (
  deps: Pick<Deps, 'sealing' | 'views' | 'now'>,
  keys: PersonKeys,
): Uint8Array[] | null => {
  const hashes = hashesOf(deps, keys)
  return hashes.length < Object.values(keys).filter(isGiven).length ? null : hashes
}

/** What tickets are searched by beside, and no customer is matched by; as exact match. */
export const searchKeys = {
  plateNo: key.meta({ description: 'The whole plate number; spaces, dots and case do not matter.' }),
  customerName: key.meta({ description: 'The whole name; spaces and case do not matter.' }),
}

/** As `hashesOfAll`. */
export const searchHashesOfAll = (
  { sealing, views, now }: Pick<Deps, 'sealing' | 'views' | 'now'>,
  { plateNo, customerName }: Record<keyof typeof searchKeys, string | null>,
): Uint8Array[] | null => {
  const { placeholders } = views.master.at(now()).policy.values
  const person = { customer: { name: customerName }, vehicle: { plateNo } }
  const hashes = Object.values(searchHashes(sealing, person, placeholders)).filter((hash) => hash !== null)
  return hashes.length < [plateNo, customerName].filter(isGiven).length ? null : hashes
}

const newestFirst = (a: MatchableTicket, b: MatchableTicket): number =>
  a.registeredAt < b.registeredAt ? 1 : -1

/** The customer's tickets, newest first, and the proposal for a complaint of that category received now. */
export const candidatesFor = async (deps: Deps, asked: CandidatesParams, readerAt: ReaderAt) => {
  const now: Instant = deps.now()
  const lookup = (ticketNo: string) => deps.views.customers.known(ticketNo)
  const known = deps.views.customers.ticketsOf(hashesOf(deps, asked)).toSorted(newestFirst)
  const complaint = { receivedAt: now, now, viaSource: asked.category === 'B4' }
  const proposed = asked.category === null ? null : proposedTicket(known, asked.category, lookup)
  const items = known.slice(0, most).map(async ({ ticketNo }) => {
    const named = namedTicket(ticketNo, lookup)
    const ticket = (await readTicket(deps, ticketNo)) as Ticket
    return {
      ...presentTicket(ticket, readerAt(placeOf(ticket), ticketNo), now),
      proposal: proposals[matchAgainst(named, complaint).kind],
    }
  })
  return {
    proposal: proposals[matchAgainst(proposed, complaint).kind],
    ticketNo: proposed === null ? null : endOfChain(proposed, lookup).ticketNo,
    items: await Promise.all(items),
  }
}
