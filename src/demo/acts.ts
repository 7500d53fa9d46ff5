/** The acts of a story on its tickets: each tells its line and keeps what the story knows of the ticket. */
import type { Channel, Flag, HolderTier, RecordKind, Source, WarningCode } from '../../domain/codes.ts'
import { type Category, tierFor } from '../../domain/ticket/routing.ts'
import { warningOfFlag } from '../../domain/ticket/warnings.ts'
import { subjects } from './data/complaints.ts'
import * as words from './data/handling.ts'
import type { DemoDealer } from './network.ts'
import { asWritten, type DemoCustomer } from './people.ts'
import { actor, agent, handler, newRef, type Story, type StoryFacts, say, tell } from './story.ts'

const raise = (ticket: StoryFacts, ...codes: WarningCode[]): void => {
  for (const code of codes) if (!ticket.warnings.has(code)) ticket.warnings.set(code, 'raised')
}

/** Follow-up phone calls raise W1 while unhandled, W2 in progress (rulebook §7). */
const judgeCalls = (ticket: StoryFacts): void => {
  if (ticket.state === 'unhandled' && ticket.calls >= 2) raise(ticket, 'W1')
  if (ticket.state === 'in_progress' && ticket.calls >= 3) raise(ticket, 'W2')
}

const giveTo = (story: Story, ticket: StoryFacts, tier: HolderTier): void => {
  Object.assign(ticket, { tier, heldSince: story.now, state: 'unhandled', warnings: new Map() })
  judgeCalls(ticket)
}

export type DemoComplaint = {
  category: Exclude<Category, 'C4'>
  channel: Channel
  source?: Source
  flags?: Flag[]
  dealer?: DemoDealer
  customer?: DemoCustomer
  sameProblemAs?: string | null
  /** Said before the complaint itself. */
  lead?: string
}

const channelsOfComplaints: Partial<Record<Channel, number>> = {
  phone: 78,
  web: 8,
  email: 5,
  visit: 5,
  letter: 3,
  fax: 1,
}
export const someChannel = ({ random }: Story): Channel => random.weighted(channelsOfComplaints)

/** Tells a registration. What comes of it is for `opened`, `repeated` or nobody to say. */
export const complain = (story: Story, complaint: DemoComplaint): string => {
  const { random, person } = story
  const { category, channel, source, flags = [], dealer = story.dealer, sameProblemAs, lead = '' } = complaint
  const { contents, causes } = subjects[category]
  const { phone, ...customer } = complaint.customer ?? person.customer
  const ref = newRef(story)
  tell(story, {
    actor: source === undefined ? agent(story) : actor('1099', 'csr_media'),
    ref,
    command: 'register',
    data: {
      channel,
      category,
      dealerCode: dealer.code,
      customer: { ...customer, ...(phone != null && { phone: asWritten(random, phone) }) },
      ...(complaint.customer === undefined && person.vehicle !== null && { vehicle: person.vehicle }),
      content: lead + say(story, contents),
      ...(random.chance(0.5) && { initialCause: random.pick(causes) }),
      ...(source !== undefined && { source }),
      ...(flags.length > 0 && { flags }),
      ...(sameProblemAs !== undefined && { sameProblemAs }),
    },
  })
  return ref
}

/** The ticket that a registration opened: the `ordinal`-th complaint. */
export const opened = (
  story: Story,
  ref: string,
  { category, flags = [], dealer = story.dealer }: DemoComplaint,
  ordinal = 1,
): StoryFacts => {
  const ticket: StoryFacts = {
    ref,
    category,
    ordinal,
    tier: tierFor(category, ordinal) as HolderTier,
    dealer,
    heldSince: story.now,
    state: 'unhandled',
    closedAt: 0,
    calls: 0,
    warnings: new Map(),
  }
  raise(ticket, ...flags.map((flag) => warningOfFlag[flag]))
  return ticket
}

export const open = (story: Story, complaint: DemoComplaint): StoryFacts =>
  opened(story, complain(story, complaint), complaint)

export const contact = (story: Story, ticket: StoryFacts, flag?: Flag): void => {
  const channel = story.random.weighted({ phone: 88, web: 6, email: 4, visit: 2 })
  const content = say(story, flag === undefined ? words.followUps : words.flagged[flag])
  const flags = flag === undefined ? {} : { flags: [flag] }
  tell(story, {
    actor: agent(story),
    ref: ticket.ref,
    command: 'contact',
    data: { channel, content, ...flags },
  })
  if (channel === 'phone') {
    ticket.calls += 1
    judgeCalls(ticket)
  }
  if (flag !== undefined) raise(ticket, warningOfFlag[flag])
}

export const respond = (story: Story, ticket: StoryFacts, by = handler(ticket)): void => {
  const { random } = story
  const reached = random.chance(0.87)
  const method = random.weighted({ phone: 84, message: 9, visit: 5, email: 2 })
  const note = say(story, words.responses[reached ? 'reached' : 'unreached'])
  tell(story, { actor: by, ref: ticket.ref, command: 'respond', data: { method, reached, note } })
  // a second response, and one of the responsible dealer, change nothing
  if (by.role !== ticket.tier || ticket.state !== 'unhandled') return
  ticket.state = 'in_progress'
  judgeCalls(ticket)
}

export const record = (story: Story, ticket: StoryFacts, kind: RecordKind, by = handler(ticket)): void =>
  tell(story, {
    actor: by,
    ref: ticket.ref,
    command: 'record',
    data: { kind, note: say(story, words.records[kind]) },
  })

export const close = (story: Story, ticket: StoryFacts): void => {
  const { random } = story
  const { rootCauses, causes } = subjects[ticket.category === 'C4' ? 'B4' : ticket.category]
  tell(story, {
    actor: handler(ticket),
    ref: ticket.ref,
    command: 'close',
    data: {
      result: say(story, words.results),
      measures: say(story, words.measures),
      measuresDoneAt: new Date(story.now - random.int(1, 90) * 60_000).toISOString(),
      rootCauseCode: random.pick(rootCauses),
      rootCause: random.pick(causes),
      ...(random.chance(0.7) && { customerFeedback: random.pick(words.customerFeedbacks) }),
      ...(random.chance(0.4) && {
        improvement: random.pick(words.improvements),
        improvementDepartment: random.pick(words.departments),
      }),
    },
  })
  ticket.state = 'completed'
  ticket.closedAt = story.now
}

type Move = { tier: 'rbo' | 'se' } | { dealer: DemoDealer }

/** To a dealer, which becomes the ticket's, or to a tier. */
export const redispatch = (story: Story, ticket: StoryFacts, to: Move, misrouted: boolean): void => {
  if ('dealer' in to) ticket.dealer = to.dealer
  const where = 'dealer' in to ? { dealerCode: to.dealer.code } : to
  const reason = say({ ...story, dealer: ticket.dealer }, words.reasons[misrouted ? 'misrouted' : 'late'])
  tell(story, {
    actor: agent(story),
    ref: ticket.ref,
    command: 'redispatch',
    data: { ...where, misrouted, reason },
  })
  giveTo(story, ticket, 'dealer' in to ? 'dealer' : to.tier)
}

export const reclassify = (
  story: Story,
  ticket: StoryFacts,
  category: Exclude<Category, 'C4'>,
  source?: Source,
): void => {
  const reason = say(story, words.reasons[category === 'B4' ? 'toMedia' : 'reclassified'])
  const data = { category, reason, ...(source !== undefined && { source }) }
  tell(story, { actor: agent(story), ref: ticket.ref, command: 'reclassify', data })
  ticket.category = category
  const tier = tierFor(category, ticket.ordinal) as HolderTier
  if (tier !== ticket.tier) giveTo(story, ticket, tier)
}

/** What a link by hand makes of the later ticket. */
export const becomeRepeat = (story: Story, ticket: StoryFacts, of: StoryFacts): void => {
  ticket.ordinal = of.ordinal + 1
  const tier = tierFor(ticket.category, ticket.ordinal) as HolderTier
  if (tier !== ticket.tier) giveTo(story, ticket, tier)
}
