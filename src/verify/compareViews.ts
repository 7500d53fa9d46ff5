/** Whether the views are what a rebuild makes of the log, beside the service and without touching its file. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { EventStore, Position } from '../../domain/eventStore.ts'
import type { Sealer } from '../../domain/sealing.ts'
import { allProjections } from '../../projections/allProjections.ts'
import { buildViews } from '../buildViews.ts'
import { removeTemporary, temporaryDir } from '../leftovers.ts'
import type { Report } from './checkNumbers.ts'
import { readViews, type ViewsContent } from './viewsContent.ts'

/** The log as it was when `end` was its newest event, or as it is where it ends before. */
const upTo = (store: EventStore, end: Position | null): EventStore => ({
  ...store,
  head: async () => {
    const head = await store.head()
    return head !== null && end !== null && store.comparePositions(head, end) < 0 ? head : end
  },
  readAll: async (after, limit) =>
    end === null
      ? []
      : (await store.readAll(after, limit)).filter(
          ({ position }) => store.comparePositions(position, end) <= 0,
        ),
  follow: () => ({ stop: async () => {} }),
})

/** Where most of the views are: they move together. */
const leadOf = ({ checkpoints }: ViewsContent, store: EventStore): Position | null =>
  checkpoints.reduce<Position | null>(
    (lead, { position }) =>
      position !== null && (lead === null || store.comparePositions(position, lead) > 0) ? position : lead,
    null,
  )

/** The tables of a view, by what this program has. */
const tablesOf = (view: string): string[] =>
  Object.keys((allProjections as Record<string, { tables: object }>)[view]?.tables ?? {})

/** The tables of views that are missing or of another version differ as a matter of course. */
const differences = (live: ViewsContent, rebuilt: ViewsContent, report: Report): void => {
  const otherwise = new Set<string>()
  for (const { name, version, position } of rebuilt.checkpoints) {
    const found = live.checkpoints.find((each) => each.name === name)
    if (found?.version !== version) for (const table of tablesOf(name)) otherwise.add(table)
    if (found === undefined) report(`The view ${name} is missing.`)
    else if (found.version !== version)
      report(`The view ${name} is of version ${found.version}; this program has ${version}.`)
    else if (found.position !== position)
      report(`The view ${name} is at event ${found.position ?? 0}, the others at ${position ?? 0}.`)
  }
  for (const name of new Set([...live.tables.keys(), ...rebuilt.tables.keys()])) {
    const [found, expected] = [live.tables.get(name), rebuilt.tables.get(name)]
    if (found !== expected && !otherwise.has(name))
      report(
        `The table ${name} of the views is not what a rebuild makes of the log: ${found ?? 'not there'}, rebuilt ${expected ?? 'not there'}.`,
      )
  }
}

/** Rebuilds the views up to where `live` is and reports every table that differs; returns that position. */
export const compareViews = async (
  live: ViewsContent,
  { store, sealing }: { store: EventStore; sealing: Sealer },
  { report, onProgress }: { report: Report; onProgress: (events: number) => void },
): Promise<Position | null> => {
  const lead = leadOf(live, store)
  removeTemporary()
  const dir = temporaryDir()
  try {
    const file = join(dir, 'views.db')
    await buildViews(file, { store: upTo(store, lead), sealing }, ({ events }) => onProgress(events))
    differences(live, readViews(file), report)
  } catch (error) {
    report(`The views cannot be rebuilt: ${(error as Error).message}`)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
  return lead
}
