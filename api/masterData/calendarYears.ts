/** The days a year of a calendar has off or works. */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { calendarAggregate, calendarEventData, calendarYearSchema } from '../../domain/calendar/calendar.ts'
import { Refusal } from '../../domain/refusal.ts'
import { storableOnly } from '../commands/fields.ts'
import { writeAggregate } from '../http/aggregateWrites.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { sendETag } from '../http/etag.ts'
import { ofCalendars } from '../http/operationCodes.ts'
import { digits } from '../http/schemas.ts'
import { calendarNow, calendarOfVersion, calendarParams, calendarVersionQuery } from './calendarVersions.ts'

const { off, work, source } = calendarEventData.CalendarYearSet.shape
const yearBody = z
  .strictObject({
    off,
    work,
    source: storableOnly(source).nullable().optional().meta({
      description: 'Left out: it keeps its value. null: none.',
    }),
  })
  .meta({ id: 'CalendarYearBody' })

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

const yearParams = calendarParams.extend({
  // as of its own schema, which a document would not see behind a coercion
  year: digits(z.int().min(calendarYearSchema.minValue!).max(calendarYearSchema.maxValue!)),
})
const tags = ['master data']

/** Left out, it keeps its value; `null` clears it. */
const sourceOf = (given: string | null | undefined, before: string | undefined): string =>
  given === undefined ? (before ?? '') : (given ?? '')

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
      const { daysOf, version } = calendarNow(deps, id)
      const own = deps.views.master.calendarYear(id, year)
      const found = own ?? (daysOf === null ? null : deps.views.master.calendarYear(daysOf, year))
      if (found === null) throw new Refusal('calendar_not_found', { code: `${id}/${year}` })
      sendETag(reply, version)
      const { id: calendar, off, work, source } = found
      return { calendar, year, off, work, source, version }
    },
  )
}
