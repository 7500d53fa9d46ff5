/** Three tickets in some situation, the acts on them, and what became of both: for tests of acts at once. */
import type { ActName } from '../../api/commands/tickets/ticketCommands.ts'
import type { StoredEvent } from '../../domain/eventStore.ts'
import { type TicketEvent, type TicketNo, ticketStream } from '../../domain/ticket/events.ts'
import { fold } from '../../domain/ticket/evolve.ts'
import { violationsOf } from '../../domain/ticket/invariants.ts'
import type { Ticket } from '../../domain/ticket/state.ts'
import { csr, one, sa, system } from '../support/scenario.ts'
import type { Answer, Json, TestService, Who } from '../support/service.ts'

/** The three tickets, by place. */
export type Trio = [TicketNo, TicketNo, TicketNo]
export type NodeNumber = 0 | 1 | 2

/** An act with the places of its tickets: the path's, and where it has one the body's. */
export type RacedAct = { kind: Kind; on: NodeNumber; other: NodeNumber }

const holder: Who = {
  roles: ['dealer', 'rbo', 'se', 'sa'],
  dealer: 'D001',
  rbo: 'EAST',
  sub: 'whoever holds it',
}
const reason = '按规定处理'

type CommandInputs = { trio: Trio; on: TicketNo; other: TicketNo; phone: string }
type Call = { who: Who; path: string; body: Json }

const onTicket =
  (who: Who, act: string, body: (making: CommandInputs) => Json = () => ({ reason })) =>
  (making: CommandInputs): Call => ({ who, path: `tickets/${making.on}/${act}`, body: body(making) })

const complaint = (phone: string, sameProblemAs: string) => ({
  channel: 'phone',
  category: 'A4a',
  dealerCode: 'D001',
  customer: { name: '王小明', phone },
  content: '仍未解决',
  sameProblemAs,
})

/** Two nodes, or the same twice. */
export type Nodes = readonly [TestService, TestService]

/**
 * Every act that a ticket, or what another relies on, can change by. A new act does not compile until it is here; left out
 * are those that only a B ticket takes, which none of the three is.
 */
export const kinds = {
  'duplicate-of': onTicket(sa, 'duplicate-of', ({ other }) => ({ ticketNo: other, reason })),
  'repeat-link': onTicket(csr, 'repeat-link', ({ other }) => ({ ticketNo: other, reason })),
  'repeat-unlink': onTicket(csr, 'repeat-unlink', ({ other }) => ({ ticketNo: other, reason })),
  'duplicate-undo': onTicket(sa, 'duplicate-undo'),
  rescind: onTicket(sa, 'rescind'),
  contacts: onTicket(csr, 'contacts', () => ({ channel: 'phone', content: '再次来电' })),
  redispatch: onTicket(csr, 'redispatch', () => ({ tier: 'se', reason })),
  reclassify: onTicket(sa, 'reclassify', () => ({ category: 'A4d', reason })),
  responses: onTicket(holder, 'responses', () => ({ method: 'phone', reached: true, note: '已联系' })),
  records: onTicket(holder, 'records', () => ({ kind: 'investigation', note: '已核实' })),
  close: onTicket(holder, 'close', () => ({ result: '属实', measures: '已道歉' })),
  callbacks: onTicket(csr, 'callbacks', () => ({ outcome: 'satisfied' })),
  'callback-repeat': onTicket(csr, 'callbacks', () => ({
    outcome: 'dissatisfied',
    sameProblem: true,
    note: '仍未解决',
  })),
  'complaint-named': ({ on, phone }: CommandInputs): Call => ({
    who: csr,
    path: 'complaints',
    body: complaint(phone, on),
  }),
  'complaint-auto': ({ phone }: CommandInputs): Call => ({
    who: csr,
    path: 'complaints',
    body: complaint(phone, 'auto'),
  }),
  weight: onTicket(csr, 'weight', () => ({ severity: 'high', safety: true, reason })),
  correct: onTicket(csr, 'correct', () => ({ customer: { phone: '13700000000' }, reason })),
  claim: onTicket(holder, 'claim', () => ({})),
  'claim-for-another': onTicket(holder, 'claim', () => ({ assignee: 'a colleague' })),
  release: onTicket(holder, 'release', () => ({})),
  warnings: onTicket(one('csr'), 'warnings', () => ({ code: 'W3', reason })),
  recalculate: onTicket(sa, 'recalculate'),
} satisfies Record<Exclude<ActName, 'responsible-dealer' | 'convert-to-c'>, (making: CommandInputs) => Call> &
  Record<string, (making: CommandInputs) => Call>
export type Kind = keyof typeof kinds
export const kindNames = Object.keys(kinds) as Kind[]

const onTwo: readonly Kind[] = ['duplicate-of', 'repeat-link', 'repeat-unlink']
export const isOnTwo = (kind: Kind): boolean => onTwo.includes(kind)

/** What the three tickets are before the acts: states by place, and what was done to them. */
export const situations = {
  'completed, in progress, in progress': ['completed', 'in_progress', 'in_progress'],
  'completed, completed, in progress': ['completed', 'completed', 'in_progress'],
  'all open': ['in_progress', 'unhandled', 'in_progress'],
  'all completed': ['completed', 'completed', 'completed'],
  'the second is the repeat of the first': ['completed', 'in_progress', 'in_progress', 'link'],
  'a chain of three': ['completed', 'in_progress', 'in_progress', 'chain'],
  'the first is a duplicate of the second': ['in_progress', 'in_progress', 'in_progress', 'duplicate'],
  'the completed first is a duplicate of the second': [
    'completed',
    'in_progress',
    'in_progress',
    'duplicate',
  ],
} as const
export type Situation = keyof typeof situations
export const situationNames = Object.keys(situations) as Situation[]

/** A node as a caller: fails where an answer is none a caller may get. */
const send = async (node: TestService, { who, path, body }: Call): Promise<Answer> => {
  const answer = await node.call(who, 'POST', `/v1/${path}`, { body })
  if (answer.status >= 500) throw new Error(`${path} answered ${answer.status} ${answer.text}`)
  return answer
}

const must = async (node: TestService, call: Call): Promise<Json> => {
  const answer = await send(node, call)
  if (answer.status >= 300) throw new Error(`${call.path} answered ${answer.status} ${answer.text}`)
  return answer.body
}

const close = async (node: TestService, ticketNo: TicketNo): Promise<void> => {
  await must(node, kinds.close({ on: ticketNo } as CommandInputs))
}

let customers = 0
/** A second later, on every node: nothing is then a matter of the order within one instant. */
export const tick = (nodes: Nodes): void => {
  const next = new Date(Date.parse(nodes[0].deps.now()) + 1_000).toISOString()
  for (const node of nodes) node.setClock(next)
}

/** Makes three tickets of one customer, said to be three problems, and brings them into the situation. */
export const prepare = async (nodes: Nodes, situation: Situation): Promise<{ trio: Trio; phone: string }> => {
  const [node] = nodes
  customers += 1
  const phone = `139${String(customers).padStart(8, '0')}`
  const [first, second, third, then] = situations[situation]
  const trio: TicketNo[] = []
  for (const state of [first, second, third]) {
    const body = { ...complaint(phone, 'auto'), sameProblemAs: null }
    const { ticketNo } = await must(node, { who: system, path: 'complaints', body })
    trio.push(ticketNo)
    const making = { on: ticketNo } as CommandInputs
    if (state !== 'unhandled') await must(node, kinds.responses(making))
    if (state === 'completed') await close(node, ticketNo)
    tick(nodes)
  }
  const [one, two] = trio as Trio
  const doing = (kind: Kind, on: TicketNo, other: TicketNo) =>
    must(node, kinds[kind]({ trio: trio as Trio, on, other, phone }))
  if (then === 'link' || then === 'chain') await doing('repeat-link', one, two)
  if (then === 'chain') {
    await doing('responses', two, one)
    await close(node, two)
    tick(nodes)
    const body = complaint(phone, two)
    trio[2] = (await must(node, { who: csr, path: 'complaints', body })).ticketNo
    tick(nodes)
  }
  if (then === 'duplicate') await doing('duplicate-of', one, two)
  return { trio: trio as Trio, phone }
}

/** Does an act through one of the nodes. */
export const perform = (
  node: TestService,
  { kind, on, other }: RacedAct,
  trio: Trio,
  phone: string,
): Promise<Answer> => send(node, kinds[kind]({ trio, on: trio[on], other: trio[other], phone }))

const readTicket = async (node: TestService, ticketNo: TicketNo): Promise<Ticket | null> =>
  fold((await node.deps.store.readStream(ticketStream(ticketNo))) as StoredEvent<TicketEvent>[])

/** The tickets of a trio, and all that have come to them. */
export const ticketsOf = async (
  node: TestService,
  trio: Trio,
  answers: Answer[],
): Promise<Map<TicketNo, Ticket>> => {
  const tickets = new Map<TicketNo, Ticket>()
  const created = answers.flatMap(({ body }) => [body?.ticketNo, body?.repeat?.ticketNo])
  const asked = [...trio, ...created].filter((each): each is string => typeof each === 'string')
  for (let next = asked.shift(); next !== undefined; next = asked.shift()) {
    if (tickets.has(next)) continue
    const ticket = await readTicket(node, next)
    if (ticket === null) continue
    tickets.set(next, ticket)
    const { escalatedFrom, escalatedTo, relatedTo, duplicateOf, absorbed } = ticket
    for (const each of [
      escalatedFrom,
      escalatedTo,
      relatedTo,
      duplicateOf,
      ...absorbed.map((one) => one.duplicate),
    ])
      if (each !== null) asked.push(each)
  }
  return tickets
}

/** What of an outcome must be the same as in one of the two orders: numbers are told by place. */
export const outcomeOf = (tickets: Map<TicketNo, Ticket>, trio: Trio, answers: Answer[]): string => {
  const names = new Map<string, string>(trio.map((ticketNo, place) => [ticketNo, `T${place}`]))
  for (const ticketNo of tickets.keys()) if (!names.has(ticketNo)) names.set(ticketNo, `N${names.size}`)
  const name = (ticketNo: TicketNo | null) => (ticketNo === null ? null : (names.get(ticketNo) ?? '?'))
  const states = [...tickets.values()].map((ticket) => ({
    name: name(ticket.ticketNo),
    state: ticket.state,
    category: ticket.category,
    ordinal: ticket.ordinal,
    calls: ticket.calls,
    holder: ticket.assignments.at(-1)?.tier,
    assignments: ticket.assignments.length,
    assignee: ticket.assignee,
    severity: ticket.severity,
    safety: ticket.safety,
    from: name(ticket.escalatedFrom),
    to: name(ticket.escalatedTo),
    firstTimeFailed: ticket.repeatLinkedAt !== null,
    related: name(ticket.relatedTo),
    duplicateOf: name(ticket.duplicateOf),
    absorbed: ticket.absorbed.map(({ duplicate, calls }) => `${name(duplicate)} ${calls}`).sort(),
    callbacks: ticket.callbacks.map(({ outcome }) => outcome).sort(),
    warnings: ticket.warnings.map(({ code, assignment }) => `${code} ${assignment}`).sort(),
  }))
  const said = answers.map(({ status, body }) => [
    status,
    status >= 300 ? body.code : (body.outcome ?? body.repeat?.outcome ?? null),
  ])
  return JSON.stringify({ said, states })
}

/** What does not hold: invariants, pending second halves, and what a node answers against the log. */
export const wrongWith = async (node: TestService, tickets: Map<TicketNo, Ticket>): Promise<string[]> => {
  const wrong = [...tickets.values()].flatMap((ticket) =>
    violationsOf(ticket, (ticketNo) => tickets.get(ticketNo) ?? null).map(
      ({ code, ticketNo, other }) => `${code} ${ticketNo} ${other}`,
    ),
  )
  const streams = new Set([...tickets.keys()].map(ticketStream))
  for (const { stream, eventId } of node.deps.views.followUps.open())
    if (streams.has(stream)) wrong.push(`pending ${stream} ${eventId}`)
  for (const ticket of tickets.values()) {
    const { body } = await node.call(sa, 'GET', `/v1/tickets/${ticket.ticketNo}`)
    const { state, calls, escalatedTo, escalatedFrom, duplicateOf, assignee } = body
    const [asRow, asFolded] = [
      [state, calls, escalatedTo, escalatedFrom, duplicateOf, assignee],
      [
        ticket.state,
        ticket.calls,
        ticket.escalatedTo,
        ticket.escalatedFrom,
        ticket.duplicateOf,
        ticket.assignee,
      ],
    ].map((each) => JSON.stringify(each))
    if (asRow !== asFolded) wrong.push(`the view has ${asRow}, the log ${asFolded}`)
    const over = ticket.state === 'rescinded' || ticket.state === 'duplicate'
    const failed = over ? null : ticket.escalatedTo !== null
    if (over ? body.measures.firstTime !== null : (body.measures.firstTime === 'failed') !== failed)
      wrong.push(`first time of ${ticket.ticketNo} is ${body.measures.firstTime}`)
  }
  return wrong
}
