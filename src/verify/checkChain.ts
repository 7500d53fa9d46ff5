/** Whether every event is what was written: the digests of the log, and those that revisions of quarters keep. */
import type Database from 'better-sqlite3'
import { emptyLogDigest, logDigestSchema } from '../../domain/logDigest.ts'
import { uuidText } from '../../domain/uuid.ts'
import { digestAfter, digestReader } from '../logChain/sqliteChain.ts'
import type { LogRow } from '../store/logRow.ts'
import { hasTable } from '../store/sqliteLog.ts'
import type { Report } from './checkNumbers.ts'

/** A digest somebody kept: of the log up to a position, in hex. */
export type KeptDigest = { position: number; digest: string }

export type ChainCheck = {
  /** Takes the next row of the log, in order. */
  add(row: LogRow): void
  /** After the last row: reports what is left to say, and returns the digest of the whole log. */
  end(kept: readonly KeptDigest[]): string
}

const logDigestOf = ({ stream, data }: LogRow): KeptDigest | null => {
  if (!stream.startsWith('assessment-')) return null
  try {
    const { logDigest } = JSON.parse(data) as { logDigest?: unknown }
    const parsed = logDigestSchema.safeParse(logDigest)
    return parsed.success ? { position: parsed.data.events, digest: parsed.data.digest } : null
  } catch {
    // damaged JSON is reported where every event is read
    return null
  }
}

const nameOf = ({ position, id, type, stream, version }: LogRow): string =>
  `Event ${position}, ${uuidText(id)}, ${type}, version ${version} of ${stream}`

/**
 * Recomputes the chain over all rows up to `head`. The first event whose digest is not the stored one is named; those
 * after it are judged by the stored digests, so that one change is not reported for every event behind it.
 */
export const createChainCheck = (log: Database.Database, head: number, report: Report): ChainCheck => {
  const isChained = hasTable(log, 'digests')
  const stored = isChained ? digestReader(log) : () => null
  const revisions: { of: string; kept: KeptDigest }[] = []
  let digest = emptyLogDigest
  let changed = 0
  let missingFrom: number | null = null

  const compare = (where: string, { position, digest: expected }: KeptDigest): void => {
    const found = stored(position)
    if (position > head)
      report(`${where} is of event ${position}; the log ends at event ${head}: its end is gone.`)
    else if (found !== expected)
      report(
        `${where} is of the log up to event ${position}, and the log up to there has another digest by now: an event before it was changed, added or removed.`,
      )
  }

  return {
    add: (row) => {
      const expected = stored(row.position)
      digest = digestAfter(digest, row)
      const kept = logDigestOf(row)
      if (kept !== null)
        revisions.push({ of: `The digest that revision ${row.version} of ${row.stream} keeps`, kept })
      if (expected === null) missingFrom ??= row.position
      else if (expected !== digest) {
        changed += 1
        if (changed === 1)
          report(`${nameOf(row)}, is the first that is not what was written, or not where it was written.`)
        digest = expected
      }
    },
    end: (kept) => {
      if (changed > 1) report(`So are ${changed - 1} more events after it.`)
      if (missingFrom !== null && isChained)
        report(
          `The events from ${missingFrom} on have no digest; the next start of the service computes them.`,
        )
      const beyond = isChained
        ? log.prepare<[], number | null>('SELECT max(position) FROM digests').pluck().get()
        : null
      const end = log.prepare<[], number | null>('SELECT max(position) FROM events').pluck().get() ?? 0
      if (typeof beyond === 'number' && beyond > end)
        report(`The log ends at event ${end}, and digests go on to event ${beyond}: its end was cut off.`)
      if (isChained) {
        for (const { of, kept: each } of revisions) compare(of, each)
        for (const each of kept) compare('The digest you gave', each)
      }
      return digest
    },
  }
}
