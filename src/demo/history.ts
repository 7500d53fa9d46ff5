/** A quarter's complaints as lines of an import, the same every time. */
import { type Day, type Instant, toInstant } from '../../domain/instant.ts'
import type { Category } from '../../domain/ticket/routing.ts'
import { type DemoComplaint, open, someChannel } from './acts.ts'
import { workOff } from './afterwards.ts'
import { createHeap } from './heap.ts'
import { openMedia, someSource, workOffMedia } from './media.ts'
import { befall, mishaps } from './mishaps.ts'
import { createNetwork, type DemoDealer, type Network } from './network.ts'
import { createPerson, type DemoPerson } from './people.ts'
import { createRandom } from './random.ts'
import type { HistoryLine, Story } from './story.ts'
import { callTimes } from './times.ts'
import { someFlag } from './work.ts'

export type { HistoryLine } from './story.ts'

export type HistoryOptions = {
  /** Registrations; the last story may add a few. */
  complaints?: number
  /** First day of the first complaints. */
  from?: Day
  /** Days in which first complaints come in; handling and repeats go on for some weeks. */
  days?: number
  /** The same seed, the same history. It begins every legacy number, so histories of two seeds can be imported together. */
  seed?: string
}

export const demoSeed = '2026Q1'
const defaults = { complaints: 6_000, from: '2026-01-01', days: 90, seed: demoSeed }

const categories: Record<Exclude<Category, 'C4'>, number> = {
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

/** A dealer that complains itself. */
const asCaller = ({ name }: DemoDealer, { customer, model }: DemoPerson): DemoPerson => ({
  customer: { name, phone: customer.phone ?? null, contactPerson: customer.name },
  vehicle: null,
  model,
})

const live = (story: Story, category: Exclude<Category, 'C4'>): void => {
  const { random } = story
  if (category === 'B4') {
    workOffMedia(story, openMedia(story, someSource(story)))
    return
  }
  const flags = random.chance(0.04) ? [someFlag(story)] : []
  const complaint: DemoComplaint = { category, channel: someChannel(story), flags }
  const ticket = open(story, complaint)
  const mishap = random.weighted(mishaps)
  if (mishap === 'none') workOff(story, ticket)
  else befall[mishap](story, ticket, complaint)
}

type StoryInputs = { network: Network; seed: string }

/** The whole story of the customer with that number, from the first call at `at` (epoch ms) on. */
const tellStory = ({ network, seed }: StoryInputs, number: number, at: number): HistoryLine[] => {
  const name = `${seed}-${String(number).padStart(7, '0')}`
  const random = createRandom(name)
  const dealer = network.pickDealer(random)
  const category = random.weighted(categories)
  const person = createPerson(random, { number, at, dealer })
  const caller = category === 'A4y' ? asCaller(dealer, person) : person
  const story: Story = { random, network, person: caller, dealer, name, tickets: 0, now: at, lines: [] }
  live(story, category)
  return story.lines
}

type Open = { lines: HistoryLine[]; next: number; number: number }

const atOf = ({ lines, next }: Open): string => lines[next]!.at

const endOfTime = '9999-12-31T23:59:59.999Z'

/** Earlier lines first; of equal instants, the earlier story. */
const isBefore = (a: Open, b: Open): boolean => {
  const [atA, atB] = [atOf(a), atOf(b)]
  return atA === atB ? a.number < b.number : atA < atB
}

/**
 * The lines of a history in order of `at`, every one legal. Only stories that are in progress are kept in memory, so
 * that histories of any size can be streamed.
 */
export function* history(options: HistoryOptions = {}): Generator<HistoryLine> {
  const { complaints, from, days, seed } = { ...defaults, ...options }
  const setting = { network: createNetwork(seed), seed }
  const timeOf = callTimes(from, days)
  const inFlight = createHeap<Open>(isBefore)

  function* linesUntil(limit: Instant): Generator<HistoryLine> {
    for (let open = inFlight.peek(); open !== undefined && atOf(open) < limit; open = inFlight.peek()) {
      inFlight.pop()
      yield open.lines[open.next]!
      open.next += 1
      if (open.next < open.lines.length) inFlight.push(open)
    }
  }

  let registered = 0
  for (let number = 1; registered < complaints; number++) {
    const at = timeOf(registered / complaints)
    yield* linesUntil(toInstant(at))
    const lines = tellStory(setting, number, at)
    registered += lines.filter(({ command }) => command === 'register').length
    inFlight.push({ lines, next: 0, number })
  }
  yield* linesUntil(endOfTime)
}

/** The lines as they are sent, one JSON a line. */
export function* asNdjson(lines: Iterable<HistoryLine>): Generator<string> {
  for (const line of lines) yield `${JSON.stringify(line)}\n`
}
