/** What the table of acts on a ticket is made of: one entry an act. */
import type { z } from 'zod'
import type { Action, Actor } from '../../../domain/authority.ts'
import type { Instant } from '../../../domain/instant.ts'
import type { SealedText } from '../../../domain/sealed.ts'
import type { TicketCommand } from '../../../domain/ticket/commands.ts'
import type { TicketNo } from '../../../domain/ticket/events.ts'
import type { Person } from '../../../domain/ticket/person.ts'
import type { Ticket } from '../../../domain/ticket/state.ts'
import type { Text } from './personal.ts'

/** What a command is made from beside its body. */
export type CommandInputs = {
  ticket: Ticket
  now: Instant
  actor: Actor
  seal(text: Text): SealedText
  sealPerson(person: Person): SealedText
  /** The ticket's customer and vehicle. @throws Refusal `subject_erased`, `customer_unreadable` */
  person(): Person
  read(ticketNo: TicketNo): Promise<Ticket>
  /** As `read`; `null`: there is no such ticket. */
  find(ticketNo: TicketNo): Promise<Ticket | null>
}
type CommandWithoutActor<C = TicketCommand> = C extends TicketCommand ? Omit<C, 'now' | 'actor'> : never

export type ActEntry<Body> = {
  /** What it is in the table of rulebook §2. */
  action: Action
  /** The schema of its body. */
  body: z.ZodType<Body>
  command(body: Body, inputs: CommandInputs): CommandWithoutActor | Promise<CommandWithoutActor>
}

/** An entry whose command takes what its body's schema gives. */
export const act = <S extends z.ZodType>(
  entry: Omit<ActEntry<z.infer<S>>, 'body'> & { body: S },
): typeof entry => entry
