/** What is done to the OpenAPI document as a whole: names, answer headers, and schemas that generators read well. */
import type { FastifyContextConfig } from 'fastify'
import { headersOf, isPage } from './answerHeaders.ts'
import { isNode, type Json, type Node, refsOf, walk } from './documentNodes.ts'
import { answerWords, parameterWords } from './documentWords.ts'
import { type Example, exampleTickets, pathExampleOf } from './examples.ts'
import { codesOf } from './operationCodes.ts'
import { operationIdOf } from './operationIds.ts'
import { type ProblemCode, problems } from './problemCodes.ts'

/** Where an operation has what its route's `config` says of it, until the document is finished. */
export const ownWords = 'x-route'
type OwnWords = {
  refusals: readonly ProblemCode[]
  operationId?: string
  /** A request that works on any service that has a ticket. */
  example?: Example
  /** A body that works on a subject that is ready for the act. */
  bodyExample?: unknown
}

export const wordsOf = (
  { refusals = [], desk, operationId, example }: FastifyContextConfig = {},
  bodyExample?: unknown,
): OwnWords => ({
  refusals: desk === undefined ? refusals : [...refusals, 'desk_closed'],
  ...(operationId !== undefined && { operationId }),
  ...(example !== undefined && { example }),
  ...(bodyExample !== undefined && { bodyExample }),
})

type Operation = Node & {
  operationId?: string
  security?: Json
  responses?: Node
  requestBody?: Json
  parameters?: Json
  tags?: Json
}
export type OpenApiDocument = {
  tags?: { name: string; description: string }[]
  paths?: Record<string, Record<string, Operation>>
  components?: { schemas?: Record<string, Json> }
}

/**
 * Zod writes JavaScript's own bounds beside every integer, and generators make a field with `default: null` a required
 * one. Neither says anything about the API.
 */
const withoutNoise = (node: Node): void => {
  if (node.maximum === Number.MAX_SAFE_INTEGER) delete node.maximum
  if (node.minimum === Number.MIN_SAFE_INTEGER) delete node.minimum
  if (node.default === null) delete node.default
  // one alternative is none
  if (Array.isArray(node.anyOf) && node.anyOf.length === 1) {
    const [only] = node.anyOf
    delete node.anyOf
    Object.assign(node, only)
  }
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

type Parameter = Node & { in: string; name: string; required?: boolean }
const parametersOf = ({ parameters }: Operation): Parameter[] => (parameters ?? []) as Parameter[]

/** A sentence for every parameter; its own goes before. An example where the call needs a value. */
const describeParameters = (path: string, operation: Operation): void => {
  for (const parameter of parametersOf(operation)) {
    const { schema, name } = parameter as Parameter & { schema?: Node }
    parameter.description ??= schema?.description ?? parameterWords[name] ?? null
    if (parameter.description === null) delete parameter.description
    // said once
    if (schema !== undefined) delete schema.description
    const example = pathExampleOf(path, name)
    if (parameter.in === 'path' && example !== undefined)
      parameter.example = schema?.type === 'integer' ? Number(example) : example
  }
}

/** Any address may be called in a way that is refused. */
const withRefusals = (operation: Operation): void => {
  const { responses = {} } = operation
  if (Object.keys(responses).some((status) => status.startsWith('4'))) return
  responses['4XX'] = {
    description: 'The request is refused; see code.',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  }
}

/** The names a caller may give: of parameters in the query, and of the fields of the body. */
const namesOf = (operation: Operation, schemas: Record<string, Json>): string[] => {
  const names: string[] = []
  const body = operation.requestBody ?? null
  const parts = [body, ...[...refsOf(body, schemas)].map((name) => schemas[name])]
  walk(parts, ({ properties }) => {
    if (isNode(properties)) names.push(...Object.keys(properties))
  })
  return [...parametersOf(operation).flatMap((each) => (each.in === 'query' ? [each.name] : [])), ...names]
}

/** Says which codes the refusals of an operation can have. */
const nameCodes = (
  { method, refusals }: { method: string } & OwnWords,
  operation: Operation,
  schemas: Record<string, Json>,
): void => {
  const { responses = {} } = operation
  const codes = codesOf({
    method: method.toUpperCase(),
    refusals,
    names: namesOf(operation, schemas),
    hasFiles: JSON.stringify(responses).includes('"text/csv"'),
  })
  for (const [status, answer] of Object.entries(responses)) {
    const content =
      isNode(answer) && isNode(answer.content) ? answer.content['application/problem+json'] : null
    if (!isNode(content)) continue
    const own = codes.filter((code: ProblemCode) => String(problems[code].status)[0] === status[0])
    content.schema = {
      allOf: [
        { $ref: '#/components/schemas/Problem' },
        { type: 'object', required: ['code'], properties: { code: { type: 'string', enum: own } } },
      ],
    }
  }
}

/**
 * Puts a request that works into the document, as `/docs` offers it to be tried. Where only its body is known, whoever
 * tries it names a subject that is ready.
 */
const giveExamples = ({ example, bodyExample }: OwnWords, operation: Operation): void => {
  const isBodyAlone = example === undefined && bodyExample !== undefined
  for (const parameter of parametersOf(operation)) {
    if (isBodyAlone && parameter.in === 'path') delete parameter.example
    else if (parameter.in === 'path' && parameter.name === 'ticketNo')
      parameter.example = exampleTickets[example?.ticket ?? 'unhandled']
    const inPath = example?.path?.[parameter.name]
    if (parameter.in === 'path' && inPath !== undefined)
      parameter.example = typeof parameter.example === 'number' ? Number(inPath) : inPath
    const value = example?.query?.[parameter.name]
    if (parameter.in === 'query' && value !== undefined) parameter.example = value
  }
  const body = example?.body ?? bodyExample
  if (body === undefined || !isNode(operation.requestBody)) return
  const { content } = operation.requestBody
  const json = isNode(content) ? content['application/json'] : null
  if (isNode(json)) json.example = body as Json
}

/** The tags that operations have, in their order. */
const tagsOf = (
  { paths = {} }: OpenApiDocument,
  tagWords: Readonly<Record<string, string>>,
): { name: string; description: string }[] => {
  const used = new Set(
    Object.values(paths).flatMap((path) => Object.values(path).flatMap(({ tags }) => tags as string[])),
  )
  return Object.entries(tagWords).flatMap(([name, description]) =>
    used.has(name) ? [{ name, description }] : [],
  )
}

/** Finishes the document in place. */
export const finishDocument = (
  document: OpenApiDocument,
  tagWords: Readonly<Record<string, string>>,
): void => {
  walk(document, withoutNoise)
  openAnswers(document)
  for (const [path, operations] of Object.entries(document.paths ?? {}))
    for (const [method, operation] of Object.entries(operations)) {
      const own = operation[ownWords] as unknown as OwnWords
      delete operation[ownWords]
      operation.operationId = own.operationId ?? operationIdOf(method, path)
      operation.security ??= []
      operation.description ??= `${operation.summary}.`
      withRefusals(operation)
      for (const [status, answer] of Object.entries(operation.responses ?? {})) {
        if (!isNode(answer)) continue
        answer.headers = {
          ...headersOf(method, path, status, answer),
          ...(isNode(answer.headers) && answer.headers),
        }
        if (answer.description === 'Default Response') {
          const isReport = path.startsWith('/v1/reports/') || path.startsWith('/v1/assessments/')
          answer.description = answerWords(method, status, { isPage: isPage(answer), isReport })
        }
      }
      describeParameters(path, operation)
      if (!path.startsWith('/v1/')) continue
      nameCodes({ method, ...own }, operation, document.components?.schemas ?? {})
      giveExamples(own, operation)
    }
  document.tags = tagsOf(document, tagWords)
}
