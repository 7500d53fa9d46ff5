/** The one way master data is written: read the stream, fold, decide, append; again where another was faster. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Action, actingRole, recordedActor } from '../../domain/authority.ts'
import {
  eventId,
  type NewEvent,
  type Position,
  type StoredEvent,
  VersionConflict,
} from '../../domain/eventStore.ts'
import type { Instant } from '../../domain/instant.ts'
import { CommandDone } from '../commands/commandDone.ts'
import type { CommandRow } from '../commands/deps.ts'
import type { Deps } from './deps.ts'
import { ifMatch, requireMatch, sendETag } from './etag.ts'
import { type Write, writeOnce } from './idempotency.ts'
import { sendPosition } from './positions.ts'
import { Problem } from './problems.ts'

type Event = { type: string; data: unknown }

/** How one stream of master data is read and written. */
export type MasterWrite<S, E extends Event> = {
  stream: string
  evolve(state: S | null, event: E): S | null
  /** What is asked for, at `now`; may look elsewhere before it decides. `at` is where the stream's last event is. */
  decide(state: S | null, now: Instant, at: Position | null): E[] | Promise<E[]>
  /** Whether the thing that is written is there already; the first write of it answers 201. */
  exists(state: S | null): boolean
  /** What the actor's role is taken for; left out: master data. */
  action?: Action
}

/** What a write left: the state, its version and place, and whether the thing is new. */
export type Written<S> = {
  state: S
  version: number
  position: Position | null
  created: boolean
  recordedAt: Instant
}

/** Tries before the caller is told that others are faster. */
const attempts = 8

/**
 * Does a write on master data once and says so in `ETag`, `X-Position`, `Idempotent-Replayed`; 201 with `Location`
 * (the address itself) where it made something.
 * @throws Problem `version_conflict`, `write_conflict`, and what `writeOnce` and `decide` throw.
 */
export const writeMaster = async <S, E extends Event>(
  deps: Deps,
  request: FastifyRequest,
  reply: FastifyReply,
  write: MasterWrite<S, E>,
): Promise<Written<S>> => {
  const { answer, replayed } = await writeOnce(deps, request, {
    fresh: (command) => decideAndAppend(deps, request, write, command),
    permit: () => void actingRole(request.caller, write.action ?? 'keep_master_data'),
    again: (rows) => replay(deps, write, rows),
  })
  sendETag(reply, answer.version)
  sendPosition(reply, answer.position)
  if (replayed) reply.header('idempotent-replayed', 'true')
  if (answer.created) reply.code(201).header('location', request.url.split('?', 1)[0]!)
  return answer
}

/** Another node may have done the write, and this one's view not know yet. @throws CommandDone */
const requireNotDone = (before: readonly StoredEvent[], { commandId, digestOf }: Write): void => {
  const done =
    digestOf === undefined ? undefined : before.findLast(({ metadata }) => metadata.commandId === commandId)
  if (done !== undefined) throw new CommandDone(done.position)
}

const decideAndAppend = async <S, E extends Event>(
  deps: Deps,
  request: FastifyRequest,
  write: MasterWrite<S, E>,
  command: Write,
): Promise<Written<S>> => {
  const precondition = ifMatch(request)
  for (let attempt = 1; ; attempt++) {
    const before = (await deps.store.readStream(write.stream)) as StoredEvent<E>[]
    requireNotDone(before, command)
    requireMatch(precondition, before.length)
    const now = deps.now()
    const state = fold(write, before)
    const events = await write.decide(state, now, before.at(-1)?.position ?? null)
    const after = events.reduce<S | null>((folded, event) => write.evolve(folded, event), state) as S
    const created = !write.exists(state)
    if (events.length === 0) {
      const last = before.at(-1)
      return {
        state: after,
        version: before.length,
        position: last?.position ?? null,
        created,
        recordedAt: now,
      }
    }
    try {
      const { action = 'keep_master_data' } = write
      const envelopes = envelop(events, { request, action, command, now })
      const { version, position } = await deps.store.append(write.stream, before.length, envelopes)
      return { state: after, version, position, created, recordedAt: now }
    } catch (error) {
      if (!(error instanceof VersionConflict)) throw error
      if (attempt === attempts) throw new Problem('write_conflict')
    }
  }
}

const replay = async <S, E extends Event>(
  deps: Deps,
  write: MasterWrite<S, E>,
  rows: readonly CommandRow[],
): Promise<Written<S>> => {
  const row = rows.find(({ stream }) => stream === write.stream)
  if (row === undefined) throw new Error('a command is remembered, but not on the stream it wrote to')
  const events = ((await deps.store.readStream(write.stream)) as StoredEvent<E>[]).slice(0, row.toVersion)
  const last = events.at(-1)!
  return {
    state: fold(write, events) as S,
    version: row.toVersion,
    position: last.position,
    created: !write.exists(fold(write, events.slice(0, row.fromVersion - 1))),
    recordedAt: last.metadata.recordedAt,
  }
}

const fold = <S, E extends Event>(write: MasterWrite<S, E>, events: readonly StoredEvent<E>[]): S | null =>
  events.reduce<S | null>((state, event) => write.evolve(state, event), null)

type Envelope = { request: FastifyRequest; action: Action; command: Write; now: Instant }

const envelop = <E extends Event>(
  events: readonly E[],
  { request, action, command, now }: Envelope,
): NewEvent<E>[] => {
  const { commandId, digestOf } = command
  const metadata = {
    commandId,
    actor: recordedActor(request.caller, actingRole(request.caller, action)),
    correlationId: request.id,
    recordedAt: now,
    ...(digestOf && { requestDigest: digestOf(null) }),
  }
  return events.map((event, index) => ({ ...event, id: eventId(commandId, index), metadata }))
}
