/** Dealers, deliveries, RBOs, calendars and the policy: what is entered, and what counted when; and the settlements. */
import type Database from 'better-sqlite3'
import type { StoredEvent } from '../../domain/eventStore.ts'
import type { Projection } from '../projection.ts'
import { createSnapshots, type Histories, type MasterEntry, type MasterEvent } from './masterHistory.ts'
import { type MasterQueries, masterQueries } from './masterQueries.ts'

const streamForm = /^(dealer|rbo|calendar|assessment)-|^policy$/
const types: readonly string[] = [
  'DealerSet',
  'DeliveriesSet',
  'RboSet',
  'CalendarDefined',
  'CalendarYearSet',
  'PolicySet',
  'QuarterFrozen',
  'QuarterRevised',
  'TieDecided',
] satisfies MasterEvent['type'][]

type Row = {
  place: number
  stream: string
  version: number
  recordedAt: string
  position: string
  actor: string
  type: string
  data: string
}

const entryOf = ({ place, type, data, version, recordedAt, position, actor }: Row): MasterEntry => ({
  event: { type, data: JSON.parse(data) as unknown } as MasterEvent,
  version,
  recordedAt,
  place,
  position,
  actor: JSON.parse(actor) as MasterEntry['actor'],
})

const rowOf = (place: number, { stream, version, type, data, metadata, position }: StoredEvent): Row => ({
  place,
  stream,
  version,
  recordedAt: metadata.recordedAt,
  position,
  actor: JSON.stringify(metadata.actor),
  type,
  data: JSON.stringify(data),
})

/** Everything in memory: some thousand events at most, asked for by every command. */
const createMemory = (db: Database.Database) => {
  const all = db.prepare<[], Row>('SELECT * FROM masterEvents ORDER BY place')
  const newest = db.prepare<[], number | null>('SELECT max(place) FROM masterEvents').pluck()
  let histories: Map<string, MasterEntry[]> | undefined
  let snapshots: ReturnType<typeof createSnapshots> | undefined
  /** The place of the newest entry; `null`: there is none. */
  let seen: number | null = null

  const load = (): Map<string, MasterEntry[]> => {
    const loaded = new Map<string, MasterEntry[]>()
    for (const row of all.all()) addTo(loaded, row)
    seen = newest.get() ?? null
    return loaded
  }
  const addTo = (target: Map<string, MasterEntry[]>, row: Row): void => {
    const history = target.get(row.stream) ?? []
    history.push(entryOf(row))
    target.set(row.stream, history)
  }
  const forget = (): void => {
    histories = undefined
    snapshots = undefined
  }
  const current = (): Histories => {
    // Where another connection writes the file, the table's growth is the only sign of it.
    if (db.readonly && newest.get() !== seen) forget()
    histories ??= load()
    return histories
  }
  return {
    current,
    snapshots: () => {
      const known = current()
      snapshots ??= createSnapshots(known)
      return snapshots
    },
    /** The row of an event that comes next. */
    add: (event: StoredEvent): Row => {
      histories ??= load()
      seen = (seen ?? 0) + 1
      const row = rowOf(seen, event)
      addTo(histories, row)
      snapshots = undefined
      return row
    },
    forget,
  }
}

export const master: Projection<MasterQueries> = {
  name: 'master',
  version: 2,
  readByCommands: true,
  tables: {
    masterEvents: `CREATE TABLE masterEvents (place INTEGER PRIMARY KEY, stream TEXT NOT NULL, version INTEGER NOT NULL,
      recordedAt TEXT NOT NULL, position TEXT NOT NULL, actor TEXT NOT NULL, type TEXT NOT NULL, data TEXT NOT NULL,
      UNIQUE (stream, version)) STRICT`,
  },
  indexes: {},
  open: (db) => {
    const write = db.prepare('INSERT INTO masterEvents VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
    const memory = createMemory(db)
    let added: Row[] = []

    const forget = (): void => {
      added = []
      memory.forget()
    }
    return {
      apply: (event) => {
        if (!types.includes(event.type) || !streamForm.test(event.stream)) return
        added.push(memory.add(event))
      },
      flush: () => {
        for (const { place, stream, version, recordedAt, position, actor, type, data } of added)
          write.run(place, stream, version, recordedAt, position, actor, type, data)
        added = []
      },
      discard: forget,
      reload: forget,
      queries: masterQueries(memory.current, memory.snapshots),
    }
  },
}
