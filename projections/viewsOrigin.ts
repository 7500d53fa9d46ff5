/** Whether a views file is of the log it lies beside: a log that was replaced or cut makes the views worthless. */
import { existsSync } from 'node:fs'
import type Database from 'better-sqlite3'
import { DamagedEvent, type EventStore, type StoredEvent } from '../domain/eventStore.ts'
import { openDatabase } from './openDatabase.ts'
import type { LastEvent } from './viewsFile.ts'

type Log = Pick<EventStore, 'readStream'> & {
  /** What tells this log from every other. */
  id: string
}

type Origin = { log: string | null; views: { name: string; event: LastEvent | null }[] }

/** How long to wait for a writer that has the file to itself. */
const busyTimeoutMs = 5_000

/** What a views file says of its log; `null` where it is not there, or cannot be read and is rebuilt anyway. */
const originOf = (file: string): Origin | null => {
  if (!existsSync(file)) return null
  let db: Database.Database | undefined
  try {
    db = openDatabase(file, { readonly: true, fileMustExist: true, timeout: busyTimeoutMs })
    const views = db
      .prepare<[], { name: string; event: string | null }>('SELECT name, event FROM checkpoints')
      .all()
    return {
      log: db.prepare<[], string>('SELECT log FROM origin').pluck().get() ?? null,
      views: views.map(({ name, event }) => ({
        name,
        event: event === null ? null : (JSON.parse(event) as LastEvent),
      })),
    }
  } catch {
    return null
  } finally {
    db?.close()
  }
}

/** The event at that place; of one that is damaged, what can be told of it. */
const placeAt = async (
  { stream, version }: LastEvent,
  log: Log,
): Promise<Pick<StoredEvent, 'id' | 'position'> | undefined> => {
  try {
    return (await log.readStream(stream, version - 1))[0]
  } catch (error) {
    if (error instanceof DamagedEvent) return error.place
    throw error
  }
}

const isInLog = async (last: LastEvent, log: Log): Promise<boolean> => {
  const found = await placeAt(last, log)
  return found !== undefined && found.id === last.id && found.position === last.position
}

/**
 * Compares each view's last event with the log, and the log the views were built from with this one.
 * @returns what is wrong, a sentence; `null` where the views are of this log, or there are none.
 * @throws what the store throws.
 */
export const strangeViews = async (file: string, log: Log): Promise<string | null> => {
  const origin = originOf(file)
  if (origin === null) return null
  if (origin.log !== null && origin.log !== log.id) return 'They were built from another log.'
  for (const { name, event } of origin.views)
    if (event !== null && !(await isInLog(event, log)))
      return `The view ${name} ends with event ${event.position}, ${event.id} of ${event.stream}, which the log does not have: its end is lost, or an older log was put in its place.`
  return null
}
