/** Units by name, and the schedule each of them works by: from the lists of dealers, RBOs and calendars. */
import { batch, signal } from '@preact/signals'
import { get, getAll } from '../core/api.ts'
import { now } from '../core/clock.ts'
import { label } from '../core/codes.ts'
import { dayOf, type Schedule } from './serviceTime.ts'

export type UnitDealer = { code: string; name: string; rbo: string; calendar: string | null; active: boolean }
export type UnitRbo = { code: string; name: string; calendar: string | null }

export const dealers = signal<ReadonlyMap<string, UnitDealer>>(new Map())
export const rbos = signal<ReadonlyMap<string, UnitRbo>>(new Map())
const schedules = signal<ReadonlyMap<string, Schedule>>(new Map())

const national = 'CN'

type Calendar = { id: string; opens: string; closes: string; daysOf: string | null; years: number[] }
type Year = { off: string[]; work: string[] }

const yearOf = (epochMs: number): number => new Date(dayOf(epochMs) * 86_400_000).getUTCFullYear()

const loadCalendar = async (id: string): Promise<Calendar> =>
  (await get<Calendar>(`/v1/calendars/${id}`)).data

/** A calendar with the years around now; a year that has no schedule yet counts Monday to Friday. */
const loadSchedule = async (id: string): Promise<[string, Schedule]> => {
  const { opens, closes, daysOf, years } = await loadCalendar(id)
  const lent = daysOf === null ? [] : (await loadCalendar(daysOf)).years
  const thisYear = yearOf(now.peek())
  const known = [thisYear - 1, thisYear, thisYear + 1].filter(
    (year) => years.includes(year) || lent.includes(year),
  )
  const days = await Promise.all(
    known.map(async (year) => (await get<Year>(`/v1/calendars/${id}/${year}`)).data),
  )
  const off = new Set(days.flatMap((year) => year.off))
  return [id, { opens, closes, off, work: new Set(days.flatMap((year) => year.work)) }]
}

/** Names are shown before calendars are read: a row waits for neither. @throws ApiProblem */
export const loadUnits = async (): Promise<void> => {
  const [allDealers, allRbos] = await Promise.all([
    getAll<UnitDealer>('/v1/dealers'),
    getAll<UnitRbo>('/v1/rbos'),
  ])
  batch(() => {
    dealers.value = new Map(allDealers.map((dealer) => [dealer.code, dealer]))
    rbos.value = new Map(allRbos.map((rbo) => [rbo.code, rbo]))
  })
  const named = [...allDealers, ...allRbos].map(({ calendar }) => calendar).filter((id) => id !== null)
  schedules.value = new Map(await Promise.all([...new Set([national, ...named])].map(loadSchedule)))
}

/** A unit as tickets and warnings name it. */
export type UnitRef = { tier: string; unit: string }

const calendarOf = ({ tier, unit }: UnitRef): string => {
  if (tier === 'rbo') return rbos.value.get(unit)?.calendar ?? national
  if (tier !== 'dealer') return national
  const dealer = dealers.value.get(unit)
  return dealer?.calendar ?? (dealer && rbos.value.get(dealer.rbo)?.calendar) ?? national
}

/** `null`: the calendars are not read yet. */
export const scheduleOf = (unit: UnitRef): Schedule | null =>
  schedules.value.get(calendarOf(unit)) ?? schedules.value.get(national) ?? null

/** The name of a unit, whole; a desk of HQ has the label of its tier. */
export const unitName = ({ tier, unit }: UnitRef): string => {
  if (tier === 'dealer') return dealers.value.get(unit)?.name ?? unit
  if (tier === 'rbo') return rbos.value.get(unit)?.name ?? unit
  return label('tiers', tier)
}

/** The name of a dealer by its code; `null`: no dealer. */
export const dealerName = (code: string | null): string | null =>
  code === null ? null : (dealers.value.get(code)?.name ?? code)
