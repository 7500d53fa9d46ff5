/**
 * The access log where several nodes share a log: each process writes streams of its own, one a month, which the server
 * drops after three years; all nodes follow them into a file, where they are searched.
 */
import { randomUUID } from 'node:crypto'
import { accessLogDays } from '../../domain/accessLog.ts'
import type { EventStore, Position, StoredEvent } from '../../domain/eventStore.ts'
import { toInstant } from '../../domain/instant.ts'
import { systemEvent } from '../keys/systemEvent.ts'
import type { EsdbStore } from '../store/esdb/store.ts'
import { type Entry, openAccessFile } from './accessFile.ts'
import { createBatch } from './batch.ts'
import type { ClosableAccessLog } from './sqliteAccess.ts'

export type EsdbAccessLog = ClosableAccessLog & {
  /** Takes over the lines of all nodes, this one's included. */
  heard(events: readonly StoredEvent[]): void
}

const eventType = 'PersonalDataRead'
const secondsOfDay = 86_400

export const openEsdbAccess = (
  store: Pick<EsdbStore, 'append' | 'expireAfter'>,
  path: string,
  comparePositions: EventStore['comparePositions'],
): EsdbAccessLog => {
  const file = openAccessFile(path)
  let followed: Position | null = file.followed()
  let own: { month: string; stream: string; version: number } | null = null

  /** A stream nobody else writes to, new for each month and after each failure, whose end nobody knows. */
  const ownStream = async (): Promise<NonNullable<typeof own>> => {
    const month = toInstant(Date.now()).slice(0, 7)
    if (own?.month === month) return own
    const stream = `access-${month}-${randomUUID()}`
    await store.expireAfter(stream, accessLogDays * secondsOfDay)
    own = { month, stream, version: 0 }
    return own
  }
  const batch = createBatch<Entry>(async (entries) => {
    try {
      const target = await ownStream()
      const events = entries.map((entry) => systemEvent(eventType, entry))
      await store.append(target.stream, target.version, events)
      target.version += events.length
    } catch (error) {
      own = null
      throw error
    }
  })

  return {
    write: (line, name) => batch.write({ line, file: name ?? null }),
    complete: (name, count) => {
      batch.write({ file: name, count }).catch(() => {})
    },
    find: file.find,
    reason: batch.reason,
    heard: (events) => {
      const fresh = events.filter(
        ({ type, position }) =>
          type === eventType && (followed === null || comparePositions(position, followed) > 0),
      )
      const last = fresh.at(-1)
      if (last === undefined) return
      file.add(
        fresh.map(({ data }) => data as Entry),
        last.position,
      )
      followed = last.position
    },
    close: file.close,
  }
}
