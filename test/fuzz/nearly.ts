/** One thing about a value that its schema does not allow, or only just. */
import type { Json } from '../support/service.ts'
import { encoded, type RequestDraft } from './draft.ts'
import type { Schema } from './operations.ts'
import { secret, type ValueInputs } from './values.ts'

const aroundText = (schema: Schema, value: Json): Json[] => {
  const { maxLength, minLength, pattern, enum: codes } = schema
  return [
    '',
    ' ',
    ...(maxLength !== undefined ? ['x'.repeat(maxLength), 'x'.repeat(maxLength + 1)] : []),
    ...(minLength !== undefined ? ['x'.repeat(minLength)] : []),
    ...(pattern !== undefined ? [`${value}!`, ` ${value}`] : []),
    ...(codes !== undefined ? [String(value).toUpperCase(), `${value} `] : []),
    '2026-02-30',
    '2026-03-02T10:00:00',
    '9999-12-31T23:59:59Z',
  ]
}

const aroundNumber = ({ minimum = 0, maximum = 1e6 }: Schema): Json[] => [
  minimum,
  maximum,
  minimum - 1,
  maximum + 1,
  minimum + 0.5,
  minimum + 0.001,
  String(minimum),
]

const nearlyObject = (schema: Schema, value: Json, making: ValueInputs): Json => {
  const { random } = making
  const { properties = {}, required = [] } = schema
  const names = Object.keys(value)
  const kind = random.int(0, 4)
  if (kind === 0 && required.length > 0) {
    const gone = random.pick(required)
    return Object.fromEntries(Object.entries(value).filter(([name]) => name !== gone))
  }
  if (kind === 1 || names.length === 0) return { ...value, [`${secret}/~`]: 1 }
  const name = random.pick(names)
  return { ...value, [name]: nearlyValue(properties[name] ?? {}, value[name], making) }
}

const nearlyValue = (schema: Schema, value: Json, making: ValueInputs): Json => {
  const { random } = making
  if (value === null) return ''
  if (typeof value === 'string') return random.pick(aroundText(schema, value))
  if (typeof value === 'number') return random.pick(aroundNumber(schema))
  if (typeof value === 'boolean') return String(value)
  if (!Array.isArray(value)) {
    const variants = schema.anyOf ?? schema.oneOf ?? [schema]
    return nearlyObject(variants.find(({ type }) => type === 'object') ?? {}, value, making)
  }
  const { items = {}, maxItems = 10 } = schema
  if (value.length === 0 || random.chance(0.3)) return Array(maxItems + 1).fill(value[0] ?? 'x')
  return value.with(0, nearlyValue(items, value[0], making))
}

/** A request that is not quite what was asked for. */
export const nearly = (draft: RequestDraft, making: ValueInputs): RequestDraft => {
  const { random } = making
  const { body, operation } = draft
  if (body !== undefined && operation.body !== null && random.chance(0.8))
    return { ...draft, body: nearlyValue(operation.body.schema, body, making) }
  const parameters = operation.parameters.filter((each) => each.in !== 'header')
  if (parameters.length === 0 || random.chance(0.2))
    return { ...draft, query: [...draft.query, [`${secret}[]`, '1']] }
  const { in: place, name, schema } = random.pick(parameters)
  const around =
    schema.type === 'integer' ? aroundNumber(schema) : aroundText(schema, draft.path[name] ?? 'x')
  const text = encoded(String(random.pick(around)))
  if (place === 'path') return { ...draft, path: { ...draft.path, [name]: text || '%20' } }
  // twice the same parameter is one mistake callers really make
  const others = random.chance(0.2) ? draft.query : draft.query.filter(([each]) => each !== name)
  return { ...draft, query: [...others, [name, text]] }
}
