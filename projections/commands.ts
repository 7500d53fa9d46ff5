/** Which events a call with an `Idempotency-Key` made, so that the call again gives the first answer. */
import type Database from 'better-sqlite3'
import type { Position, StoredEvent } from '../domain/eventStore.ts'
import { uuidBytes, uuidForm, uuidText } from '../domain/uuid.ts'
import { createHashList, hashListSql } from './columns/hashList.ts'
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

/** The 16 bytes of a command's id; `null` where the text is none. */
const bytesOf = (commandId: string): Buffer | null => (uuidForm.test(commandId) ? uuidBytes(commandId) : null)

export const commands: Projection<CommandQueries> = {
  name: 'commands',
  version: 2,
  readByCommands: true,
  tables: {
    // The id keeps the order of the log, and so of positions, which are opaque.
    commands: `CREATE TABLE commands (id INTEGER PRIMARY KEY, stream TEXT NOT NULL, fromVersion INTEGER NOT NULL,
      toVersion INTEGER NOT NULL, position TEXT NOT NULL, digest TEXT NOT NULL) STRICT`,
    // One a row of the other; the first has place 0.
    commandIds: hashListSql('commandIds'),
  },
  indexes: {},
  open: (db: Database.Database) => {
    const write = db.prepare('INSERT OR REPLACE INTO commands VALUES (?, ?, ?, ?, ?, ?)')
    const read = db.prepare<[number], DoneCommand>(
      'SELECT stream, fromVersion, toVersion, position, digest FROM commands WHERE id = ?',
    )
    const ids = createHashList(db, 'commandIds')
    let changed: Row[] = []
    /** The command that may still go on: the events of an append follow each other. `undefined`: not read yet. */
    let last: Row | null | undefined

    const newest = (): Row | null => {
      const id = ids.length()
      const row = read.get(id)
      const bytes = ids.at(id - 1)
      return row === undefined || bytes === null ? null : { ...row, id, commandId: uuidText(bytes) }
    }
    const lastKnown = (): Row | null => {
      if (last === undefined) last = newest()
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
      ids.add(bytesOf(commandId))
      last = {
        id: ids.length(),
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
        for (const { id, stream, fromVersion, toVersion, position, digest } of changed)
          write.run(id, stream, fromVersion, toVersion, position, digest)
        ids.flush()
        changed = []
      },
      discard: () => {
        forget()
        ids.discard()
      },
      reload: () => {
        forget()
        ids.reload()
      },
      queries: {
        find: (commandId) => {
          const bytes = bytesOf(commandId)
          const places = bytes === null ? [] : ids.find(bytes)
          return places.reverse().map((place) => read.get(place + 1) as DoneCommand)
        },
      },
    }
  },
}
