/** Calendars: opening hours, and the days each year has off or works. */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import {
  type Calendar as CalendarState,
  calendarAggregate,
  calendarEventData,
  calendarYearSchema,
} from '../../domain/calendar/calendar.ts'
import { Refusal } from '../../domain/refusal.ts'
import { unitCodeSchema } from '../../domain/unitCode.ts'
import type { CalendarEntry } from '../../projections/master/masterQueries.ts'
import { storableOnly } from '../commands/fields.ts'
import { withCalendars } from '../commands/locks.ts'
import { writeAggregate } from '../http/aggregateWrites.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { sendETag } from '../http/etag.ts'
import { ofCalendars } from '../http/operationCodes.ts'
import { digits } from '../http/schemas.ts'
import {
  calendarOfVersion,
  calendarVersionQuery,
  calendarVersions,
  calendarVersionsAnswer,
} from './calendarVersions.ts'

const { opens, closes, daysOf } = calendarEventData.CalendarDefined.shape
const { off, work, source } = calendarEventData.CalendarYearSet.shape
const calendarBody = z
  .strictObject({
    opens,
    closes,
    daysOf: daysOf.optional().meta({ description: 'Left out: it keeps its value. null: no other calendar.' }),
  })
  .meta({ id: 'CalendarBody' })
const yearBody = z
  .strictObject({
    off,
    work,
    source: storableOnly(source).nullable().optional().meta({
      description: 'Left out: it keeps its value. null: none.',
    }),
  })
  .meta({ id: 'CalendarYearBody' })

const calendarAnswer = z
  .strictObject({
    id: z.string(),
    opens: z.string(),
    closes: z.string(),
    daysOf: z.string().nullable().meta({ description: 'Whose years count where it has none of its own.' }),
    years: z.array(z.int()).meta({ description: 'Those of its own.' }),
    version: z.int(),
  })
  .meta({ id: 'Calendar' })

const yearAnswer = z
  .strictObject({
    calendar: z.string().meta({ description: 'Whose schedule it is: its own, else that of daysOf.' }),
    year: z.int(),
    off: z.array(z.string()),
    work: z.array(z.string()),
    source: z.string(),
    version: z.int(),
  })
  .meta({ id: 'CalendarYear' })

const calendarParams = z.strictObject({ id: unitCodeSchema })
const yearParams = z.strictObject({
  id: unitCodeSchema,
  // as of its own schema, which a document would not see behind a coercion
  year: digits(z.int().min(calendarYearSchema.minValue!).max(calendarYearSchema.maxValue!)),
})
const tags = ['master data']

/** Left out, it keeps its value; `null` clears it. */
const sourceOf = (given: string | null | undefined, before: string | undefined): string =>
  given === undefined ? (before ?? '') : (given ?? '')

/** @throws Refusal `calendar_not_found` */
const calendarOf = ({ views }: Pick<Deps, 'views'>, id: string): CalendarEntry => {
  const calendar = views.master.calendar(id)
  if (calendar === null) throw new Refusal('calendar_not_found', { code: id })
  return calendar
}

/** A calendar with its own years, as it was after one of its entries. */
const presentCalendar = (id: string, version: number, { years, ...hours }: CalendarState) => ({
  id,
  ...hours,
  years: [...years.keys()].sort((a, b) => a - b),
  version,
})

/** A calendar's own schedule of a year at a version. @throws Refusal `calendar_not_found`, `version_not_found` */
const yearOfVersion = (
  deps: Pick<Deps, 'views'>,
  calendar: string,
  { year, version }: { year: number; version: number },
) => {
  const found = calendarOfVersion(deps, calendar, version).years.get(year)
  if (found === undefined) throw new Refusal('calendar_not_found', { code: `${calendar}/${year}` })
  return { calendar, ...found, version }
}

export const calendarRoutes: Routes = (deps) => async (plugin) => {
  const app = plugin.withTypeProvider<ZodTypeProvider>()

  app.put(
    '/v1/calendars/:id',
    {
      config: {
        action: 'keep_master_data',
        refusals: ofCalendars,
        // of no unit: nobody's deadlines move
        example: { path: { id: 'CN-TEST' }, body: { opens: '08:30', closes: '17:00', daysOf: 'CN' } },
      },
      schema: {
        tags,
        summary: 'Enter a calendar or change its hours',
        params: calendarParams,
        body: calendarBody,
        response: { 200: calendarAnswer, 201: calendarAnswer },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const { state, version } = await writeAggregate(deps, request, reply, {
        aggregate: calendarAggregate,
        id,
        exists: (calendar) => calendar !== null,
        command: ({ state }) => definition(id, request.body, state),
        // who borrows from whom is judged by other calendars, so one definition is made at a time
        around: (work) => withCalendars(deps, work),
      })
      return presentCalendar(id, version, state)
    },
  )

  const definition = (id: string, body: z.infer<typeof calendarBody>, known: CalendarState | null) => {
    const { daysOf = known?.daysOf ?? null } = body
    return {
      type: 'DefineCalendar' as const,
      calendar: id,
      ...body,
      daysOf,
      lender: daysOf === null ? null : deps.views.master.calendar(daysOf),
      borrowers: deps.views.master.borrowersOf(id),
    }
  }

  app.get(
    '/v1/calendars/:id',
    {
      config: { action: 'read', refusals: ['calendar_not_found', 'version_not_found'] },
      schema: {
        tags,
        summary: 'A calendar as it counts now, or at one of its versions',
        params: calendarParams,
        querystring: z.strictObject({ version: calendarVersionQuery.optional() }),
        response: { 200: calendarAnswer },
      },
    },
    async ({ params: { id }, query: { version } }, reply) => {
      const calendar = calendarOf(deps, id)
      if (version !== undefined) return presentCalendar(id, version, calendarOfVersion(deps, id, version))
      sendETag(reply, calendar.version)
      return calendar
    },
  )

  app.get(
    '/v1/calendars/:id/versions',
    {
      config: { action: 'read', refusals: ['calendar_not_found'], operationId: 'listCalendarVersions' },
      schema: {
        tags,
        summary: 'All versions of a calendar, the oldest first, each with what it changed',
        params: calendarParams,
        response: { 200: calendarVersionsAnswer },
      },
    },
    async ({ params: { id } }) => ({ items: calendarVersions(deps, id) }),
  )
}

export const calendarYearRoutes: Routes = (deps) => async (plugin) => {
  const app = plugin.withTypeProvider<ZodTypeProvider>()

  app.put(
    '/v1/calendars/:id/:year',
    {
      config: {
        action: 'keep_master_data',
        refusals: ofCalendars,
        operationId: 'putCalendarYear',
        // a year that is far off: nobody's deadlines move
        example: {
          path: { id: 'CN', year: '2098' },
          body: { off: ['2098-01-01'], work: ['2098-01-04'], source: '国务院办公厅' },
        },
      },
      schema: {
        tags,
        summary: 'Enter the schedule of a year',
        description: 'Moves no existing deadline (rulebook §5).',
        params: yearParams,
        body: yearBody,
        response: { 200: yearAnswer, 201: yearAnswer },
      },
    },
    async (request, reply) => {
      const { id: calendar, year } = request.params
      const { state, version } = await writeAggregate(deps, request, reply, {
        aggregate: calendarAggregate,
        id: calendar,
        exists: (known) => known?.years.has(year) ?? false,
        command: ({ state: known }) => ({
          type: 'SetCalendarYear' as const,
          calendar,
          year,
          ...request.body,
          source: sourceOf(request.body.source, known?.years.get(year)?.source),
        }),
      })
      return { calendar, ...state.years.get(year)!, version }
    },
  )

  app.get(
    '/v1/calendars/:id/:year',
    {
      config: {
        action: 'read',
        refusals: ['calendar_not_found', 'version_not_found'],
        operationId: 'getCalendarYear',
      },
      schema: {
        tags,
        summary: 'The schedule of a year as it counts now, or at a version of the calendar',
        params: yearParams,
        querystring: z.strictObject({ version: calendarVersionQuery.optional() }),
        response: { 200: yearAnswer },
      },
    },
    async ({ params: { id, year }, query: { version: asked } }, reply) => {
      if (asked !== undefined) return yearOfVersion(deps, id, { year, version: asked })
      const { daysOf, version } = calendarOf(deps, id)
      const own = deps.views.master.calendarYear(id, year)
      const found = own ?? (daysOf === null ? null : deps.views.master.calendarYear(daysOf, year))
      if (found === null) throw new Refusal('calendar_not_found', { code: `${id}/${year}` })
      sendETag(reply, version)
      const { id: calendar, off, work, source } = found
      return { calendar, year, off, work, source, version }
    },
  )
}
