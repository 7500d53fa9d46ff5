/** What a new installation begins with: the official calendars and the rulebook's policy. */
import { calendarAggregate, nationalCalendar } from '../../../domain/calendar/calendar.ts'
import { officialYears, seedCalendars } from '../../../domain/calendar/officialCalendar.ts'
import type { Instant } from '../../../domain/instant.ts'
import { seededPolicy } from '../../../domain/policy.ts'
import { policyAggregate, policyStream } from '../../../domain/policyVersions.ts'
import { type Act, systemActor } from '../act.ts'
import { commandIdOf } from '../commandId.ts'
import { createFoldedStates } from '../folded.ts'
import { type HandleDeps, handle } from '../handle.ts'

/** Seeding comes before the views, and decides without them. */
const depsFor = (store: HandleDeps['store']): HandleDeps => ({
  store,
  folded: createFoldedStates(),
  views: {
    master: {
      at: () => {
        throw new Error('seeding looked at master data')
      },
    },
  },
})

/** Ids are the same on every node and at every start, so that nothing is entered twice. */
const seedAct = (now: Instant, ...what: string[]): Act => {
  const commandId = commandIdOf('seed', ...what)
  return { actor: systemActor, now, commandId, correlationId: commandId }
}

type SeedCalendar = (typeof seedCalendars)[number]

const seedCalendar = async (
  deps: HandleDeps,
  { id, opens, closes, daysOf }: SeedCalendar,
  now: Instant,
): Promise<void> => {
  const lender = daysOf === null ? null : { daysOf: null }
  const hours = { calendar: id, opens, closes, daysOf, lender, borrowers: [] }
  await handle(deps, calendarAggregate, id, {
    act: seedAct(now, calendarAggregate.stream(id), '0'),
    command: ({ state }) => (state === null ? { type: 'DefineCalendar' as const, ...hours } : null),
  })
  if (id !== nationalCalendar) return
  for (const [year, { off, work, source }] of officialYears())
    await handle(deps, calendarAggregate, id, {
      act: seedAct(now, calendarAggregate.stream(id), `year ${year}`),
      command: ({ state }) =>
        state?.years.has(year)
          ? null
          : { type: 'SetCalendarYear' as const, calendar: id, year, off: [...off], work: [...work], source },
    })
}

/**
 * Enters, where they are absent, the calendars `CN` with the official years and `CN-XJ`, and the default policy. What
 * somebody entered or amended is left alone; a later start adds only years that have come out since.
 */
export const seedMasterData = async (store: HandleDeps['store'], now: Instant): Promise<void> => {
  const deps = depsFor(store)
  for (const seed of seedCalendars) await seedCalendar(deps, seed, now)
  await handle(deps, policyAggregate, policyStream, {
    act: seedAct(now, policyStream, '0'),
    command: ({ version }) =>
      version > 0 ? null : { type: 'SetPolicy', now, effectiveFrom: now, policy: seededPolicy },
  })
}
