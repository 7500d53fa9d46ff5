/**
 * Whether two pieces of event data say the same, whatever the order of their fields. For JSON data only. A command
 * that would record what is recorded already has nothing to do.
 */
export const sameData = (a: unknown, b: unknown): boolean => {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const [left, right] = [Object.entries(a), new Map(Object.entries(b))]
  return (
    left.length === right.size &&
    left.every(([name, value]) => right.has(name) && sameData(value, right.get(name)))
  )
}
