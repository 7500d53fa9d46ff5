/** The file of a journal: one entry a line, JSON. It is only ever added to, and removed when its entries are elsewhere. */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { AccessLine } from '../../domain/accessLog.ts'
import { toInstant } from '../../domain/instant.ts'

/** A line, and the file it speaks of; or the end of that file. */
export type JournalEntry = { line: AccessLine; file: string | null } | { file: string; count: number }

const fileForm = /^(access-\d{4}-\d{2}-[\da-f-]{36})\.journal$/

/** The month of now, `2026-11`, in UTC. */
export const monthNow = (): string => toInstant(Date.now()).slice(0, 7)

/** `access-2026-11-` and an id: the month in which it was begun comes first, and nobody else uses the name. */
export const journalName = (): string => `access-${monthNow()}-${randomUUID()}`

/** The month a journal was begun in, `2026-11`, in UTC. */
export const monthOf = (journal: string): string => journal.slice('access-'.length, 'access-2026-11'.length)

/** The name of the journal in a file; `null`: the file is none. */
export const nameOfFile = (file: string): string | null => fileForm.exec(file)?.[1] ?? null

/** An entry as it stands in a journal, with its end. */
export const textOfEntry = (entry: JournalEntry): string => `${JSON.stringify(entry)}\n`

const entryIn = (line: string): JournalEntry[] => {
  try {
    return [JSON.parse(line) as JournalEntry]
  } catch {
    return []
  }
}

/** The entries of a journal in order. The end of a last one that was cut off is none: nobody was answered by it. */
export const entriesIn = (path: string): JournalEntry[] =>
  readFileSync(path, 'utf8').split('\n').slice(0, -1).flatMap(entryIn)
