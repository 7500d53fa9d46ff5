/** Deeper than any body that is asked for, and shallow enough for the stack. */
const maxDepth = 64

/** A value is nested deeper than any input that is asked for. */
export class NestedTooDeep extends Error {
  constructor() {
    super('the value is nested too deep')
    this.name = 'NestedTooDeep'
  }
}

/**
 * JSON with the fields of every object in one order, so that bodies that say the same are the same text. A body that
 * is not there at all is `null`.
 * @throws NestedTooDeep past 64 levels.
 */
export const canonicalJson = (value: unknown, depth = 0): string => {
  if (depth > maxDepth) throw new NestedTooDeep()
  if (value === undefined) return 'null'
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map((each) => canonicalJson(each, depth + 1)).join(',')}]`
  let fields = ''
  // Sorted by code unit, which no locale changes.
  for (const name of Object.keys(value).sort()) {
    const each = (value as Record<string, unknown>)[name]
    if (each === undefined) continue
    fields += `${fields === '' ? '' : ','}${JSON.stringify(name)}:${canonicalJson(each, depth + 1)}`
  }
  return `{${fields}}`
}
