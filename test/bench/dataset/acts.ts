/** What happens to a ticket of the bench's log: each act gives it one command, by people who may. */
import type { Actor } from '../../../domain/authority.ts'
import type { Flag, HolderTier, RecordKind } from '../../../domain/codes.ts'
import { MINUTE, toInstant } from '../../../domain/instant.ts'
import { fill } from '../../../domain/refusal.ts'
import type { SealedText } from '../../../domain/sealed.ts'
import type { Category } from '../../../domain/ticket/routing.ts'
import {
  callsOfDuplicate,
  currentAssignment,
  currentResponsibility,
  type Warning,
} from '../../../domain/ticket/state.ts'
import { colours, subjects } from '../../../src/demo/data/complaints.ts'
import * as words from '../../../src/demo/data/handling.ts'
import { someDealer } from './network.ts'
import { agent, head, holderOf, oneOf, supervisor } from './people.ts'
import { type BenchCommand, commandIdAt, following, type Occasion } from './recorder.ts'
import type { Act, Life, World } from './world.ts'

export const flagsOf = ({ random }: World, chance: number): Flag[] =>
  random.chance(chance) ? [random.weighted(words.flagWeights)] : []

/** One of the sentences, its places filled. */
export const say = (
  { random }: World,
  { person, dealer }: Life['who'],
  sentences: readonly string[],
): string =>
  fill(random.pick(sentences), {
    name: person.customer.name,
    dealer: dealer.name,
    model: person.model,
    consultant: '顾问',
    colour: random.pick(colours),
    days: random.int(3, 45),
    yuan: random.int(3, 60) * 500,
    km: random.int(20, 3_000),
  })

const noted = (world: World, life: Life, sentences: readonly string[], field = 'note'): SealedText =>
  world.seal(life.subjectId, { [field]: say(world, life.who, sentences) })

export const occasionOf = (world: World, life: { at: number }, actor: Actor): Occasion => ({
  at: life.at,
  actor,
  commandId: commandIdAt(life.at, world),
})

const give = (world: World, life: Life, actor: Actor, asked: BenchCommand): void => {
  const { ticket } = world.record(life.ticketNo, life.ticket, asked, occasionOf(world, life, actor))
  life.ticket = ticket
}

export const contact: Act = (world, life) => {
  const [flag] = flagsOf(world, 0.12)
  const sentences = flag === undefined ? words.followUps : words.flagged[flag]
  give(world, life, agent(world), {
    type: 'LogContact',
    subjectId: life.subjectId,
    channel: world.random.weighted({ phone: 88, web: 6, email: 4, visit: 2 }),
    flags: flag === undefined ? [] : [flag],
    externalNo: null,
    source: null,
    dealer: null,
    receivedAt: null,
    occurredAt: null,
    customer: null,
    text: noted(world, life, sentences, 'content'),
  })
}

const respondAs = (world: World, life: Life, actor: Actor): void => {
  const reached = world.random.chance(0.87)
  give(world, life, actor, {
    type: 'RecordResponse',
    method: world.random.weighted({ phone: 84, message: 9, visit: 5, email: 2 }),
    reached,
    promisedReplyAt: null,
    text: noted(world, life, words.responses[reached ? 'reached' : 'unreached']),
  })
}
export const respond: Act = (world, life) => respondAs(world, life, holderOf(life))

const kinds: Partial<Record<RecordKind, number>> = {
  investigation: 30,
  plan_proposed: 25,
  plan_agreed: 18,
  plan_declined: 5,
  measure: 18,
  gm_informed: 4,
  written_report: 4,
  consumer_informed: 8,
}
export const record: Act = (world, life) => {
  const kind = world.random.weighted(kinds)
  give(world, life, holderOf(life), {
    type: 'RecordWork',
    kind,
    text: noted(world, life, words.records[kind]),
  })
}

export const close: Act = (world, life) => {
  const { random } = world
  const { category } = life.ticket
  const { rootCauses, causes } = subjects[category === 'C4' ? 'B4' : category]
  const text = world.seal(life.subjectId, {
    result: say(world, life.who, words.results),
    measures: say(world, life.who, words.measures),
    rootCause: random.pick(causes),
    ...(random.chance(0.7) && { customerFeedback: random.pick(words.customerFeedbacks) }),
  })
  const measuresDoneAt = toInstant(life.at - random.int(1, 20) * MINUTE)
  const rootCauseCode = random.pick(rootCauses)
  give(world, life, holderOf(life), { type: 'Close', rootCauseCode, measuresDoneAt, text })
}

export const callBack: Act = (world, life) => {
  const outcome = world.random.weighted({ satisfied: 74, dissatisfied: 7, unreachable: 13, declined: 6 })
  const note = world.random.pick<string | null>(words.callbacks[outcome])
  const text = world.seal(life.subjectId, { note })
  const unasked = { sameProblem: false, repeatExternalNo: null, occurredAt: null }
  give(world, life, agent(world), { type: 'RecordCallback', outcome, ...unasked, text })
}

/** On to the next tier, or from one dealer to another; what is there already stays. */
export const redispatch: Act = (world, life) => {
  const { tier, unit } = currentAssignment(life.ticket)
  if (life.ticket.level !== 'A' || tier === 'se') return
  const dealer = someDealer(world.random)
  const toDealer = tier === 'dealer' && dealer.code !== unit && world.random.chance(0.5)
  const to = toDealer ? { dealerCode: dealer.code } : ({ tier: tier === 'dealer' ? 'rbo' : 'se' } as const)
  const text = noted(world, life, words.reasons[toDealer ? 'misrouted' : 'late'], 'reason')
  give(world, life, agent(world), { type: 'Redispatch', to, misrouted: toDealer, text })
}

const others: readonly Category[] = ['A4a', 'A4d', 'A4e', 'A4c', 'A4z', 'B4']
export const reclassify: Act = (world, life) => {
  const category = world.random.pick(others)
  if (life.ticket.level !== 'A' || category === life.ticket.category) return
  const text = noted(world, life, words.reasons.reclassified, 'reason')
  const asked = { category, source: null, dealerCode: null, text }
  give(world, life, agent(world), { type: 'Reclassify', ...asked })
}

/** Not of a repeat, whose earlier ticket would have to take the link back, nor of the survivor of a duplicate. */
export const rescind: Act = (world, life) => {
  if (life.ticket.escalatedFrom !== null || life.ticket.absorbed.length > 0) return
  give(world, life, supervisor, {
    type: 'Rescind',
    text: noted(world, life, words.reasons.rescinded, 'reason'),
  })
}

/** The dealer a B ticket counts for is named, and answers. */
export const nameResponsible: Act = (world, life) => {
  if (life.ticket.level !== 'B') return
  give(world, life, oneOf('se_media', 'SE_MEDIA'), {
    type: 'NameResponsibleDealer',
    dealerCode: life.who.dealer.code,
  })
}
export const respondResponsible: Act = (world, life) => {
  const turn = currentResponsibility(life.ticket)
  if (turn !== null) respondAs(world, life, oneOf('dealer', turn.unit))
}
export const convert: Act = (world, life) => {
  if (life.ticket.level !== 'B') return
  give(world, life, head, { type: 'ConvertToC', text: noted(world, life, words.reasons.converted, 'reason') })
}

/** The oldest warning nobody has resolved yet. */
export const openWarning = (life: Life): Warning | undefined =>
  life.ticket.warnings.find(({ resolvedAt }) => resolvedAt === null)

/** The unit a warning was sent to says that it has seen it, then what it did. */
export const attend: Act = (world, life) => {
  const warning = openWarning(life)
  if (warning === undefined) return
  const { warningId, code, sentTo, acknowledgedAt } = warning
  const recipient = sentTo.tier === 'sa' ? head : oneOf(sentTo.tier as HolderTier, sentTo.unit)
  if (acknowledgedAt === null)
    give(world, life, recipient, { type: 'AcknowledgeWarning', warningId, text: null })
  else {
    const text = noted(world, life, words.warningNotes[code], 'result')
    give(world, life, recipient, { type: 'ResolveWarning', warningId, text })
  }
}

/** The same complaint came in twice, and the second ticket gives way to this one. */
export const absorb: Act = (world, life) => {
  const twin = life.twin
  if (twin === null) return
  life.twin = null
  const occasion = occasionOf(world, life, supervisor)
  const text = noted(world, life, words.reasons.duplicate, 'reason')
  const mark = { type: 'MarkDuplicate', survivor: life.ticket, text } as const
  const { first } = world.record(twin.ticketNo, twin.ticket, mark, occasion)
  const calls = callsOfDuplicate(twin.ticket)
  const asked = { type: 'AbsorbDuplicate', duplicate: twin.ticketNo, calls, text } as const
  life.ticket = world.record(
    life.ticketNo,
    life.ticket,
    asked,
    following(occasion, life.ticketNo, first),
  ).ticket
}
