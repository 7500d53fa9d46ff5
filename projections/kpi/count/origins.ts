/**
 * How the complaint behind each unit came in, which only some counts need. Read from the tickets' rows when first asked
 * for: a channel never changes, and a source only comes with the change to level B, which leaves no unit of level A.
 */
import type Database from 'better-sqlite3'
import { channelSchema, sourceSchema } from '../../../domain/codes.ts'
import { rowOfId, versionId } from '../unitVersion.ts'
import type { UnitBlock } from './blocks.ts'

/** Numbers for the codes of a closed list, from 1; 0 is none. */
const numbered = (codes: readonly string[]) => ({
  /** @throws Error for a code that is not in the list */
  numberOf: (code: string | null): number => {
    const number = code === null ? 0 : codes.indexOf(code) + 1
    if (number === 0 && code !== null) throw new Error(`${code} is not one of ${codes.join(', ')}`)
    return number
  },
  /** `undefined`: it is not in the list. */
  find: (code: string | null): number | undefined =>
    code === null ? 0 : codes.indexOf(code) + 1 || undefined,
  textOf: (number: number): string | null => codes[number - 1] ?? null,
  count: (): number => codes.length + 1,
})

export const channels = numbered(channelSchema.options)
export const sources = numbered(sourceSchema.options)

type Row = { id: number; channel: string; source: string | null }

/** Fills `channel` and `source` of a block. */
export type OriginReader = (block: UnitBlock) => void

export const createOriginReader = (db: Database.Database): OriginReader => {
  // prepared late, for where views are built apart the tickets are not there yet
  let select: Database.Statement<[number, number], Row> | undefined
  return (block) => {
    const { partition, originsRead, size, bytes } = block
    if (originsRead === size) return
    select ??= db.prepare<[number, number], Row>(
      `SELECT s.id, t.channel, t.source FROM kpiSpans s CROSS JOIN tickets t ON t.ticketNo = s.ticketNo
       WHERE s.id >= ? AND s.id < ?`,
    )
    for (const { id, channel, source } of select.iterate(
      versionId(partition, originsRead),
      versionId(partition, size),
    )) {
      bytes.channel[rowOfId(id)] = channels.numberOf(channel)
      bytes.source[rowOfId(id)] = sources.numberOf(source)
    }
    block.originsRead = size
  }
}
