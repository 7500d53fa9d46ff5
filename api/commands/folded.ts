/** States folded lately, so that a stream is read from where it was left. */
import type { Aggregate, AnyCommand } from '../../domain/aggregate.ts'
import type { Context } from '../../domain/context.ts'
import type { EventStore, Metadata, Position } from '../../domain/eventStore.ts'
import { createRecent, type Recent } from '../../domain/recent.ts'
import { eventsOf, type KnownEvent } from '../../domain/storedEvents.ts'

/** A stream as it is: its state, how many events it has, and where the last of them is. */
export type FoldedStream<State> = {
  state: State | null
  version: number
  position: Position | null
  /** The commands in it that may be sent again, each with the position of its newest event. */
  commands: ReadonlyMap<string, Position>
}

/** A stream without events. */
export const nothingFound: FoldedStream<never> = {
  state: null,
  version: 0,
  position: null,
  commands: new Map(),
}

/** The commands of these events that may be sent again, beside those known before. */
export const commandsOf = (
  before: ReadonlyMap<string, Position>,
  events: readonly { metadata: Metadata; position: Position }[],
): ReadonlyMap<string, Position> => {
  const keyed = events.filter(({ metadata }) => metadata.requestDigest !== undefined)
  if (keyed.length === 0) return before
  const commands = new Map(before)
  for (const { metadata, position } of keyed) commands.set(metadata.commandId, position)
  return commands
}

/** By stream. Made once for each service and part of `CommandDeps`. */
export type FoldedStates = Recent<string, FoldedStream<unknown>>

/** A ticket takes about 5 kB. */
const mostKept = 4_000

export const createFoldedStates = (): FoldedStates => createRecent(mostKept)

type FoldedReadDeps = { store: Pick<EventStore, 'readStream'>; folded: FoldedStates }

/**
 * A stream as it is now. The log is always asked for what came since it was folded last, so that no other writer's
 * events are missed.
 * @throws UnknownEvent
 */
export const readFound = async <State, Command extends AnyCommand, Event extends KnownEvent>(
  { store, folded }: FoldedReadDeps,
  { stream, evolve }: Aggregate<State, Command, Event, Context>,
  id: string,
): Promise<FoldedStream<State>> => {
  const name = stream(id)
  const before: FoldedStream<State> = (folded.get(name) as FoldedStream<State> | undefined) ?? nothingFound
  const since = eventsOf<Event>(await store.readStream(name, before.version))
  const last = since.at(-1)
  if (last === undefined) return before
  const state = since.reduce<State | null>(
    (folding, event) => evolve(folding, event, event.metadata),
    before.state,
  )
  const { version, position } = last
  const found = { state, version, position, commands: commandsOf(before.commands, since) }
  folded.put(name, found)
  return found
}
