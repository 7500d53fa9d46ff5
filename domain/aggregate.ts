/** The shape of every aggregate: one stream of events, and the rules by which commands add to it. */
import type { Action, Actor, Role } from './authority.ts'
import { actingRole } from './authority.ts'
import type { Metadata } from './eventStore.ts'
import type { RefusalCode } from './refusal.ts'

/** Who did it, and when it became known: what folding an event may look at beside its data. */
export type RecordMetadata = Pick<Metadata, 'recordedAt' | 'actor' | 'imported'>

export type AnyEvent = { type: string; data: unknown }
export type AnyCommand = { type: string }

/**
 * An aggregate is one value of this type. `api/commands/handle.ts` reads, folds, decides and appends for all of them.
 * `State` is `null` before the first event; `Context` is what a decision looks at beside it, where it looks at anything.
 */
export type Aggregate<State, Command extends AnyCommand, Event extends AnyEvent, Context = unknown> = {
  stream(id: string): string
  /** The state after one more event. Never throws. */
  evolve(state: State | null, event: Event, recording: RecordMetadata): State | null
  /** Events in order; `[]` where there is nothing to do. @throws Refusal */
  decide(state: State | null, command: Command, context: Context): Event[]
  /** The role in which the actor gives the command. Total: a command that is not named here does not compile. @throws Refusal */
  authorise(state: State | null, command: Command, actor: Actor): Role
  /** Most events of one stream, and what refuses more; left out: only what one append can take. */
  limit?: { events: number; refusal: RefusalCode }
}

/** The commonest `authorise`: an action of rulebook §2 for each command, whatever the state. */
export const authoriseBy =
  <Command extends AnyCommand>(actions: Record<Command['type'], Action>) =>
  (_state: unknown, { type }: Command, actor: Actor): Role =>
    actingRole(actor, actions[type as Command['type']])
