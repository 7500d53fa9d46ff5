/** Lives of tickets: how they begin, what comes next and when. Most are answered and closed in time. */
import { ticketNoOf } from '../../../api/tickets/ticketNo.ts'
import type { Channel, Source } from '../../../domain/codes.ts'
import { HOUR, MINUTE, toEpoch, toInstant } from '../../../domain/instant.ts'
import type { Registration } from '../../../domain/ticket/events.ts'
import { type Category, problemOf } from '../../../domain/ticket/routing.ts'
import { currentAssignment, isOver } from '../../../domain/ticket/state.ts'
import { subjects } from '../../../src/demo/data/complaints.ts'
import { createPerson } from '../../../src/demo/people.ts'
import {
  type Act,
  absorb,
  agent,
  attend,
  callBack,
  close,
  contact,
  convert,
  flagsOf,
  nameResponsible,
  occasionOf,
  openWarning,
  personBox,
  reclassify,
  record,
  redispatch,
  rescind,
  respond,
  respondResponsible,
  say,
} from './acts.ts'
import { someDealer } from './network.ts'
import { following, type Occasion } from './recorder.ts'
import type { Life, World } from './world.ts'

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
const channels: Partial<Record<Channel, number>> = {
  phone: 78,
  web: 8,
  email: 5,
  visit: 5,
  letter: 3,
  fax: 1,
}
const sources: Partial<Record<Source, number>> = {
  website: 40,
  consumer_association: 30,
  media: 15,
  authority: 10,
  internal_transfer: 5,
}

const times = (count: number, act: Act): Act[] => Array.from({ length: count }, () => act)

type Beginning = Pick<Life, 'subjectId' | 'who' | 'at'> &
  Pick<Registration, 'category' | 'source' | 'ordinal' | 'escalatedFrom' | 'relatedTo'>

const registrationOf = (world: World, ticketNo: string, beginning: Beginning): Registration => {
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
    externalNo: random.chance(0.15) ? `KF-${world.registered}` : null,
    subjectId,
    channel: given.source === null ? random.weighted(channels) : 'letter',
    receivedAt: toInstant(given.source === null ? at : at - random.int(2, 70) * MINUTE),
    flags: flagsOf(world, 0.03),
    dealer: who.dealer.code,
    customer: personBox(world, beginning),
    text: world.seal(subjectId, text),
  }
}

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

/** Who registers: what comes through a B source is the media desk's. */
const registrar = (world: World, source: Source | null) =>
  source === null ? agent(world) : ({ id: '1099', roles: ['csr_media'] } as const)

const beginAs = (
  world: World,
  beginning: Beginning,
  register: (registration: Registration) => Life['ticket'],
): Life => {
  const { subjectId, who, at, category } = beginning
  const ticketNo = ticketNoOf(occasionOf(world, { at }, { id: '', roles: [] }).commandId, toInstant(at))
  world.registered += 1
  const ticket = register(registrationOf(world, ticketNo, beginning))
  const fortune = fortuneOf(world, category === 'B4')
  return { ticketNo, subjectId, who, ticket, at, next: respond, twin: null, ...fortune }
}

const beginNew = (world: World, beginning: Beginning): Life =>
  beginAs(world, beginning, (registration) => {
    const occasion = occasionOf(world, beginning, registrar(world, beginning.source))
    return world.record(registration.ticketNo, null, { type: 'Register', registration }, occasion).ticket
  })

/** A customer complains for the first time; `number` is theirs alone. */
export const firstComplaint = (world: World, number: number, at: number): Life => {
  const { random } = world
  const dealer = someDealer(random)
  const category = random.weighted(categories)
  return beginNew(world, {
    subjectId: world.createSubject(),
    who: { person: createPerson(random, { number, at, dealer }), dealer },
    at,
    category,
    source: category === 'B4' ? random.weighted(sources) : null,
    ordinal: 1,
    escalatedFrom: null,
    relatedTo: null,
  })
}

/** The same complaint by another way, taken for another problem. */
const double: Act = (world, life) => {
  const { subjectId, who, at } = life
  const { category } = life.ticket
  if (category !== 'C4' && category !== 'B4')
    life.twin = beginNew(world, {
      subjectId,
      who,
      at,
      category,
      source: null,
      ordinal: 1,
      escalatedFrom: null,
      relatedTo: null,
    })
}

/** Inside the seven days an escalation, after them a new ticket that knows of this one (rulebook §6). */
const complainAgain: Act = (world, life) => {
  const { subjectId, who, at, ticket } = life
  const category = problemOf(ticket.category)
  const inside = at < toEpoch(ticket.closing!.repeatWindowEndsAt) && ticket.escalatedTo === null
  const beginning: Beginning = {
    subjectId,
    who,
    at,
    category,
    source: null,
    ordinal: inside ? ticket.ordinal + 1 : 1,
    escalatedFrom: inside ? life.ticketNo : null,
    relatedTo: inside ? null : life.ticketNo,
  }
  if (!inside) {
    goOn(world, beginNew(world, category === 'B4' ? { ...beginning, source: 'website' } : beginning))
    return
  }
  const repeat = beginAs(world, beginning, (registration) => {
    const occasion: Occasion = occasionOf(world, life, agent(world))
    const opened = world.record(life.ticketNo, ticket, { type: 'OpenRepeat', registration }, occasion)
    life.ticket = opened.ticket
    const second = following(occasion, registration.ticketNo, opened.first)
    return world.record(registration.ticketNo, null, { type: 'Register', registration }, second).ticket
  })
  goOn(world, repeat)
}

const minutes = ({ random }: World, from: number, to: number): number =>
  random.int(from * MINUTE, to * MINUTE)
const hours = ({ random }: World, from: number, to: number): number => random.int(from * HOUR, to * HOUR)

type Step = { act: Act; after: number }

const whileUnhandled = (world: World, life: Life): Step | null => {
  if (life.twin !== null) return { act: absorb, after: minutes(world, 5, 90) }
  const act = life.waiting.pop()
  if (act !== undefined) return { act, after: minutes(world, 2, 50) }
  if (life.fate.forgotten) return null
  return { act: respond, after: world.random.chance(0.85) ? minutes(world, 3, 90) : hours(world, 3, 40) }
}

const whileInProgress = (world: World, life: Life): Step | null => {
  const act = life.working.pop()
  if (act !== undefined) return { act, after: minutes(world, 20, 900) }
  if (life.fate.forgotten) return null
  const { closeDueAt } = currentAssignment(life.ticket).clocks
  if (life.fate.converted && life.ticket.level === 'B' && closeDueAt !== null)
    return { act: convert, after: Math.max(0, toEpoch(closeDueAt) - life.at) + minutes(world, 1, 600) }
  return { act: close, after: world.random.chance(0.88) ? hours(world, 1, 25) : hours(world, 60, 240) }
}

const nextOf = (world: World, life: Life): Step | null => {
  const { ticket } = life
  if (isOver(ticket)) return null
  if (!life.fate.unattended && openWarning(life) !== undefined)
    return { act: attend, after: minutes(world, 4, 150) }
  if (ticket.state === 'unhandled') return whileUnhandled(world, life)
  if (ticket.state === 'in_progress') return whileInProgress(world, life)
  const act = life.afterwards.pop()
  return act === undefined ? null : { act, after: hours(world, 16, 100) }
}

/** Lets the life go on to its next act, where there is one. */
export const goOn = (world: World, life: Life): void => {
  const step = nextOf(world, life)
  if (step === null) return
  life.next = step.act
  life.at += step.after
  world.begin(life)
}
