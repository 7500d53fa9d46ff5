/** How tickets of the bench's log are registered: as new ones, or as repeats of another. */

import { toSeal } from '../../../api/commands/tickets/personal.ts'
import { ticketNoOf } from '../../../api/commands/tickets/ticketNo.ts'
import type { Channel } from '../../../domain/codes.ts'
import { MINUTE, toInstant } from '../../../domain/instant.ts'
import type { SealedText } from '../../../domain/sealed.ts'
import type { Registration } from '../../../domain/ticket/events.ts'
import { subjects } from '../../../src/demo/data/complaints.ts'
import { flagsOf, occasionOf, say } from './acts.ts'
import { agent, mediaAgent } from './people.ts'
import { commandIdAt, following } from './recorder.ts'
import type { Life, World } from './world.ts'

const channels: Partial<Record<Channel, number>> = {
  phone: 78,
  web: 8,
  email: 5,
  visit: 5,
  letter: 3,
  fax: 1,
}

export type LifeStart = Pick<Life, 'subjectId' | 'who' | 'at'> &
  Pick<Registration, 'category' | 'source' | 'ordinal' | 'escalatedFrom' | 'relatedTo'>

const personBox = (world: World, { who, subjectId }: LifeStart): SealedText =>
  world.seal(subjectId, toSeal({ customer: who.person.customer, vehicle: who.person.vehicle ?? {} } as never))

const registrationOf = (world: World, ticketNo: string, beginning: LifeStart): Registration => {
  const { subjectId, who, at, ...given } = beginning
  const { contents, causes } = subjects[given.category as keyof typeof subjects]
  const { random } = world
  const text = {
    content: say(world, who, contents),
    ...(random.chance(0.5) && { initialCause: random.pick(causes) }),
  }
  return {
    ...given,
    ticketNo,
    externalNo: random.chance(0.15) ? `KF-${world.share}-${world.registered}` : null,
    subjectId,
    channel: given.source === null ? random.weighted(channels) : 'letter',
    receivedAt: toInstant(given.source === null ? at : at - random.int(2, 70) * MINUTE),
    flags: flagsOf(world, 0.03),
    dealer: who.dealer.code,
    customer: personBox(world, beginning),
    text: world.seal(subjectId, text),
  }
}

export type RegisteredTicket = Pick<Life, 'ticketNo' | 'ticket'>

const asked = (world: World, beginning: LifeStart): Registration => {
  const { at } = beginning
  world.registered += 1
  for (;;) {
    const ticketNo = ticketNoOf(commandIdAt(at, world), toInstant(at))
    if (world.taken.has(ticketNo)) continue
    world.taken.add(ticketNo)
    return registrationOf(world, ticketNo, beginning)
  }
}

/** A ticket of its own; what comes through a B source is the media desk's. */
export const register = (world: World, beginning: LifeStart): RegisteredTicket => {
  const registration = asked(world, beginning)
  const { ticketNo } = registration
  const by = beginning.source === null ? agent(world) : mediaAgent
  const occasion = occasionOf(world, beginning, by)
  return {
    ticketNo,
    ticket: world.record(ticketNo, null, { type: 'Register', registration }, occasion).ticket,
  }
}

/** The repeat of an earlier ticket, which is told of it first. */
export const registerRepeat = (world: World, beginning: LifeStart, earlier: Life): RegisteredTicket => {
  const registration = asked(world, beginning)
  const { ticketNo } = registration
  const occasion = occasionOf(world, beginning, agent(world))
  const open = { type: 'OpenRepeat', registration } as const
  const opened = world.record(earlier.ticketNo, earlier.ticket, open, occasion)
  earlier.ticket = opened.ticket
  const second = following(occasion, ticketNo, opened.first)
  return { ticketNo, ticket: world.record(ticketNo, null, { type: 'Register', registration }, second).ticket }
}
