/**
 * The access log where several nodes share a log: each process brings its lines to streams of its own, which the server
 * drops after three years; all nodes follow them into a folder, where they are searched.
 */
import { dirname } from 'node:path'
import { type AccessPlace, accessLogDays } from '../../domain/accessLog.ts'
import type { EventStore, Position, StoredEvent } from '../../domain/eventStore.ts'
import { systemEvent } from '../keys/systemEvent.ts'
import type { EsdbStore } from '../store/esdb/store.ts'
import { openJournal } from './journal.ts'
import type { JournalEntry } from './journalFile.ts'
import type { ClosableAccessLog } from './localAccess.ts'
import { findIn } from './search.ts'
import { openSegments } from './segments.ts'

export type EsdbAccessLog = ClosableAccessLog & {
  /** Takes over the lines of all nodes, this one's included. */
  heard(events: readonly StoredEvent[]): void
  /** Brings what was written so far into the log; to be called before the store is closed. Never throws. */
  bringOver(): Promise<void>
}

const eventType = 'PersonalDataRead'
const secondsOfDay = 86_400

export const openEsdbAccess = (
  store: Pick<EsdbStore, 'append' | 'expireAfter' | 'readStream'>,
  dir: string,
  comparePositions: EventStore['comparePositions'],
): EsdbAccessLog => {
  const segments = openSegments(dir)
  const newest = segments.newestLines()
  let followed: Position | null = newest.at(-1)?.kept.position ?? null
  /** Lines of files whose counts are still to come. */
  const open = new Map<string, AccessPlace>()
  for (const { kept, place } of newest)
    if (kept.file !== undefined && kept.line.count === null) open.set(kept.file, place)
  const journal = openJournal(dirname(dir), {
    countOf: async (stream, atLeast) => atLeast + (await store.readStream(stream, atLeast)).length,
    take: async (stream, from, entries) => {
      if (from === 0) await store.expireAfter(stream, accessLogDays * secondsOfDay)
      await store.append(
        stream,
        from,
        entries.map((entry) => systemEvent(eventType, entry)),
      )
    },
  })
  const takeOver = (entry: JournalEntry, position: Position): void => {
    if ('line' in entry) {
      const { line, file } = entry
      const place = segments.append(line, { position, ...(file !== null && { file }) })
      if (file !== null) open.set(file, place)
      return
    }
    const place = open.get(entry.file)
    open.delete(entry.file)
    if (place !== undefined) segments.setCount(place, entry.count)
  }
  const completed = (file: string, count: number): void => {
    try {
      journal.write({ file, count })
    } catch {
      // without its count the line stays as one of a file whose end nobody saw
    }
  }

  return {
    write: (line, file) => {
      journal.write({ line, file: file ?? null })
      return undefined
    },
    complete: completed,
    settle: journal.settle,
    find: (query, page) => findIn(segments, query, page),
    reason: journal.reason,
    heard: (events) => {
      for (const { type, data, position } of events) {
        if (type !== eventType || (followed !== null && comparePositions(position, followed) <= 0)) continue
        takeOver(data as JournalEntry, position)
        followed = position
      }
    },
    bringOver: journal.close,
    close: async () => segments.close(),
  }
}
