/** What is done to the OpenAPI document as a whole: names, answer headers, and schemas that generators read well. */
import { operationIdOf } from './operationIds.ts'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
type Node = { [key: string]: Json }
type Operation = Node & {
  operationId?: string
  security?: Json
  responses?: Node
  requestBody?: Json
  parameters?: Json
}
export type OpenApiDocument = {
  paths?: Record<string, Record<string, Operation>>
  components?: { schemas?: Record<string, Json> }
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Calls `change` with every object in a part of the document. */
const walk = (part: unknown, change: (node: Node) => void): void => {
  if (Array.isArray(part)) for (const each of part) walk(each, change)
  if (!isNode(part)) return
  change(part)
  for (const each of Object.values(part)) walk(each, change)
}

/**
 * Zod writes JavaScript's own bounds beside every integer, and generators make a field with `default: null` a required
 * one. Neither says anything about the API.
 */
const withoutNoise = (node: Node): void => {
  if (node.maximum === Number.MAX_SAFE_INTEGER) delete node.maximum
  if (node.minimum === Number.MIN_SAFE_INTEGER) delete node.minimum
  if (node.default === null) delete node.default
}

/** The names of the components a part refers to, and those they refer to. */
const refsOf = (part: unknown, schemas: Record<string, Json>, found = new Set<string>()): Set<string> => {
  walk(part, ({ $ref }) => {
    const name = typeof $ref === 'string' ? $ref.split('/').at(-1)! : undefined
    if (name === undefined || found.has(name)) return
    found.add(name)
    refsOf(schemas[name], schemas, found)
  })
  return found
}

/** Answers only grow, so their schemas are open; those of requests stay closed, for unknown fields are refused. */
const openAnswers = ({ paths = {}, components }: OpenApiDocument): void => {
  const schemas = components?.schemas ?? {}
  const operations = Object.values(paths).flatMap((path) => Object.values(path))
  const asked = refsOf(
    operations.map(({ requestBody, parameters }) => [requestBody, parameters]),
    schemas,
  )
  const answers = operations.map(({ responses }) => responses)
  const open = (node: Node): void => {
    if (node.additionalProperties === false) delete node.additionalProperties
  }
  walk(answers, open)
  for (const name of refsOf(answers, schemas)) if (!asked.has(name)) walk(schemas[name], open)
}

const header = (description: string, type: 'string' | 'integer' = 'string'): Node => ({
  description,
  schema: { type },
})

const everywhere: Node = { 'X-Request-Id': header('The id of this request, for whoever looks into the log.') }
const limited: Node = {
  'RateLimit-Policy': header('The requests a subject has in a minute.'),
  RateLimit: header('How many of them are left, and until when.'),
}
const written: Node = {
  ETag: header('The version, for If-Match of the next write.'),
  'X-Position': header('Where the write is in the log, for X-Min-Position of a read.'),
  'Idempotent-Replayed': header('true: the answer of the first write with this Idempotency-Key.'),
}
const refused: Node = {
  'Retry-After': header('Seconds, where sending the same request again helps.', 'integer'),
}

/** The headers an answer may have, by method, path and status. */
const headersOf = (method: string, path: string, status: string, answer: Node): Node => {
  if (!path.startsWith('/v1/')) return everywhere
  if (!status.startsWith('2')) return { ...everywhere, ...refused }
  const isPage =
    JSON.stringify(answer.content ?? null).includes('nextCursor') || /Page"/.test(JSON.stringify(answer))
  return {
    ...everywhere,
    ...limited,
    ...(method !== 'get' && written),
    ...(method === 'get' && /\}$/.test(path) && { ETag: written.ETag! }),
    ...(method === 'get' && isPage && { Link: header('The next page, rel="next"; none on the last.') }),
    ...(status === '201' && { Location: header('Where what was made is.') }),
  }
}

/** Finishes the document in place. */
export const finishDocument = (document: OpenApiDocument): void => {
  walk(document, withoutNoise)
  openAnswers(document)
  for (const [path, operations] of Object.entries(document.paths ?? {}))
    for (const [method, operation] of Object.entries(operations)) {
      operation.operationId = operationIdOf(method, path)
      operation.security ??= []
      for (const [status, answer] of Object.entries(operation.responses ?? {})) {
        if (!isNode(answer)) continue
        answer.headers = {
          ...headersOf(method, path, status, answer),
          ...(isNode(answer.headers) && answer.headers),
        }
        if (answer.description === 'Default Response') answer.description = describe(status)
      }
    }
}

const describe = (status: string): string => {
  if (status === '201') return 'Made; the body is what there is now.'
  return status === '503' ? 'Not now; the body says why.' : 'Done; the body is the answer.'
}
