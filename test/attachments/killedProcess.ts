/**
 * A service that does one write and is killed at a named step of it; run by `killed.test.ts`. Arguments: the step, the
 * path of the write. `DATA_DIR` names the data folder.
 */
import { pino } from 'pino'
import { buildApp } from '../../api/http/app.ts'
import type { Role } from '../../domain/authority.ts'
import type { EventStore } from '../../domain/eventStore.ts'
import { readConfig } from '../../src/config.ts'
import { openCore } from '../../src/core.ts'
import { signToken } from '../../src/developmentToken.ts'
import { loadDevelopmentKey } from '../../src/devKey.ts'
import { formOf, samples } from './samples.ts'

const [step = '', path = ''] = process.argv.slice(2)
const config = readConfig(process.env)
const now = () => '2026-03-04T02:00:00.000Z'
const core = await openCore(config, { log: pino({ level: 'silent' }), now })
await core.ready

const dieAt = (name: string): void => {
  if (name === step) process.kill(process.pid, 'SIGKILL')
}

const { attachments, store, subjects } = core.deps
const append: EventStore['append'] = async (stream, version, events) => {
  const done = await store.append(stream, version, events)
  for (const { type } of events) dieAt(`${type} appended`)
  return done
}
const deps = {
  ...core.deps,
  store: { ...store, append },
  subjects: {
    ...subjects,
    destroy: async (subject: string) => {
      dieAt('before the key is destroyed')
      await subjects.destroy(subject)
      dieAt('key destroyed')
    },
  },
  attachments: {
    ...attachments,
    receive: async (subject: string, source: AsyncIterable<Uint8Array>) => {
      const watched = (async function* () {
        for await (const part of source) {
          yield part
          dieAt('part of it received')
        }
      })()
      const received = await attachments.receive(subject, watched)
      dieAt('received')
      return {
        ...received,
        keep: async () => {
          await received.keep()
          dieAt('kept')
        },
      }
    },
  },
}
const app = buildApp(deps)
const token = await signToken(
  { sub: 'sa', roles: ['sa' as Role], hours: 1 },
  loadDevelopmentKey(config.dataDir),
  Date.now(),
)
const upload = formOf(samples['application/pdf'])
const isUpload = path.endsWith('/attachments')
const answer = await app.inject({
  method: 'POST',
  url: `/v1/${path}`,
  headers: {
    authorization: `Bearer ${token}`,
    'idempotency-key': 'killed',
    ...(isUpload ? upload.headers : { 'content-type': 'application/json' }),
  },
  payload: isUpload ? upload.body : JSON.stringify({ reason: '理由' }),
})
// the step was never reached
process.stdout.write(`${answer.statusCode} ${answer.body}\n`)
process.exit(3)
