/**
 * The files of the access log: lines are added to the end of the newest one, and nothing else is ever changed but the
 * count of a file that went out. One that is full gets the time it covers into its name.
 */
import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { type AccessLine, type AccessPlace, accessLogDays } from '../../domain/accessLog.ts'
import { StoreUnavailable } from '../../domain/eventStore.ts'
import { DAY, HOUR, type Instant, toEpoch } from '../../domain/instant.ts'
import { type Beside, countAt, countText, type KeptLine, lineIn, placesIn, textOf } from './lineForm.ts'
import { writeAt } from './writeAt.ts'

/** A segment that is full: `000000012-1772416800000-1772420400000.lines`; one that is written to has no times. */
const nameForm = /^(\d{9})(?:-(\d+)-(\d+))?\.lines$/
export const isSegment = (name: string): boolean => nameForm.test(name)

/** Instants of its lines, the earliest and the latest. */
export type AccessPeriod = { from: number; to: number }
/** `span`: `null` while it is written to. `bytes`: of those lines that count. */
export type Segment = { number: number; path: string; span: AccessPeriod | null; bytes: number }
type Current = Segment & { fd: number; covered: CoveredTime | null }
/** Of instants as they stand in lines, which compare as texts. */
type CoveredTime = { first: Instant; last: Instant }

/** A segment of so many bytes is followed by a new one. */
const mostBytes = 2_000_000
const flushEveryMs = 1_000
const expireEveryMs = HOUR

const numberName = (number: number): string => String(number).padStart(9, '0')

const widened = (covered: CoveredTime | null, at: Instant): CoveredTime => {
  if (covered === null) return { first: at, last: at }
  const { first, last } = covered
  if (at >= first && at <= last) return covered
  return { first: at < first ? at : first, last: at > last ? at : last }
}

export type Segments = {
  /** Adds a line; when it returns, the line outlives the process. @throws StoreUnavailable */
  append(line: AccessLine, beside?: Beside): AccessPlace
  /** Adds lines with one write, all or none. @throws StoreUnavailable */
  appendAll(lines: readonly AccessLine[]): void
  /** Writes the count of a line that was added without; 0 takes it back. @throws Error where the disk fails */
  setCount(place: AccessPlace, count: number): void
  /** From the newest on. */
  newestFirst(): Segment[]
  /** The lines of the newest segment that has any, in order. */
  newestLines(): { kept: KeptLine; place: AccessPlace }[]
  close(): void
}

/** The lines of a segment that a process left without its end, and the time they cover. */
const leftIn = (path: string): { bytes: number; covered: CoveredTime | null } => {
  const content = readFileSync(path)
  let [bytes, covered]: [number, CoveredTime | null] = [0, null]
  for (const { from, to } of placesIn(content)) {
    const kept = lineIn(content.toString('utf8', from, to))
    if (kept !== null) covered = widened(covered, kept.line.at)
    bytes = to + 1
  }
  return { bytes, covered }
}

/** Gives a segment its last name: nothing is added to it any more. Who has the segment in hand finds its file by it. */
const finish = (dir: string, segment: Segment, { first, last }: CoveredTime): Segment => {
  const span = { from: toEpoch(first), to: toEpoch(last) }
  const path = join(dir, `${numberName(segment.number)}-${span.from}-${span.to}.lines`)
  renameSync(segment.path, path)
  return Object.assign(segment, { path, span })
}

/**
 * The segments in a folder, in order; those of before are full, and what a process left without its end gets its last
 * name. `lastNumber`: the highest that was there.
 */
const segmentsIn = (dir: string): { full: Segment[]; lastNumber: number } => {
  const full: Segment[] = []
  let lastNumber = 0
  for (const name of readdirSync(dir).toSorted()) {
    const [, number, from, to] = nameForm.exec(name) ?? []
    if (number === undefined) continue
    lastNumber = Number(number)
    const path = join(dir, name)
    const segment: Segment = { number: lastNumber, path, span: null, bytes: Number.POSITIVE_INFINITY }
    if (from !== undefined) {
      full.push({ ...segment, span: { from: Number(from), to: Number(to) } })
      continue
    }
    const { bytes, covered } = leftIn(path)
    if (covered === null) {
      unlinkSync(path)
      continue
    }
    const fd = openSync(path, 'r+')
    ftruncateSync(fd, bytes)
    closeSync(fd)
    full.push(finish(dir, segment, covered))
  }
  return { full, lastNumber }
}

/** Removes the segments whose lines are all older than lines are kept. */
const removeExpired = (full: Segment[]): void => {
  const before = Date.now() - accessLogDays * DAY
  for (let first = full[0]; first?.span != null && first.span.to < before; first = full[0]) {
    unlinkSync(first.path)
    full.shift()
  }
}

/** Opens the segments in a folder, which is made where there is none. */
export const openSegments = (dir: string): Segments => {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const { full, ...known } = segmentsIn(dir)
  let { lastNumber } = known
  let current: Current | null = null
  let isDirty = false

  const endCurrent = (): void => {
    if (current === null) return
    const ended = current
    current = null
    // of an entry that a full disk cut off
    ftruncateSync(ended.fd, ended.bytes)
    closeSync(ended.fd)
    if (ended.covered === null) unlinkSync(ended.path)
    else full.push(finish(dir, ended, ended.covered))
  }

  const forAppend = (): Current => {
    if (current !== null && current.bytes >= mostBytes) endCurrent()
    if (current !== null) return current
    const number = lastNumber + 1
    const path = join(dir, `${numberName(number)}.lines`)
    const fd = openSync(path, 'wx', 0o600)
    lastNumber = number
    current = { number, path, fd, span: null, bytes: 0, covered: null }
    return current
  }

  removeExpired(full)
  const expiring = setInterval(removeExpired, expireEveryMs, full).unref()
  const flushing = setInterval(() => {
    if (!isDirty || current === null) return
    isDirty = false
    fdatasync(current.fd, () => {})
  }, flushEveryMs).unref()

  const append = (text: string, lines: readonly AccessLine[]): AccessPlace => {
    try {
      const segment = forAppend()
      const bytes = writeAt(segment.fd, text, segment.bytes)
      const place = { segment: segment.number, offset: segment.bytes }
      segment.bytes += bytes
      for (const { at } of lines) segment.covered = widened(segment.covered, at)
      isDirty = true
      return place
    } catch (error) {
      throw new StoreUnavailable(error)
    }
  }

  return {
    append: (line, beside) => append(textOf(line, beside), [line]),
    appendAll: (lines) => void append(lines.map((line) => textOf(line)).join(''), lines),

    setCount: ({ segment: number, offset }, count) => {
      const text = countText(count)
      if (current?.number === number) {
        writeSync(current.fd, text, offset + countAt)
        isDirty = true
        return
      }
      const segment = full.find((each) => each.number === number)
      if (segment === undefined) return
      const fd = openSync(segment.path, 'r+')
      try {
        writeSync(fd, text, offset + countAt)
      } finally {
        closeSync(fd)
      }
    },

    newestFirst: () => [...full, ...(current === null ? [] : [current])].toReversed(),

    newestLines: () => {
      const segment = current ?? full.at(-1)
      if (segment === undefined) return []
      const content = readFileSync(segment.path).subarray(0, segment.bytes)
      return placesIn(content).flatMap(({ from, to }) => {
        const kept = lineIn(content.toString('utf8', from, to))
        return kept === null ? [] : [{ kept, place: { segment: segment.number, offset: from } }]
      })
    },

    close: () => {
      clearInterval(expiring)
      clearInterval(flushing)
      if (current === null) return
      fdatasyncSync(current.fd)
      endCurrent()
    },
  }
}
