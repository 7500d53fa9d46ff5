import { z } from 'zod'
import { type Aggregate, authoriseBy } from './aggregate.ts'
import { asKnown, type RecordedEvent } from './asKnown.ts'
import { nationalCalendar } from './calendar/calendar.ts'
import type { Instant } from './instant.ts'
import { Refusal } from './refusal.ts'
import { sameData } from './sameData.ts'
import { unitCodeSchema } from './unitCode.ts'

/** The events of stream `rbo-<code>`. */
export const rboEventData = {
  RboSet: z.strictObject({
    name: z.string().trim().min(1).max(100),
    /** `null`: the national calendar. */
    calendar: unitCodeSchema.nullable(),
  }),
}

type Data = typeof rboEventData
export type RboEvent = { [T in keyof Data]: { type: T; data: z.infer<Data[T]> } }[keyof Data]

export type RboState = RboEvent['data']

export type SetRbo = Pick<RboState, 'name'> & {
  type: 'SetRbo'
  /** Left out: as it was; a new RBO has none of its own. */
  calendar?: string | null | undefined
  /** Whether the calendar named exists; of no matter where none is named. */
  calendarExists: boolean
}

export const rboStream = (code: string): string => `rbo-${code}`

/** Folds one event into an RBO; never throws. */
export const evolveRbo = (_state: RboState | null, event: RboEvent): RboState => event.data

/**
 * Enters or changes an RBO; `[]` where nothing changes.
 * @throws Refusal `unknown_calendar`.
 */
export const decideRbo = (state: RboState | null, command: SetRbo): RboEvent[] => {
  const { name, calendarExists } = command
  const { calendar = state?.calendar ?? null } = command
  if (command.calendar && !calendarExists) {
    throw new Refusal('unknown_calendar', { code: command.calendar }, '#/calendar')
  }
  const data: RboState = { name, calendar }
  return sameData(data, state) ? [] : [{ type: 'RboSet', data }]
}

/** An RBO as an aggregate: stream `rbo-<code>`. */
export const rboAggregate: Aggregate<RboState, SetRbo, RboEvent> = {
  stream: rboStream,
  evolve: evolveRbo,
  decide: decideRbo,
  authorise: authoriseBy({ SetRbo: 'keep_master_data' }),
}

/** An RBO as it counted at an instant (rulebook §9, last point); `null` where it was never entered. */
export const rboAsKnown = (
  history: readonly RecordedEvent<RboEvent>[],
  at: Instant,
): (RboState & { version: number }) | null => {
  const entry = asKnown(history, at)
  return entry ? { ...entry.event.data, version: entry.version } : null
}

/** Id of the calendar an RBO works by: its own, else the national one (rulebook §5). */
export const calendarOfRbo = (rbo: Pick<RboState, 'calendar'>): string => rbo.calendar ?? nationalCalendar
