/**
 * What the user's own acts made of versions, by the path of what they were done on. A form that was opened before such
 * an act is sent with the version after it: nobody is told of a change that is their own, and everybody of others'.
 */
const steps = new Map<string, Map<number, number>>()

/** The version to decide on, where `seen` is the one that was seen: after every own act that came next. */
export const latestVersion = (path: string, seen: number): number => {
  const own = steps.get(path)
  let version = seen
  for (let next = own?.get(version); next !== undefined; next = own?.get(version)) version = next
  return version
}

/**
 * `etag`: of the answer to an act; `null`: it has none. `decidedOn`: the version it was sent with; what is sent without
 * one makes one version.
 */
export const noteOwnVersion = (path: string, etag: string | null, decidedOn?: number): void => {
  if (etag === null) return
  const version = Number(JSON.parse(etag))
  const own = steps.get(path) ?? new Map<number, number>()
  const before = decidedOn ?? version - 1
  // an act that changed nothing leads nowhere
  if (before < version) own.set(before, version)
  steps.set(path, own)
}
