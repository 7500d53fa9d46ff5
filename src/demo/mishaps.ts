/** What goes wrong around a ticket: wrong dealers and classes, duplicates, rescissions, links made by hand. */
import type { Role } from '../../domain/authority.ts'
import { DAY, HOUR } from '../../domain/instant.ts'
import {
  becomeRepeat,
  complain,
  contact,
  type DemoComplaint,
  open,
  reclassify,
  redispatch,
  someChannel,
} from './acts.ts'
import { workOff } from './afterwards.ts'
import { reasons } from './data/handling.ts'
import { openMedia, someSource, workOffMedia } from './media.ts'
import type { DemoDealer } from './network.ts'
import { type DemoCustomer, eightDigits, nameOf } from './people.ts'
import { actor, agent, goTo, type Story, type StoryFacts, say, tell, wait } from './story.ts'
import { whenAwake } from './times.ts'
import { answer, settle } from './work.ts'

/** A mishap befalls a ticket that was just opened, and says how it went on. */
export type Mishap = (story: Story, ticket: StoryFacts, complaint: DemoComplaint) => void

const neighbour = ({ random, network }: Story, { dealer }: StoryFacts): DemoDealer =>
  random.pick(network.dealers.filter((each) => each.rbo === dealer.rbo && each !== dealer))

/** The complaint went to a dealer it had nothing to do with. */
const misrouted: Mishap = (story, ticket) => {
  wait(story, 5, 200)
  if (ticket.tier === 'dealer') redispatch(story, ticket, { dealer: neighbour(story, ticket) }, true)
  workOff(story, ticket)
}

/** Nobody answered in time, so somebody else is to. */
const takenAway: Mishap = (story, ticket) => {
  goTo(story, whenAwake(story.now + story.random.int(6 * HOUR, 2 * DAY), story.random))
  const to = story.random.chance(0.5) ? { dealer: neighbour(story, ticket) } : { tier: 'se' as const }
  if (ticket.tier !== 'se') redispatch(story, ticket, to, false)
  workOff(story, ticket)
}

const reclassified: Mishap = (story, ticket) => {
  const { random } = story
  if (random.chance(0.5)) answer(story, ticket)
  else wait(story, 5, 90)
  const others = (['A4a', 'A4c', 'A4d', 'A4e', 'A4f', 'A4g', 'A4z'] as const).filter(
    (each) => each !== ticket.category,
  )
  reclassify(story, ticket, random.pick(others))
  if (ticket.state === 'unhandled') return workOff(story, ticket)
  settle(story, ticket)
}

const becameMedia: Mishap = (story, ticket) => {
  wait(story, 30, 900)
  reclassify(story, ticket, 'B4', story.random.chance(0.7) ? someSource(story) : undefined)
  workOffMedia(story, ticket)
}

/** Somebody the service cannot know for the same customer: another phone, no car. */
const relative = (story: Story): DemoCustomer => ({
  name: nameOf(story.random, story.dealer),
  phone: `169${eightDigits(Number(story.name.slice(-7)))}`,
})

const supervise = (ticket: StoryFacts, role: Role): { actor: { id: string; role: Role }; ref: string } => ({
  actor: actor({ sa: 'SA1', se: 'SE1' }[role as string] ?? 'CSC-01', role),
  ref: ticket.ref,
})

/** A relative calls as well; the supervisor sees that it is one complaint. */
const twice: Mishap = (story, ticket, complaint) => {
  wait(story, 15, 300)
  const second = open(story, { ...complaint, customer: relative(story), channel: 'phone' })
  wait(story, 10, 200)
  const data = { ticketNo: ticket.ref, reason: say(story, reasons.duplicate) }
  tell(story, { ...supervise(second, 'csc_supervisor'), command: 'duplicate-of', data })
  ticket.calls += 1
  if (story.random.chance(0.3)) {
    wait(story, 5, 60)
    contact(story, ticket)
  }
  workOff(story, ticket)
}

const rescind = (story: Story, ticket: StoryFacts, role: Role): void => {
  wait(story, 20, 2_000)
  tell(story, {
    ...supervise(ticket, role),
    command: 'rescind',
    data: { reason: say(story, reasons.rescinded) },
  })
}

/** The customer tires of waiting and goes public: a B ticket of its own, which the A ticket becomes part of. */
const wentPublic: Mishap = (story, ticket) => {
  const { random } = story
  wait(story, 300, 3_000)
  const media = openMedia(story, random.pick(['website', 'media', 'consumer_association']), ticket.ref)
  wait(story, 5, 50)
  if (random.chance(0.4)) {
    const reason = say(story, reasons.rescinded)
    tell(story, { ...supervise(ticket, 'se'), command: 'rescind', data: { reason } })
  } else {
    const data = { ticketNo: media.ref, reason: say(story, reasons.toMedia) }
    tell(story, { ...supervise(ticket, 'se'), command: 'duplicate-of', data })
  }
  workOffMedia(story, media)
}

const rescinded: Mishap = (story, ticket) => {
  const stage = story.random.weighted({ unhandled: 50, in_progress: 30, completed: 20 })
  if (stage === 'unhandled' || !answer(story, ticket)) return rescind(story, ticket, 'csc_supervisor')
  if (stage === 'in_progress' || !settle(story, ticket)) return rescind(story, ticket, 'se')
  rescind(story, ticket, 'sa')
}

/** The customer comes back from another phone; an agent links the two, sometimes wrongly. */
const linkedByHand: Mishap = (story, ticket, complaint) => {
  if (!answer(story, ticket) || !settle(story, ticket)) return
  goTo(story, whenAwake(story.now + story.random.int(3 * HOUR, 4 * DAY), story.random))
  story.person = { ...story.person, customer: relative(story), vehicle: null }
  const later = open(story, { ...complaint, dealer: ticket.dealer })
  if (story.random.chance(0.5)) answer(story, later)
  else wait(story, 5, 120)
  const link = { actor: agent(story), ref: ticket.ref }
  tell(story, {
    ...link,
    command: 'repeat-link',
    data: { ticketNo: later.ref, reason: say(story, reasons.linked) },
  })
  becomeRepeat(story, later, ticket)
  if (story.random.chance(0.35)) {
    wait(story, 20, 600)
    tell(story, {
      ...link,
      command: 'repeat-unlink',
      data: { ticketNo: later.ref, reason: say(story, reasons.unlinked) },
    })
  }
  if (later.state === 'unhandled') workOff(story, later)
  else settle(story, later)
}

/** Complains again while the ticket is open: the service makes it a call on that. */
const toldAgain: Mishap = (story, ticket, complaint) => {
  wait(story, 60, 400)
  complain(story, { ...complaint, channel: someChannel(story) })
  workOff(story, ticket)
}

/** How many of a thousand complaints each befalls. */
export const mishaps = {
  none: 895,
  misrouted: 26,
  takenAway: 14,
  reclassified: 22,
  becameMedia: 6,
  wentPublic: 7,
  twice: 9,
  rescinded: 12,
  linkedByHand: 5,
  toldAgain: 4,
}

export const befall: Record<Exclude<keyof typeof mishaps, 'none'>, Mishap> = {
  misrouted,
  takenAway,
  reclassified,
  becameMedia,
  wentPublic,
  twice,
  rescinded,
  linkedByHand,
  toldAgain,
}
