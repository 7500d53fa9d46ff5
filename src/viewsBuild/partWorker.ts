/** The thread of `helper.ts`. It exits with 0 where the part is whole. */
import { workerData } from 'node:worker_threads'
import type { Position } from '../../domain/eventStore.ts'
import { eventSchemas } from '../../domain/storedEvents.ts'
import { allProjections } from '../../projections/allProjections.ts'
import { openViews } from '../../projections/views.ts'
import { createSealing } from '../keys/sealing.ts'
import { openSqliteKeys } from '../keys/sqliteKeys.ts'
import { openSqliteStore } from '../store/sqliteStore.ts'
import type { PartOrder } from './helper.ts'

const pageSize = 2_000

/** The known types that none of these projections looks at. An unknown type is read, because it stops them all. */
const typesWithout = (names: PartOrder['names']): string[] => {
  const types = names.map((name) => allProjections[name].types)
  if (types.some((each) => each === undefined)) return []
  const wanted = new Set(types.flatMap((each) => each ?? []))
  return Object.keys(eventSchemas).filter((type) => !wanted.has(type))
}

const build = async ({ files, part, masterKey, names, upTo }: PartOrder): Promise<void> => {
  const store = openSqliteStore(files.events, { readonly: true, without: typesWithout(names) })
  const keys = openSqliteKeys(files.keys, masterKey, { cacheSize: 1_000 })
  const views = openViews({
    file: part,
    sealing: createSealing(keys, keys.derive),
    comparePositions: store.comparePositions,
    projections: Object.fromEntries(names.map((name) => [name, allProjections[name]])),
  })
  try {
    views.sortOut(false)
    views.setBulk(true)
    for (let after: Position | null = null; ; ) {
      const page = await store.readAll(after, pageSize)
      const wanted = page.filter(({ position }) => store.comparePositions(position, upTo) <= 0)
      views.rebuild(wanted)
      after = wanted.at(-1)?.position ?? after
      if (wanted.length < pageSize) break
    }
    views.setBulk(false)
    const stopped = views.status().find(({ state }) => state === 'stopped')
    if (stopped !== undefined) throw new Error(`the view ${stopped.name} stopped`)
  } finally {
    views.close()
    keys.close()
    await store.close()
  }
}

await build(workerData as PartOrder)
