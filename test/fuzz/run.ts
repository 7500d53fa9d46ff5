/** Makes requests up, sends them one after the other, and compares each answer with what every answer must be. */

import { type Role, roles } from '../../domain/authority.ts'
import { quarterOf } from '../../domain/instant.ts'
import { defaultPolicy } from '../../domain/policy.ts'
import { createRandom } from '../../src/demo/random.ts'
import { bytesOf, callerOf, draftOf, holderOf, type RequestDraft, resourceOf } from './draft.ts'
import { type Change, changes } from './kinds.ts'
import { type Operation, operationsOf } from './operations.ts'
import { faultsOf, longestMs } from './oracle.ts'
import { createPool } from './pool.ts'
import type { ValueInputs } from './values.ts'
import type { WatchedService } from './watched.ts'
import { type Answer, openWire } from './wire.ts'
import { badToken, brokenHttp, oddHeaders, oddPath } from './wireKinds.ts'

/** Every kind of request, with how often it comes; what is slow to send comes less. */
const weights: Record<string, number> = {
  valid: 30,
  'nearly valid': 15,
  'wrong types': 8,
  garbage: 5,
  'deep nesting': 3,
  '10 MB': 0.5,
  'bad UTF-8': 4,
  'huge numbers': 4,
  'lone surrogates': 4,
  __proto__: 4,
  NUL: 4,
  'CSV and HTML': 5,
  'cursor tampered with': 4,
  'ETag tampered with': 4,
  'broken JSON': 4,
  'odd headers': 5,
  'odd address': 5,
  'bad token': 4,
  'broken HTTP': 3,
}
export const kinds = Object.keys(weights)

const allChanges: Record<string, Change> = {
  ...changes,
  'odd headers': oddHeaders,
  'odd address': oddPath,
  'bad token': badToken,
}

export type Fault = { number: number; kind: string; request: string; what: string; answer: string }
export type Report = {
  requests: number
  byKind: Record<string, number>
  byStatus: Record<string, number>
  /** How many the document has. */
  operations: number
  /** The operations that never succeeded. */
  neverDone: string[]
  slowest: { ms: number; request: string }
  logLines: number
  faults: Fault[]
}

/** So often a refusal is looked at thoroughly: once in that many. */
const thorough = 25

/** Tickets are closed and dealers done away with: so often there are new ones. */
const refreshed = 1_000

/** Faults are found again and again; so many are enough to go by. */
const mostFaults = 50

const nameOf = ({ method, path }: Pick<Operation, 'method' | 'path'>): string => `${method} ${path}`
const roleNames = Object.keys(roles) as Role[]

/** What is no encoding stays as it is. */
const readable = (value: string): string => {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

const decoded = (path: RequestDraft['path']): RequestDraft['path'] =>
  Object.fromEntries(Object.entries(path).map(([name, value]) => [name, readable(value)]))

/** With the parameters of the request's path, which an answer need not repeat: the inquiry of an attachment. */
const harvestFrom = (answer: Answer, { operation, path }: RequestDraft, { pool }: ValueInputs): void => {
  if (answer.status >= 300) return
  for (const name of ['etag', 'x-position']) {
    const value = answer.headers[name]
    if (value !== undefined) pool.add(name, value)
  }
  if (!answer.headers['content-type']?.includes('json') || answer.body.length === 0) return
  const body = JSON.parse(answer.body.toString())
  const items = Array.isArray(body.items) ? body.items.slice(0, 20) : []
  for (const each of [body, ...items])
    if (typeof each === 'object') pool.harvest({ ...decoded(path), ...each }, resourceOf(operation))
}

/** Sends `requests` requests that `seed` decides on to the service. */
export const fuzz = async (
  watched: WatchedService,
  { seed, requests }: { seed: number; requests: number },
): Promise<Report> => {
  const random = createRandom(seed)
  const making: ValueInputs = { random, pool: createPool(), now: watched.now }
  const operations = operationsOf(watched.service.app.swagger())
  const wire = openWire(watched.port)
  const refused = new Map<string, Set<Role>>()
  const done = new Set<string>()
  const report: Report = {
    requests,
    byKind: {},
    byStatus: {},
    operations: 0,
    neverDone: [],
    slowest: { ms: 0, request: '' },
    logLines: 0,
    faults: [],
  }

  /** Mostly a role that was not refused there before, for a refusal by role says little about the rest. */
  const roleFor = (operation: Operation): Role => {
    const known = refused.get(nameOf(operation))
    const others = roleNames.filter((role) => !known?.has(role))
    return random.chance(0.9) && others.length > 0 ? random.pick(others) : random.pick(roleNames)
  }

  /** One in three is an operation that was not done yet, so that those that are hard to hit come more often. */
  const operationFor = (): Operation => {
    const others = operations.filter((each) => !done.has(nameOf(each)))
    return random.pick(others.length > 0 && random.chance(1 / 3) ? others : operations)
  }

  const draftFor = (kind: string, operation: Operation): RequestDraft => {
    const draft = draftOf(operation, callerOf(roleFor(operation), making), making)
    const holder = random.chance(0.5) ? holderOf(draft, making) : null
    return allChanges[kind]!(holder === null ? draft : { ...draft, who: holder }, making)
  }

  const timed = async (bytes: Buffer, method: string): Promise<Answer> => {
    const answer = await wire.send(bytes, method)
    if (answer.ms <= longestMs || answer.status === 503) return answer
    // the machine may have been busy elsewhere: only what is slow again and again is slow
    const again = [await wire.send(bytes, method), await wire.send(bytes, method)]
    return { ...answer, ms: Math.min(answer.ms, ...again.map(({ ms }) => ms)) }
  }

  const step = async (number: number): Promise<void> => {
    const kind = random.weighted(weights)
    const operation = operationFor()
    const draft = kind === 'broken HTTP' ? null : draftFor(kind, operation)
    const method = draft?.method ?? 'GET'
    const token = draft?.who ? await watched.service.tokenOf(draft.who) : null
    const bytes = draft === null ? brokenHttp(random) : bytesOf(draft, token)
    const contents = random.chance(1 / thorough) ? watched.contents() : null
    const before = await watched.places()
    const answer = await timed(bytes, method)
    const { status, ms } = answer

    const sameOperation = draft !== null && kind !== 'odd address' && draft.method === operation.method
    const what = faultsOf(answer, method, sameOperation ? operation : undefined)
    if (ms > longestMs) what.push(`took ${Math.round(ms)} ms`)
    // an address that is too long is refused before anybody looks at the token
    const isTooLong = status === 431
    if (kind === 'bad token' && operation.needsToken && status !== 401 && !isTooLong)
      what.push('is not refused as 401')
    if (status >= 400 && (await watched.places()) !== before) what.push('wrote although it was refused')
    if (status >= 400 && contents !== null && watched.contents() !== contents)
      what.push('changed a view although it was refused')
    if (status === 403 && draft?.who && answer.body.includes('"role_not_allowed"'))
      refused.set(nameOf(operation), (refused.get(nameOf(operation)) ?? new Set()).add(draft.who.roles[0]!))
    if (sameOperation && status < 300) done.add(nameOf(operation))

    const request = bytes.toString('latin1', 0, 1_500).replace(/Bearer [\w-]+\.[\w-]+\.[\w-]+/, 'Bearer …')
    report.byKind[kind] = (report.byKind[kind] ?? 0) + 1
    report.byStatus[status] = (report.byStatus[status] ?? 0) + 1
    if (ms > report.slowest.ms) report.slowest = { ms, request: request.slice(0, 200) }
    for (const each of what)
      report.faults.push({ number, kind, request, what: each, answer: answer.body.toString('utf8', 0, 600) })
    if (draft !== null) harvestFrom(answer, draft, making)
    if (number % 20 === 0) watched.pass(random.int(0, 180))
  }

  // what nobody says who was not asked
  making.pool.add('quarter', quarterOf(watched.now()))
  making.pool.add('year', watched.now().slice(0, 4))
  for (const { code } of defaultPolicy.inquiry.topics) making.pool.add('topic', code)
  making.pool.add('url', 'https://sms.example/hooks')
  /** Asks everything there is to ask, so that there are numbers and codes to make requests of. */
  const look = async (): Promise<void> => {
    const token = await watched.service.tokenOf({ roles: ['sa'], sub: 'sa' })
    for (const operation of operations.filter(({ method }) => method === 'GET')) {
      const draft = draftOf(operation, null, making)
      harvestFrom(await wire.send(bytesOf({ ...draft, query: [] }, token), 'GET'), draft, making)
    }
  }

  for (let number = 1; number <= requests && report.faults.length < mostFaults; number++) {
    if (number % refreshed === 0) await watched.enter()
    if (number === 1 || number % refreshed === 0) await look()
    await step(number)
  }
  wire.close()
  report.operations = operations.length
  report.neverDone = operations.map(nameOf).filter((name) => !done.has(name))
  report.logLines = watched.lines()
  return report
}
