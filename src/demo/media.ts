/** B tickets: from the papers' arrival to the answer to the medium (rulebook §11). */

import { closeDeadline } from '../../domain/calendar/workingTime.ts'
import type { Channel, Source } from '../../domain/codes.ts'
import { DAY, HOUR } from '../../domain/instant.ts'
import { close, open, record, respond } from './acts.ts'
import { afterwards } from './afterwards.ts'
import { reasons } from './data/handling.ts'
import type { DemoDealer } from './network.ts'
import { actor, goTo, type Story, type StoryFacts, say, tell, wait } from './story.ts'
import { serviceMinutesAfter, timetables, whenAwake } from './times.ts'
import { answer, settle } from './work.ts'

const channelsOf: Record<Source, Partial<Record<Channel, number>>> = {
  website: { web: 95, email: 5 },
  consumer_association: { letter: 50, fax: 30, phone: 20 },
  media: { phone: 45, email: 40, visit: 15 },
  authority: { letter: 60, fax: 30, email: 10 },
  internal_transfer: { email: 90, web: 10 },
}
const sources: Record<Source, number> = {
  website: 40,
  consumer_association: 25,
  authority: 15,
  media: 10,
  internal_transfer: 10,
}

export const someSource = ({ random }: Story): Source => random.weighted(sources)

export const openMedia = (story: Story, source: Source, sameProblemAs?: string): StoryFacts => {
  const channel = story.random.weighted(channelsOf[source])
  const flags = source === 'media' && story.random.chance(0.3) ? (['media'] as const) : []
  const named = sameProblemAs === undefined ? {} : { sameProblemAs }
  return open(story, { category: 'B4', channel, source, flags: [...flags], ...named })
}

const nameDealer = (story: Story, ticket: StoryFacts, dealer: DemoDealer): number => {
  tell(story, {
    actor: actor('SM1', 'se_media'),
    ref: ticket.ref,
    command: 'responsible-dealer',
    data: { dealerCode: dealer.code },
  })
  return story.now
}

/** The dealer's people, who respond and work beside the holder. */
const dealerSteps = (story: Story, ticket: StoryFacts, dealer: DemoDealer): (() => void)[] => {
  const by = actor(`${dealer.code}-GH`, 'dealer')
  const kinds = ['investigation', 'plan_proposed', 'plan_agreed', 'measure'] as const
  return kinds.filter(() => story.random.chance(0.4)).map((kind) => () => record(story, ticket, kind, by))
}

const dealerResponds = (story: Story, ticket: StoryFacts, dealer: DemoDealer, named: number): void => {
  const { random } = story
  const minutes = random.chance(dealer.quality.responds) ? random.int(5, 110) : random.int(130, 800)
  goTo(story, serviceMinutesAfter(dealer.calendar, named, minutes))
  respond(story, ticket, actor(`${dealer.code}-GH`, 'dealer'))
}

/** Past its due the head of complaint handling makes it a C, which has no limit any more. */
const convert = (story: Story, ticket: StoryFacts): void => {
  const { random } = story
  const { due } = closeDeadline(timetables.CN, ticket.heldSince, 7)
  goTo(story, random.chance(0.3) ? due : whenAwake(due + random.int(0, 3 * DAY), random))
  tell(story, {
    actor: actor('SA1', 'sa'),
    ref: ticket.ref,
    command: 'convert-to-c',
    data: { reason: say(story, reasons.converted) },
  })
  ticket.category = 'C4'
  goTo(story, whenAwake(story.now + random.int(DAY, 20 * DAY), random))
  if (random.chance(0.8)) close(story, ticket)
}

const giveFeedback = (story: Story, ticket: StoryFacts): void => {
  const by = actor('SM1', 'se_media')
  wait(story, 10, 240)
  record(story, ticket, 'hq_feedback', by)
  if (!story.random.chance(0.85)) return
  wait(story, 10, 600)
  record(story, ticket, 'media_feedback', by)
}

/** A ticket at the SE for media, until it is closed and the medium has its answer. */
export const workOffMedia = (story: Story, ticket: StoryFacts): void => {
  const { random } = story
  if (!answer(story, ticket)) return
  wait(story, 3, 60)
  let dealer = ticket.dealer
  let named = nameDealer(story, ticket, dealer)
  if (random.chance(0.08)) {
    goTo(story, whenAwake(story.now + random.int(HOUR, DAY), random))
    dealer = random.pick(story.network.dealers.filter((each) => each.rbo === dealer.rbo && each !== dealer))
    named = nameDealer(story, ticket, dealer)
  }
  dealerResponds(story, ticket, dealer, named)
  if (random.chance(0.15)) convert(story, ticket)
  else settle(story, ticket, dealerSteps(story, ticket, dealer))
  if (ticket.state !== 'completed') return
  giveFeedback(story, ticket)
  afterwards(story, ticket)
}
