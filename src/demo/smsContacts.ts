/** Whom dealers want to be texted: contacts of the quarter, and requests that wait for the call centre (rulebook §13). */
import { DAY, HOUR, MINUTE } from '../../domain/instant.ts'
import { agentOf } from './care.ts'
import { dealerPeople } from './client.ts'
import { smsRefusals } from './data/inquiries.ts'
import { type CallStep, inOrder } from './deskSteps.ts'
import type { DemoPeriod } from './handovers.ts'
import type { DemoDealer, Network } from './network.ts'
import { eightDigits, nameOf } from './people.ts'
import { createRandom, type Random } from './random.ts'
import { whenAwake } from './times.ts'

/** Every fourth dealer has contacts; of these, in turn, one has an open request of each kind. */
const everyDealer = 4
const openRequests = ['add', 'change', null, 'delete', null] as const
/** Beyond the numbers of everybody else in the demo; a prefix that no operator has been given. */
const firstNumber = 87_000_001
const mobileOf = (number: number): string => `161${eightDigits(number)}`

type Contact = { about: string; dealer: DemoDealer; random: Random; number: number; duty: string }

const request = ({ about, dealer }: Contact, at: number, body: object): CallStep => ({
  ...{ at, about, who: dealerPeople(dealer.code), path: `/v1/dealers/${dealer.code}/sms-contacts`, body },
})

const decide = ({ about, dealer, random }: Contact, at: number, isAccepted: boolean): CallStep => ({
  ...{ at, about, who: agentOf(random) },
  path: `/v1/dealers/${dealer.code}/sms-contacts/requests/{requestId}/${isAccepted ? 'accept' : 'refuse'}`,
  body: isAccepted ? {} : { reason: random.pick(smsRefusals) },
})

const add = (contact: Contact, at: number): CallStep => {
  const { random, dealer, number, duty } = contact
  const body = { action: 'add', name: nameOf(random, dealer), mobile: mobileOf(number), duty }
  return request(contact, at, body)
}

const later = (at: number, random: Random): number => whenAwake(at + random.int(1, 20) * HOUR, random)

/** Asked for and accepted, some after a request that was refused. */
const accepted = (contact: Contact, from: number): CallStep[] => {
  const { random } = contact
  const askedAt = whenAwake(from + random.int(1, 30) * DAY, random)
  if (random.chance(0.75)) return [add(contact, askedAt), decide(contact, later(askedAt, random), true)]
  const refusedAt = later(askedAt, random)
  const again = later(refusedAt, random)
  return [
    add(contact, askedAt),
    decide(contact, refusedAt, false),
    add(contact, again),
    decide(contact, later(again, random), true),
  ]
}

const openRequest = (contact: Contact, action: 'change' | 'delete', at: number): CallStep => {
  const change = action === 'change' && { mobile: mobileOf(contact.number + 500) }
  return request(contact, at, { action, contactId: '{contactId}', ...change })
}

export type SmsOptions = { network: Network; seed: string; span: DemoPeriod }

/** Requests and decisions of the span in order of time. */
export const smsSteps = ({ network, seed, span }: SmsOptions): CallStep[] => {
  const dealers = network.dealers.filter((_, index) => index % everyDealer === 0)
  const steps = dealers.flatMap((dealer, place) => {
    const contactOf = (index: number): Contact => {
      const about = `${seed} sms ${dealer.code} ${index}`
      const number = firstNumber + place * 3 + index
      const duty = index === 0 ? 'manager' : 'handler'
      return { about, dealer, random: createRandom(about), number, duty }
    }
    const contacts = [contactOf(0), contactOf(1)] as const
    const [manager] = contacts
    const open = openRequests[place % openRequests.length] ?? null
    const someTime = span.end - manager.random.int(2, 40) * HOUR
    const askedAt = Math.min(
      whenAwake(someTime, manager.random),
      span.end - manager.random.int(15, 170) * MINUTE,
    )
    return [
      ...contacts.flatMap((contact) => accepted(contact, span.from)),
      ...(open === 'add' ? [add(contactOf(2), askedAt)] : []),
      ...(open === 'change' || open === 'delete' ? [openRequest(manager, open, askedAt)] : []),
    ]
  })
  return inOrder(steps)
}
