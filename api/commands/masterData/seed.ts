/** What a new installation begins with: the official calendars and the rulebook's policy. */

import {
  type Calendar,
  type CalendarEvent,
  calendarStream,
  decideCalendar,
  evolveCalendar,
  nationalCalendar,
} from '../../../domain/calendar/calendar.ts'
import { officialYears, seedCalendars } from '../../../domain/calendar/officialCalendar.ts'
import { type EventStore, eventId, type StoredEvent, VersionConflict } from '../../../domain/eventStore.ts'
import type { Instant } from '../../../domain/instant.ts'
import { decidePolicy, policyStream, seededPolicy } from '../../../domain/policy.ts'
import { commandIdOf } from '../commandId.ts'

type Event = { type: string; data: unknown }
type Store = Pick<EventStore, 'readStream' | 'append'>

/** Tries against other nodes that seed at the same time; what they wrote is then there. */
const attempts = 8

/** Appends what `missing` makes of a stream, under ids that are the same on every node and at every start. */
const complete = async (
  store: Store,
  stream: string,
  now: Instant,
  missing: (before: StoredEvent[]) => Event[],
): Promise<void> => {
  for (let attempt = 1; ; attempt++) {
    const before = await store.readStream(stream)
    const events = missing(before)
    if (events.length === 0) return
    // The number of events before tells one completion of a stream from the next.
    const commandId = commandIdOf('seed', stream, String(before.length))
    const metadata = {
      commandId,
      actor: { id: 'system', role: 'system' },
      correlationId: commandId,
      recordedAt: now,
    }
    try {
      await store.append(
        stream,
        before.length,
        events.map((event, index) => ({ ...event, id: eventId(commandId, index), metadata })),
      )
      return
    } catch (error) {
      if (!(error instanceof VersionConflict) || attempt === attempts) throw error
    }
  }
}

type Seed = (typeof seedCalendars)[number]

/** What a calendar lacks: its hours, and for the national one the official years it has no entry for. */
const missingOf = ({ id, opens, closes, daysOf }: Seed, before: StoredEvent[]): CalendarEvent[] => {
  const known = (before as StoredEvent<CalendarEvent>[]).reduce<Calendar | null>(evolveCalendar, null)
  const lender = daysOf === null ? null : { daysOf: null }
  const define = {
    type: 'DefineCalendar',
    calendar: id,
    opens,
    closes,
    daysOf,
    lender,
    borrowers: [],
  } as const
  const definition = known === null ? decideCalendar(null, define) : []
  if (id !== nationalCalendar) return definition
  const calendar = definition.reduce<Calendar | null>(evolveCalendar, known)
  const years = [...officialYears()]
    .filter(([year]) => !calendar?.years.has(year))
    .flatMap(([year, { off, work, source }]) =>
      decideCalendar(calendar, {
        type: 'SetCalendarYear',
        calendar: id,
        year,
        off: [...off],
        work: [...work],
        source,
      }),
    )
  return [...definition, ...years]
}

/**
 * Appends, where they are absent, the calendars `CN` with the official years and `CN-XJ`, and the default policy.
 * What somebody entered or amended is left alone; a later start adds only years that have come out since.
 */
export const seedMasterData = async (store: Store, now: Instant): Promise<void> => {
  for (const seed of seedCalendars) {
    await complete(store, calendarStream(seed.id), now, (before) => missingOf(seed, before))
  }
  await complete(store, policyStream, now, (before) =>
    before.length > 0
      ? []
      : decidePolicy(null, { type: 'SetPolicy', now, effectiveFrom: now, policy: seededPolicy }),
  )
}
