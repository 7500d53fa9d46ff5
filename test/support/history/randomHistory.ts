/** Random lives of tickets, each act judged by `decide`: a log as the service would have written it. */
import { commandIdOf } from '../../../api/commands/commandId.ts'
import { eventId, type StoredEvent } from '../../../domain/eventStore.ts'
import type { Instant } from '../../../domain/instant.ts'
import type { Sealer } from '../../../domain/sealing.ts'
import type { Ticket } from '../../../domain/ticket/state.ts'
import { completedActs } from './completedActs.ts'
import { deskSteps, endsAnAct } from './desk.ts'
import { createLog } from './log.ts'
import { openActs } from './openActs.ts'
import { createRegistrations } from './registrations.ts'
import { enterSurroundings, settling } from './surroundings.ts'

export type HistoryOptions = {
  seed: number
  /** Acts tried; some are refused and leave nothing. */
  acts: number
  sealing: Sealer
  start?: Instant
  /** Mean pause between acts. */
  stepMs?: number
  /** Open tickets above which nothing is registered. */
  mostOpen?: number
}

/** The log of `acts` random acts; the same seed gives the same log. */
export const randomHistory = (
  options: HistoryOptions,
): { events: StoredEvent[]; tickets: Map<string, Ticket> } => {
  const { seed, acts, sealing, mostOpen = 40, stepMs = 20 * 60_000 } = options
  const log = createLog(seed, sealing, options.start ?? '2026-03-02T01:00:00.000Z')
  const {
    events,
    tickets,
    enter,
    give,
    text,
    random: { next: random, pick, chance },
  } = log
  const registration = createRegistrations(log)
  const onOpen = openActs(log)
  const onCompleted = completedActs(log, registration)
  const list = () => [...tickets.values()]
  const register = (): void => {
    const made = registration({})
    give(made.ticketNo, { type: 'Register', registration: made })
  }
  enterSurroundings(log)
  let facts = 0
  /** As if the timer found the response of a ticket due. */
  const passDue = ({ ticketNo, assignments }: Ticket): void => {
    const { startedAt, clocks, unit } = assignments[0]
    const due = { ticketNo, subject: ticketNo, startedAt, dueAt: clocks.responseDueAt, unit }
    enter('dues-2026-01', [{ type: 'DuePassed', data: { ...due, clock: 'response' } }], facts)
    facts += 1
  }
  const desk = deskSteps(sealing)
  /** With ids of its own, so that what happens to tickets stays as it was. */
  const enterDesk = (): void => {
    const step = desk.shift()
    if (step === undefined) return
    const { stream, version, event } = step
    const commandId = commandIdOf('desk', stream, String(version))
    const first = commandIdOf('desk', stream, String(version - 1))
    enter(stream, [event], version - 1, {
      commandId,
      ...(endsAnAct(event.type) && { causationId: eventId(first, 0) }),
    })
  }
  for (let act = 0; act < acts; act++) {
    if (act % 10 === 0) enterDesk()
    // as if the quarter were settled while it goes on, so that what comes later has much to change
    const settled = settling.findIndex((_, index) => act === Math.floor(((index + 1) * acts) / 4))
    if (settled >= 0) enter('assessment-2026Q1', [settling[settled]!], settled)
    if (!chance(0.1)) log.advance(Math.floor(random() * 2 * stepMs))
    const all = list()
    const open = all.filter((ticket) => ticket.state === 'unhandled' || ticket.state === 'in_progress')
    const done = all.filter((ticket) => ticket.state === 'completed')
    if (open.length > 0 && chance(0.05)) passDue(pick(open))
    const duplicates = all.filter((ticket) => ticket.state === 'duplicate')
    if (duplicates.length > 0 && chance(0.005)) {
      const { ticketNo } = pick(duplicates.slice(-5))
      give(ticketNo, { type: 'UndoDuplicate', text: text(ticketNo), counted: null })
    } else if (open.length === 0 || (open.length < mostOpen && chance(0.2))) register()
    else if (done.length > 0 && chance(0.15)) pick(onCompleted)(pick(done.slice(-15)))
    else pick(onOpen)(pick(open.slice(0, 15)))
  }
  return { events, tickets }
}
