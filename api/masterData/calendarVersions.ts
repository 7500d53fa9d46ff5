/** A calendar as it is now, and its versions: each entry of its stream is one, of its hours or of a year. */
import { z } from 'zod'
import { type Calendar, calendarEventData, evolveCalendar } from '../../domain/calendar/calendar.ts'
import { Refusal } from '../../domain/refusal.ts'
import { unitCodeSchema } from '../../domain/unitCode.ts'
import type { CalendarEntry } from '../../projections/master/masterQueries.ts'
import type { Deps } from '../http/deps.ts'
import { recordedAnswer, versionQuery } from './versions.ts'

export const calendarParams = z.strictObject({ id: unitCodeSchema })
export const calendarVersionQuery = versionQuery

const hours = calendarEventData.CalendarDefined.meta({ id: 'CalendarHours' })
const year = calendarEventData.CalendarYearSet.meta({ id: 'CalendarYearEntry' })

export const calendarVersionsAnswer = z
  .strictObject({
    items: z.array(
      z.strictObject({
        version: z.int(),
        ...recordedAnswer,
        hours: hours.nullable().meta({ description: 'The hours it entered; null: it entered a year.' }),
        year: year.nullable().meta({ description: 'The year it entered; null: it entered hours.' }),
      }),
    ),
  })
  .meta({ id: 'CalendarVersions' })

type Versions = z.infer<typeof calendarVersionsAnswer>['items']

/** @throws Refusal `calendar_not_found` */
export const calendarNow = ({ views }: Pick<Deps, 'views'>, id: string): CalendarEntry => {
  const calendar = views.master.calendar(id)
  if (calendar === null) throw new Refusal('calendar_not_found', { code: id })
  return calendar
}

/** @throws Refusal `calendar_not_found` */
export const calendarVersions = ({ views }: Pick<Deps, 'views'>, id: string): Versions => {
  const entries = views.master.calendarVersions(id)
  if (entries.length === 0) throw new Refusal('calendar_not_found', { code: id })
  return entries.map(({ event, version, recordedAt, actor }) => ({
    version,
    recordedAt,
    recordedBy: actor,
    hours: event.type === 'CalendarDefined' ? event.data : null,
    year: event.type === 'CalendarYearSet' ? event.data : null,
  }))
}

/** A calendar as it was entered by a version. @throws Refusal `calendar_not_found`, `version_not_found` */
export const calendarOfVersion = ({ views }: Pick<Deps, 'views'>, id: string, version: number): Calendar => {
  const entries = views.master.calendarVersions(id)
  if (entries.length === 0) throw new Refusal('calendar_not_found', { code: id })
  const state = entries
    .filter((entry) => entry.version <= version)
    .reduce<Calendar | null>((known, { event }) => evolveCalendar(known, event), null)
  if (state === null || version > entries.at(-1)!.version)
    throw new Refusal('version_not_found', { version, name: id })
  return state
}
