/** A quarter's inquiries: most answered at once, others by the SE, some withdrawn or turned into complaints (rulebook §12). */
import { closeDeadline } from '../../domain/calendar/workingTime.ts'
import { DAY, dayNumber, dayOf, HOUR, MINUTE } from '../../domain/instant.ts'
import { fill } from '../../domain/refusal.ts'
import { agentOf, handleTicket } from './care.ts'
import type { Who } from './client.ts'
import type { CareCategory } from './data/desks.ts'
import * as words from './data/inquiries.ts'
import { consultants } from './data/names.ts'
import { type CallStep, inOrder } from './deskSteps.ts'
import type { DemoPeriod } from './handovers.ts'
import type { DemoDealer, Network } from './network.ts'
import { createPerson, type DemoPerson } from './people.ts'
import { createRandom, type Random } from './random.ts'
import { callTimes, serviceMinutesAfter, timetables, whenAwake } from './times.ts'

export type InquiryOptions = { network: Network; seed: string; span: DemoPeriod }

/** Beyond the numbers of everybody else in the demo. */
const firstNumber = 86_000_001
/** Those that are over by the end, but for what happens to be under way. */
const pastCount = 80

/** How an inquiry goes on. */
const ways = { atOnce: 46, byCsc: 8, bySe: 30, complaint: 9, withdrawn: 7 }
type Way = keyof typeof ways

/** Where the newest ones are to be at the end, and how many of each. */
const goals = { open: 3, forwarded: 3, answerLate: 2, answered: 3, relayLate: 2 }
type Goal = keyof typeof goals

type Inquirer = { about: string; random: Random; dealer: DemoDealer; person: DemoPerson }

const channels = { phone: 80, web: 12, email: 5, visit: 3 }

/** The SE who answers what the call centre cannot. */
export const se: Who = { sub: 'SE1', roles: ['se'] }

export const sayOfInquiry = (random: Random, sentence: string, model: string): string =>
  fill(sentence, {
    model,
    consultant: random.pick(consultants),
    days: random.int(3, 30),
    yuan: random.int(3, 30) * 100,
  })

/** A topic, what is asked about it, and what is answered. */
export const someExchange = (random: Random) => {
  const topic = random.pick(Object.keys(words.exchanges))
  return { topic, ...random.pick(words.exchanges[topic] as readonly { question: string; answer: string }[]) }
}

/** The answer to a question as it was filled in; to one of somebody else, that it was answered. */
export const answerTo = ({ topic, question }: { topic: string; question: string }): string =>
  (words.exchanges[topic] ?? []).find((each) =>
    each.question.split(/\{\w+\}/).every((part) => question.includes(part)),
  )?.answer ?? words.otherAnswer

/** Registers at `at`; some callers leave no name, unless somebody must be able to call them back. */
const register = (
  { about, random, dealer, person }: Inquirer,
  at: number,
  asked: { topic: string; question: string; answer?: string; isNamed?: boolean },
): CallStep => {
  const { topic, question, answer, isNamed = false } = asked
  const isKnown = isNamed || random.chance(0.7)
  const body = {
    channel: random.weighted(channels),
    topic,
    question: sayOfInquiry(random, question, person.model),
    ...(answer !== undefined && { answer: sayOfInquiry(random, answer, person.model) }),
    ...(isKnown && { customer: person.customer, vehicle: person.vehicle }),
    ...((isNamed || random.chance(0.5)) && { dealerCode: dealer.code }),
  }
  return { at, about, who: agentOf(random), path: '/v1/inquiries', body }
}

const act = ({ about }: Inquirer, at: number, who: Who, name: string, body: object): CallStep => ({
  ...{ at, about, who, path: `/v1/inquiries/{inquiryNo}/${name}`, body },
})

const forward = (inquirer: Inquirer, at: number): CallStep =>
  act(inquirer, at, agentOf(inquirer.random), 'forward', { note: inquirer.random.pick(words.forwardNotes) })

const relay = (inquirer: Inquirer, at: number, reached: boolean): CallStep => {
  const { random } = inquirer
  const note = random.pick(reached ? words.relayNotes : words.unreachedNotes)
  return act(inquirer, at, agentOf(random), 'relay', { method: 'phone', reached, note })
}

/** Passes the answer on, now and then in a second attempt. */
const relays = (inquirer: Inquirer, answeredAt: number): CallStep[] => {
  const { random } = inquirer
  const first = whenAwake(answeredAt + random.int(10, 150) * MINUTE, random)
  if (random.chance(0.8)) return [relay(inquirer, first, true)]
  const second = whenAwake(first + random.int(2, 20) * HOUR, random)
  return [relay(inquirer, first, false), relay(inquirer, second, true)]
}

const becomeComplaint = (inquirer: Inquirer, at: number): CallStep[] => {
  const { random, dealer, about } = inquirer
  const category = random.pick(Object.keys(words.grievances) as CareCategory[])
  const question = random.pick(words.grievances[category])
  const judgedAt = at + random.int(5, 40) * MINUTE
  return [
    register(inquirer, at, { topic: 'dealer', question, isNamed: true }),
    act(inquirer, judgedAt, agentOf(random), 'complaint', { category }),
    ...handleTicket({ about, dealer, random }, judgedAt),
  ]
}

const past: Readonly<Record<Way, (inquirer: Inquirer, at: number) => CallStep[]>> = {
  atOnce: (inquirer, at) => {
    const exchange = someExchange(inquirer.random)
    // the customer is still on the line
    return [register(inquirer, at, exchange), relay(inquirer, at + inquirer.random.int(1, 4) * MINUTE, true)]
  },
  byCsc: (inquirer, at) => {
    const { random } = inquirer
    const { answer, ...exchange } = someExchange(random)
    const answeredAt = at + random.int(8, 90) * MINUTE
    const body = { answer: sayOfInquiry(random, answer, inquirer.person.model) }
    return [
      register(inquirer, at, { ...exchange, isNamed: true }),
      act(inquirer, answeredAt, agentOf(random), 'answer', body),
      ...relays(inquirer, answeredAt),
    ]
  },
  bySe: (inquirer, at) => {
    const { random } = inquirer
    const { answer, ...exchange } = someExchange(random)
    const forwardedAt = at + random.int(5, 45) * MINUTE
    const answeredAt = whenAwake(forwardedAt + random.int(1, random.chance(0.85) ? 22 : 60) * HOUR, random)
    const body = { answer: sayOfInquiry(random, answer, inquirer.person.model) }
    return [
      register(inquirer, at, { ...exchange, isNamed: true }),
      forward(inquirer, forwardedAt),
      act(inquirer, answeredAt, se, 'answer', body),
      ...relays(inquirer, answeredAt),
    ]
  },
  complaint: becomeComplaint,
  withdrawn: (inquirer, at) => {
    const { random } = inquirer
    const { answer: _, ...exchange } = someExchange(random)
    const body = { reason: random.pick(words.withdrawals) }
    const withdrawnAt = at + random.int(15, 300) * MINUTE
    return [
      register(inquirer, at, { ...exchange, isNamed: true }),
      act(inquirer, withdrawnAt, agentOf(random), 'withdraw', body),
    ]
  },
}

/** The latest time by whole hours before `end` from which a due is over for an hour. */
const latestMissed = (end: number, dueOf: (at: number) => number): number => {
  let at = end - 3 * HOUR
  while (dueOf(at) > end - HOUR) at -= HOUR
  return at
}

/** rulebook §12 */
const relayDue = (at: number): number => serviceMinutesAfter('CN', at, 120)
const answerDue = (at: number): number => closeDeadline(timetables.CN, at, 1).due

/** The steps up to where an inquiry is to be at the end. */
const newest = (inquirer: Inquirer, goal: Goal, end: number): CallStep[] => {
  const { random } = inquirer
  const { answer, ...exchange } = someExchange(random)
  const ask = (at: number): CallStep => register(inquirer, at, { ...exchange, isNamed: true })
  const answerBySe = (at: number): CallStep[] => [
    ask(at - 5 * HOUR),
    forward(inquirer, at - 5 * HOUR + random.int(5, 30) * MINUTE),
    act(inquirer, at, se, 'answer', { answer: sayOfInquiry(random, answer, inquirer.person.model) }),
  ]
  const minutesAgo = (from: number, to: number): number => end - random.int(from, to) * MINUTE
  const steps: Record<Goal, () => CallStep[]> = {
    open: () => [ask(minutesAgo(10, 90))],
    forwarded: () => [ask(minutesAgo(150, 300)), forward(inquirer, minutesAgo(60, 140))],
    answerLate: () => {
      const at = latestMissed(end, answerDue) - random.int(0, 600) * MINUTE
      return [ask(at - 20 * MINUTE), forward(inquirer, at)]
    },
    answered: () => answerBySe(minutesAgo(15, 80)),
    relayLate: () => {
      const at = latestMissed(end, relayDue) - random.int(0, 90) * MINUTE
      return [...answerBySe(at), relay(inquirer, at + 40 * MINUTE, false)]
    },
  }
  return steps[goal]()
}

/** Inquiries of the span in order of time; what would come after its end is left out. */
export const inquirySteps = ({ network, seed, span }: InquiryOptions): CallStep[] => {
  const inquirerOf = (index: number, at: number): Inquirer => {
    const about = `${seed} inquiry ${index + 1}`
    const random = createRandom(about)
    const dealer = network.pickDealer(random)
    return {
      about,
      random,
      dealer,
      person: createPerson(random, { number: firstNumber + index, at, dealer }),
    }
  }
  const days = Math.round((span.end - span.from) / DAY)
  const timeOf = callTimes(dayOf(dayNumber(span.from)), days)
  const over = Array.from({ length: pastCount }, (_, index) => {
    const at = timeOf((index + 0.5) / pastCount)
    const inquirer = inquirerOf(index, at)
    return past[inquirer.random.weighted(ways)](inquirer, at)
  })
  const wanted = (Object.keys(goals) as Goal[]).flatMap((goal) =>
    Array.from({ length: goals[goal] }, () => goal),
  )
  const unfinished = wanted.map((goal, index) =>
    newest(inquirerOf(pastCount + index, span.end), goal, span.end),
  )
  return inOrder([...over, ...unfinished].flat().filter(({ at }) => at < span.end))
}
