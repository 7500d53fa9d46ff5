/** Gives tickets their commands, as the service would, and collects the appends that come of it. */
import { commandIdOf } from '../../../api/commands/commandId.ts'
import type { Actor } from '../../../domain/authority.ts'
import { eventId, type Metadata, type NewEvent } from '../../../domain/eventStore.ts'
import { toInstant } from '../../../domain/instant.ts'
import type { Master } from '../../../domain/master.ts'
import { authorise } from '../../../domain/ticket/commandRules.ts'
import type { TicketCommand, TicketCommandType } from '../../../domain/ticket/commands.ts'
import { decide } from '../../../domain/ticket/decide.ts'
import { type TicketEvent, type TicketNo, ticketStream } from '../../../domain/ticket/events.ts'
import { evolve } from '../../../domain/ticket/evolve.ts'
import type { Ticket } from '../../../domain/ticket/state.ts'
import type { Random } from '../../../src/demo/random.ts'

export type Append = { stream: string; version: number; events: NewEvent[] }

type CommandData<C> = C extends TicketCommand ? Omit<C, 'now' | 'actor'> : never
/** A command without who and when. */
export type BenchCommand = CommandData<TicketCommand>
export type BenchCommandOf<T extends TicketCommandType> = Extract<BenchCommand, { type: T }>

/** When and by whom, and the event of another ticket that made it necessary. */
export type Occasion = { at: number; actor: Actor; commandId: string; causationId?: string }

/** What a command came to; `first` is the id of its first event. */
export type RecordedTicket = { ticket: Ticket; first: string }

const hex = (value: number, places: number): string => value.toString(16).padStart(places, '0')

/** A command id as the service makes them at that time, by the seed's chance; `share` makes it none of another log's. */
export const commandIdAt = (at: number, { random, share }: { random: Random; share: number }): string => {
  const time = hex(at, 12)
  const variant = hex(0x8000 | random.int(0, 0x3fff), 4)
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(random.int(0, 0xfff), 3)}-${variant}-${hex(random.int(0, 2 ** 32 - 1), 8)}${hex(share, 1)}000`
}

/** The second half of an act on two tickets, as the service would do it. */
export const following = (occasion: Occasion, ticketNo: TicketNo, causationId: string): Occasion => ({
  ...occasion,
  commandId: commandIdOf(occasion.commandId, ticketStream(ticketNo)),
  causationId,
})

/** `append` gets what each command came to; master data is one for the whole log. @throws Refusal from the domain */
export const createRecorder =
  (master: Master, append: (made: Append) => void) =>
  (ticketNo: TicketNo, ticket: Ticket | null, asked: BenchCommand, occasion: Occasion): RecordedTicket => {
    const { at, actor, commandId, causationId } = occasion
    const now = toInstant(at)
    const command = { ...asked, now, actor } as TicketCommand
    const role = authorise(ticket, command)
    const metadata: Metadata = {
      commandId,
      actor: { id: actor.id, role },
      correlationId: commandId,
      recordedAt: now,
      ...(causationId !== undefined && { causationId }),
    }
    const events = decide(ticket, command, { master, now })
    const version = ticket?.version ?? 0
    append({
      stream: ticketStream(ticketNo),
      version,
      events: events.map((event, index) => ({ ...event, id: eventId(commandId, index), metadata })),
    })
    const after = events.reduce<Ticket | null>(
      (state, event: TicketEvent) => evolve(state, event, metadata),
      ticket,
    )
    return { ticket: after as Ticket, first: eventId(commandId, 0) }
  }
export type Recorder = ReturnType<typeof createRecorder>
