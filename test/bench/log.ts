/** A log of many tickets for the bench: seeded lives, every act judged by `decide`, in order of time. */

import { newCommandId } from '../../api/commandId.ts'
import type { Actor, Role } from '../../domain/authority.ts'
import { type EventStore, eventId } from '../../domain/eventStore.ts'
import { DAY, type Instant, toInstant } from '../../domain/instant.ts'
import type { Master } from '../../domain/master.ts'
import type { Sealing } from '../../domain/sealing.ts'
import type { TicketCommand } from '../../domain/ticket/commands.ts'
import { decide } from '../../domain/ticket/decide.ts'
import { type Registration, type TicketEvent, ticketStream } from '../../domain/ticket/events.ts'
import { evolve } from '../../domain/ticket/evolve.ts'
import type { Category } from '../../domain/ticket/routing.ts'
import { currentAssignment, type Ticket } from '../../domain/ticket/state.ts'
import { createHeap } from '../../src/demo/heap.ts'
import { createRandom, type Random } from '../../src/demo/random.ts'

export type Making = {
  store: EventStore
  sealing: Sealing
  subjects: { create(): string | Promise<string> }
  masterAt(instant: Instant): Master
  dealers: readonly string[]
  tickets: number
  from: Instant
  days: number
}

/** Appends that wait for one flush together. */
const atOnce = 1_000

const categories: Record<string, number> = {
  A4a: 30,
  A4b: 6,
  A4c: 10,
  A4d: 18,
  A4e: 16,
  A4f: 5,
  A4g: 8,
  A4z: 7,
}

type Step = (life: Life) => object
type Life = {
  ticketNo: string
  subjectId: string
  ticket: Ticket | null
  at: number
  steps: Step[]
  random: Random
}

const registration = (life: Life, making: Making, number: number): Registration => ({
  ticketNo: life.ticketNo,
  externalNo: null,
  subjectId: life.subjectId,
  channel: 'phone',
  source: null,
  category: life.random.weighted(categories) as Category,
  ordinal: 1,
  receivedAt: toInstant(life.at),
  flags: life.random.chance(0.03) ? ['agitated'] : [],
  dealer: life.random.pick(making.dealers),
  escalatedFrom: null,
  relatedTo: null,
  customer: making.sealing.seal(life.subjectId, {
    customer: { name: `客户${number}`, phone: `139${String(number).padStart(8, '0')}` },
    vehicle: { vin: `LSVBENCH${String(number).padStart(9, '0')}`, model: '明锐' },
  }),
  text: making.sealing.seal(life.subjectId, {
    content: '客户反映交车时间一再推迟，要求尽快交车并说明原因。',
  }),
})

/** What happens to a ticket, in order; most are answered and closed in time. */
const stepsOf = (making: Making, random: Random): Step[] => {
  const text = (life: Life) => making.sealing.seal(life.subjectId, { note: '已与客户沟通，正在处理。' })
  const call: Step = (life) => ({
    type: 'LogContact',
    subjectId: life.subjectId,
    channel: 'phone',
    flags: [],
    externalNo: null,
    source: null,
    dealer: null,
    receivedAt: null,
    occurredAt: null,
    customer: null,
    text: text(life),
  })
  const respond: Step = (life) => ({
    type: 'RecordResponse',
    method: 'phone',
    reached: true,
    promisedReplyAt: null,
    text: text(life),
  })
  const record: Step = (life) => ({ type: 'RecordWork', kind: 'investigation', text: text(life) })
  const close: Step = (life) => ({
    type: 'Close',
    rootCauseCode: null,
    measuresDoneAt: null,
    text: text(life),
  })
  const callback: Step = (life) => ({
    type: 'RecordCallback',
    outcome: 'satisfied',
    sameProblem: false,
    repeatExternalNo: null,
    occurredAt: null,
    text: text(life),
  })
  return [
    ...(random.chance(0.3) ? [call] : []),
    respond,
    record,
    ...(random.chance(0.2) ? [call] : []),
    record,
    close,
    callback,
  ]
}

const actorOf = (life: Life): Actor => {
  if (life.ticket === null) return { id: 'bench', roles: ['csr'] }
  const { tier, unit } = currentAssignment(life.ticket)
  return { id: 'bench', roles: ['csr', tier as Role], dealer: unit, rbo: unit }
}

/** Gives the life its next act; the append is under way when it returns. */
const act = (making: Making, life: Life, asked: object): Promise<unknown> => {
  const now = toInstant(life.at)
  const command = { ...asked, now, actor: actorOf(life) } as TicketCommand
  const made = decide(life.ticket, command, { master: making.masterAt(now), now })
  const commandId = newCommandId()
  const metadata = {
    commandId,
    actor: { id: 'bench', role: 'csr' },
    correlationId: commandId,
    recordedAt: now,
  }
  const version = life.ticket?.version ?? 0
  const events = made.map((event, index) => ({ ...event, id: eventId(commandId, index), metadata }))
  life.ticket = events.reduce<Ticket | null>(
    (ticket, event) => evolve(ticket, event as TicketEvent, metadata),
    life.ticket,
  )
  return making.store.append(ticketStream(life.ticketNo), version, events)
}

/** Writes the log. Lives overlap, so that tickets straddle whatever batches a reader makes. */
export const writeLog = async (making: Making): Promise<void> => {
  const { tickets, from, days } = making
  const random = createRandom('bench log')
  const alive = createHeap<Life>((a, b) => a.at < b.at)
  const start = Date.parse(from)
  let underWay: Promise<unknown>[] = []
  const settle = async (): Promise<void> => {
    await Promise.all(underWay)
    underWay = []
  }
  const actUntil = async (limit: number): Promise<void> => {
    for (let life = alive.peek(); life !== undefined && life.at < limit; life = alive.peek()) {
      alive.pop()
      underWay.push(act(making, life, (life.steps.shift() as Step)(life)))
      life.at += random.int(1, 40) * 3_600_000
      if (life.steps.length > 0) alive.push(life)
      if (underWay.length >= atOnce) await settle()
    }
  }
  for (let number = 0; number < tickets; number++) {
    const at = start + Math.floor((number / tickets) * days * DAY)
    await actUntil(at)
    const subjectId = await making.subjects.create()
    const life: Life = {
      ticketNo: `B-${number}`,
      subjectId,
      ticket: null,
      at,
      steps: stepsOf(making, random),
      random,
    }
    underWay.push(act(making, life, { type: 'Register', registration: registration(life, making, number) }))
    life.at += random.int(5, 240) * 60_000
    alive.push(life)
  }
  await actUntil(Number.POSITIVE_INFINITY)
  await settle()
}
