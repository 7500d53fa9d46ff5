/**
 * A server of the bench, in a process of its own: `node test/bench/server.ts service|baseline FOLDER FLUSH_MS`.
 * The baseline is the same Fastify with the same auth and validation and one durable append. Prints its address.
 */
import { join } from 'node:path'
import Fastify from 'fastify'
import { pino } from 'pino'
import { createAuthenticator } from '../../api/auth.ts'
import { newCommandId } from '../../api/commandId.ts'
import { type ComplaintBody, complaintBody } from '../../api/tickets/bodies.ts'
import { validatorCompiler } from '../../api/validation.ts'
import { eventId } from '../../domain/eventStore.ts'
import { toInstant } from '../../domain/instant.ts'
import { readConfig } from '../../src/config.ts'
import { loadDevelopmentKey } from '../../src/devKey.ts'
import { startService } from '../../src/service.ts'
import { openSqliteStore } from '../../src/store/sqliteStore.ts'

const [kind, folder = '', flushMs = '0'] = process.argv.slice(2)

/** Spends a slow disk's time where the engine flushes. */
const beforeCommit = (): void => {
  const until = performance.now() + Number(flushMs)
  while (performance.now() < until);
}
const storeOptions = Number(flushMs) > 0 ? { beforeCommit } : {}

const service = async (): Promise<string> => {
  const config = readConfig({ DATA_DIR: folder, PORT: '0', METRICS_PORT: '0', RATE_LIMIT_PER_MINUTE: '0' })
  const started = await startService(config, { log: pino({ level: 'warn' }), store: storeOptions })
  await started.ready
  return started.url
}

const baseline = async (): Promise<string> => {
  const store = openSqliteStore(join(folder, 'events.db'), storeOptions)
  const authenticate = createAuthenticator({ kind: 'development', key: loadDevelopmentKey(folder) })
  const app = Fastify()
  app.setValidatorCompiler(validatorCompiler)
  app.post<{ Body: ComplaintBody }>(
    '/v1/complaints',
    {
      schema: { body: complaintBody },
      onRequest: async ({ headers }) => {
        await authenticate(headers.authorization)
      },
    },
    async ({ body, id }, reply) => {
      const commandId = newCommandId()
      const metadata = {
        commandId,
        actor: { id: 'bench', role: 'csr' },
        correlationId: id,
        recordedAt: toInstant(Date.now()),
      }
      const event = { id: eventId(commandId, 0), type: 'ComplaintReceived', data: body, metadata }
      const { position } = await store.append(`complaint-${commandId}`, 0, [event])
      return reply.code(201).header('x-position', position).send({ commandId })
    },
  )
  return app.listen({ host: '127.0.0.1', port: 0 })
}

process.stdout.write(`${await (kind === 'service' ? service() : baseline())}\n`)
