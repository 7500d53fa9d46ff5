/** Calendars: their opening hours, and their versions. */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import {
  type Calendar as CalendarState,
  calendarAggregate,
  calendarEventData,
} from '../../domain/calendar/calendar.ts'
import { withCalendars } from '../commands/locks.ts'
import { writeAggregate } from '../http/aggregateWrites.ts'
import type { Routes } from '../http/deps.ts'
import { sendETag } from '../http/etag.ts'
import { ofCalendars } from '../http/operationCodes.ts'
import {
  calendarNow,
  calendarOfVersion,
  calendarParams,
  calendarVersionQuery,
  calendarVersions,
  calendarVersionsAnswer,
} from './calendarVersions.ts'

const { opens, closes, daysOf } = calendarEventData.CalendarDefined.shape
const calendarBody = z
  .strictObject({
    opens,
    closes,
    daysOf: daysOf.optional().meta({ description: 'Left out: it keeps its value. null: no other calendar.' }),
  })
  .meta({ id: 'CalendarBody' })

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

const tags = ['master data']

/** A calendar with its own years, as it was after one of its entries. */
const presentCalendar = (id: string, version: number, { years, ...hours }: CalendarState) => ({
  id,
  ...hours,
  years: [...years.keys()].sort((a, b) => a - b),
  version,
})

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
      const calendar = calendarNow(deps, id)
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
