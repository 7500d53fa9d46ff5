/** A due with what is left of it: clock, time left, unit and instant in Shanghai time. */
import type { ComponentChildren } from 'preact'
import { now } from '../core/clock.ts'
import { say } from '../core/words.ts'
import { duration, instant } from './format.ts'
import { leftOf, type RemainingTime, type TimeUnit } from './left.ts'
import { scheduleOf, type UnitRef } from './units.ts'
import { timeWords as words } from './words.ts'

export type ShownDueClock = 'response' | 'close' | 'acknowledge' | 'callback' | 'answer' | 'relay'

const unitOf: Record<ShownDueClock, TimeUnit> = {
  response: 'minutes',
  acknowledge: 'minutes',
  close: 'days',
  callback: 'naturalDays',
  answer: 'days',
  relay: 'minutes',
}

/** How much a due presses, for the mark beside it; the words say it too. */
const pressure = (left: RemainingTime): 'over' | 'soon' | 'calm' => {
  if (left.kind === 'overdue') return 'over'
  if (left.kind === 'days') return left.days === 0 ? 'soon' : 'calm'
  return left.ms <= 30 * 60_000 ? 'soon' : 'calm'
}

const daysLeft = (unit: TimeUnit, days: number): string => {
  if (days === 0) return say(words.lastDay)
  if (days === 1) return say(unit === 'days' ? words.leftOneDay : words.leftOneNaturalDay)
  return say(unit === 'days' ? words.leftDays : words.leftNaturalDays, { days })
}

const mainWords = (left: RemainingTime, unit: TimeUnit, dueAt: string): string => {
  if (left.kind === 'overdue') return say(words.overdue, { at: instant(dueAt) })
  if (left.kind === 'days') return daysLeft(unit, left.days)
  return say(words.left, { time: duration(left.ms) })
}

/** What is over: service time in minutes, or in working days where it is more than two of them; else days. */
const timeOver = (unit: TimeUnit, { ms, days }: { ms: number; days: number }): string => {
  if (unit === 'naturalDays') return say(days === 1 ? words.oneDayOver : words.daysOver, { days })
  return say(words.overdueBy, { time: days > 2 ? say(words.workingDays, { days }) : duration(ms) })
}

const dueWords = (clock: ShownDueClock, dueAt: string): string =>
  say(unitOf[clock] === 'minutes' ? words.due : words.before, { at: instant(dueAt) })

const sideWords = (left: RemainingTime, clock: ShownDueClock, dueAt: string): string => {
  if (left.kind === 'overdue') return timeOver(unitOf[clock], left)
  const due = dueWords(clock, dueAt)
  if (left.kind === 'days' || left.standsUntil === null) return due
  return `${due} · ${say(words.standsStill, { at: instant(left.standsUntil, 'weekday') })}`
}

type Props = {
  clock: ShownDueClock
  dueAt: string | null
  unit: UnitRef
  provisional?: boolean
  children?: ComponentChildren
}

export const TimeLeft = ({ clock, dueAt, unit, provisional = false }: Props) => {
  if (dueAt === null)
    return (
      <span class="due">
        <span class="due-clock">{say(words[clock])}</span> {say(words.noDue)}
      </span>
    )
  const schedule = scheduleOf(unit)
  // the due itself is the service's; what is left of it is counted by the calendar, which comes after the rows
  if (schedule === null)
    return (
      <span class="due">
        <span class="due-clock">{say(words[clock])}</span>{' '}
        <time dateTime={dueAt}>{dueWords(clock, dueAt)}</time>
      </span>
    )
  const left = leftOf(schedule, { unit: unitOf[clock], dueAt: Date.parse(dueAt) }, now.value)
  return (
    <span class={`due due-${pressure(left)}`}>
      <span class="due-clock">{say(words[clock])}</span>{' '}
      <span class="due-main">{mainWords(left, unitOf[clock], dueAt)}</span>
      <span class="due-side">
        {' · '}
        <time dateTime={dueAt}>{sideWords(left, clock, dueAt)}</time>
        {provisional && ` · ${say(words.provisional)}`}
      </span>
    </span>
  )
}

/** An instant in Shanghai time. */
export const At = ({ at, form }: { at: string; form?: 'short' | 'long' | 'time' }) => (
  <time dateTime={at} translate={false}>
    {instant(at, form)}
  </time>
)
