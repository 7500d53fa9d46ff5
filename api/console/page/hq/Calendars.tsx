/** The calendars: which there are, what was entered, and the forms of the one that is chosen. */
import { useSignal } from '@preact/signals'
import { now } from '../core/clock.ts'
import { say } from '../core/words.ts'
import { atRest, useAnswer } from '../lists/answer.ts'
import { Choose } from '../reports/Choose.tsx'
import { Report } from '../reports/Report.tsx'
import { instant } from '../time/format.ts'
import { dealers, loadUnits, rbos } from '../time/units.ts'
import { Field } from '../ui/Field.tsx'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { HoursForm, YearForm } from './CalendarForms.tsx'
import { type Entry, pathOf, type ShownCalendar } from './calendar.ts'
import { calendarWords as words } from './calendarWords.ts'

/** The newest of what was entered. */
const mostEntries = 8

const Entries = ({ items }: { items: readonly Entry[] }) => (
  <>
    <h3>{say(words.versions)}</h3>
    <ul>
      {items
        .toReversed()
        .slice(0, mostEntries)
        .map(({ version, recordedAt, recordedBy, hours, year }) => (
          <li key={version}>
            {say(words.entered, {
              version,
              at: instant(recordedAt, 'long'),
              who: recordedBy.id,
              what: hours === null ? String(year?.year) : `${hours.opens}–${hours.closes}`,
            })}
          </li>
        ))}
    </ul>
  </>
)

const newCalendar = (id: string): ShownCalendar => ({
  id,
  opens: '09:00',
  closes: '18:00',
  daysOf: null,
  years: [],
  version: 0,
})

const OneCalendar = ({ id, year }: { id: string; year: number }) => {
  const reading = useAnswer<ShownCalendar>(pathOf(id), atRest)
  const entries = useAnswer<{ items: Entry[] }>(`${pathOf(id)}/versions`, atRest)
  const saved = useSignal<number | null>(null)
  const problem = reading.problem.value
  const isNew = problem?.status === 404
  if (problem !== null && !isNew) return <ProblemNote problem={problem} />
  const calendar = isNew ? newCalendar(id) : reading.answer.value
  if (calendar === null) return null
  const etag = isNew ? null : reading.etag.value
  const form = {
    calendar,
    onSaved: (version: number) => {
      saved.value = version
      reading.readAgain()
      entries.readAgain()
      // what is left of a due is counted by it
      loadUnits().catch(() => undefined)
    },
  }
  return (
    <>
      <p class="hint" role="status">
        {saved.value !== null && say(words.saved, { calendar: id, version: saved.value })}
      </p>
      <h3>{say(words.hours)}</h3>
      {isNew && <p class="hint">{say(words.isNew)}</p>}
      <HoursForm key={`hours ${etag}`} etag={etag} {...form} />
      {!isNew && (
        <>
          <h3>{say(words.schedule, { year })}</h3>
          <YearForm key={`${year} ${etag}`} year={year} {...form} />
          <Entries items={entries.answer.value?.items ?? []} />
        </>
      )}
    </>
  )
}

/** The calendars that somebody works by; the national one counts for everybody else. */
const calendarsInUse = (): string[] =>
  [
    ...new Set([
      'CN',
      ...[...dealers.value.values(), ...rbos.value.values()].map(({ calendar }) => calendar),
    ]),
  ].filter((id) => id !== null)

export const Calendars = () => {
  const id = useSignal('CN')
  const thisYear = new Date(now.peek() + 8 * 3_600_000).getUTCFullYear()
  const year = useSignal(String(thisYear))
  const other = useSignal('')
  return (
    <Report
      title={say(words.title)}
      hint={say(words.lead)}
      head={
        <>
          <Choose
            text={say(words.calendar)}
            chosen={id}
            choices={[...new Set([...calendarsInUse(), id.value])].map((each) => ({
              value: each,
              text: each,
            }))}
          />
          <Choose
            text={say(words.year)}
            chosen={year}
            choices={[-1, 0, 1, 2].map((more) => ({
              value: String(thisYear + more),
              text: String(thisYear + more),
            }))}
          />
        </>
      }
    >
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault()
          id.value = other.value.trim() || id.value
        }}
      >
        <Field
          kind="line"
          text={say(words.other)}
          value={other.value}
          onValue={(value) => {
            other.value = value
          }}
        />
        <button type="submit">{say(words.open)}</button>
      </form>
      <OneCalendar key={id.value} id={id.value} year={Number(year.value)} />
    </Report>
  )
}
