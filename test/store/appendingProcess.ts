/**
 * A process of its own that appends to the log given as first argument, `second` argument's number of times or for
 * ever, and prints the id of every event once its append is acknowledged.
 */
import { writeSync } from 'node:fs'
import { openSqliteStore } from '../../src/store/sqliteStore.ts'
import { idsOf, someEvents } from './events.ts'

const [file, times] = process.argv.slice(2)
const store = openSqliteStore(file!)

const writer = async (name: string): Promise<void> => {
  for (let version = 0; version < Number(times ?? Number.POSITIVE_INFINITY); version += 2) {
    const events = someEvents(2)
    await store.append(`${name}-${process.pid}`, version, events)
    // Written at once, so that what is printed is exactly what was acknowledged.
    writeSync(1, `${idsOf(events).join('\n')}\n`)
  }
}

await Promise.all(['a', 'b', 'c', 'd'].map(writer))
await store.close()
