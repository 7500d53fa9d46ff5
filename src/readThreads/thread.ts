/**
 * A read thread: the routes of heavy reads on connections that only read, behind a Unix socket. It keeps no key, so that
 * a subject that is erased is erased here too.
 */
import { getPriority, setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { pino } from 'pino'
import { newCommandId } from '../../api/commands/commandId.ts'
import { createFoldedStates } from '../../api/commands/folded.ts'
import { createInFlight } from '../../api/commands/inFlight.ts'
import { createKeyedMutex } from '../../api/commands/keyedMutex.ts'
import { buildApp } from '../../api/http/app.ts'
import type { Deps } from '../../api/http/deps.ts'
import { createMetrics } from '../../api/http/metrics.ts'
import { heavyResources } from '../../api/http/routes.ts'
import type { AccessLog } from '../../domain/accessLog.ts'
import { type EventStore, StoreUnavailable } from '../../domain/eventStore.ts'
import { type Instant, toInstant } from '../../domain/instant.ts'
import { openViews } from '../../projections/views.ts'
import { createSealing } from '../keys/sealing.ts'
import { openSqliteKeys } from '../keys/sqliteKeys.ts'
import { openSqliteStore } from '../store/sqliteStore.ts'
import type { FromThread, ThreadOrder, ToThread } from './messages.ts'
import { clockHeader } from './passing.ts'

const order = workerData as ThreadOrder
const tell = (message: FromThread): void => parentPort?.postMessage(message)

/** So much nicer than the service, on the scale of `nice`: where there is more work than cores, commands go first. */
const nicer = 10
const leastPriority = 19
// on Linux each thread has a priority of its own; elsewhere this would be that of the service
if (process.platform === 'linux') setPriority(Math.min(leastPriority, getPriority() + nicer))

const openStore = async ({ log }: ThreadOrder): Promise<EventStore> => {
  if ('file' in log) return openSqliteStore(log.file, { readonly: true })
  // loaded where it is used: the vendor's client takes memory and time at the start
  const { openEsdbStore } = await import('../store/esdb/store.ts')
  return openEsdbStore({ address: log.address, onTrouble: () => {} })
}

/** The access log of the service, asked to write over the port. */
const accessOfService = (): AccessLog => {
  const waiting = new Map<number, (isWritten: boolean) => void>()
  let last = 0
  parentPort?.on('message', ({ id, isWritten }: ToThread) => {
    waiting.get(id)?.(isWritten)
    waiting.delete(id)
  })
  return {
    write: (line, file) =>
      new Promise((resolve, reject) => {
        last += 1
        waiting.set(last, (isWritten) =>
          isWritten ? resolve() : reject(new StoreUnavailable('the access log takes no lines')),
        )
        tell({ kind: 'access', id: last, line, file })
      }),
    complete: (file, count) => tell({ kind: 'completed', file, count }),
    settle: notHere,
    find: notHere,
    reason: () => null,
  }
}

/** A heavy read asks for none of this. @throws Error */
const notHere = (): never => {
  throw new Error('a read thread only reads')
}

const store = await openStore(order)
const keys = openSqliteKeys(order.keys, order.masterKey, { readonly: true })
const sealing = createSealing({ ...keys, get: (subject) => keys.get(subject, true) }, keys.derive, () =>
  tell({ kind: 'unreadable' }),
)
const { comparePositions } = store
const views = openViews({
  file: order.views,
  sealing,
  comparePositions,
  readonly: true,
  changes: order.changes,
})
/** The clock of the request that came last. */
let now: Instant = toInstant(Date.now())
const deps: Deps = {
  store,
  views,
  digestUpTo: notHere,
  sealing,
  subjects: { create: notHere, get: keys.get, destroy: notHere },
  now: () => now,
  newCommandId,
  log: pino({ level: order.logLevel }, { write: (line: string) => tell({ kind: 'log', line }) }),
  metrics: createMetrics({ process: false }),
  inFlight: createInFlight(),
  keyedWrites: new Set(),
  mutex: createKeyedMutex(),
  headWatch: { look: notHere, secondsBehind: notHere, stop: () => {} },
  webhooks: { urlFault: notHere, healthOf: notHere, page: notHere, find: notHere },
  attachments: { receive: notHere, read: notHere, remove: notHere, removeSubject: notHere },
  access: accessOfService(),
  folded: createFoldedStates(),
  config: {
    auth: { kind: 'service', secret: order.secret },
    rateLimitPerMinute: 0,
    corsOrigins: [],
    maxConnections: 10_000,
    bodyLimitBytes: order.bodyLimitBytes,
    checkAnswers: order.checkAnswers,
  },
}
const app = buildApp(deps, heavyResources)
app.addHook('onRequest', (request, _reply, done) => {
  const given = request.headers[clockHeader]
  if (typeof given === 'string') now = given
  done()
})
await app.listen({ path: order.socket, listenTextResolver: () => 'a read thread listens' })
tell({ kind: 'listening' })
