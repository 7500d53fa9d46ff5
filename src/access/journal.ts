/**
 * The way of a line into a log that several nodes share: at once to the end of a file of this process, its journal, and
 * from there in batches over the network. A write to the end of a file costs a read a few microseconds.
 */
import { closeSync, fdatasync, openSync, readdirSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { StoreUnavailable } from '../../domain/eventStore.ts'
import {
  entriesIn,
  type JournalEntry,
  journalName,
  monthNow,
  monthOf,
  nameOfFile,
  textOfEntry,
} from './journalFile.ts'
import { createFaults } from './localAccess.ts'
import { writeAt } from './writeAt.ts'

/** Where the entries of journals go. The name of a journal and a count tell what it has, so that none is taken twice. */
export type AccessTarget = {
  /** How many entries of a journal it has, which is `atLeast` or more. @throws StoreUnavailable */
  countOf(journal: string, atLeast: number): Promise<number>
  /**
   * Takes all of these entries, which come after the first `from` ones of the journal, or none; then they outlive a
   * power cut. @throws where it cannot, or where nobody knows
   */
  take(journal: string, from: number, entries: readonly JournalEntry[]): Promise<void>
}

export type Journal = {
  /** When it returns, the entry outlives the process. @throws StoreUnavailable */
  write(entry: JournalEntry): void
  /** Waits until what was written before is in the target, or cannot be brought there now. Never throws. */
  settle(): Promise<void>
  /** Why the last entry could not be written, a moment ago; `null`: nothing is wrong. */
  reason(): string | null
  close(): Promise<void>
}

/** `taken`: entries that the target has, where that is known; else they are `atLeast` so many. */
type File = {
  name: string
  path: string
  /** `null`: written by a process that is gone. */
  fd: number | null
  bytes: number
  /** The entries that the target does not have, as far as known. */
  waiting: JournalEntry[]
  taken: number
  isTakenKnown: boolean
}

/** Entries are brought to the target so often, milliseconds, and at once when so many wait. */
const batchEveryMs = 500
const batchSize = 250
/** A journal of so many bytes is followed by a new one. */
const mostBytes = 4_000_000
/** More entries than these do not wait for a target that is away. */
const mostWaiting = 20_000
const flushEveryMs = 1_000

/** Brings the entries of a journal to the target, those that come meanwhile included. @throws what the target does */
const bringAll = async (file: File, target: AccessTarget): Promise<void> => {
  if (!file.isTakenKnown) {
    const taken = await target.countOf(file.name, file.taken)
    file.waiting.splice(0, taken - file.taken)
    Object.assign(file, { taken, isTakenKnown: true })
  }
  while (file.waiting.length > 0) {
    const batch = file.waiting.slice(0, batchSize)
    file.isTakenKnown = false
    await target.take(file.name, file.taken, batch)
    file.waiting.splice(0, batch.length)
    Object.assign(file, { taken: file.taken + batch.length, isTakenKnown: true })
  }
}

/** Opens the journals in a folder; what a killed process left in some is brought to the target first. */
export const openJournal = (dir: string, target: AccessTarget): Journal => {
  const files: File[] = readdirSync(dir)
    .toSorted()
    .flatMap((each) => {
      const name = nameOfFile(each)
      if (name === null) return []
      const path = join(dir, each)
      return [{ name, path, fd: null, bytes: 0, waiting: entriesIn(path), taken: 0, isTakenKnown: false }]
    })
  const waiting = (): number => files.reduce((sum, file) => sum + file.waiting.length, 0)
  let isDirty = false
  const faults = createFaults()
  let bringing: Promise<void> | null = null

  /** The journal that this process writes to; one of another month, or of full size, is followed by a new one. */
  const current = (): File => {
    const last = files.at(-1)
    if (last !== undefined && last.fd !== null) return last
    const name = journalName()
    const path = join(dir, `${name}.journal`)
    const file = {
      ...{ name, path, fd: openSync(path, 'wx', 0o600), bytes: 0 },
      ...{ waiting: [], taken: 0, isTakenKnown: true },
    }
    files.push(file)
    return file
  }

  const endCurrent = (): void => {
    const last = files.at(-1)
    if (last === undefined || last.fd === null) return
    closeSync(last.fd)
    last.fd = null
  }

  const bringOnce = async (): Promise<void> => {
    for (let file = files[0]; file !== undefined; file = files[0]) {
      await bringAll(file, target)
      if (file.fd !== null) {
        if (file.bytes < mostBytes && monthOf(file.name) === monthNow()) return
        endCurrent()
      }
      unlinkSync(file.path)
      files.shift()
    }
  }
  /** What could not be brought is tried again by the next call. */
  const bring = (): Promise<void> => {
    bringing ??= bringOnce()
      .catch(() => {
        if (waiting() >= mostWaiting) faults.failed()
      })
      .finally(() => {
        bringing = null
      })
    return bringing
  }

  const batching = setInterval(() => waiting() > 0 && void bring(), batchEveryMs).unref()
  const flushing = setInterval(() => {
    const fd = files.at(-1)?.fd
    if (!isDirty || fd === null || fd === undefined) return
    isDirty = false
    fdatasync(fd, () => {})
  }, flushEveryMs).unref()
  if (files.length > 0) void bring()

  return {
    write: (entry) => {
      try {
        if (waiting() >= mostWaiting) throw new Error('too many lines wait for the access log')
        const file = current()
        file.bytes += writeAt(file.fd as number, textOfEntry(entry), file.bytes)
        file.waiting.push(entry)
        isDirty = true
        faults.worked()
      } catch (error) {
        faults.failed()
        throw new StoreUnavailable(error)
      }
      if (waiting() >= batchSize) void bring()
    },
    settle: async () => {
      // one that has begun may not have what came since
      await bringing
      await bring()
    },
    reason: faults.reason,
    close: async () => {
      clearInterval(batching)
      clearInterval(flushing)
      await bringing
      endCurrent()
      await bring()
    },
  }
}
