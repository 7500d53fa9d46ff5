import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Position, StoredEvent } from '../../domain/eventStore.ts'
import type { Sealer } from '../../domain/sealing.ts'
import { allProjections } from '../../projections/allProjections.ts'
import { openViews, type Views, type ViewsOptions } from '../../projections/views.ts'
import { fakeSealing } from '../support/fakeSealing.ts'

export const comparePositions = (a: Position, b: Position): number => Number(a) - Number(b)

const folders: string[] = []

/** A file in a folder of its own. */
export const newFile = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'views-'))
  folders.push(folder)
  return join(folder, 'views.db')
}

export const removeFiles = (): void => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
}

export const open = (file: string, more: Partial<ViewsOptions> = {}): Views => {
  const views = openViews({ file, sealing: fakeSealing().sealing, comparePositions, ...more })
  // as after the start on an empty log: whatever has nothing yet is not behind
  if (more.readonly !== true) views.sortOut(true)
  return views
}

export const batchesOf = (events: StoredEvent[], size: number): StoredEvent[][] =>
  Array.from({ length: Math.ceil(events.length / size) }, (_, i) => events.slice(i * size, (i + 1) * size))

/** Views that were given these events in batches. */
export const viewsOf = (
  events: StoredEvent[],
  { size = 500, sealing }: { size?: number; sealing?: Sealer } = {},
) => {
  const file = newFile()
  const views = open(file, sealing === undefined ? {} : { sealing })
  for (const batch of batchesOf(events, size)) views.apply(batch)
  return { file, views }
}

const tablesOf = Object.values(allProjections).flatMap(({ tables }) => Object.keys(tables))

/** Every row of every table as they are in the file, in order. */
export const rowsIn = (file: string): Record<string, unknown[]> => {
  const db = new Database(file, { readonly: true })
  try {
    return Object.fromEntries(
      [...tablesOf, 'checkpoints'].map((table) => [
        table,
        (db.prepare(`SELECT * FROM ${table}`).raw().all() as unknown[][])
          .map((row) => JSON.stringify(row))
          .sort(),
      ]),
    )
  } finally {
    db.close()
  }
}

/** The rows these views come to, once closed. */
export const closedRows = ({ views, file }: { views: Views; file: string }): Record<string, unknown[]> => {
  views.close()
  return rowsIn(file)
}
