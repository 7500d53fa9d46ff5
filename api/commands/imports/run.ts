/** Runs an import: every line applied by the rules, a bad one skipped and said. */
import { customerHashes, givenHashes } from '../../../domain/customerKeys.ts'
import { Refusal } from '../../../domain/refusal.ts'
import type { Deps } from '../../http/deps.ts'
import { describeError, problemOfError } from '../../http/errorHandler.ts'
import { type Language, Problem, type ProblemCode, problemBody } from '../../http/problems.ts'
import { problemOf } from '../../http/validation.ts'
import { canonicalJson } from '../canonicalJson.ts'
import { noVehicle, readerOf } from '../tickets/personal.ts'
import { applyLine } from './apply.ts'
import { type Clusters, createClusters } from './clusters.ts'
import { type ImportLine, importLine } from './lines.ts'

export type Rejected = { line: number; code: ProblemCode; detail: string }
export type ImportResult = {
  lines: number
  applied: number
  unchanged: number
  rejectedCount: number
  rejected: Rejected[]
}

/** So many rejected lines are named; all are counted. */
const mostNamed = 1_000
/** Lines under way at once. */
const inFlight = 512

export type Importing = {
  importedBy: string
  language: Language
  onProgress?: (soFar: Readonly<ImportResult>) => void
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** A line as it is meant. @throws Problem `malformed_json`, `invalid_request`, `unknown_field` */
const readLine = (bytes: Uint8Array): { line: ImportLine; canonical: string } => {
  let json: unknown
  try {
    json = JSON.parse(utf8.decode(bytes))
  } catch {
    throw new Problem('malformed_json')
  }
  const parsed = importLine.safeParse(json)
  if (!parsed.success) throw problemOf(parsed.error.issues, 'body', json)
  return { line: parsed.data, canonical: canonicalJson(json) }
}

/** Longest stretch of lines that others wait for, in milliseconds. */
const stretchMs = 10

/**
 * Lines come out of a chunk without a pause, and so many bad ones fit into one that nobody else would be served for
 * seconds: lets the others have their turn now and then.
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
const keysOfKnown = (deps: Deps, name: string, seen: Set<string>): string[] => {
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
    ...givenHashes(customerHashes(deps.sealing, person)).map(hashKey),
    ...linked.flatMap((each) => keysOfKnown(deps, each, seen)),
  ]
}

const keysOf = (deps: Deps, clusters: Clusters, line: ImportLine): string[] => {
  const data = line.data as {
    ticketNo?: string
    sameProblemAs?: string | null
    repeatExternalNo?: string | null
  }
  const named = [line.ref, data.ticketNo, data.sameProblemAs, data.repeatExternalNo]
  const refs = named.filter((each) => each !== undefined && each !== null && each !== 'auto') as string[]
  const known = refs
    .filter((ref) => !clusters.has(`ref ${ref}`))
    .flatMap((ref) => keysOfKnown(deps, ref, new Set()))
  const persons =
    line.command === 'register'
      ? givenHashes(
          customerHashes(deps.sealing, {
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
 * Applies the lines in order as far as order matters. Never throws for what a line says; what is wrong with the
 * service itself (the store does not answer) ends the import.
 */
export const runImport = async (
  deps: Deps,
  lines: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { importedBy, language, onProgress }: Importing,
): Promise<ImportResult> => {
  const result: ImportResult = { lines: 0, applied: 0, unchanged: 0, rejectedCount: 0, rejected: [] }
  const clusters = createClusters()
  const room = createRoom(inFlight)
  let fault: unknown

  const reject = (number: number, error: unknown): void => {
    const problem = problemOfError(error)
    const { code, detail, errors, status } = problemBody(problem, language)
    if (status >= 500) {
      fault ??= error
      deps.log.error({ line: number, error: describeError(error) }, 'import stopped')
      return
    }
    result.rejectedCount += 1
    // out of order by no more than what is under way at once
    if (result.rejected.length >= mostNamed + inFlight) return
    const where =
      problem instanceof Refusal || problem.errors.length === 0
        ? []
        : errors.map((each) => `${each.pointer} ${each.detail}`)
    result.rejected.push({ line: number, code, detail: [detail, ...where].join(' ') })
  }

  const apply = async (number: number, line: ImportLine, digest: string): Promise<void> => {
    try {
      const changed = await applyLine(deps, line, digest, importedBy)
      result[changed ? 'applied' : 'unchanged'] += 1
    } catch (error) {
      reject(number, error)
    }
  }

  const take = (number: number, bytes: Uint8Array): void => {
    try {
      const { line, canonical } = readLine(bytes)
      const digest = deps.sealing.requestDigest(null, canonical) as string
      const keys = keysOf(deps, clusters, line)
      room.enter()
      clusters.run(keys, () => apply(number, line, digest)).then(room.leave)
    } catch (error) {
      reject(number, error)
    }
  }

  const breathe = breather()
  for await (const bytes of lines) {
    if (fault !== undefined) break
    await breathe()
    result.lines += 1
    if (bytes.some((byte) => byte > 32)) take(result.lines, bytes)
    await room.isThere()
    if (result.lines % 500 === 0) onProgress?.(result)
  }
  await room.isEmpty()
  if (fault !== undefined) throw fault
  result.rejected = result.rejected.sort((a, b) => a.line - b.line).slice(0, mostNamed)
  onProgress?.(result)
  return result
}
