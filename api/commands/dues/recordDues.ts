/** Makes facts of dues that have passed or come near: exactly one a due, whoever records it and however often. */
import { addServiceMinutes, isWorkingDay } from '../../../domain/calendar/workingTime.ts'
import {
  type DueClock,
  type DueFact,
  dueClocks,
  duesBeganStream,
  duesStream,
  factKey,
  mostFactsPerAppend,
} from '../../../domain/dues.ts'
import { eventId, type NewEvent, VersionConflict } from '../../../domain/eventStore.ts'
import { DAY, dayNumber, dayStart, type Instant, toEpoch, toInstant } from '../../../domain/instant.ts'
import { calendarOf, type KnownCalendar, type Master } from '../../../domain/master.ts'
import { isFarAhead } from '../../../domain/stamp.ts'
import type { OpenDue } from '../../../projections/dues/openDues.ts'
import { commandIdOf } from '../commandId.ts'
import type { CommandDeps } from '../deps.ts'

type Deps = Pick<CommandDeps, 'store' | 'views'>

export type Recording = {
  /** The clock. */
  now: Instant
  /** A due becomes a fact only so long after it: what was done just in time may still be on its way to the views. */
  graceMs: number
  /** Epoch ms: dues before it were looked at already. */
  after: number
}

/** Most dues of a clock that are looked at for being near. */
const mostNear = 20_000

const clocks = Object.keys(dueClocks) as DueClock[]

/** How long an append's own facts take to be in the view; without them the same facts would be tried again. */
const viewTimeoutMs = 5_000

const envelope = (event: { type: string; data: unknown }, key: readonly string[], now: Instant): NewEvent => {
  const commandId = commandIdOf('due', ...key)
  return {
    ...event,
    id: eventId(commandId, 0),
    metadata: {
      commandId,
      actor: { id: 'system', role: 'system' },
      correlationId: commandId,
      recordedAt: now,
    },
  }
}

const append = async (
  { store, views }: Deps,
  stream: string,
  version: number,
  events: NewEvent[],
): Promise<boolean> => {
  try {
    const { position } = await store.append(stream, version, events)
    await views.reached(position, viewTimeoutMs, ['dues'])
    return true
  } catch (error) {
    if (!(error instanceof VersionConflict)) throw error
    // another node recorded; its facts must be in the view before the next look
    const head = await store.head()
    if (head !== null) await views.reached(head, viewTimeoutMs, ['dues'])
    return false
  }
}

/** Marks from when on dues become facts; again, where a clock far ahead did so and nothing would be due for years. */
const beginAt = (deps: Deps, now: Instant): Promise<boolean> => {
  const version = deps.views.dues.versionOf(duesBeganStream)
  const key = version === 0 ? ['began'] : ['began', String(version)]
  return append(deps, duesBeganStream, version, [envelope({ type: 'DuesBegan', data: {} }, key, now)])
}

const without = <T extends OpenDue>({ tier: _, ...due }: T): Omit<T, 'tier'> => due

const passed = ({ views }: Deps, { now, graceMs, after }: Recording, began: number): DueFact[] => {
  const { callback } = views.master.at(now).policy.values
  const facts: DueFact[] = []
  const span = { after: Math.max(after, began), upTo: toEpoch(now) - graceMs }
  for (const clock of clocks) {
    const limit = mostFactsPerAppend - facts.length
    if (limit === 0) break
    for (const due of views.dues.open({ clock, type: 'DuePassed', ...span, limit, callback }))
      facts.push({ type: 'DuePassed', data: without(due) })
  }
  return facts
}

/** The latest due that comes near by now, in epoch ms; `null`: none does. */
type Horizon = (calendar: KnownCalendar) => number | null

/** Response: so many service minutes before its due. Close: from the opening of the last working day on. */
const horizonsAt = (master: Master, now: Instant): Partial<Record<DueClock, Horizon>> => {
  const { responseMinutes, closeLastDay } = master.policy.values.headsUp
  const at = toEpoch(now)
  const today = dayNumber(at)
  const response: Horizon = ({ timetable }) => addServiceMinutes(timetable, at, responseMinutes as number).due
  const close: Horizon = ({ timetable }) =>
    isWorkingDay(timetable, today) && at >= dayStart(today) + timetable.opens ? dayStart(today) + DAY : null
  return {
    ...(responseMinutes !== null && { response, responsible_response: response }),
    ...(closeLastDay && { close, responsible_close: close }),
  }
}

const near = ({ views }: Deps, { now }: Recording, limit: number): DueFact[] => {
  const master = views.master.at(now)
  const facts: DueFact[] = []
  const { callback } = master.policy.values
  const from = toEpoch(now)
  for (const [clock, horizon] of Object.entries(horizonsAt(master, now)) as [DueClock, Horizon][]) {
    const farthest = Math.max(0, ...views.master.calendarIds().map((id) => horizon(master.calendar(id)) ?? 0))
    // some of them are not near yet by the hours of their own unit
    const found = views.dues.open({
      clock,
      type: 'DueNear',
      after: from,
      upTo: farthest,
      limit: mostNear,
      callback,
    })
    for (const due of found) {
      const limitOfUnit = horizon(calendarOf(master, due.tier ?? 'se', due.unit ?? ''))
      if (limitOfUnit !== null && toEpoch(due.dueAt) <= limitOfUnit)
        facts.push({ type: 'DueNear', data: without(due) })
    }
  }
  return facts.slice(0, limit)
}

/**
 * Records what is due at `now` in batches, until nothing is left.
 * @returns the facts this call recorded, in order.
 * @throws StoreUnavailable; what was appended until then stays.
 */
export const recordDues = async (deps: Deps, recording: Recording): Promise<DueFact[]> => {
  const { now } = recording
  const recorded: DueFact[] = []
  for (;;) {
    const began = deps.views.dues.began()
    if (began === null || isFarAhead(toInstant(began), now)) {
      await beginAt(deps, now)
      if (deps.views.dues.began() === began) return recorded
      continue
    }
    const stream = duesStream(now)
    const version = deps.views.dues.versionOf(stream)
    const facts = passed(deps, recording, began)
    facts.push(...near(deps, recording, mostFactsPerAppend - facts.length))
    if (facts.length === 0) return recorded
    const events = facts.map((fact) => envelope(fact, factKey(fact), now))
    if (await append(deps, stream, version, events)) recorded.push(...facts)
  }
}

/** The instant after which the next look may begin: what was due by then is recorded. */
export const lookedUpTo = ({ now, graceMs }: Pick<Recording, 'now' | 'graceMs'>): number =>
  toEpoch(now) - graceMs

/** For the wording of a fact in a log or a metric: how late it was recorded, in milliseconds. */
export const latenessOf = ({ data }: DueFact, now: Instant): number => toEpoch(now) - toEpoch(data.dueAt)
