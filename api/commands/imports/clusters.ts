/**
 * Which lines of an import must wait for each other. Lines that share a key (a legacy number, a customer) are of
 * one cluster and run in file order; clusters run side by side, so that many appends share one flush.
 */
type Cluster = { parent: Cluster | null; tail: Promise<unknown> | null }

const rootOf = (cluster: Cluster): Cluster => {
  let root = cluster
  while (root.parent !== null) root = root.parent
  if (cluster !== root) cluster.parent = root
  return root
}

export type Clusters = {
  has(key: string): boolean
  /** Runs `work` after all earlier work under any of `keys`, and under keys that were ever named with them. */
  run(keys: readonly string[], work: () => Promise<void>): Promise<void>
}

export const createClusters = (): Clusters => {
  const byKey = new Map<string, Cluster>()

  const clusterOf = (key: string): Cluster => {
    const known = byKey.get(key)
    if (known !== undefined) return rootOf(known)
    const fresh: Cluster = { parent: null, tail: null }
    byKey.set(key, fresh)
    return fresh
  }

  return {
    has: (key) => byKey.has(key),
    run: (keys, work) => {
      const joined = [...new Set(keys.map(clusterOf))]
      const root = joined[0] ?? { parent: null, tail: null }
      const before = joined.flatMap(({ tail }) => tail ?? [])
      for (const each of joined) if (each !== root) each.parent = root
      const done = (before.length === 0 ? Promise.resolve() : Promise.all(before)).then(work)
      // a failure is the caller's to see; those in line behind it go on
      const tail = done.catch(() => undefined)
      root.tail = tail
      return done
    },
  }
}
