/** Dealers, deliveries, RBOs, calendars and the policy: what is entered, and what counted when. */
import type Database from 'better-sqlite3'
import type { Recorded } from '../../domain/asKnown.ts'
import type { StoredEvent } from '../../domain/eventStore.ts'
import type { Projection } from '../projection.ts'
import { createSnapshots, type Histories, type MasterEvent } from './masterHistory.ts'
import { type MasterQueries, masterQueries } from './masterQueries.ts'

const streamForm = /^(dealer|rbo|calendar)-|^policy$/
const types: readonly string[] = [
  'DealerSet',
  'DeliveriesSet',
  'RboSet',
  'CalendarDefined',
  'CalendarYearSet',
  'PolicySet',
] satisfies MasterEvent['type'][]

type Row = { stream: string; version: number; recordedAt: string; type: string; data: string }

const toRecorded = ({ type, data, version, recordedAt }: Row): Recorded<MasterEvent> => ({
  event: { type, data: JSON.parse(data) as unknown } as MasterEvent,
  version,
  recordedAt,
})

const rowOf = ({ stream, version, type, data, metadata }: StoredEvent): Row => ({
  stream,
  version,
  recordedAt: metadata.recordedAt,
  type,
  data: JSON.stringify(data),
})

/** Everything in memory: some thousand events at most, asked for by every command. */
const createMemory = (db: Database.Database) => {
  const all = db.prepare<[], Row>('SELECT * FROM masterEvents ORDER BY stream, version')
  const newest = db.prepare<[], number | null>('SELECT max(rowid) FROM masterEvents').pluck()
  let histories: Map<string, Recorded<MasterEvent>[]> | undefined
  let snapshots: ReturnType<typeof createSnapshots> | undefined
  let seen: number | null = null

  const load = (): Map<string, Recorded<MasterEvent>[]> => {
    const loaded = new Map<string, Recorded<MasterEvent>[]>()
    for (const row of all.all()) addTo(loaded, row)
    seen = newest.get() ?? null
    return loaded
  }
  const addTo = (target: Map<string, Recorded<MasterEvent>[]>, row: Row): void => {
    const history = target.get(row.stream) ?? []
    history.push(toRecorded(row))
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
    add: (row: Row): void => {
      histories ??= load()
      addTo(histories, row)
      snapshots = undefined
    },
    forget,
  }
}

export const master: Projection<MasterQueries> = {
  name: 'master',
  version: 1,
  readByCommands: true,
  tables: {
    masterEvents: `CREATE TABLE masterEvents (stream TEXT NOT NULL, version INTEGER NOT NULL, recordedAt TEXT NOT NULL,
      type TEXT NOT NULL, data TEXT NOT NULL, PRIMARY KEY (stream, version)) STRICT`,
  },
  indexes: {},
  open: (db) => {
    const write = db.prepare('INSERT INTO masterEvents VALUES (?, ?, ?, ?, ?)')
    const memory = createMemory(db)
    let added: Row[] = []

    const forget = (): void => {
      added = []
      memory.forget()
    }
    return {
      apply: (event) => {
        if (!types.includes(event.type) || !streamForm.test(event.stream)) return
        const row = rowOf(event)
        memory.add(row)
        added.push(row)
      },
      flush: () => {
        for (const { stream, version, recordedAt, type, data } of added)
          write.run(stream, version, recordedAt, type, data)
        added = []
      },
      discard: forget,
      reload: forget,
      queries: masterQueries(memory.current, memory.snapshots),
    }
  },
}
