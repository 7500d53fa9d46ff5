/** A log that is being made: acts judged by `decide`, and events entered as they are. */
import type { Actor, Role } from '../../../domain/authority.ts'
import { officialYears } from '../../../domain/calendar/officialCalendar.ts'
import { buildTimetable } from '../../../domain/calendar/workingTime.ts'
import { eventId, type StoredEvent } from '../../../domain/eventStore.ts'
import { type Instant, toEpoch, toInstant } from '../../../domain/instant.ts'
import type { Master } from '../../../domain/master.ts'
import { defaultPolicy } from '../../../domain/policy.ts'
import { Refusal } from '../../../domain/refusal.ts'
import type { SealedText } from '../../../domain/sealed.ts'
import type { Sealer } from '../../../domain/sealing.ts'
import type { TicketCommand, TicketCommandType } from '../../../domain/ticket/commands.ts'
import { decide } from '../../../domain/ticket/decide.ts'
import { type TicketEvent, ticketStream } from '../../../domain/ticket/events.ts'
import { evolve } from '../../../domain/ticket/evolve.ts'
import { followUpOf } from '../../../domain/ticket/followUps.ts'
import type { Ticket } from '../../../domain/ticket/state.ts'
import { createRandom } from '../../../src/demo/random.ts'

export const dealerCodes = ['D1', 'D2', 'D3', 'D4', 'D5', 'D6']
export const rboOf = (code: string) => (Number(code.slice(1)) % 2 === 0 ? 'EAST' : 'WEST')
const cn = buildTimetable({ opens: '09:00', closes: '18:00', years: officialYears() })

const masterWith = (responseMinutes: number): Master => ({
  policy: {
    version: responseMinutes,
    values: {
      ...defaultPolicy,
      responseMinutes: { dealer: responseMinutes, rbo: responseMinutes, se: 120, se_media: 120 },
    },
  },
  dealer: (code) => ({ code, name: code, rbo: rboOf(code), calendar: 'CN', active: true }),
  rbo: (code) => ({ code, name: code, calendar: 'CN' }),
  calendar: (id) => ({ id, version: 1, timetable: cn }),
})

const master = [masterWith(120), masterWith(60)] as const

/** A command as an act of a history has it: who gives it and when is added. */
export type GivenCommand = {
  [T in TicketCommandType]: Omit<Extract<TicketCommand, { type: T }>, 'now' | 'actor'>
}[TicketCommandType]

export const actorFor = (roles: Role[], more: Partial<Actor> = {}): Actor => ({
  id: `${roles[0]}-1`,
  roles,
  ...more,
})

export type Log = {
  seed: number
  sealing: Sealer
  random: ReturnType<typeof createRandom>
  events: StoredEvent[]
  tickets: Map<string, Ticket>
  now(): Instant
  advance(ms: number): void
  /** Commands so far. */
  count(): number
  /** A sealed text of the ticket's customer. */
  text(ticketNo: string): SealedText
  /** Gives a command and what follows from it on other tickets; a refusal leaves nothing. */
  give(ticketNo: string, asked: GivenCommand, more?: { actor?: Actor; causationId?: string }): void
  /** Enters events that nobody judges, after the version `after` of their stream. */
  enter(
    stream: string,
    entered: { type: string; data: unknown }[],
    after?: number,
    more?: { commandId?: string; causationId?: string },
  ): void
}

/** An empty log. */
export const createLog = (seed: number, sealing: Sealer, start: Instant): Log => {
  const random = createRandom(seed)
  const { chance } = random
  const events: StoredEvent[] = []
  const tickets = new Map<string, Ticket>()
  let now = toEpoch(start)
  let command = 0

  const uuid = () => {
    command += 1
    return `${command.toString(16).padStart(8, '0')}-0000-4000-8000-${seed.toString(16).padStart(9, '0').slice(-9)}000`
  }
  const text = (ticketNo: string): SealedText => sealing.seal(`s-${ticketNo}`, { note: `${command}` })

  const append = (ticketNo: string, made: TicketEvent[], causationId?: string): StoredEvent[] => {
    const commandId = uuid()
    const known = tickets.get(ticketNo) ?? null
    let version = known?.version ?? 0
    let state = known
    const stored = made.map((event, index): StoredEvent => {
      version += 1
      const metadata = {
        commandId,
        actor: { id: 'someone', role: 'csr' },
        correlationId: 'r',
        recordedAt: toInstant(now),
        ...(causationId === undefined ? {} : { causationId }),
        ...(chance(0.5) ? { requestDigest: `digest-${commandId}` } : {}),
      }
      state = evolve(state, event, metadata)
      const position = String(events.length + 1)
      const whole = {
        id: eventId(commandId, index),
        ...event,
        metadata,
        stream: ticketStream(ticketNo),
        version,
        position,
      }
      events.push(whole)
      return whole
    })
    if (state !== null) tickets.set(ticketNo, state)
    return stored
  }

  const give = (
    ticketNo: string,
    asked: GivenCommand,
    { actor = actorFor(['csr']), causationId }: { actor?: Actor; causationId?: string } = {},
  ): void => {
    const ticket = tickets.get(ticketNo) ?? null
    const recalculating = asked.type === 'Recalculate'
    let made: TicketEvent[]
    try {
      made = decide(ticket, { ...asked, now: toInstant(now), actor } as TicketCommand, {
        master: recalculating ? master[1] : master[0],
        now: toInstant(now),
      })
    } catch (error) {
      if (error instanceof Refusal) return
      throw error
    }
    for (const event of append(ticketNo, made, causationId)) {
      const next = followUpOf(ticketNo, event as unknown as TicketEvent)
      if (next === null || next.command.type === 'RegisterFromCallback') continue
      give(next.ticketNo, next.command, { causationId: event.id })
    }
  }

  const enter = (
    stream: string,
    entered: { type: string; data: unknown }[],
    after = 0,
    more: { commandId?: string; causationId?: string } = {},
  ): void => {
    for (const [index, event] of entered.entries()) {
      const metadata = {
        commandId: more.commandId ?? uuid(),
        actor: { id: 'hq', role: 'hq_sales' },
        correlationId: 'r',
        recordedAt: toInstant(now),
        ...(more.causationId !== undefined && { causationId: more.causationId }),
      }
      const position = String(events.length + 1)
      events.push({
        id: eventId(metadata.commandId, 0),
        ...event,
        metadata,
        stream,
        version: after + index + 1,
        position,
      })
    }
  }

  return {
    ...{ seed, sealing, random, events, tickets, text, give, enter },
    now: () => toInstant(now),
    advance: (ms) => {
      now += ms
    },
    count: () => command,
  }
}
