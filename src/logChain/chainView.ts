/**
 * The digests of a log that is followed: a projection like any other, so that a node on EventStoreDB keeps them with
 * its checkpoint. The embedded engine does not need it, for it stores the digests beside the events.
 */
import type { EventStore, Position, StoredEvent } from '../../domain/eventStore.ts'
import { emptyLogDigest, type LogDigest } from '../../domain/logDigest.ts'
import type { ChainQueries } from '../../projections/allProjections.ts'
import type { Projection } from '../../projections/projection.ts'
import { chainDigest } from './chainDigest.ts'

type Row = { number: number; position: Position; digest: Buffer }

const toLogDigest = ({ number, position, digest }: Row): LogDigest => ({
  position,
  events: number,
  digest: digest.toString('hex'),
})

export const chainView = (comparePositions: EventStore['comparePositions']): Projection<ChainQueries> => ({
  name: 'chain',
  version: 1,
  readByCommands: false,
  asStored: true,
  tables: {
    chain:
      'CREATE TABLE chain (number INTEGER PRIMARY KEY, position TEXT NOT NULL, digest BLOB NOT NULL) STRICT',
  },
  indexes: {},
  open: (db) => {
    const insert = db.prepare<[number, Position, Buffer]>('INSERT INTO chain VALUES (?, ?, ?)')
    const newestRow = db.prepare<[], Row>('SELECT * FROM chain ORDER BY number DESC LIMIT 1')
    const row = db.prepare<[number], Row>('SELECT * FROM chain WHERE number = ?')
    let added: Row[] = []
    let last: { number: number; digest: string } | undefined

    const known = (): { number: number; digest: string } => {
      if (last === undefined) {
        const stored = newestRow.get()
        last =
          stored === undefined
            ? { number: 0, digest: emptyLogDigest }
            : { number: stored.number, digest: stored.digest.toString('hex') }
      }
      return last
    }
    const forget = (): void => {
      added = []
      last = undefined
    }
    const apply = (event: StoredEvent): void => {
      const { number, digest: before } = known()
      const digest = chainDigest(before, event, JSON.stringify(event.data), JSON.stringify(event.metadata))
      added.push({ number: number + 1, position: event.position, digest: Buffer.from(digest, 'hex') })
      last = { number: number + 1, digest }
    }

    return {
      apply,
      flush: () => {
        for (const { number, position, digest } of added) insert.run(number, position, digest)
        added = []
      },
      discard: forget,
      reload: forget,
      queries: {
        upTo: (position) => {
          const newest = newestRow.get()
          if (newest === undefined) return null
          if (position === null) return toLogDigest(newest)
          if (comparePositions(position, newest.position) > 0) return null
          let [before, after] = [0, newest.number + 1]
          while (after - before > 1) {
            const middle = Math.floor((before + after) / 2)
            if (comparePositions((row.get(middle) as Row).position, position) <= 0) before = middle
            else after = middle
          }
          return before === 0 ? null : toLogDigest(row.get(before) as Row)
        },
      },
    }
  },
})
