/** The access log of the embedded engine. */
import type { AccessLog } from '../../domain/accessLog.ts'
import { type Entry, openAccessFile } from './accessFile.ts'
import { createBatch } from './batch.ts'

export type ClosableAccessLog = AccessLog & { close(): Promise<void> }

export const openSqliteAccess = (path: string): ClosableAccessLog => {
  const file = openAccessFile(path)
  const batch = createBatch<Entry>((entries) => file.add(entries))
  return {
    write: (line, name) => batch.write({ line, file: name ?? null }),
    complete: (name, count) => {
      batch.write({ file: name, count }).catch(() => {})
    },
    find: file.find,
    reason: batch.reason,
    close: file.close,
  }
}
