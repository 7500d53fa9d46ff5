/**
 * A process of its own that records the dues of the data folder given as first argument at the instant given as second,
 * and prints a line for every batch that is in the log. It is there to be killed.
 */
import { writeSync } from 'node:fs'
import { pino } from 'pino'
import { isDuesStream } from '../../domain/dues.ts'
import { toEpoch } from '../../domain/instant.ts'
import { readConfig } from '../../src/config.ts'
import { openCore } from '../../src/core.ts'

const [folder, now] = process.argv.slice(2) as [string, string]
const core = await openCore(readConfig({ DATA_DIR: folder, METRICS_PORT: '0' }), {
  log: pino({ level: 'silent' }),
  now: () => now,
  monotonic: () => toEpoch(now),
})
await core.ready
const { store } = core.deps
const { append } = store
store.append = async (stream, version, events) => {
  const appended = await append(stream, version, events)
  // written at once, so that whoever kills this process knows what was acknowledged
  if (isDuesStream(stream)) writeSync(1, `${events.length}\n`)
  return appended
}
await core.dues.look()
await core.close()
