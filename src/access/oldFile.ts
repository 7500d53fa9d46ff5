/** The folder of the access log, and what older versions kept of it in an SQLite file. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { AccessLine } from '../../domain/accessLog.ts'
import { openDatabase } from '../../projections/openDatabase.ts'
import { openSegments } from './segments.ts'

export const accessDir = (dataDir: string): string => join(dataDir, 'access')
export const oldFile = (dataDir: string): string => join(dataDir, 'access.db')

type Row = { line: string; count: number | null; file: string | null }

const copyLines = (from: string, to: string): void => {
  const db = openDatabase(from, { fileMustExist: true })
  const segments = openSegments(to)
  try {
    const position = db.prepare<[], string>('SELECT position FROM followed').pluck().get()
    const last = db.prepare<[], number>('SELECT max(id) FROM lines').pluck().get()
    const rows = db.prepare<[], Row & { id: number }>('SELECT id, line, count, file FROM lines ORDER BY id')
    for (const { id, line, count, file } of rows.iterate())
      segments.append(
        { ...(JSON.parse(line) as AccessLine), count },
        // a node goes on from where the last line is in the log
        { ...(file !== null && { file }), ...(id === last && position !== undefined && { position }) },
      )
  } finally {
    segments.close()
    db.close()
  }
}

/**
 * Moves the lines of an older version's file into the folder of the access log, once: they are all there when the folder
 * is. @throws StoreUnavailable where the disk is full
 */
export const moveOldLines = (dataDir: string): void => {
  const from = oldFile(dataDir)
  if (!existsSync(from)) return
  const dir = accessDir(dataDir)
  if (!existsSync(dir)) {
    const draft = `${dir}.new`
    rmSync(draft, { recursive: true, force: true })
    mkdirSync(draft, { recursive: true, mode: 0o700 })
    copyLines(from, draft)
    renameSync(draft, dir)
  }
  for (const end of ['', '-wal', '-shm']) rmSync(`${from}${end}`, { force: true })
}
