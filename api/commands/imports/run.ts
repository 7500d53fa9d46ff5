/** Runs an import: every line applied by the rules, a bad one skipped and said. */

import type { core } from 'zod'
import { givenHashes } from '../../../domain/customerKeys.ts'
import { externalNoOf } from '../../../domain/plainText.ts'
import { noVehicle } from '../../../domain/ticket/person.ts'
import { canonicalJson } from '../canonicalJson.ts'
import type { CommandDeps } from '../deps.ts'
import { describeError } from '../describeError.ts'
import { decodeUtf8, NotUtf8 } from '../textEncoding.ts'
import { hashesOfPerson } from '../tickets/customer.ts'
import { readerOf } from '../tickets/personal.ts'
import { applyLine } from './apply.ts'
import { hashesOfCareLine } from './careLines.ts'
import { type Clusters, createClusters } from './clusters.ts'
import { type ImportLine, importLine, isCareLine } from './lines.ts'
import { maxLineBytes } from './splitLines.ts'

export type RejectedLine = { line: number; code: string; detail: string }
export type ImportResult = {
  lines: number
  applied: number
  unchanged: number
  rejectedCount: number
  rejected: RejectedLine[]
}

/** So many rejected lines are named; all are counted. */
const mostNamed = 1_000
/** Lines in flight at once. */
const inFlight = 512

/** What an error of one line comes down to; `isFault`: it is the service's own and ends the import. */
export type Explanation = { code: string; detail: string; isFault: boolean }

export type ImportOptions = {
  /** Kept with every event. */
  importedBy: string
  correlationId: string
  explain(error: unknown): Explanation
  /** Called now and then, and once at the end, whatever ended it. */
  onProgress?: (soFar: Readonly<ImportResult>) => void
}

/** An import ends when so many lines, the first ones, are all unreadable: the file is of another kind. */
const mostUnreadable = 100

/** A line that is no act. `issues` says what is wrong with its fields; `null`: it is no JSON. */
export class InvalidLine extends Error {
  readonly issues: readonly core.$ZodIssue[] | null
  readonly json: unknown

  constructor(issues: readonly core.$ZodIssue[] | null, json: unknown = undefined) {
    super('the line is no act')
    this.name = 'InvalidLine'
    this.issues = issues
    this.json = json
  }
}

/** The first hundred lines of an import were unreadable. `cause` says why the first was. */
export class UnreadableImport extends Error {
  constructor(cause: unknown) {
    super('the first lines of the import are all unreadable', { cause })
    this.name = 'UnreadableImport'
  }
}

const isUnreadable = (error: unknown): boolean =>
  error instanceof NotUtf8 || (error instanceof InvalidLine && error.issues === null)

/** A line as it is meant. @throws InvalidLine, NotUtf8, NestedTooDeep */
const readLine = (bytes: Uint8Array): { line: ImportLine; canonical: string } => {
  // too long a line is cut off, maybe within a character
  if (bytes.length > maxLineBytes) throw new InvalidLine(null)
  const text = decodeUtf8(bytes)
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new InvalidLine(null)
  }
  const parsed = importLine.safeParse(json)
  if (!parsed.success) throw new InvalidLine(parsed.error.issues, json)
  return { line: parsed.data, canonical: canonicalJson(json) }
}

/** Longest stretch of lines that others wait for, in milliseconds. */
const stretchMs = 10

/**
 * Lines come out of a chunk without a pause, and so many bad ones fit into one that nobody else would be served for
 * seconds: yields to the event loop now and then.
 */
const breather = (): (() => Promise<void> | undefined) => {
  let since = performance.now()
  return () => {
    if (performance.now() - since < stretchMs) return undefined
    return new Promise((resolve) => {
      setImmediate(() => {
        since = performance.now()
        resolve()
      })
    })
  }
}

const hashKey = (hash: Uint8Array): string => `person ${Buffer.from(hash).toString('base64')}`

/** What ties a ticket that is here already to others: its customer, and the tickets it is linked with. */
const keysOfKnown = (deps: CommandDeps, name: string, seen: Set<string>): string[] => {
  const { tickets } = deps.views
  // mostly a new number, of which nothing but that is asked
  const ticketNo = tickets.numberOf(name) ?? deps.views.customers.known(name)?.ticketNo
  const ticket = ticketNo === undefined ? null : tickets.byNo(ticketNo)
  if (ticket === null || seen.has(ticket.ticketNo)) return []
  seen.add(ticket.ticketNo)
  const person = readerOf(deps.sealing, true).person(ticket.customer)
  const linked = [ticket.escalatedFrom, ticket.escalatedTo, ticket.duplicateOf].filter(
    (each) => each !== null,
  )
  return [
    `ref ${ticket.ticketNo}`,
    ...givenHashes(hashesOfPerson(deps, person)).map(hashKey),
    ...linked.flatMap((each) => keysOfKnown(deps, each, seen)),
  ]
}

const keysOf = (deps: CommandDeps, clusters: Clusters, line: ImportLine): string[] => {
  if (isCareLine(line)) return [`care ${line.ref}`, ...hashesOfCareLine(deps, line).map(hashKey)]
  const data = line.data as {
    ticketNo?: string
    sameProblemAs?: string | null
    repeatExternalNo?: string | null
  }
  const named = [line.ref, data.ticketNo, data.sameProblemAs, data.repeatExternalNo]
  const refs = named.flatMap((each) =>
    typeof each === 'string' && each !== 'auto' ? externalNoOf(each) : [],
  )
  const known = refs
    .filter((ref) => !clusters.has(`ref ${ref}`))
    .flatMap((ref) => keysOfKnown(deps, ref, new Set()))
  const persons =
    line.command === 'register'
      ? givenHashes(
          hashesOfPerson(deps, {
            customer: line.data.customer,
            vehicle: line.data.vehicle ?? noVehicle,
          }),
        ).map(hashKey)
      : []
  return [...refs.map((ref) => `ref ${ref}`), ...persons, ...known]
}

/** Counts who is inside, and lets one wait until there is room, or nobody. */
const createRoom = (places: number) => {
  let inside = 0
  let wake = (): void => undefined
  const until = async (isFree: () => boolean): Promise<void> => {
    while (!isFree())
      await new Promise<void>((resolve) => {
        wake = resolve
      })
  }
  return {
    enter: (): void => {
      inside += 1
    },
    leave: (): void => {
      inside -= 1
      wake()
    },
    isThere: () => until(() => inside < places),
    isEmpty: () => until(() => inside === 0),
  }
}

/**
 * Applies the lines in order as far as order matters. What one line says never ends it; what is wrong with the service
 * itself (the store does not answer) does, and so does a file whose first hundred lines are all unreadable.
 * @throws UnreadableImport, and the error of the service
 */
export const runImport = async (
  deps: CommandDeps,
  lines: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { explain, onProgress, ...by }: ImportOptions,
): Promise<ImportResult> => {
  const result: ImportResult = { lines: 0, applied: 0, unchanged: 0, rejectedCount: 0, rejected: [] }
  const clusters = createClusters()
  const room = createRoom(inFlight)
  let fault: unknown
  let unreadable = 0
  let firstUnreadable: unknown

  const reject = (number: number, error: unknown): void => {
    const { code, detail, isFault } = explain(error)
    if (isFault) {
      fault ??= error
      deps.log.error({ line: number, error: describeError(error) }, 'import stopped')
      return
    }
    result.rejectedCount += 1
    // out of order by no more than what is in flight at once
    if (result.rejected.length >= mostNamed + inFlight) return
    result.rejected.push({ line: number, code, detail })
  }

  const apply = async (number: number, line: ImportLine, canonical: string): Promise<void> => {
    try {
      const changed = await applyLine(deps, line, { ...by, canonical })
      result[changed ? 'applied' : 'unchanged'] += 1
    } catch (error) {
      reject(number, error)
    }
  }

  const take = (number: number, bytes: Uint8Array): void => {
    try {
      const { line, canonical } = readLine(bytes)
      const keys = keysOf(deps, clusters, line)
      room.enter()
      clusters.run(keys, () => apply(number, line, canonical)).then(room.leave)
      unreadable = Number.NEGATIVE_INFINITY
    } catch (error) {
      unreadable = isUnreadable(error) ? unreadable + 1 : Number.NEGATIVE_INFINITY
      if (unreadable === 1) firstUnreadable = error
      if (unreadable === mostUnreadable) throw new UnreadableImport(firstUnreadable)
      reject(number, error)
    }
  }

  const breathe = breather()
  try {
    for await (const bytes of lines) {
      if (fault !== undefined) break
      await breathe()
      result.lines += 1
      if (bytes.some((byte) => byte > 32)) take(result.lines, bytes)
      await room.isThere()
      if (result.lines % 500 === 0) onProgress?.(result)
    }
  } finally {
    // also where the sender is gone: what it had sent is applied, and counted
    await room.isEmpty()
    onProgress?.(result)
  }
  if (fault !== undefined) throw fault
  result.rejected = result.rejected.sort((a, b) => a.line - b.line).slice(0, mostNamed)
  return result
}
