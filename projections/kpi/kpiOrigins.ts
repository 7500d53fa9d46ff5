/**
 * How the complaint behind each span came in, which the rates do not need and statistics count by. Read from the
 * tickets' rows when first asked for: a channel never changes, and a source only comes with the turn to level B, which
 * leaves no unit of level A.
 */
import type Database from 'better-sqlite3'
import { channelSchema, sourceSchema } from '../../domain/codes.ts'
import { placeOfId, spanId } from './kpiSpan.ts'

const channels: readonly string[] = channelSchema.options
const sources: readonly string[] = sourceSchema.options

/** By place on a shelf: 0 for none, else a place in the list of codes and one. */
export type Origin = { size: number; channel: Uint8Array; source: Uint8Array }

export const channelOf = (number: number): string | null => channels[number - 1] ?? null
export const sourceOf = (number: number): string | null => sources[number - 1] ?? null

export type Origins = {
  /** Of the first `size` spans of a shelf at least. */
  of(shelf: number, size: number): Origin
  /** Forgets what is kept: the rows have changed beneath. */
  forget(): void
}

type Row = { id: number; channel: string; source: string | null }

const grown = (column: Uint8Array, room: number): Uint8Array => {
  const larger = new Uint8Array(room)
  larger.set(column)
  return larger
}

export const createOrigins = (db: Database.Database): Origins => {
  const shelves = new Map<number, Origin>()
  // prepared late, for where views are built apart the tickets are not there yet
  let select: Database.Statement<[number, number], Row> | undefined

  const read = (shelf: number, origin: Origin, size: number): void => {
    select ??= db.prepare<[number, number], Row>(
      `SELECT s.id, t.channel, t.source FROM kpiSpans s CROSS JOIN tickets t ON t.ticketNo = s.ticketNo
       WHERE s.id >= ? AND s.id < ?`,
    )
    if (size > origin.channel.length) {
      const room = Math.ceil(size * 1.25)
      origin.channel = grown(origin.channel, room)
      origin.source = grown(origin.source, room)
    }
    for (const { id, channel, source } of select.iterate(spanId(shelf, origin.size), spanId(shelf, size))) {
      origin.channel[placeOfId(id)] = channels.indexOf(channel) + 1
      origin.source[placeOfId(id)] = source === null ? 0 : sources.indexOf(source) + 1
    }
    origin.size = size
  }

  return {
    of: (shelf, size) => {
      const origin = shelves.get(shelf) ?? { size: 0, channel: new Uint8Array(0), source: new Uint8Array(0) }
      shelves.set(shelf, origin)
      if (size > origin.size) read(shelf, origin, size)
      return origin
    },
    forget: () => shelves.clear(),
  }
}
