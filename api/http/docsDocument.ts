/** The document as the page of `/docs` reads it: OpenAPI 3.0, which Swagger UI opens many times faster than 3.1. */

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
type Node = { [key: string]: Json }

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isNull = (schema: Json): boolean => isNode(schema) && schema.type === 'null'

/** Keywords of a schema whose value is a schema, a list of schemas, or schemas by name. */
const holdsOne = new Set(['items', 'additionalProperties', 'not'])
const holdsMany = new Set(['allOf', 'anyOf', 'oneOf'])
/** What 3.0 has no word for; without it a schema takes more, and says so nowhere else. */
const unknown = new Set(['propertyNames', 'contentMediaType', 'contentEncoding'])

/** The format says it in one word; its pattern takes four lines of the page. */
const withoutPattern = ({ pattern, ...schema }: Node): Node =>
  pattern === undefined || schema.format === 'date-time' ? schema : { pattern, ...schema }

/** A reference may have no words beside it in 3.0. */
const besideRef = ({ $ref, ...rest }: Node): Node =>
  $ref === undefined ? rest : Object.keys(rest).length === 0 ? { $ref } : { allOf: [{ $ref }], ...rest }

/** `nullable` in place of the type `null`. */
const withNullable = (schema: Node): Node => {
  const { type, anyOf, ...rest } = schema
  if (type === 'null') return { type: 'string', enum: [null], ...rest, nullable: true }
  if (Array.isArray(type)) {
    const types = type.filter((each) => each !== 'null')
    const nullable = types.length < type.length ? { nullable: true } : {}
    return types.length === 1
      ? { type: types[0] as Json, ...rest, ...nullable }
      : { anyOf: types.map((each) => ({ type: each })), ...rest, ...nullable }
  }
  if (!Array.isArray(anyOf) || !anyOf.some(isNull)) return schema
  const others = anyOf.filter((each) => !isNull(each)) as Node[]
  const one = others.length === 1 ? others[0] : undefined
  return one === undefined ? { anyOf: others, ...rest, nullable: true } : { ...one, ...rest, nullable: true }
}

/** A schema of 3.1 in the words of 3.0. */
const schemaOf = (schema: Json): Json => {
  if (!isNode(schema)) return schema
  const made: Node = {}
  for (const [key, value] of Object.entries(withNullable(schema))) {
    if (unknown.has(key)) continue
    if (key === 'const') made.enum = [value]
    else if (key === 'examples') made.example = Array.isArray(value) ? (value[0] ?? null) : value
    else if (key === 'properties' && isNode(value)) made[key] = eachOf(value, schemaOf)
    else if (holdsOne.has(key)) made[key] = schemaOf(value)
    else if (holdsMany.has(key) && Array.isArray(value)) made[key] = value.map(schemaOf)
    else made[key] = value
  }
  return besideRef(withoutPattern(made))
}

const eachOf = (node: Node, change: (value: Json) => Json): Node =>
  Object.fromEntries(Object.entries(node).map(([name, value]) => [name, change(value)]))

/** Any part of the document outside schemas: what is under `schema` is one, and an example is nobody's to change. */
const partOf = (part: Json): Json => {
  if (Array.isArray(part)) return part.map(partOf)
  if (!isNode(part)) return part
  return Object.fromEntries(
    Object.entries(part).map(([key, value]) => {
      if (key === 'schema') return [key, schemaOf(value)]
      return [key, key === 'example' ? value : partOf(value)]
    }),
  )
}

/** The events that a receiver gets, as `callbacks` of the call that registers it: 3.0 has no webhooks. */
const withCallbacks = (paths: Node, webhooks: Node): Node => {
  const made = isNode(paths['/v1/webhooks']) ? paths['/v1/webhooks'] : {}
  if (!isNode(made.post)) return paths
  const callbacks = eachOf(webhooks, (webhook) => ({ '{$request.body#/url}': partOf(webhook) }))
  return { ...paths, '/v1/webhooks': { ...made, post: { ...made.post, callbacks } } }
}

/** The same API in OpenAPI 3.0. `document` is in 3.1 and stays as it is. */
export const docsDocument = (document: object): object => {
  const { info, paths, webhooks, components, ...rest } = document as Node
  const { schemas, ...otherComponents } = components as Node
  const { license, ...words } = info as Node
  return {
    ...rest,
    openapi: '3.0.3',
    externalDocs: {
      description: 'For generators of clients: the document in OpenAPI 3.1',
      url: '/openapi.json',
    },
    info: { ...words, ...(isNode(license) && { license: { name: license.name } }) },
    paths: withCallbacks(partOf(paths as Json) as Node, (webhooks ?? {}) as Node),
    components: { ...otherComponents, schemas: eachOf(schemas as Node, schemaOf) },
  }
}
