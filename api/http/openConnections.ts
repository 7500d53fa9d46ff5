/** The open connections: how many there may be, and how they end when the service stops. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { refuseConnection } from './connections.ts'
import type { Deps } from './deps.ts'
import { Problem } from './problems.ts'

type Server = FastifyInstance['server']
type Socket = FastifyRequest['raw']['socket']

/** From the beginning of the end, milliseconds. */
const sweepEveryMs = 50
/** Connections without a whole request header are refused then. */
const withoutRequestMs = 500
/** Connections whose request or answer is not finished are cut then: half bodies, imports, slow readers. */
const unfinishedMs = 6_000

/** The answer Node has begun on a connection; it has no public name. */
const isAnswering = (socket: Socket): boolean => (socket as { _httpMessage?: unknown })._httpMessage != null

const warnEveryMs = 60_000

/**
 * Keeps at most `maxConnections` connections. One more closes the connection that has waited longest without a request
 * in flight; where every connection has one, its first request is answered 503 `too_many_connections`.
 * When the service stops, idle connections are closed at once, and all others after `unfinishedMs` at the latest.
 */
export const guardConnections = (app: FastifyInstance, { config, log, metrics }: Deps): void => {
  /** In the order in which they began to wait. */
  const open = new Set<Socket>()
  const surplus = new WeakSet<Socket>()
  let warnedAt = Number.NEGATIVE_INFINITY
  metrics.watchConnections(() => open.size)

  const warn = (): void => {
    if (performance.now() - warnedAt < warnEveryMs) return
    warnedAt = performance.now()
    log.warn(
      { maxConnections: config.maxConnections },
      'MAX_CONNECTIONS is reached: waiting connections are closed for new ones',
    )
  }

  const makeRoom = (newcomer: Socket): void => {
    warn()
    for (const socket of open) {
      if (socket === newcomer || isAnswering(socket)) continue
      open.delete(socket)
      metrics.connectionsShed.inc({ how: 'waiting' })
      socket.destroy()
      return
    }
    surplus.add(newcomer)
  }

  app.server.on('connection', (socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    if (open.size > config.maxConnections) makeRoom(socket)
  })
  app.addHook('onRequest', ({ raw }, _reply, done) => {
    if (!surplus.has(raw.socket)) return done()
    metrics.connectionsShed.inc({ how: 'refused' })
    done(new Problem('too_many_connections', { headers: { connection: 'close' } }))
  })
  app.addHook('onResponse', ({ raw: { socket } }, _reply, done) => {
    // to the end: it begins to wait now
    if (open.delete(socket)) open.add(socket)
    done()
  })
  app.addHook('preClose', (done) => {
    endConnections(app.server, open)
    done()
  })
}

/** Ends all connections of a server that takes no new ones, the sooner the less is done on them. */
const endConnections = (server: Server, open: ReadonlySet<Socket>): void => {
  const began = performance.now()
  const sweep = (): void => {
    const ms = performance.now() - began
    server.closeIdleConnections()
    for (const socket of open) {
      if (ms >= unfinishedMs) socket.destroy()
      else if (ms >= withoutRequestMs && !isAnswering(socket))
        refuseConnection(socket, new Problem('shutting_down'))
    }
    if (open.size === 0 && !server.listening) clearInterval(timer)
  }
  const timer = setInterval(sweep, sweepEveryMs)
  timer.unref()
}
