/** Calendars as forms: the hours of each, and the days off and worked of a year. */
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { type Answer, ApiProblem, get, send } from '../core/api.ts'
import { now } from '../core/clock.ts'
import { say, type Words } from '../core/words.ts'
import { atRest, useAnswer } from '../lists/answer.ts'
import { Choose } from '../reports/Choose.tsx'
import { Report } from '../reports/Report.tsx'
import { instant } from '../time/format.ts'
import { dealers, loadUnits, rbos } from '../time/units.ts'
import { Field } from '../ui/Field.tsx'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { mayKeep } from './Policy.tsx'
import { SettingsForm, type Shown } from './SettingsForm.tsx'

const words = {
  title: { en: 'Calendars', zh: '工作日历' },
  lead: {
    en: 'A change moves no deadline that is running.',
    zh: '修改不会改变已经开始的时限。',
  },
  calendar: { en: 'Calendar', zh: '日历' },
  year: { en: 'Year', zh: '年度' },
  hours: { en: 'Hours', zh: '工作时间' },
  opens: { en: 'Opens (HH:MM)', zh: '开始（HH:MM）' },
  closes: { en: 'Closes (HH:MM, 24:00 at most)', zh: '结束（HH:MM，最晚 24:00）' },
  daysOf: { en: 'Takes the years it lacks from', zh: '未设年度沿用日历' },
  schedule: { en: 'Days of {year}', zh: '{year} 年放假安排' },
  off: { en: 'Days off', zh: '放假日' },
  work: { en: 'Weekend days that are worked', zh: '调休工作日' },
  days: { en: 'One day a line: YYYY-MM-DD', zh: '每行一日：YYYY-MM-DD' },
  source: { en: 'Source', zh: '依据' },
  borrowed: { en: 'This year is taken from {calendar}.', zh: '本年度沿用日历 {calendar}。' },
  none: {
    en: 'This year has no schedule yet: Monday to Friday count.',
    zh: '本年度尚无安排，按周一至周五计算。',
  },
  notATime: { en: 'This must be a time, HH:MM.', zh: '应为时间 HH:MM。' },
  notDays: { en: 'Each line must be a day of {year}.', zh: '每行应为该年度的日期。' },
  saved: {
    en: 'Calendar {calendar} is saved, version {version}.',
    zh: '已保存日历 {calendar}，第 {version} 版。',
  },
  entered: { en: 'Version {version}, {at}, by {who}: {what}', zh: '第 {version} 版，{at}，{who}：{what}' },
  isNew: { en: 'There is no such calendar yet: sending enters it.', zh: '该日历尚不存在，提交后新建。' },
  other: { en: 'Another calendar', zh: '其他日历' },
  open: { en: 'Open', zh: '打开' },
  versions: { en: 'What was entered', zh: '修改记录' },
} as const satisfies Record<string, Words>

type Calendar = {
  id: string
  opens: string
  closes: string
  daysOf: string | null
  years: number[]
  version: number
}
type Year = { calendar: string; off: string[]; work: string[]; source: string }
type Entry = {
  version: number
  recordedAt: string
  recordedBy: { id: string }
  hours: { opens: string; closes: string } | null
  year: { year: number } | null
}

const pathOf = (id: string): string => `/v1/calendars/${encodeURIComponent(id)}`

const isTime = (text: string): boolean => /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/.test(text.trim())
const linesOf = (text: string): string[] => text.split(/[\s,，]+/).filter((line) => line !== '')

const timeFault = (text: string): Words | null => (isTime(text) ? null : words.notATime)

const hoursFields = [
  { name: 'opens', text: words.opens, kind: 'line', isRequired: true, fault: timeFault },
  { name: 'closes', text: words.closes, kind: 'line', isRequired: true, fault: timeFault },
  { name: 'daysOf', text: words.daysOf, kind: 'line' },
] as const

const yearFields = (year: number) => {
  const fault = (text: string): Words | null =>
    linesOf(text).every((day) => /^\d{4}-\d\d-\d\d$/.test(day) && day.startsWith(`${year}-`))
      ? null
      : words.notDays
  return [
    { name: 'off', text: words.off, kind: 'area', hint: words.days, fault },
    { name: 'work', text: words.work, kind: 'area', hint: words.days, fault },
    { name: 'source', text: words.source, kind: 'line' },
  ] as const
}

const hoursOf = ({ opens, closes, daysOf }: Calendar, etag: string | null): Shown => ({
  values: { opens, closes, daysOf: daysOf ?? '' },
  etag,
})

type ReadYear = { year: Year | null; etag: string | null }

/** The schedule of a year that counts, its own or borrowed, and the version of the calendar; `null`: there is none. @throws ApiProblem */
const readYear = async (id: string, year: number): Promise<ReadYear> => {
  const { data, version } = await get<Calendar>(pathOf(id))
  const lender = data.daysOf === null ? null : (await get<Calendar>(pathOf(data.daysOf))).data
  const isKnown = [data, lender].some((each) => each?.years.includes(year))
  if (!isKnown) return { year: null, etag: version }
  return { year: (await get<Year>(`${pathOf(id)}/${year}`)).data, etag: version }
}

const daysOf = ({ year, etag }: { year: Year | null; etag: string | null }): Shown => ({
  values: {
    off: year?.off.join('\n') ?? '',
    work: year?.work.join('\n') ?? '',
    source: year?.source ?? '',
  },
  etag,
})

type FormProps = { calendar: Calendar; etag: string | null; onSaved(version: number): void }

const HoursForm = ({ calendar, etag, onSaved }: FormProps) => (
  <SettingsForm
    title={say(words.hours)}
    fields={hoursFields}
    shown={hoursOf(calendar, etag)}
    isReadOnly={!mayKeep()}
    read={async () => {
      const { data, version }: Answer<Calendar> = await get(pathOf(calendar.id))
      return hoursOf(data, version)
    }}
    save={async ({ opens = '', closes = '', daysOf: lender = '' }, options) => {
      const body = { opens: opens.trim(), closes: closes.trim(), daysOf: lender.trim() || null }
      const { data } = await send<Calendar>(pathOf(calendar.id), { method: 'PUT', body, ...options })
      onSaved(data.version)
    }}
  />
)

const YearForm = ({ calendar, year, onSaved }: Omit<FormProps, 'etag'> & { year: number }) => {
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
        fields={yearFields(year)}
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

const newCalendar = (id: string): Calendar => ({
  id,
  opens: '09:00',
  closes: '18:00',
  daysOf: null,
  years: [],
  version: 0,
})

const OneCalendar = ({ id, year }: { id: string; year: number }) => {
  const reading = useAnswer<Calendar>(pathOf(id), atRest)
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
  const year = useSignal(thisYear)
  const other = useSignal('')
  return (
    <Report
      title={say(words.title)}
      hint={say(words.lead)}
      head={
        <>
          <Choose
            text={say(words.calendar)}
            value={id.value}
            choices={[...new Set([...calendarsInUse(), id.value])].map((each) => ({
              value: each,
              text: each,
            }))}
            onValue={(value) => {
              id.value = value
            }}
          />
          <Choose
            text={say(words.year)}
            value={String(year.value)}
            choices={[-1, 0, 1, 2].map((more) => ({
              value: String(thisYear + more),
              text: String(thisYear + more),
            }))}
            onValue={(value) => {
              year.value = Number(value)
            }}
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
      <OneCalendar key={id.value} id={id.value} year={year.value} />
    </Report>
  )
}
