/** Calendars over the API, and how their hours and years are written in a form. */
import { get } from '../core/api.ts'
import type { Words } from '../core/words.ts'
import type { AskedField } from '../ui/asked.tsx'
import { calendarWords as words } from './calendarWords.ts'
import type { ShownSettings } from './SettingsForm.tsx'

export type ShownCalendar = {
  id: string
  opens: string
  closes: string
  daysOf: string | null
  years: number[]
  version: number
}
export type Year = { calendar: string; off: string[]; work: string[]; source: string }
export type Entry = {
  version: number
  recordedAt: string
  recordedBy: { id: string }
  hours: { opens: string; closes: string } | null
  year: { year: number } | null
}

export const pathOf = (id: string): string => `/v1/calendars/${encodeURIComponent(id)}`

const isTime = (text: string): boolean => /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/.test(text.trim())
/** Days are parted by lines, spaces or commas. */
export const linesOf = (text: string): string[] => text.split(/[\s,，]+/).filter((line) => line !== '')

const timeFault = (text: string): Words | null => (isTime(text) ? null : words.notATime)

export const hoursFields: readonly AskedField[] = [
  { name: 'opens', text: words.opens, kind: 'line', isRequired: true, fault: timeFault },
  { name: 'closes', text: words.closes, kind: 'line', isRequired: true, fault: timeFault },
  { name: 'daysOf', text: words.daysOf, kind: 'line' },
]

export const yearFields = (year: number): readonly AskedField[] => {
  const fault = (text: string): Words | null =>
    linesOf(text).every((day) => /^\d{4}-\d\d-\d\d$/.test(day) && day.startsWith(`${year}-`))
      ? null
      : words.notDays
  return [
    { name: 'off', text: words.off, kind: 'area', hint: words.days, fault },
    { name: 'work', text: words.work, kind: 'area', hint: words.days, fault },
    { name: 'source', text: words.source, kind: 'line' },
  ]
}

export const hoursOf = ({ opens, closes, daysOf }: ShownCalendar, etag: string | null): ShownSettings => ({
  values: { opens, closes, daysOf: daysOf ?? '' },
  etag,
})

export type ReadYear = { year: Year | null; etag: string | null }

/** The schedule of a year that counts, its own or borrowed, and the version of the calendar; `null`: there is none. @throws ApiProblem */
export const readYear = async (id: string, year: number): Promise<ReadYear> => {
  const { data, version } = await get<ShownCalendar>(pathOf(id))
  const lender = data.daysOf === null ? null : (await get<ShownCalendar>(pathOf(data.daysOf))).data
  const isKnown = [data, lender].some((each) => each?.years.includes(year))
  if (!isKnown) return { year: null, etag: version }
  return { year: (await get<Year>(`${pathOf(id)}/${year}`)).data, etag: version }
}

export const daysOf = ({ year, etag }: { year: Year | null; etag: string | null }): ShownSettings => ({
  values: {
    off: year?.off.join('\n') ?? '',
    work: year?.work.join('\n') ?? '',
    source: year?.source ?? '',
  },
  etag,
})
