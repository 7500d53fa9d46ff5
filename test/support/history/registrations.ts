/** Registrations and calls with the data of few customers, so that many of them match. */
import {
  type Channel,
  channelSchema,
  flagSchema,
  remedySchema,
  severitySchema,
} from '../../../domain/codes.ts'
import type { SealedText } from '../../../domain/sealed.ts'
import type { Registration } from '../../../domain/ticket/events.ts'
import type { Category } from '../../../domain/ticket/routing.ts'
import type { Ticket } from '../../../domain/ticket/state.ts'
import { dealerCodes, type Log } from './log.ts'

export const someCategories: Category[] = ['A4a', 'A4a', 'A4d', 'A4c', 'A4y', 'A4z', 'B4', 'B4']

/** A customer of thirty, with a vehicle. */
export const personOf = (
  { sealing, random: { chance } }: Log,
  ticketNo: string,
  customer: number,
): SealedText =>
  sealing.seal(`s-${ticketNo}`, {
    customer: {
      name: `王 芳${customer % 5}`,
      customerId: chance(0.5) ? `C${customer}` : null,
      phone: `1380000${String(customer).padStart(4, '0')}`,
    },
    vehicle: {
      vin: chance(0.3) ? `lsvaa49j1320473${String(customer).padStart(2, '0')}` : null,
      plateNo: `沪A·${10_000 + (customer % 9)}`,
    },
  })
/** Makes registrations, with numbers that rise. */
export const createRegistrations = (log: Log) => {
  const {
    seed,
    random: { next: random, pick, chance },
  } = log
  let registered = 0
  return (more: Partial<Registration>): Registration => {
    registered += 1
    const ticketNo = `T${seed}-${String(registered).padStart(6, '0')}`
    const category = more.category ?? pick(someCategories)
    const customer = Math.floor(random() * 30)
    return {
      ticketNo,
      externalNo: chance(0.3) ? `X-${ticketNo}` : null,
      subjectId: `s-${ticketNo}`,
      channel: pick<Channel>(['phone', 'phone', ...channelSchema.options]),
      source: category === 'B4' ? 'media' : null,
      category,
      ordinal: 1,
      receivedAt: log.now(),
      flags: chance(0.1) ? [pick(flagSchema.options)] : [],
      dealer: pick(dealerCodes),
      escalatedFrom: null,
      relatedTo: null,
      customer: personOf(log, ticketNo, customer),
      ...(chance(0.3) && { severity: pick(severitySchema.options) }),
      ...(chance(0.1) && { safety: true as const }),
      ...(chance(0.3) && { remedy: pick(remedySchema.options) }),
      text: log.text(ticketNo),
      ...more,
    }
  }
}

/** A further call. */
export const contactOf = ({ sealing, text, count, random: { pick, chance } }: Log, ticket: Ticket) => {
  const command = count()
  return {
    type: 'LogContact' as const,
    subjectId: `s-${ticket.ticketNo}`,
    channel: pick<Channel>(['phone', 'phone', 'email']),
    flags: chance(0.15) ? [pick(flagSchema.options)] : [],
    externalNo: chance(0.1) ? `XC-${command}` : null,
    source: null,
    dealer: null,
    receivedAt: null,
    occurredAt: null,
    // every third comes with the caller's own data, as a complaint that joined an open ticket does
    customer:
      command % 3 === 0
        ? sealing.seal(`s-${ticket.ticketNo}`, { customer: { phone: `1390000${command % 10_000}` } })
        : null,
    text: text(ticket.ticketNo),
  }
}
