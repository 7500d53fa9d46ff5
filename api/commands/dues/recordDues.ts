/** Makes facts of dues that have passed or come near: exactly one for each due, even if several nodes record it several times. */
import { isDeskOpen } from '../../../domain/desk.ts'
import {
  type DueClock,
  type DueFact,
  deskOfClock,
  dueClocks,
  duesBeganStream,
  duesStream,
  factActor,
  factKey,
  mostFactsPerAppend,
} from '../../../domain/dues.ts'
import {
  eventId,
  type NewEvent,
  type Position,
  StoreUnavailable,
  VersionConflict,
} from '../../../domain/eventStore.ts'
import { type Instant, toEpoch, toInstant } from '../../../domain/instant.ts'
import { isFarAhead } from '../../../domain/stamp.ts'
import { type DueQuery, dueCursorAt, type OpenDue } from '../../../projections/dues/openDues.ts'
import { commandIdOf } from '../commandId.ts'
import type { CommandDeps } from '../deps.ts'
import { nearSpans } from './near.ts'

type Deps = Pick<CommandDeps, 'store' | 'views'>

export type RecordDuesOptions = {
  /** The clock. */
  now: Instant
  /** When the last look was, if it ended: what was due or near by then is a fact. `null`: all open dues are looked at. */
  since: Instant | null
  /** A due becomes a fact only so long after it: what was done just in time may still be on its way into the log. */
  graceMs: number
  /** False where the service ends: nothing is then begun any more. */
  mayGoOn(): boolean
  /** Told of what was appended, batch by batch. */
  onRecorded(facts: readonly DueFact[]): void
}

/** How long the view may take to have what is in the log; without it the same facts would be tried again. */
const viewTimeoutMs = 5_000

/** How often a look begins again because another node was faster; then the next look has its turn. */
const mostRaces = 50

/** What a due is judged by: the rows it is in, and the facts there are. */
const viewsOfDues = ['dues', 'tickets', 'warnings', 'inquiries', 'care', 'voice'] as const

const envelope = (event: { type: string; data: unknown }, key: readonly string[], now: Instant): NewEvent => {
  const commandId = commandIdOf('due', ...key)
  return {
    ...event,
    id: eventId(commandId, 0),
    metadata: {
      commandId,
      actor: factActor,
      correlationId: commandId,
      recordedAt: now,
    },
  }
}

/** Waits until the views have all that is in the log. @throws StoreUnavailable where they do not get there in time */
const catchUp = async ({ store, views }: Deps): Promise<void> => {
  const head = await store.head()
  if (head !== null && !(await views.reached(head, viewTimeoutMs, viewsOfDues)))
    throw new StoreUnavailable(new Error('the views of dues are behind the log'))
}

type Batch = { stream: string; version: number; events: NewEvent[] }

/** Batches that may be in the log and not yet in the view: the next one is made while the view takes in the last. */
const mostAhead = 4

/**
 * Appends the batches of one look. The version of a stream is what the view has, or what this look itself has appended
 * to it, whichever is more: an append of another node in between makes the next one here fail.
 */
const createBatches = ({ store, views }: Deps) => {
  const versions = new Map<string, number>()
  const ahead: Position[] = []

  const untilViewHas = async (position: Position): Promise<void> => {
    if (!(await views.reached(position, viewTimeoutMs, ['dues'])))
      throw new StoreUnavailable(new Error('the view of dues is behind the log'))
  }

  return {
    versionOf: (stream: string): number => Math.max(versions.get(stream) ?? 0, views.dues.versionOf(stream)),

    /** @returns false where another node was faster. @throws StoreUnavailable */
    append: async ({ stream, version, events }: Batch): Promise<boolean> => {
      try {
        const appended = await store.append(stream, version, events)
        versions.set(stream, appended.version)
        ahead.push(appended.position)
      } catch (error) {
        if (error instanceof VersionConflict) return false
        throw error
      }
      if (ahead.length > mostAhead) await untilViewHas(ahead.shift() as Position)
      return true
    },

    /** Waits until the view has all of them. @throws StoreUnavailable */
    finish: async (): Promise<void> => {
      const last = ahead.pop()
      if (last !== undefined) await untilViewHas(last)
    },
  }
}
type Batches = ReturnType<typeof createBatches>

/**
 * Marks from when on dues become facts; again, where a clock far ahead did so and nothing would be due for years.
 * @returns false where another node did so.
 */
const begin = async ({ views }: Deps, batches: Batches, now: Instant): Promise<boolean> => {
  const { dues } = views
  const began = dues.began()
  if (began !== null && !isFarAhead(toInstant(began), now)) return true
  const version = batches.versionOf(duesBeganStream)
  const key = version === 0 ? ['began'] : ['began', String(version)]
  const events = [envelope({ type: 'DuesBegan', data: {} }, key, now)]
  if (!(await batches.append({ stream: duesBeganStream, version, events }))) return false
  // the look that follows asks the view since when dues become facts
  await batches.finish()
  return true
}

/** Open dues of a clock in a span of time, and which of them become facts. */
type Span = Pick<DueQuery, 'clock' | 'type' | 'upTo'> & {
  /** Epoch ms: dues strictly after it. */
  after: number
  isWanted(due: OpenDue): boolean
}

/** The clocks that run at an instant: none of a desk that is switched off. */
const clocksAt = ({ views }: Deps, now: Instant): DueClock[] => {
  const { values } = views.master.at(now).policy
  return (Object.keys(dueClocks) as DueClock[]).filter((clock) => {
    const desk = deskOfClock[clock]
    return desk === undefined || isDeskOpen(values, desk)
  })
}

const spansOf = (deps: Deps, { now, since, graceMs }: RecordDuesOptions): Span[] => {
  const { views } = deps
  const began = views.dues.began() ?? toEpoch(now)
  const after = since === null ? began : Math.max(began, toEpoch(since) - graceMs)
  const passed = { type: 'DuePassed', after, upTo: toEpoch(now) - graceMs, isWanted: () => true } as const
  return [
    ...clocksAt(deps, now).map((clock) => ({ clock, ...passed })),
    ...nearSpans(views.master, now, since).map((span) => ({ type: 'DueNear' as const, ...span })),
  ]
}

/**
 * Facts by their streams. The versions must be read in the same synchronous step as the dues: what another node recorded
 * since then must make the append fail.
 */
const batchesOf = (
  { versionOf }: Batches,
  facts: readonly DueFact[],
  now: Instant,
): (Batch & { facts: DueFact[] })[] =>
  [...Map.groupBy(facts, ({ data }) => duesStream(data))].map(([stream, ofStream]) => ({
    stream,
    version: versionOf(stream),
    facts: ofStream,
    events: ofStream.map((fact) => envelope(fact, factKey(fact), now)),
  }))

/** Lets whatever else waits for the event loop run: a look through many dues holds up no command. */
const commandsTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

type Look = 'done' | 'again' | 'ended'

/** @param isFresh whether the views have what was in the log at `now`: only then is a due that seems open a fact. */
const lookOnce = async (
  deps: Deps,
  recording: RecordDuesOptions,
  { batches, isFresh }: { batches: Batches; isFresh: boolean },
): Promise<Look> => {
  const { now } = recording
  const { callback } = deps.views.master.at(now).policy.values
  for (const { after, isWanted, ...span } of spansOf(deps, recording)) {
    let from: DueQuery['after'] | null = after < span.upTo ? dueCursorAt(after) : null
    while (from !== null) {
      if (!recording.mayGoOn()) return 'ended'
      const { dues, next } = deps.views.dues.open({
        ...span,
        after: from,
        limit: mostFactsPerAppend,
        callback,
      })
      const facts = dues.filter(isWanted).map(({ tier: _, ...data }): DueFact => ({ type: span.type, data }))
      if (facts.length > 0 && !isFresh) return 'again'
      for (const batch of batchesOf(batches, facts, now)) {
        if (!(await batches.append(batch))) return 'again'
        recording.onRecorded(batch.facts)
      }
      from = next
      if (from !== null) await commandsTurn()
    }
  }
  // the next look must find all of these in the view
  await batches.finish()
  return 'done'
}

/**
 * Records what is due at `now` in batches, until nothing is left.
 * @returns whether nothing is left; false where the service ends, or other nodes are faster all the time.
 * @throws StoreUnavailable; what was appended until then stays.
 */
export const recordDues = async (deps: Deps, recording: RecordDuesOptions): Promise<boolean> => {
  for (let race = 0; race < mostRaces; race += 1) {
    const batches = createBatches(deps)
    const hasBegun = await begin(deps, batches, recording.now)
    const look = hasBegun ? await lookOnce(deps, recording, { batches, isFresh: race > 0 }) : 'again'
    if (look !== 'again') return look === 'done'
    await catchUp(deps)
  }
  return false
}

/** How late a fact was recorded, in milliseconds. */
export const latenessOf = ({ data }: DueFact, now: Instant): number => toEpoch(now) - toEpoch(data.dueAt)
