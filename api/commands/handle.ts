/** The one way a command reaches a stream: read, fold, authorise, decide, append; again where another was faster. */
import type { Aggregate, AnyCommand, AnyEvent } from '../../domain/aggregate.ts'
import type { Context } from '../../domain/context.ts'
import {
  eventId,
  maxEventsPerAppend,
  type NewEvent,
  type Position,
  VersionConflict,
} from '../../domain/eventStore.ts'
import type { Instant } from '../../domain/instant.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { KnownEvent } from '../../domain/storedEvents.ts'
import { type Act, metadataOf, systemActor } from './act.ts'
import { CommandDone } from './commandDone.ts'
import { Conflict } from './conflict.ts'
import type { CommandDeps } from './deps.ts'
import { commandsOf, type FoldedStream, readFound } from './folded.ts'

/** Of the views only master data is looked at, and only as a decision asks for it. */
export type HandleDeps = Pick<CommandDeps, 'store' | 'folded'> & {
  views: { master: Pick<CommandDeps['views']['master'], 'at'> }
}

/**
 * What a command came to. Where it made no events, `position` is that of the stream's newest event before.
 * `before` is the state that it was decided on.
 */
export type HandleResult<State, Event extends KnownEvent> = {
  before: State | null
  state: State | null
  version: number
  position: Position | null
  events: NewEvent<Event>[]
  recordedAt: Instant
}

export type HandleOptions<State, Command> = {
  /** Makes the command for the stream as it was found; may look further and refuse. `null`: there is nothing to do. */
  command(found: FoldedStream<State>, now: Instant): Command | null | Promise<Command | null>
  /** Judges the stream before anything else is: scope, `If-Match`. */
  before?(found: FoldedStream<State>): void
  /** The instant of the events; left out: the act's. */
  at?(state: State | null): Instant
  /** Another writer in between is the caller's conflict and not retried. */
  once?: boolean
}

/**
 * A decision lost against other nodes this often in a row is given up: of three nodes each wins every third time, and in
 * one process acts on one ticket wait in its queue.
 */
const attempts = 40

/** Decides on a stream as it was found, and appends once. @throws Refusal; VersionConflict where the stream has moved */
export const decideAndAppend = async <State, Command extends AnyCommand, Event extends KnownEvent>(
  deps: HandleDeps,
  aggregate: Aggregate<State, Command, Event, Context>,
  {
    id,
    found,
    command,
    act,
    now,
  }: { id: string; found: FoldedStream<State>; command: Command; act: Act; now: Instant },
): Promise<HandleResult<State, Event>> => {
  const { state: before, version } = found
  const role = act.actor === systemActor ? 'system' : aggregate.authorise(before, command, act.actor)
  const context = {
    now,
    get master() {
      return deps.views.master.at(now)
    },
  }
  const decided = aggregate.decide(before, command, context)
  if (decided.length === 0) return { before, ...found, events: [], recordedAt: now }
  requireRoom(aggregate, { act, version, more: decided.length })
  const metadata = metadataOf(act, role, now)
  const events = decided.map((event, index) => ({ ...event, id: eventId(act.commandId, index), metadata }))
  const stream = aggregate.stream(id)
  const { position } = await deps.store.append(stream, version, events)
  const state = decided.reduce<State | null>(
    (folding, event) => aggregate.evolve(folding, event, metadata),
    before,
  )
  const commands = commandsOf(found.commands, [{ metadata, position }])
  const after = { state, version: version + events.length, position, commands }
  deps.folded.put(stream, after)
  return { before, ...after, events, recordedAt: now }
}

/**
 * Another node may have done the very act, and this one's view not know yet; the stream itself does.
 * @throws CommandDone
 */
const requireNotDone = ({ commands }: FoldedStream<unknown>, act: Act): void => {
  // the second half of another act may be completed by any request, so it is decided on the stream alone
  if (act.requestDigest === undefined || act.causationId !== undefined) return
  const position = commands.get(act.commandId)
  if (position !== undefined) throw new CommandDone(position)
}

const requireRoom = (
  { limit }: Pick<Aggregate<unknown, AnyCommand, AnyEvent>, 'limit'>,
  { act, version, more }: { act: Act; version: number; more: number },
): void => {
  // what follows from another stream's event must not be stopped by a full one
  if (limit === undefined || act.causationId !== undefined) return
  if (version + more > Math.min(limit.events, maxEventsPerAppend)) throw new Refusal(limit.refusal)
}

/**
 * Gives a stream a command and answers with the stream after it. Where another writer was faster it reads and decides
 * again, a bounded number of times.
 * @throws Refusal; Conflict `write_conflict`, `version_conflict` (`once`); CommandDone; UnknownEvent; StoreUnavailable
 */
export const handle = async <State, Command extends AnyCommand, Event extends KnownEvent>(
  deps: HandleDeps,
  aggregate: Aggregate<State, Command, Event, Context>,
  id: string,
  { act, ...handling }: HandleOptions<State, Command> & { act: Act },
): Promise<HandleResult<State, Event>> => {
  for (let attempt = 1; ; attempt++) {
    const found = await readFound(deps, aggregate, id)
    requireNotDone(found, act)
    handling.before?.(found)
    const now = handling.at?.(found.state) ?? act.now
    const command = await handling.command(found, now)
    if (command === null) return { before: found.state, ...found, events: [], recordedAt: now }
    try {
      return await decideAndAppend(deps, aggregate, { id, found, command, act, now })
    } catch (error) {
      if (!(error instanceof VersionConflict) || error.stream !== aggregate.stream(id)) throw error
      if (handling.once) {
        // who was faster may have done this very act
        requireNotDone(await readFound(deps, aggregate, id), act)
        throw new Conflict('version_conflict')
      }
      if (attempt === attempts) throw new Conflict('write_conflict')
    }
  }
}
