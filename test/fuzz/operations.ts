/** The operations of an OpenAPI document, with its references followed. */
import type { Json } from '../support/service.ts'

/** What is used here of JSON Schema. */
export type Schema = {
  type?: string
  enum?: Json[]
  const?: Json
  anyOf?: Schema[]
  oneOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  items?: Schema
  minItems?: number
  maxItems?: number
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  pattern?: string
  format?: string
  multipleOf?: number
  description?: string
}

export type ParameterPlace = 'path' | 'query' | 'header'
export type Parameter = { in: ParameterPlace; name: string; required: boolean; schema: Schema }
export type Operation = {
  method: string
  /** As the document has it, `/v1/tickets/{ticketNo}`. */
  path: string
  parameters: Parameter[]
  body: { type: string; schema: Schema } | null
  /** What it may answer: `200`, `4XX`. */
  statuses: string[]
  /** The problem codes it may give; `null`: the document lists none for it. */
  codes: string[] | null
  needsToken: boolean
}

/** The document without `$ref`: none of its schemas holds itself. */
const followed = (part: Json, document: Json): Json => {
  if (Array.isArray(part)) return part.map((each) => followed(each, document))
  if (typeof part !== 'object' || part === null) return part
  if (typeof part.$ref === 'string') {
    const path: string[] = part.$ref.split('/').slice(1)
    return followed(
      path.reduce((at, key) => at[key], document),
      document,
    )
  }
  return Object.fromEntries(Object.entries(part).map(([key, each]) => [key, followed(each, document)]))
}

const bodyOf = ({ requestBody }: Json): Operation['body'] => {
  const [first] = Object.entries<Json>(requestBody?.content ?? {})
  return first === undefined ? null : { type: first[0], schema: first[1].schema }
}

const codesOf = ({ responses }: Json): string[] | null => {
  const lists = Object.values<Json>(responses).flatMap(
    ({ content }) => content?.['application/problem+json']?.schema.allOf?.[1]?.properties.code.enum ?? [],
  )
  return lists.length === 0 ? null : lists
}

/** A stream has no end that could be waited for. */
const isAnswered = ([, { responses }]: [string, Json]): boolean =>
  responses[200]?.content?.['text/event-stream'] === undefined

/** Every operation the document has that is answered as a whole. */
export const operationsOf = (document: Json): Operation[] =>
  Object.entries<Json>(document.paths).flatMap(([path, methods]) =>
    Object.entries<Json>(methods)
      .filter(isAnswered)
      .map(([method, described]) => {
        const operation = followed(described, document)
        return {
          method: method.toUpperCase(),
          path,
          parameters: operation.parameters ?? [],
          body: bodyOf(operation),
          statuses: Object.keys(operation.responses),
          codes: codesOf(operation),
          needsToken: (operation.security ?? []).length > 0,
        }
      }),
  )

/** Whether the document has that status for the operation. */
export const isDocumented = ({ statuses }: Operation, status: number): boolean =>
  statuses.includes(String(status)) || statuses.includes(`${Math.floor(status / 100)}XX`)
