/** After closing: callbacks, repeats inside and outside the seven days, other problems of the same customer. */
import { repeatWindowEnd } from '../../domain/calendar/repeatWindow.ts'
import { DAY, HOUR, MINUTE } from '../../domain/instant.ts'
import type { Category } from '../../domain/ticket/routing.ts'
import { complain, contact, type DemoComplaint, open, opened, redispatch, someChannel } from './acts.ts'
import * as words from './data/handling.ts'
import { agent, goTo, newRef, type Story, type StoryFacts, say, tell, wait } from './story.ts'
import { whenAwake } from './times.ts'
import { answer, qualityOf, settle } from './work.ts'

const windowDays = 7

/** B repeats come in by phone under the category the agent hears; the service keeps the ticket's (rulebook §6). */
const heardAs = (category: Category): Exclude<Category, 'B4' | 'C4'> =>
  category === 'B4' || category === 'C4' ? 'A4a' : category

/** How content who says so is: 4 or 5, else 1 or 2. By the number of the ticket, so that it takes no chance from what follows. */
const scoreOf = (outcome: string, { ref }: StoryFacts): number | null => {
  const isMore = Number(ref.replace(/\D/g, '').slice(-4)) % 3 > 0
  if (outcome === 'satisfied') return isMore ? 5 : 4
  return outcome === 'dissatisfied' ? (isMore ? 2 : 1) : null
}

/** CSC calls back some days after the closing; one that cannot be reached up to three times. */
const callBack = (story: Story, ticket: StoryFacts): void => {
  const { random } = story
  goTo(story, whenAwake(ticket.closedAt + random.int(20 * HOUR, 5 * DAY), random))
  const outcome = random.weighted({ satisfied: 74, dissatisfied: 7, unreachable: 13, declined: 6 })
  const attempts = outcome === 'unreachable' ? random.int(1, 3) : 1
  for (let attempt = 1; attempt <= attempts; attempt++) {
    if (attempt > 1) wait(story, 121, 600)
    const note = random.pick<string | null>(words.callbacks[outcome])
    const score = scoreOf(outcome, ticket)
    const data = { outcome, ...(note !== null && { note }), ...(score !== null && { score }) }
    tell(story, { actor: agent(story), ref: ticket.ref, command: 'callback', data })
  }
}

/** Goes on to when the customer complains again; now and then at the very border of the window. */
const goToRepeat = (story: Story, ticket: StoryFacts, inside: boolean): void => {
  const { random } = story
  const end = repeatWindowEnd(ticket.closedAt, windowDays)
  const within = whenAwake(story.now + random.next() ** 1.5 * (end - story.now), random)
  const after = whenAwake(end + random.int(0, 30 * DAY), random)
  if (inside) goTo(story, random.chance(0.03) ? end - 1 : Math.min(within, end - 1))
  else goTo(story, random.chance(0.05) ? end : after)
}

const isInside = (story: Story, ticket: StoryFacts): boolean =>
  story.now < repeatWindowEnd(ticket.closedAt, windowDays)

/** A callback that finds the same problem again registers it, with a number of its own. */
const repeatByCallback = (story: Story, ticket: StoryFacts): StoryFacts => {
  const { random } = story
  goTo(
    story,
    Math.min(whenAwake(ticket.closedAt + random.int(DAY, 5 * DAY), random), ticket.closedAt + 6.5 * DAY),
  )
  const repeatExternalNo = newRef(story)
  const data = {
    outcome: 'dissatisfied',
    score: scoreOf('dissatisfied', ticket),
    note: say(story, words.callbacks.again),
    sameProblem: true,
    repeatExternalNo,
  } as const
  tell(story, { actor: agent(story), ref: ticket.ref, command: 'callback', data })
  return opened(
    story,
    repeatExternalNo,
    { category: repeatCategory(ticket), channel: 'phone', dealer: ticket.dealer },
    ticket.ordinal + 1,
  )
}

const repeatCategory = ({ category }: StoryFacts): Exclude<Category, 'C4'> =>
  category === 'C4' ? 'B4' : category

/** The customer comes back by phone or otherwise; the service finds the ticket, but for one of B, which is named. */
const repeatByCustomer = (story: Story, ticket: StoryFacts, inside: boolean): StoryFacts => {
  const { random } = story
  goToRepeat(story, ticket, inside)
  const isB = repeatCategory(ticket) === 'B4'
  const complaint: DemoComplaint = {
    category: heardAs(ticket.category),
    channel: isB ? 'phone' : someChannel(story),
    dealer: ticket.dealer,
    lead: random.pick(words.again),
    ...(random.chance(0.12) && { flags: ['agitated'] }),
    ...((isB || random.chance(0.1)) && { sameProblemAs: ticket.ref }),
  }
  const ref = complain(story, complaint)
  if (!isInside(story, ticket)) return opened(story, ref, complaint)
  return opened(story, ref, { ...complaint, category: repeatCategory(ticket) }, ticket.ordinal + 1)
}

/** Something else bothers the same customer: no repeat, whatever the agent would be shown. */
const complainOfElse = (story: Story, ticket: StoryFacts): void => {
  const { random } = story
  goTo(story, whenAwake(story.now + random.int(2 * HOUR, 20 * DAY), random))
  const same = random.chance(0.3)
  const others = (['A4a', 'A4d', 'A4e', 'A4g'] as const).filter((category) => category !== ticket.category)
  const category = same ? heardAs(ticket.category) : random.pick(others)
  workOff(
    story,
    open(story, { category, channel: someChannel(story), dealer: ticket.dealer, sameProblemAs: null }),
  )
}

/** What follows a closing. Who convinces a customer hears no more of it. */
export const afterwards = (story: Story, ticket: StoryFacts): void => {
  const { random } = story
  if (random.chance(qualityOf(ticket).convinces)) {
    if (random.chance(0.6)) callBack(story, ticket)
    if (random.chance(0.03)) complainOfElse(story, ticket)
    return
  }
  const how = random.weighted({ customer: 68, callback: 20, late: 12 })
  const repeat =
    how === 'callback' ? repeatByCallback(story, ticket) : repeatByCustomer(story, ticket, how === 'customer')
  // two complaints after one close are one escalation: the second is a call on it
  if (random.chance(0.05)) {
    wait(story, 5, 90)
    contact(story, repeat)
  }
  if (repeat.ordinal < 5) workOff(story, repeat)
}

/** A ticket's whole way, as far as its holders bring it. */
export const workOff = (story: Story, ticket: StoryFacts): void => {
  if (!answer(story, ticket)) {
    if (!story.random.chance(0.7) || ticket.tier !== 'dealer') return
    goTo(story, whenAwake(story.now + story.random.int(30 * MINUTE, 2 * DAY), story.random))
    redispatch(story, ticket, { tier: story.random.weighted({ rbo: 85, se: 15 }) }, false)
    if (!answer(story, ticket)) return
  }
  if (settle(story, ticket)) afterwards(story, ticket)
}
