import { z } from 'zod'
import { type Aggregate, authoriseBy } from './aggregate.ts'
import { asKnown, entriesOf, type RecordedEvent } from './asKnown.ts'
import { type Instant, type Quarter, quarterSchema } from './instant.ts'
import { calendarOfRbo, type RboState } from './rbo.ts'
import { Refusal } from './refusal.ts'
import { sameData } from './sameData.ts'
import { unitCodeSchema } from './unitCode.ts'

/** The events of stream `dealer-<code>`. */
export const dealerEventData = {
  DealerSet: z.strictObject({
    name: z.string().trim().min(1).max(100),
    rbo: unitCodeSchema,
    /** `null`: the calendar of its RBO. */
    calendar: unitCodeSchema.nullable(),
    active: z.boolean(),
  }),
  /** Cars handed over in a quarter, which break ties (rulebook §9). */
  DeliveriesSet: z.strictObject({ quarter: quarterSchema, count: z.int().min(0).max(1_000_000) }),
}

type Data = typeof dealerEventData
export type DealerEvent = { [T in keyof Data]: { type: T; data: z.infer<Data[T]> } }[keyof Data]

export type DealerDetails = z.infer<Data['DealerSet']>

/** A dealer as its stream tells it, with the cars it handed over by quarter. */
export type DealerState = { details: DealerDetails; deliveries: ReadonlyMap<Quarter, number> }

export type DealerCommand =
  | (Pick<DealerDetails, 'name' | 'rbo'> & {
      type: 'SetDealer'
      /** Left out: as it was; a new dealer has none of its own and is active. */
      calendar?: string | null | undefined
      active?: boolean | undefined
      rboExists: boolean
      /** Whether the calendar named exists; of no matter where none is named. */
      calendarExists: boolean
    })
  | { type: 'SetDeliveries'; dealer: string; quarter: Quarter; count: number }

type Decide<T extends DealerCommand['type']> = (
  state: DealerState | null,
  command: Extract<DealerCommand, { type: T }>,
) => DealerEvent[]

export const dealerStream = (code: string): string => `dealer-${code}`

/** Folds one event into a dealer; never throws. */
export const evolveDealer = (state: DealerState | null, event: DealerEvent): DealerState | null => {
  switch (event.type) {
    case 'DealerSet':
      return { details: event.data, deliveries: state?.deliveries ?? new Map() }
    case 'DeliveriesSet':
      return (
        state && {
          ...state,
          deliveries: new Map(state.deliveries).set(event.data.quarter, event.data.count),
        }
      )
  }
}

const setDealer: Decide<'SetDealer'> = (state, command) => {
  const { name, rbo } = command
  const { calendar = state?.details.calendar ?? null, active = state?.details.active ?? true } = command
  if (!command.rboExists) throw new Refusal('unknown_rbo', { code: rbo }, '#/rbo')
  if (command.calendar && !command.calendarExists) {
    throw new Refusal('unknown_calendar', { code: command.calendar }, '#/calendar')
  }
  const data: DealerDetails = { name, rbo, calendar, active }
  return sameData(data, state?.details) ? [] : [{ type: 'DealerSet', data }]
}

const setDeliveries: Decide<'SetDeliveries'> = (state, { dealer, quarter, count }) => {
  if (state === null) throw new Refusal('dealer_not_found', { code: dealer })
  if (state.deliveries.get(quarter) === count) return []
  return [{ type: 'DeliveriesSet', data: { quarter, count } }]
}

/**
 * What a command makes of a dealer (`null`: never entered); `[]` where nothing changes.
 * @throws Refusal `unknown_rbo`, `unknown_calendar`, `dealer_not_found`.
 */
export const decideDealer = (state: DealerState | null, command: DealerCommand): DealerEvent[] => {
  switch (command.type) {
    case 'SetDealer':
      return setDealer(state, command)
    case 'SetDeliveries':
      return setDeliveries(state, command)
  }
}

/** A dealer as an aggregate: stream `dealer-<code>`. */
export const dealerAggregate: Aggregate<DealerState, DealerCommand, DealerEvent> = {
  stream: dealerStream,
  evolve: evolveDealer,
  decide: decideDealer,
  authorise: authoriseBy({ SetDealer: 'keep_master_data', SetDeliveries: 'keep_master_data' }),
}

/** A dealer as it counted at an instant (rulebook §9, last point); `null` where it was never entered. */
export const dealerAsKnown = (
  history: readonly RecordedEvent<DealerEvent>[],
  at: Instant,
): (DealerDetails & { version: number }) | null => {
  const entry = asKnown(entriesOf(history, 'DealerSet'), at)
  return entry ? { ...entry.event.data, version: entry.version } : null
}

/**
 * Code of the RBO a dealer belonged to at an instant. A dealer entered later belonged to its first RBO
 * (rulebook §9); `null` where it was never entered.
 */
export const rboOfDealer = (history: readonly RecordedEvent<DealerEvent>[], at: Instant): string | null =>
  dealerAsKnown(history, at)?.rbo ?? null

/**
 * Cars handed over in `quarter` as known at `at`: the quarter's first entry counts backwards (rulebook §9, last
 * point). `null` where none was ever entered, which is not zero.
 */
export const deliveriesAsKnown = (
  history: readonly RecordedEvent<DealerEvent>[],
  quarter: Quarter,
  at: Instant,
): { version: number; count: number } | null => {
  const entries = entriesOf(history, 'DeliveriesSet').filter(({ event }) => event.data.quarter === quarter)
  const entry = asKnown(entries, at)
  return entry ? { version: entry.version, count: entry.event.data.count } : null
}

/** Id of the calendar a dealer works by: its own, else that of its RBO (rulebook §5). */
export const calendarOfDealer = (
  dealer: Pick<DealerDetails, 'calendar'>,
  rbo: Pick<RboState, 'calendar'>,
): string => dealer.calendar ?? calendarOfRbo(rbo)
