/** A write on an aggregate of one stream: master data, settlements. Its answer says where it is and whether it is new. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Aggregate, AnyCommand } from '../../domain/aggregate.ts'
import { type Action, actingRole } from '../../domain/authority.ts'
import type { Context } from '../../domain/context.ts'
import type { Position, StoredEvent } from '../../domain/eventStore.ts'
import type { Instant } from '../../domain/instant.ts'
import { eventsOf, type KnownEvent } from '../../domain/storedEvents.ts'
import type { Act } from '../commands/act.ts'
import type { CommandRow } from '../commands/deps.ts'
import type { FoldedStream } from '../commands/folded.ts'
import { handle } from '../commands/handle.ts'
import type { Deps } from './deps.ts'
import { ifMatch, requireMatch } from './etag.ts'
import { type Write, writeOnce } from './idempotency.ts'
import { sendWritten } from './written.ts'

export type AggregateWrite<State, Command extends AnyCommand, Event extends KnownEvent> = {
  aggregate: Aggregate<State, Command, Event, Context>
  id: string
  /** Makes the command for the stream as it was found; may look elsewhere. */
  command(found: FoldedStream<State>, now: Instant): Command | Promise<Command>
  /** Whether the thing that is written is there already; the first write of it answers 201. */
  exists(state: State | null): boolean
  /** Runs the whole write, for instance under a lock; left out: at once. */
  around?<T extends { state: unknown }>(work: () => Promise<T>): Promise<T>
}

/** What a write left: the state, its version and place, and whether the thing is new. */
export type WrittenState<State> = {
  state: State
  version: number
  position: Position | null
  created: boolean
}

/**
 * Does a write once and says so in `ETag`, `X-Position`, `Idempotent-Replayed`; 201 with `Location` (the address itself)
 * where it made something.
 * @throws what `writeOnce` and `handle` throw.
 */
export const writeAggregate = async <State, Command extends AnyCommand, Event extends KnownEvent>(
  deps: Deps,
  request: FastifyRequest,
  reply: FastifyReply,
  write: AggregateWrite<State, Command, Event>,
): Promise<WrittenState<State>> => {
  const { around = (work) => work() } = write
  const { answer, replayed } = await writeOnce(deps, request, {
    fresh: (key) => around(() => firstWrite(deps, request, write, key)),
    permit: () => void actingRole(request.caller, request.routeOptions.config.action as Action),
    again: (rows) => repeatedWrite(deps, write, rows),
  })
  sendWritten(reply, { ...answer, replayed })
  if (answer.created) reply.code(201).header('location', request.url.split('?', 1)[0]!)
  return answer
}

/** Does the write. */
const firstWrite = async <State, Command extends AnyCommand, Event extends KnownEvent>(
  deps: Deps,
  request: FastifyRequest,
  { aggregate, id, command, exists }: AggregateWrite<State, Command, Event>,
  { commandId, digestOf }: Write,
): Promise<WrittenState<State>> => {
  const precondition = ifMatch(request)
  const act: Act = {
    actor: request.caller,
    now: deps.now(),
    commandId,
    correlationId: request.id,
    ...(digestOf && { requestDigest: digestOf(null) }),
  }
  const { before, state, version, position } = await handle(deps, aggregate, id, {
    act,
    command,
    before: (found) => requireMatch(precondition, found.version),
    once: precondition !== undefined,
  })
  return { state: state as State, version, position, created: !exists(before) }
}

/** What the first write left, from the events it appended. */
const repeatedWrite = async <State, Command extends AnyCommand, Event extends KnownEvent>(
  { store }: Pick<Deps, 'store'>,
  { aggregate, id, exists }: AggregateWrite<State, Command, Event>,
  rows: readonly CommandRow[],
): Promise<WrittenState<State>> => {
  const stream = aggregate.stream(id)
  const row = rows.find((each) => each.stream === stream)
  if (row === undefined) throw new Error('a command is remembered, but not on the stream it wrote to')
  const events = eventsOf<Event>(await store.readStream(stream)).slice(0, row.toVersion)
  const upTo = (version: number): State | null =>
    events
      .slice(0, version)
      .reduce<State | null>((state, event) => aggregate.evolve(state, event, event.metadata), null)
  return {
    state: upTo(row.toVersion) as State,
    version: row.toVersion,
    position: (events.at(-1) as StoredEvent<Event>).position,
    created: !exists(upTo(row.fromVersion - 1)),
  }
}
