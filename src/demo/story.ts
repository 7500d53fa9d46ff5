/** One customer's affair: its lines so far, in order, and what the acts that follow rest on. */
import type { z } from 'zod'
import type { importLine } from '../../api/commands/imports/lines.ts'
import type { Role } from '../../domain/authority.ts'
import type { HolderTier, WarningCode } from '../../domain/codes.ts'
import { toInstant } from '../../domain/instant.ts'
import { fill } from '../../domain/refusal.ts'
import type { Category } from '../../domain/ticket/routing.ts'
import { colours } from './data/complaints.ts'
import { consultants } from './data/names.ts'
import type { DemoDealer, Network } from './network.ts'
import type { DemoPerson } from './people.ts'
import type { Random } from './random.ts'
import { whenAwake } from './times.ts'

/** A line as `POST /v1/imports` takes it. */
export type HistoryLine = z.input<typeof importLine>
type WithoutTime<L> = L extends HistoryLine ? Omit<L, 'at'> : never

export type Story = {
  random: Random
  network: Network
  person: DemoPerson
  dealer: DemoDealer
  /** First part of the story's legacy numbers. */
  name: string
  tickets: number
  /** Epoch ms of what happened last; always grows. */
  now: number
  lines: HistoryLine[]
}

/** A ticket as the story knows it: enough to tell which acts are legal next. */
export type StoryFacts = {
  ref: string
  category: Category
  ordinal: number
  tier: HolderTier
  dealer: DemoDealer
  /** When the unit that holds it was given it, epoch ms. */
  heldSince: number
  state: 'unhandled' | 'in_progress' | 'completed'
  closedAt: number
  calls: number
  /** What is open on the current assignment, and whether somebody has seen it. */
  warnings: Map<WarningCode, 'raised' | 'seen'>
}

/** The next line, at the story's present. */
export const tell = (story: Story, line: WithoutTime<HistoryLine>): void => {
  story.lines.push({ at: toInstant(story.now), ...line } as HistoryLine)
}

/** Goes on to `at`, or by a second or so where it is that late already. */
export const goTo = (story: Story, at: number): void => {
  story.now = Math.max(story.now + story.random.int(400, 2_000), Math.floor(at))
}

const MINUTE = 60_000
/** Lets that many minutes go by, and the night where they end in it. */
export const wait = (story: Story, from: number, to: number): void =>
  goTo(story, whenAwake(story.now + story.random.int(from * MINUTE, to * MINUTE), story.random))

/** Goes on to `until`, with the steps at some moments on the way. */
export const during = (story: Story, until: number, steps: readonly (() => void)[]): void => {
  const span = Math.max(until - story.now, 0)
  const moments = steps
    .map(() => Math.min(whenAwake(story.now + story.random.next() * span, story.random), until))
    .sort((a, b) => a - b)
  steps.forEach((step, index) => {
    goTo(story, moments[index]!)
    step()
  })
  goTo(story, until)
}

export const newRef = (story: Story): string => `${story.name}-${++story.tickets}`

export const actor = (id: string, role: Role): { id: string; role: Role } => ({ id, role })

/** Some agent of the call centre. */
export const agent = ({ random }: Story): { id: string; role: Role } =>
  actor(String(random.int(1001, 1036)), 'csr')

/** The people of the unit that holds the ticket. */
export const handler = ({ tier, dealer }: StoryFacts): { id: string; role: Role } => {
  if (tier === 'dealer') return actor(`${dealer.code}-GH`, 'dealer')
  if (tier === 'rbo') return actor(`${dealer.rbo.code}-KH`, 'rbo')
  return tier === 'se' ? actor(`SE${(dealer.code.charCodeAt(3) % 3) + 1}`, 'se') : actor('SM1', 'se_media')
}

/** One of the sentences, its places filled from the story. */
export const say = (story: Story, sentences: readonly string[]): string => {
  const { random, person, dealer } = story
  return fill(random.pick(sentences), {
    name: person.customer.name,
    dealer: dealer.name,
    model: person.model,
    consultant: person.vehicle?.salesConsultant ?? random.pick(consultants),
    colour: random.pick(colours),
    days: random.int(3, 45),
    yuan: random.int(3, 60) * 500,
    km: random.int(20, 3_000),
  })
}
