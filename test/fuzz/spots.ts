/** Where a request can be changed: a node of its body, a value of its query or its path. */

import type { Random } from '../../src/demo/random.ts'
import type { Json } from '../support/service.ts'
import { asIs, encoded, jsonOf, type RequestDraft } from './draft.ts'

export type Path = (string | number)[]
export type Spot = { in: 'body'; path: Path } | { in: 'query'; index: number } | { in: 'path'; name: string }

const nodesOf = (value: Json, path: Path = []): Path[] => [
  path,
  ...(typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, each]) =>
        nodesOf(each, [...path, Array.isArray(value) ? Number(key) : key]),
      )
    : []),
]

/** A value with the node at a path replaced. */
export const replaced = (value: Json, [key, ...rest]: Path, node: Json): Json => {
  if (key === undefined) return node
  if (Array.isArray(value))
    return value.map((each, index) => (index === key ? replaced(each, rest, node) : each))
  return { ...value, [key]: replaced(value[key], rest, node) }
}

/** Any spot, more often in the body; where there is none, a parameter nobody knows. */
export const anySpot = (draft: RequestDraft, random: Random): Spot => {
  const { body, query, path } = draft
  if (body !== undefined && random.chance(0.75)) {
    const nodes = nodesOf(body)
    return { in: 'body', path: random.pick(nodes.length > 1 ? nodes.slice(1) : nodes) }
  }
  const others: Spot[] = [
    ...query.map((_, index) => ({ in: 'query' as const, index })),
    ...Object.keys(path).map((name) => ({ in: 'path' as const, name })),
  ]
  return others.length === 0 ? { in: 'query', index: -1 } : random.pick(others)
}

/** Longer than an address may be, and no longer than it takes to show that. */
const longestInAddress = 8_000

/** The request with something else at the spot. */
export const withAt = (draft: RequestDraft, spot: Spot, value: Json): RequestDraft => {
  if (spot.in === 'body') return { ...draft, body: replaced(draft.body, spot.path, value) }
  const text = encoded((typeof value === 'string' ? value : jsonOf(value)).slice(0, longestInAddress))
  if (spot.in === 'path') return { ...draft, path: { ...draft.path, [spot.name]: text || '%20' } }
  if (spot.index < 0) return { ...draft, query: [...draft.query, ['x', text]] }
  const name = draft.query[spot.index]?.[0] ?? 'x'
  return { ...draft, query: draft.query.with(spot.index, [name, text]) }
}

/** As `withAt`, but what is put in the body stands there as it is, whether it is JSON or not. */
export const withRawAt = (draft: RequestDraft, spot: Spot, json: string): RequestDraft =>
  withAt(draft, spot, spot.in === 'body' ? asIs(json) : json)
