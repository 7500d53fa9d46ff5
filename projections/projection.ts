/** What a read model consists of. Everything a view knows comes from events; none reads the clock. */
import type Database from 'better-sqlite3'
import type { StoredEvent } from '../domain/eventStore.ts'
import type { Sealer } from '../domain/sealing.ts'

/** A projection opened on a file: its fold, its rows and its queries. */
export type OpenProjection<Queries> = {
  /** Folds one event into rows held in memory. May throw; then `discard` follows. */
  apply(event: StoredEvent): void
  /** Writes the rows changed since the last flush or discard. */
  flush(): void
  /** What was flushed is committed: other connections see it. */
  committed?(): void
  /** Forgets the rows changed since the last flush. */
  discard(): void
  /** Forgets everything held in memory: the file has changed under it. */
  reload(): void
  queries: Queries
}

export type Projection<Queries> = {
  name: string
  /** Raised with every change of tables or handlers: the projection is then rebuilt. */
  version: number
  /** Commands rest on it, so the service is not ready while it is behind. */
  readByCommands: boolean
  /** Types of the events it looks at, all others leave it as it is; left out: any may concern it. */
  types?: readonly string[]
  /** Gets the events as they are stored, also those of unknown types; left out: as `eventsOf` reads them. */
  asStored?: true
  /** `CREATE TABLE` by table name. Indexes that uniqueness or the fold itself needs belong in here. */
  tables: Readonly<Record<string, string>>
  /** `CREATE INDEX` by index name: those that only queries need. */
  indexes: Readonly<Record<string, string>>
  /** `changes`: memory shared with the connections of other threads, see `columns/changeCounts.ts`. */
  open(db: Database.Database, sealing: Sealer, changes?: SharedArrayBuffer): OpenProjection<Queries>
}
