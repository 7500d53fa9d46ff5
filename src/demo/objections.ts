/** Objections of dealers to tickets they answered or closed late, in every state (rulebook §14). */
import { closeDeadline } from '../../domain/calendar/workingTime.ts'
import { DAY, HOUR, MINUTE } from '../../domain/instant.ts'
import type { MeasureName } from '../../domain/ticket/measures.ts'
import { tierFor } from '../../domain/ticket/routing.ts'
import { dealerPeople, demoDealer } from './client.ts'
import { objectionWords } from './data/inquiries.ts'
import { type CallStep, type DeskStep, hq, inOrder } from './deskSteps.ts'
import type { DemoPeriod } from './handovers.ts'
import type { DemoDealer, Network } from './network.ts'
import { createRandom, type Random } from './random.ts'
import type { HistoryLine } from './story.ts'
import { serviceMinutesAfter, timetables, whenAwake } from './times.ts'

/** What becomes of them, the newest ticket first. */
const outcomes = [
  ...['open', 'open', 'withdrawn', 'open', 'upheld', 'open', 'rejected', 'open'],
  ...['upheld', 'rejected', 'upheld', 'withdrawn', 'rejected', 'upheld'],
] as const
type Outcome = (typeof outcomes)[number]

/** So many are of the dealer whose link the demo prints, where it failed so often. */
const ofDemoDealer = 5

/** A ticket that its dealer closed, all its lines, and what of it failed. */
type FailedTicket = {
  ref: string
  lines: readonly HistoryLine[]
  dealer: DemoDealer
  measures: readonly (keyof typeof objectionWords)[]
  endedAt: number
}

/** What may be in the history of a ticket that nobody but its dealer ever held. */
const ordinary = new Set<HistoryLine['command']>([
  ...(['register', 'contact', 'respond', 'record', 'close'] as const),
  ...(['callback', 'acknowledge', 'resolve'] as const),
])

const failedMeasures = (
  lines: readonly HistoryLine[],
  { calendar }: DemoDealer,
): FailedTicket['measures'] => {
  const timeOf = (command: HistoryLine['command']): number =>
    Date.parse(lines.find((line) => line.command === command)?.at ?? '')
  const from = timeOf('register')
  const { due } = closeDeadline(timetables[calendar], from, 3)
  return [
    ...(timeOf('respond') > serviceMinutesAfter(calendar, from, 120) ? (['response'] as const) : []),
    ...(timeOf('close') >= due ? (['close'] as const) : []),
  ]
}

/** Tickets of customers who complained once, the newest first. */
const failedTickets = (lines: readonly HistoryLine[], network: Network, end: number): FailedTicket[] => {
  const dealers = new Map(network.dealers.map((dealer) => [dealer.code, dealer]))
  const stories = Map.groupBy(lines, ({ ref }) => ref.replace(/-\d+$/, ''))
  return [...stories.values()]
    .flatMap((story): FailedTicket[] => {
      const [first] = story as [HistoryLine]
      const isOne = story.every(({ ref, command }) => ref === first.ref && ordinary.has(command))
      if (!isOne || first.command !== 'register' || !story.some(({ command }) => command === 'close'))
        return []
      const dealer = dealers.get(first.data.dealerCode ?? '')
      if (dealer === undefined || tierFor(first.data.category, 1) !== 'dealer') return []
      const endedAt = Date.parse((story.at(-1) as HistoryLine).at)
      const measures = failedMeasures(story, dealer)
      if (measures.length === 0 || endedAt > end - DAY) return []
      return [{ ref: first.ref, lines: story, dealer, measures, endedAt }]
    })
    .toSorted((a, b) => b.endedAt - a.endedAt)
}

const objectTo = (
  ticket: FailedTicket,
  outcome: Outcome,
  { random, end }: { random: Random; end: number },
) => {
  const { ref: about, dealer, measures, endedAt } = ticket
  const people = dealerPeople(dealer.code)
  const path = '/v1/tickets/{ticketNo}/objections'
  // what is open was raised in the last days, however old the ticket is
  const soon = outcome === 'open' ? end - random.int(2, 90) * HOUR : endedAt + random.int(2, 60) * HOUR
  const raisedAt = Math.max(
    Math.min(whenAwake(soon, random), end - random.int(20, 170) * MINUTE),
    endedAt + MINUTE,
  )
  const [measure] = measures as [keyof typeof objectionWords]
  const raised: CallStep = {
    ...{ at: raisedAt, about, who: people, path },
    body: {
      measures: measures satisfies readonly MeasureName[],
      reason: random.pick(objectionWords[measure].reason),
    },
  }
  if (outcome === 'open') return [raised]
  const at = Math.min(whenAwake(raisedAt + random.int(3, 70) * HOUR, random), end - 15 * MINUTE)
  const one = `${path}/{objectionId}`
  if (outcome === 'withdrawn') return [raised, { at, about, who: people, path: `${one}/withdraw`, body: {} }]
  const body = { decision: outcome, reason: random.pick(objectionWords[measure][outcome]) }
  return [raised, { at, about, who: hq, path: `${one}/decide`, body }]
}

export type ObjectionOptions = {
  network: Network
  seed: string
  span: DemoPeriod
  /** The complaints of the quarter. */
  lines: readonly HistoryLine[]
}

/**
 * Objections in order of time, each after the lines of its ticket. The import of all lines later finds those done already.
 */
export const objectionSteps = ({ network, seed, span: { end }, lines }: ObjectionOptions): DeskStep[] => {
  const random = createRandom(`${seed} objections`)
  const tickets = failedTickets(lines, network, end)
  const own = tickets.filter(({ dealer }) => dealer.code === demoDealer).slice(0, ofDemoDealer)
  const others = tickets.filter((ticket) => !own.includes(ticket))
  const step = Math.max(Math.floor(others.length / (outcomes.length - own.length)), 1)
  const chosen = [...own, ...others.filter((_, index) => index % step === 0)]
  const steps = outcomes.flatMap((outcome, index): DeskStep[] => {
    const ticket = chosen[index]
    if (ticket === undefined) return []
    return [
      ...ticket.lines.map((line) => ({ at: Date.parse(line.at), about: ticket.ref, line })),
      ...objectTo(ticket, outcome, { random, end }),
    ]
  })
  return inOrder(steps)
}
