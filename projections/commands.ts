/** Which events a call with an `Idempotency-Key` made, so that the call again gives the first answer. */
import type Database from 'better-sqlite3'
import type { Position, StoredEvent } from '../domain/eventStore.ts'
import type { Projection } from './projection.ts'

export type DoneCommand = {
  stream: string
  /** First and last version of the events of the command on that stream. */
  fromVersion: number
  toVersion: number
  position: Position
  digest: string
}

export type CommandQueries = {
  /** What the command did, one entry a stream, in order of position; empty: nothing was done under that id. */
  find(commandId: string): DoneCommand[]
}

type Row = DoneCommand & { id: number; commandId: string }

export const commands: Projection<CommandQueries> = {
  name: 'commands',
  version: 1,
  readByCommands: true,
  tables: {
    // The id keeps the order of the log, and so of positions, which are opaque.
    commands: `CREATE TABLE commands (id INTEGER PRIMARY KEY, commandId TEXT NOT NULL, stream TEXT NOT NULL,
      fromVersion INTEGER NOT NULL, toVersion INTEGER NOT NULL, position TEXT NOT NULL, digest TEXT NOT NULL) STRICT`,
  },
  // Random ids: making it afterwards is what keeps a rebuild fast.
  indexes: { commandsById: 'CREATE INDEX commandsById ON commands (commandId)' },
  open: (db: Database.Database) => {
    const write = db.prepare('INSERT OR REPLACE INTO commands VALUES (?, ?, ?, ?, ?, ?, ?)')
    const find = db.prepare<[string], DoneCommand>(
      'SELECT stream, fromVersion, toVersion, position, digest FROM commands WHERE commandId = ? ORDER BY id',
    )
    const newest = db.prepare<[], Row>('SELECT * FROM commands ORDER BY id DESC LIMIT 1')
    let changed: Row[] = []
    /** The command that may still go on: the events of an append follow each other. `undefined`: not read yet. */
    let last: Row | null | undefined

    const lastKnown = (): Row | null => {
      if (last === undefined) last = newest.get() ?? null
      return last
    }
    const apply = ({ metadata, stream, version, position }: StoredEvent): void => {
      const { commandId, requestDigest } = metadata
      if (requestDigest === undefined) return
      const known = lastKnown()
      if (known !== null && known.commandId === commandId && known.stream === stream) {
        known.toVersion = version
        known.position = position
        if (changed.at(-1) !== known) changed.push(known)
        return
      }
      last = {
        id: (known?.id ?? 0) + 1,
        commandId,
        stream,
        fromVersion: version,
        toVersion: version,
        position,
        digest: requestDigest,
      }
      changed.push(last)
    }
    const forget = (): void => {
      changed = []
      last = undefined
    }

    return {
      apply,
      flush: () => {
        for (const { id, commandId, stream, fromVersion, toVersion, position, digest } of changed)
          write.run(id, commandId, stream, fromVersion, toVersion, position, digest)
        changed = []
      },
      discard: forget,
      reload: forget,
      queries: { find: (commandId) => find.all(commandId) },
    }
  },
}
