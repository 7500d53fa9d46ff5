/** The OpenAPI document as JSON: its nodes, a walk over them, and what they refer to. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type Node = { [key: string]: Json }

export const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Calls `change` with every object in a part of the document. */
export const walk = (part: unknown, change: (node: Node) => void): void => {
  if (Array.isArray(part)) for (const each of part) walk(each, change)
  if (!isNode(part)) return
  change(part)
  for (const each of Object.values(part)) walk(each, change)
}

/** The names of the components a part refers to, and those they refer to. */
export const refsOf = (
  part: unknown,
  schemas: Record<string, Json>,
  found = new Set<string>(),
): Set<string> => {
  walk(part, ({ $ref }) => {
    const name = typeof $ref === 'string' ? $ref.split('/').at(-1)! : undefined
    if (name === undefined || found.has(name)) return
    found.add(name)
    refsOf(schemas[name], schemas, found)
  })
  return found
}
