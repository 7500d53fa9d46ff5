/** Forms of one calendar: its hours, and the days off and worked of a year. */
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { type Answer, ApiProblem, get, send } from '../core/api.ts'
import { say } from '../core/words.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import {
  daysOf,
  hoursFields,
  hoursOf,
  linesOf,
  pathOf,
  type ReadYear,
  readYear,
  type ShownCalendar,
  yearFields,
} from './calendar.ts'
import { calendarWords as words } from './calendarWords.ts'
import { mayKeep } from './Policy.tsx'
import { SettingsForm } from './SettingsForm.tsx'

type FormProps = { calendar: ShownCalendar; etag: string | null; onSaved(version: number): void }

export const HoursForm = ({ calendar, etag, onSaved }: FormProps) => (
  <SettingsForm
    title={say(words.hours)}
    groups={[{ name: 'hours', fields: hoursFields }]}
    shown={hoursOf(calendar, etag)}
    isReadOnly={!mayKeep()}
    read={async () => {
      const { data, version }: Answer<ShownCalendar> = await get(pathOf(calendar.id))
      return hoursOf(data, version)
    }}
    save={async ({ opens = '', closes = '', daysOf: lender = '' }, options) => {
      const body = { opens: opens.trim(), closes: closes.trim(), daysOf: lender.trim() || null }
      const { data } = await send<ShownCalendar>(pathOf(calendar.id), { method: 'PUT', body, ...options })
      onSaved(data.version)
    }}
  />
)

export const YearForm = ({ calendar, year, onSaved }: Omit<FormProps, 'etag'> & { year: number }) => {
  const found = useSignal<ReadYear | null>(null)
  const problem = useSignal<ApiProblem | null>(null)
  useEffect(() => {
    readYear(calendar.id, year).then(
      (read) => {
        found.value = read
      },
      (error: unknown) => {
        if (!(error instanceof ApiProblem)) throw error
        problem.value = error
      },
    )
  }, [])
  if (problem.value !== null) return <ProblemNote problem={problem.value} />
  if (found.value === null) return null
  const lender = found.value.year?.calendar ?? null
  return (
    <>
      {lender === null && <p class="hint">{say(words.none)}</p>}
      {lender !== null && lender !== calendar.id && (
        <p class="hint">{say(words.borrowed, { calendar: lender })}</p>
      )}
      <SettingsForm
        title={say(words.schedule, { year })}
        groups={[{ name: 'year', fields: yearFields(year) }]}
        shown={daysOf(found.value)}
        isReadOnly={!mayKeep()}
        read={async () => daysOf(await readYear(calendar.id, year))}
        save={async ({ off = '', work = '', source = '' }, options) => {
          const body = { off: linesOf(off), work: linesOf(work), source: source.trim() || null }
          const path = `${pathOf(calendar.id)}/${year}`
          onSaved((await send<{ version: number }>(path, { method: 'PUT', body, ...options })).data.version)
        }}
      />
    </>
  )
}
