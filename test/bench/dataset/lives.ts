/** Lives of tickets: who complains of what, and how it goes on, as chance has it. */
import type { Source } from '../../../domain/codes.ts'
import { toEpoch } from '../../../domain/instant.ts'
import { type Category, problemOf } from '../../../domain/ticket/routing.ts'
import { createPerson } from '../../../src/demo/people.ts'
import {
  callBack,
  contact,
  nameResponsible,
  reclassify,
  record,
  redispatch,
  rescind,
  respond,
  respondResponsible,
} from './acts.ts'
import { someDealer } from './network.ts'
import { goOn } from './pace.ts'
import { type LifeStart, type RegisteredTicket, register, registerRepeat } from './registering.ts'
import type { Act, Life, World } from './world.ts'

const categories: Partial<Record<Category, number>> = {
  A4a: 25,
  A4b: 6,
  A4c: 10,
  A4d: 14,
  A4e: 15,
  A4f: 5,
  A4g: 8,
  A4y: 2,
  A4z: 6,
  B4: 6,
}
const sources: Partial<Record<Source, number>> = {
  website: 40,
  consumer_association: 30,
  media: 15,
  authority: 10,
  internal_transfer: 5,
}

const times = (count: number, act: Act): Act[] => Array.from({ length: count }, () => act)

/** How the ticket's life goes, as chance has it. */
const fortuneOf = (
  { random }: World,
  isMedia: boolean,
): Pick<Life, 'waiting' | 'working' | 'afterwards' | 'fate'> => ({
  waiting: [
    ...(random.chance(0.006) ? [rescind] : []),
    ...(random.chance(0.02) ? [redispatch] : []),
    ...times(Number(random.weighted({ 0: 78, 1: 11, 2: 7, 3: 4 })), contact),
    ...(isMedia && random.chance(0.85) ? [respondResponsible, nameResponsible] : []),
    ...(random.chance(0.012) ? [double] : []),
  ],
  working: [
    ...(random.chance(0.004) ? [rescind] : []),
    ...times(Number(random.weighted({ 0: 70, 1: 13, 2: 8, 3: 6, 4: 3 })), contact),
    ...times(random.int(1, 4), record),
    ...(random.chance(0.012) ? [redispatch] : []),
    ...(random.chance(0.015) ? [reclassify] : []),
    ...(random.chance(0.04) ? [respond] : []),
  ],
  afterwards: [
    ...(random.chance(0.085) ? [complainAgain] : []),
    ...times(random.chance(0.85) ? 1 : 0, callBack),
  ],
  fate: {
    forgotten: random.chance(0.0015),
    unattended: random.chance(0.05),
    converted: isMedia && random.chance(0.06),
  },
})

const lifeOf = (
  world: World,
  { subjectId, who, at, category }: LifeStart,
  registered: RegisteredTicket,
): Life => ({
  ...registered,
  subjectId,
  who,
  at,
  next: respond,
  twin: null,
  ...fortuneOf(world, category === 'B4'),
})

const unlinked = { ordinal: 1, escalatedFrom: null, relatedTo: null }

/** A customer complains for the first time; `number` is theirs alone. */
export const firstComplaint = (world: World, number: number, at: number): void => {
  const { random } = world
  const dealer = someDealer(random)
  const category = random.weighted(categories)
  const source = category === 'B4' ? random.weighted(sources) : null
  const who = { person: createPerson(random, { number, at, dealer }), dealer }
  const beginning = { subjectId: world.createSubject(), who, at, category, source, ...unlinked }
  goOn(world, lifeOf(world, beginning, register(world, beginning)))
}

/** The same complaint by another way, taken for another problem. */
const double: Act = (world, life) => {
  const { subjectId, who, at } = life
  const { category, level } = life.ticket
  if (level !== 'A') return
  const beginning = { subjectId, who, at, category, source: null, ...unlinked }
  life.twin = lifeOf(world, beginning, register(world, beginning))
}

/** Inside the seven days an escalation, after them a new ticket that knows of this one (rulebook §6). */
const complainAgain: Act = (world, life) => {
  const { subjectId, who, at, ticket, ticketNo } = life
  const category = problemOf(ticket.category)
  const again = { subjectId, who, at, category, source: null }
  const isInside = at < toEpoch(ticket.closing!.repeatWindowEndsAt) && ticket.escalatedTo === null
  if (isInside) {
    const repeat = { ...again, ordinal: ticket.ordinal + 1, escalatedFrom: ticketNo, relatedTo: null }
    goOn(world, lifeOf(world, repeat, registerRepeat(world, repeat, life)))
    return
  }
  const source = category === 'B4' ? world.random.weighted(sources) : null
  const later = { ...again, source, ...unlinked, relatedTo: ticketNo }
  goOn(world, lifeOf(world, later, register(world, later)))
}
