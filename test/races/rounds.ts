/** Rounds of two acts at once, held against the two orders in which they could have been done. */
import { setTimeout as sleep } from 'node:timers/promises'
import { createRandom, type Random } from '../../src/demo/random.ts'
import type { Answer } from '../support/service.ts'
import {
  isOnTwo,
  type Kind,
  kindNames,
  type NodeNumber,
  type Nodes,
  outcomeOf,
  perform,
  prepare,
  type RacedAct,
  type Situation,
  situationNames,
  tick,
  ticketsOf,
  wrongWith,
} from './world.ts'

export type Round = { situation: Situation; first: RacedAct; second: RacedAct; delayMs: number }

const places: readonly NodeNumber[] = [0, 1, 2]
const pairs = places.flatMap((on) => places.filter((other) => other !== on).map((other) => ({ on, other })))

/** The ways of putting the second act on the tickets of the first, and beside them. */
const placings = (kind: Kind): { on: NodeNumber; other: NodeNumber }[] =>
  isOnTwo(kind) ? pairs : places.map((on) => ({ on, other: on }))

/** Every ordered pair of acts, over two and three tickets, in every situation. */
export const allPairs = (): Omit<Round, 'delayMs'>[] =>
  situationNames.flatMap((situation) =>
    kindNames.flatMap((first) =>
      kindNames.flatMap((second) =>
        placings(first).flatMap((one) =>
          placings(second).map((two) => ({
            situation,
            first: { kind: first, ...one },
            second: { kind: second, ...two },
          })),
        ),
      ),
    ),
  )

const shuffled = <T>(list: readonly T[], random: Random): T[] =>
  list
    .map((each) => ({ each, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ each }) => each)

/**
 * So many rounds by chance, each ordered pair of kinds before any comes again; those that can contradict each other come
 * more often.
 */
export const chooseRounds = (count: number, random: Random): Round[] => {
  const byKinds = Map.groupBy(allPairs(), ({ first, second }) => `${first.kind} ${second.kind}`)
  const kinds = [...byKinds.keys()]
  const heavy = kinds.filter((each) => each.split(' ').some((kind) => isOnTwo(kind as Kind)))
  const order = [...shuffled(kinds, random), ...shuffled(heavy, random)]
  return Array.from({ length: count }, (_, index) => {
    const candidates = byKinds.get(order[index % order.length] as string) as Omit<Round, 'delayMs'>[]
    return { ...random.pick(candidates), delayMs: random.int(0, 8) }
  })
}

const describeRound = ({ situation, first, second, delayMs }: Round): string => {
  const say = ({ kind, on, other }: RacedAct) => (isOnTwo(kind) ? `${kind} ${on}→${other}` : `${kind} ${on}`)
  return `${situation}: ${say(first)} | ${say(second)} after ${delayMs} ms`
}

/** Both acts one after the other, in both orders. Answers stand in the order of the round. */
const expectedOf = async (nodes: Nodes, { situation, first, second }: Round): Promise<string[]> => {
  const outcomes: string[] = []
  for (const isReversed of [false, true]) {
    const { trio, phone } = await prepare(nodes, situation)
    const [node] = nodes
    const acts = isReversed ? [second, first] : [first, second]
    const answers: Answer[] = []
    for (const act of acts) answers.push(await perform(node, act, trio, phone))
    if (isReversed) answers.reverse()
    outcomes.push(outcomeOf(await ticketsOf(node, trio, answers), trio, answers))
  }
  return outcomes
}

const sameNodeSees = async (nodes: Nodes): Promise<void> => {
  const [one, other] = nodes
  if (one === other) return
  const head = await one.deps.store.head()
  if (head !== null) for (const { deps } of nodes) await deps.views.reached(head, 5_000)
}

/** What was wrong with a round; nothing where all was well. */
const runRound = async (nodes: Nodes, round: Round): Promise<string[]> => {
  const [a, b] = nodes
  const expected = await expectedOf(nodes, round)
  const { trio, phone } = await prepare(nodes, round.situation)
  await sameNodeSees(nodes)
  const answers = await Promise.all([
    perform(a, round.first, trio, phone),
    sleep(round.delayMs).then(() => perform(b, round.second, trio, phone)),
  ])
  await sameNodeSees(nodes)
  const tickets = await ticketsOf(a, trio, answers)
  const outcome = outcomeOf(tickets, trio, answers)
  // a complaint in the instant of a closing is stamped a millisecond later, where a clock that stands is not yet
  tick(nodes)
  const wrong = await wrongWith(b, tickets)
  if (!expected.includes(outcome))
    wrong.push(`came to ${outcome}\n  one after the other ${expected.join('\n  or ')}`)
  return wrong.map((each) => `${describeRound(round)}: ${each}`)
}

export type Result = { rounds: number; pairs: number; wrong: string[] }

/** Runs the rounds, several at a time; ends early after `seconds`. */
export const runRounds = async (
  nodes: Nodes,
  { rounds, seconds, atOnce }: { rounds: readonly Round[]; seconds: number; atOnce: number },
): Promise<Result> => {
  const until = performance.now() + seconds * 1_000
  const wrong: string[] = []
  const kinds = new Set<string>()
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < rounds.length && performance.now() < until && wrong.length < 20) {
      const round = rounds[next] as Round
      next += 1
      kinds.add(`${round.first.kind} ${round.second.kind}`)
      wrong.push(...(await runRound(nodes, round)))
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return { rounds: next, pairs: kinds.size, wrong }
}

/** `RACES_ROUNDS`, `RACES_SECONDS` and `RACES_SEED` for longer runs, and others. */
export const askedFor = (rounds: number, seconds: number) => {
  const { RACES_ROUNDS = rounds, RACES_SECONDS = seconds, RACES_SEED = 1 } = process.env
  const random = createRandom(String(RACES_SEED))
  return { rounds: chooseRounds(Number(RACES_ROUNDS), random), seconds: Number(RACES_SECONDS) }
}
