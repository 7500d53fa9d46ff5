/** A ticket in the hands of its holder: answered, worked on and closed, as well as the unit works. */
import type { Role } from '../../domain/authority.ts'
import { closeDeadline } from '../../domain/calendar/workingTime.ts'
import type { Flag, HolderTier, RecordKind, WarningCode } from '../../domain/codes.ts'
import { DAY, HOUR } from '../../domain/instant.ts'
import { recipientOf } from '../../domain/ticket/warnings.ts'
import { close, contact, record, respond } from './acts.ts'
import type { DemoCalendar } from './data/dealers.ts'
import { flagWeights, warningNotes } from './data/handling.ts'
import { brandQuality, type Quality } from './network.ts'
import { actor, agent, during, goTo, type Story, type StoryFacts, say, tell, wait } from './story.ts'
import { serviceMinutesAfter, timetables, whenAwake } from './times.ts'

export const calendarOf = ({ tier, dealer }: StoryFacts): DemoCalendar => {
  if (tier === 'dealer') return dealer.calendar
  return tier === 'rbo' ? dealer.rbo.calendar : 'CN'
}

export const qualityOf = ({ tier, dealer }: StoryFacts): Quality => {
  if (tier === 'dealer') return dealer.quality
  return tier === 'rbo' ? dealer.rbo.quality : brandQuality
}

export const someFlag = ({ random }: Story): Flag => random.weighted(flagWeights)

/** Who gets a warning (rulebook §7); now and then the SA looks at it instead. */
const recipient = (story: Story, ticket: StoryFacts, code: WarningCode): { id: string; role: Role } => {
  const { tier, unit } = recipientOf(code, { tier: ticket.tier, rbo: ticket.dealer.rbo.code })
  if (tier === 'sa' || story.random.chance(0.04)) return actor('SA1', 'sa')
  return actor(tier === 'rbo' ? `${unit}-KH` : 'SE1', tier)
}

/** Those a warning was sent to look at it, mostly soon, and mostly say what they did. */
export const attend = (story: Story, ticket: StoryFacts): void => {
  const { random } = story
  for (const [code, seen] of ticket.warnings) {
    const by = { actor: recipient(story, ticket, code), ref: ticket.ref }
    const note = say(story, warningNotes[code])
    if (seen === 'raised' && random.chance(0.8)) {
      goTo(story, story.now + random.int(3, 40) * 60_000)
      tell(story, { ...by, command: 'acknowledge', data: { code, ...(random.chance(0.6) && { note }) } })
      ticket.warnings.set(code, 'seen')
    }
    if (random.chance(0.75)) {
      goTo(story, story.now + random.int(5, 45) * 60_000)
      tell(story, { ...by, command: 'resolve', data: { code, result: note } })
      ticket.warnings.delete(code)
    }
  }
}

const callsOf = (story: Story, ticket: StoryFacts, count: number, flagChance: number): (() => void)[] =>
  Array.from({ length: count }, () => () => {
    contact(story, ticket, story.random.chance(flagChance) ? someFlag(story) : undefined)
    if (ticket.warnings.size > 0) attend(story, ticket)
  })

/**
 * The time until the holder first makes contact, in which a customer who waits calls again.
 * @returns whether the holder ever did
 */
export const answer = (story: Story, ticket: StoryFacts): boolean => {
  const { random } = story
  const { responds } = qualityOf(ticket)
  if (ticket.warnings.size > 0) attend(story, ticket)
  const inTime = random.chance(responds)
  const given = !inTime && random.chance((1 - responds) * 0.12)
  const minutes = inTime ? Math.min(random.int(2, 112), random.int(2, 112)) : random.int(125, 1_100)
  const at = serviceMinutesAfter(calendarOf(ticket), ticket.heldSince, minutes) + random.int(0, 59_999)
  const calls = inTime ? (random.chance(0.04) ? 1 : 0) : random.weighted({ 0: 40, 1: 28, 2: 20, 3: 12 })
  const told = random.chance(0.06) ? [() => record(story, ticket, 'consumer_informed', agent(story))] : []
  during(story, at, [...callsOf(story, ticket, Number(calls), inTime ? 0.1 : 0.22), ...told])
  if (given) return false
  respond(story, ticket)
  return true
}

const workOf: Partial<Record<HolderTier, Partial<Record<RecordKind, number>>>> = {
  dealer: {
    investigation: 60,
    plan_proposed: 50,
    plan_agreed: 35,
    plan_declined: 9,
    measure: 45,
    gm_informed: 12,
    rbo_support_requested: 5,
    major_issue_reported: 1,
    consumer_informed: 6,
  },
  rbo: {
    investigation: 60,
    plan_proposed: 55,
    plan_agreed: 40,
    plan_declined: 8,
    measure: 35,
    written_report: 18,
    consumer_informed: 10,
  },
}
const brandWork: Partial<Record<RecordKind, number>> = {
  investigation: 60,
  plan_proposed: 60,
  plan_agreed: 45,
  plan_declined: 12,
  measure: 40,
  written_report: 35,
  consumer_informed: 60,
}

const recordsOf = (story: Story, ticket: StoryFacts): (() => void)[] => {
  const likely = Object.entries(workOf[ticket.tier] ?? brandWork) as [RecordKind, number][]
  return likely
    .filter(([, percent]) => story.random.chance(percent / 100))
    .map(
      ([kind]) =>
        () =>
          record(story, ticket, kind),
    )
}

/** When a unit of that quality closes: before the due, some days after it, or never (`null`). */
const closingTime = (story: Story, ticket: StoryFacts): number | null => {
  const { random, now } = story
  const { closes } = qualityOf(ticket)
  const days = ticket.category === 'B4' ? 7 : 3
  const { due } = closeDeadline(timetables[calendarOf(ticket)], ticket.heldSince, days)
  if (random.chance(closes)) {
    const some = whenAwake(now + Math.sqrt(random.next()) * Math.max(due - now, 0), random)
    return Math.min(some, due - random.int(3 * HOUR, 8 * HOUR))
  }
  if (random.chance((1 - closes) * 0.1)) return null
  return whenAwake(due + random.int(0, 6 * DAY), random)
}

/**
 * Work, with the customer calling now and then, until the ticket is closed.
 * @returns whether it ever was
 */
export const settle = (story: Story, ticket: StoryFacts, more: readonly (() => void)[] = []): boolean => {
  const { random } = story
  const at = closingTime(story, ticket)
  const late = at === null || at - ticket.heldSince > 5 * DAY
  const calls = random.weighted(late ? { 0: 40, 1: 25, 2: 15, 3: 12, 4: 8 } : { 0: 90, 1: 7, 2: 2, 3: 1 })
  const again = random.chance(0.04) ? [() => respond(story, ticket)] : []
  const steps = [
    ...recordsOf(story, ticket),
    ...again,
    ...more,
    ...callsOf(story, ticket, Number(calls), 0.15),
  ]
  during(story, at ?? story.now + random.int(3, 9) * DAY, steps)
  if (at === null) return false
  if (ticket.warnings.size > 0 && random.chance(0.5)) attend(story, ticket)
  wait(story, 1, 30)
  close(story, ticket)
  return true
}
