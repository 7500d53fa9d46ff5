/** Whether every event of the log can still be read: its JSON, its schema, and the sealed texts in it. */
import type Database from 'better-sqlite3'
import type { SealedText } from '../../domain/sealed.ts'
import { type Sealer, unreadable } from '../../domain/sealing.ts'
import { type EventType, eventSchemas } from '../../domain/storedEvents.ts'
import { uuidText } from '../../domain/uuid.ts'
import type { SqliteKeys } from '../keys/sqliteKeys.ts'
import type { LogRow } from '../store/logRow.ts'
import type { Report } from './checkNumbers.ts'
import { metadataSchema } from './metadataSchema.ts'

/** Events in memory at a time. */
const pageSize = 1_000

const sealedForm = /^v1\.[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\.[\w-]+$/
/** Fields that hold nothing but sealed texts, so that one of another form is a damaged one. */
const sealedFields = new Set(['text', 'customer'])

/** Every sealed text in an event's data, and what should be one. */
const sealedTextsIn = (value: unknown, field = ''): string[] => {
  if (typeof value === 'string') return sealedFields.has(field) || sealedForm.test(value) ? [value] : []
  if (Array.isArray(value)) return value.flatMap((each) => sealedTextsIn(each, field))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, each]) => sealedTextsIn(each, name))
}

const parsed = (json: string): { value: unknown } | null => {
  try {
    return { value: JSON.parse(json) }
  } catch {
    return null
  }
}

export type EventCounts = {
  events: number
  /** Sealed texts that opened, and those of erased customers, which do not. */
  opened: number
  erased: number
}

export type CheckParts = {
  keys: SqliteKeys
  sealing: Pick<Sealer, 'open' | 'subjectOf'>
  report: Report
  onProgress: (events: number) => void
  /** Told of every row, in order. */
  onRow: (row: LogRow) => void
}

const readSealed = (sealed: string, { keys, sealing }: CheckParts): 'opened' | 'erased' | string => {
  try {
    const subject = sealing.subjectOf(sealed as SealedText)
    if (!keys.isKnown(subject)) return `subject ${subject} has no key`
    const value = sealing.open(sealed as SealedText)
    if (value === unreadable)
      return `a sealed text of subject ${subject} was changed, or belongs to another key`
    return value === null ? 'erased' : 'opened'
  } catch (error) {
    return (error as Error).message
  }
}

/** What is wrong with an event's data or metadata, by the names of the fields alone: values may be anybody's. */
const formOf = (
  what: string,
  schema: typeof metadataSchema | (typeof eventSchemas)[EventType],
  value: unknown,
) => {
  const result = schema.safeParse(value)
  return result.success
    ? []
    : result.error.issues.map(
        ({ path, code }) => `its ${[what, ...path.map(String)].join('.')} is not of the form (${code})`,
      )
}

const problemsOf = (
  { type, data, metadata }: LogRow,
  checked: EventCounts,
  reading: CheckParts,
): string[] => {
  const [payload, envelope] = [parsed(data), parsed(metadata)]
  if (payload === null || envelope === null) return ['its JSON cannot be read']
  const schema = Object.hasOwn(eventSchemas, type) ? eventSchemas[type as EventType] : undefined
  if (schema === undefined) return ['nothing here knows its type']
  const problems = [
    ...formOf('data', schema, payload.value),
    ...formOf('metadata', metadataSchema, envelope.value),
  ]
  for (const sealed of sealedTextsIn(payload.value)) {
    const found = readSealed(sealed, reading)
    if (found === 'opened' || found === 'erased') checked[found] += 1
    else problems.push(`what is sealed in it does not open: ${found}`)
  }
  return problems
}

/** Reads all events up to `head`, a position, page by page, so that the log can be written meanwhile. */
export const checkEvents = (log: Database.Database, head: number, reading: CheckParts): EventCounts => {
  const page = log.prepare<[number, number, number], LogRow>(
    'SELECT * FROM events WHERE position > ? AND position <= ? ORDER BY position LIMIT ?',
  )
  const checked: EventCounts = { events: 0, opened: 0, erased: 0 }
  for (let after = 0; ; ) {
    const rows = page.all(after, head, pageSize)
    if (rows.length === 0) return checked
    for (const row of rows) reading.onRow(row)
    for (const row of rows)
      for (const problem of problemsOf(row, checked, reading))
        reading.report(
          `Event ${row.position}, ${row.type} of ${row.stream}: ${problem}. Its id is ${uuidText(row.id)}.`,
        )
    checked.events += rows.length
    after = rows.at(-1)!.position
    reading.onProgress(checked.events)
  }
}
